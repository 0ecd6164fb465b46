"""State of the trade on a hub's page and in the API."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pytest
from starlette.testclient import TestClient

from groundswell.hubs.gauges.gauge import read_gauge
from groundswell.hubs.spec import GaugeSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.web.charts.sparkline import draw_sparkline
from groundswell.web.formats import write_gauge_figure

DAY = dt.date(2024, 9, 30)


def section(client: TestClient, path: str) -> str:
    found = re.search(r'<section class="state".*?</section>', client.get(path).text, re.DOTALL)
    assert found is not None
    return found[0]


def words(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_the_state_comes_first_and_shows_each_gauge_with_its_history(client: TestClient) -> None:
    page = client.get("/hubs/small-caps").text
    assert page.index('id="state"') < page.index('id="coverage"')
    text = words(section(client, "/hubs/small-caps"))
    assert "Federal Reserve easing" in text
    assert "Small &lt;against&gt; large" in text
    assert "3 months" in text
    assert "Stale: as of 30 August 2024" in text
    assert "Data issues: ends early" in text
    assert "Data issue: ends early, KRE (total return): it ends on 2024-08-30 (kept and marked)." in text
    assert re.search(r"higher than \d+ % of its values since 2019", text)
    assert "1 gauge without a value for more than a week is left out." in text
    assert (
        "Credit spread : not measured: no rates of SPREAD known by 2024-09-30; load a folder with SPREAD: --data DIR."
        in text
    )
    assert "price folder, last value 30 September 2024" in text
    assert (
        "C1 is refuted, no longer inconclusive, as of 30 September 2024; 0 of 2 readings support it; 1 refutes." in text
    )
    assert section(client, "/hubs/small-caps").count('<svg class="spark"') == 3


def test_a_changed_verdict_links_to_its_claim_as_of_the_same_day(client: TestClient) -> None:
    assert '<a href="/claims/small-caps/C1?as_of=2024-09-30">' in section(client, "/hubs/small-caps?as_of=2024-09-30")


def test_a_hub_without_gauges_has_no_such_section(client: TestClient) -> None:
    assert 'class="state"' not in client.get("/hubs/fomc").text


def test_the_api_has_the_same_state(client: TestClient) -> None:
    state = client.get("/api/v1/hubs/small-caps").json()["state"]
    assert (state["day"], state["since"]) == ("2024-09-30", "2024-09-23")
    policy, small, banks = state["gauges"]
    assert policy["phase"] == "easing"
    assert [figure["name"] for figure in small["figures"]] == ["3 months", "1 month", "6 months", "12 months"]
    assert small["figures"][0]["n"] == small["figures"][1]["n"] - 42
    assert (small["age"], banks["age"]) == (None, 31)
    assert [one["kind"] for one in banks["data_issues"]] == ["ends early"]
    assert small["data_issues"] == []
    assert [one["id"] for one in state["missing"]] == ["spread"]
    assert state["changes"][0]["claim"] == "C1"
    assert client.get("/api/v1/hubs/fomc").json()["state"] is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-0.0355, "return", "−3.5 %"),
        (0.62, "share", "62.0 %"),
        (31.6, "basis points", "+32 bp"),
        (3.99, "percent", "3.99 %"),
        (-0.5, "percent", "−0.50 %"),
        (16.24, "points", "16.2 points"),
        (1415.0, "sessions", "1,415 sessions"),
    ],
)
def test_figures_are_written_in_their_units(value: float, unit: str, text: str) -> None:
    assert write_gauge_figure(value, unit).replace("\u202f", " ") == text


def level(values: np.ndarray) -> Series:
    days = sessions_between(dt.date(2023, 1, 3), DAY)[-len(values) :]
    ref = SeriesRef("X", Measure.RATE)
    return Series(ref, Frequency.DAILY, "made", days, values, days.astype("datetime64[s]"))


def drawn(values: list[float]) -> str:
    spec = GaugeSpec(id="x", title='A "level" <here>', kind="level", long="X", measure="rate", unit="percent")
    return str(draw_sparkline(read_gauge(spec, SeriesBook.of([level(np.array(values))]), DAY)))


def test_a_sparkline_ends_at_its_last_value_and_describes_its_range() -> None:
    picture = drawn([1.0, 3.0, 2.0])
    x, y = re.search(r'cx="([\d.]+)" cy="([\d.]+)"', picture).groups()
    points = re.search(r'points="([^"]+)"', picture)[1].split()
    assert points[-1] == f"{x},{y}"
    assert (x, y) == ("117.0", "13.0")
    assert "from 1.00\u202f% to 2.00\u202f%, lowest 1.00\u202f%, highest 3.00\u202f%" in picture
    assert "A &#34;level&#34; &lt;here&gt;" in picture
    assert "<line" not in picture


def test_a_rule_marks_zero_where_the_line_crosses_it_and_a_flat_line_is_drawn_in_the_middle() -> None:
    assert '<line x1="0" x2="120" y1="13.0" y2="13.0"/>' in drawn([-1.0, 0.5, 1.0])
    assert 'cy="13.0"' in drawn([2.0, 2.0, 2.0])


def test_the_page_says_if_all_gauges_are_stale(client: TestClient, hubs) -> None:
    page = hubs.hub_page("small-caps")
    stale = tuple(replace(gauge, age=40) for gauge in page.state.gauges)
    stalled = replace(page, state=replace(page.state, gauges=stale, changes=()))
    hubs.hub_page = lambda *_: stalled
    text = words(section(client, "/hubs/small-caps"))
    assert "Unknown: all gauges are more than a week old." in text
