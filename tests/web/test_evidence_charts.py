"""Charts of a claim's evidence: specification curve, fan and rolling estimates."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from starlette.testclient import TestClient

from groundswell.claims.estimand import Rolling
from groundswell.claims.paths import Fan
from groundswell.claims.reading_axes import Axis, Choices
from groundswell.claims.readings import count_agreement
from groundswell.markets.studies.event_paths import Paths
from groundswell.markets.studies.rolling import RollingBetas
from groundswell.model import Evaluation, Reading, SeriesUse, StandIn, Verdict
from groundswell.schemas.claims import build_claim_detail
from groundswell.web.charts import evidence
from groundswell.web.charts.vega_evidence import curve_spec, fan_spec, rolling_spec


def reading(name: str, estimate: float | None, verdict: Verdict, half: float | None = 0.02) -> Reading:
    known = estimate is not None and half is not None
    low, high = (estimate - half, estimate + half) if known else (None, None)
    return Reading(name, verdict, "", estimate, low, high, 5, "63 sessions", (), (), ())


FOUND = Evaluation(
    "C1",
    "small-caps",
    "A lead.",
    Verdict.REFUTED,
    "",
    dt.date(2024, 9, 30),
    unit="return",
    estimate=-0.01,
    ci_low=-0.03,
    ci_high=0.01,
    n=6,
    readings=(
        reading("price", 0.02, Verdict.INCONCLUSIVE),
        reading("it's 'quoted'", -0.04, Verdict.REFUTED, half=None),
        reading("short", None, Verdict.NOT_MEASURED),
        reading("wide", -0.02, Verdict.INSUFFICIENT, half=5.0),
    ),
)
CHOICES = Choices(
    (Axis("of", ("total return", "it's price")), Axis("base day", ("−1", "0"))),
    (
        ("", ("total return", "0")),
        ("price", ("it's price", "0")),
        ("it's 'quoted'", ("it's price", "−1")),
        ("wide", ("", "0")),
    ),
)
DAYS = (dt.date(2019, 7, 31), dt.date(2020, 3, 3), dt.date(2024, 9, 18))
PATHS = Paths(DAYS, np.arange(-21, 64), np.outer([1.0, -2.0, 0.7], np.arange(-21, 64) / 1000.0))
FAN = Fan(
    PATHS,
    "return",
    PATHS.values.mean(axis=0),
    PATHS.values.mean(axis=0) - 0.01,
    PATHS.values.mean(axis=0) + 0.01,
    np.full(85, 3),
    (SeriesUse("IWM (total return)", "price folder", dt.date(2024, 9, 30)),),
)


def test_points_are_in_order_of_their_estimate_and_those_without_one_are_left_out() -> None:
    assert [(point.name, point.main) for point in evidence.list_points(FOUND)] == [
        ("it's 'quoted'", False),
        ("wide", False),
        ("", True),
        ("price", False),
    ]


def test_readings_in_another_unit_are_no_points() -> None:
    slope = replace(reading("weekly", 0.05, Verdict.INCONCLUSIVE), unit="return per percentage point")
    same = replace(reading("price", 0.02, Verdict.INCONCLUSIVE), unit="return")
    found = replace(FOUND, readings=(slope, same))
    assert [point.name for point in evidence.list_points(found)] == ["", "price"]
    alone = replace(FOUND, readings=(slope,), stand_in=StandIn("factor", "a proxy", ("IWM",), "no IWM"))
    assert evidence.describe_curve(alone, count_agreement(alone)) == ""
    assert evidence.draw_curve(alone, CHOICES, "") == ""


def test_answers_to_other_questions_neither_agree_nor_are_points() -> None:
    other = replace(reading("spread", 0.02, Verdict.REFUTED), asks="what the spread did")
    found = replace(FOUND, readings=(*FOUND.readings, other))
    assert count_agreement(found) == count_agreement(FOUND)
    assert evidence.list_points(found) == evidence.list_points(FOUND)


def test_the_finding_counts_agreement_in_sign_and_in_verdict() -> None:
    finding = evidence.describe_curve(FOUND, count_agreement(FOUND)).replace("\u202f", " ")
    assert finding == (
        "2 of 3 readings have the sign of the main measurement, and 1 of 2 with a verdict has its verdict. "
        "Estimates range from −4.0 % to +2.0 %."
    )
    lone = replace(FOUND, estimate=None, verdict=Verdict.INSUFFICIENT)
    finding = evidence.describe_curve(lone, count_agreement(lone)).replace("\u202f", " ")
    assert finding == "Estimates range from −4.0 % to +2.0 % over 3 readings."


def layers(spec: dict, panel: int) -> list[dict]:
    part = spec["vconcat"][panel]
    return part.get("layer", [part])


def rows(spec: dict, part: dict) -> list[dict]:
    data = part["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def test_the_curve_marks_verdict_by_shape_and_colour_and_cuts_a_very_wide_interval() -> None:
    spec = curve_spec(evidence.list_points(FOUND), CHOICES, "return", 640, 250)
    marks = layers(spec, 0)[-1]
    assert [row["value"] for row in rows(spec, marks)] == pytest.approx([-4.0, -2.0, -1.0, 2.0])
    shapes = marks["encoding"]["shape"]["scale"]
    assert dict(zip(shapes["domain"], shapes["range"], strict=True)) == {
        "refuted": "triangle-down",
        "inconclusive": "circle",
        "insufficient data": "diamond",
    }
    assert len(set(marks["encoding"]["color"]["scale"]["range"])) == 3
    low, high = marks["encoding"]["y"]["scale"]["domain"]
    assert (low, high) == pytest.approx((-12.0, 12.0)), "three times the largest estimate"


def test_the_grid_has_a_dot_for_each_choice() -> None:
    spec = curve_spec(evidence.list_points(FOUND), CHOICES, "return", 640, 250)
    (grid,) = layers(spec, 1)
    dots = {(row["place"], row["row"]) for row in rows(spec, grid)}
    assert dots == {(0, "0.1"), (0, "1.0"), (1, "1.1"), (2, "0.0"), (2, "1.1"), (3, "0.1"), (3, "1.1")}
    assert "'it\\'s price'" in grid["encoding"]["y"]["axis"]["labelExpr"]
    assert len(curve_spec(evidence.list_points(FOUND), Choices((), ()), "return", 640, 250)["vconcat"]) == 1


def test_the_curve_is_drawn_in_two_sizes_with_its_finding_as_name() -> None:
    picture = str(evidence.draw_curve(FOUND, CHOICES, "Two of three agree."))
    assert re.findall(r'class="chart (\w+)"', picture) == ["wide", "narrow"]
    assert picture.count("Two of three agree.</title>") == 2
    assert "1 inconclusive, 1 insufficient data, 2 refuted" in picture
    assert "it's price" in picture
    assert evidence.draw_curve(replace(FOUND, readings=()), CHOICES, "") == ""


def test_the_fan_draws_few_events_one_by_one_and_many_only_as_a_band() -> None:
    few = fan_spec(FAN, 640, 250)
    assert [part["mark"]["type"] for part in few["layer"]] == ["area", "rule", "rule", "line", "line"]
    mean = rows(few, few["layer"][-1])
    assert mean[-1] == {"offset": 63, "value": pytest.approx(100 * -0.1 * 0.063)}
    many = replace(PATHS, days=DAYS * 5, values=np.tile(PATHS.values, (5, 1)))
    assert len(fan_spec(replace(FAN, paths=many), 640, 250)["layer"]) == 4


def test_the_fan_describes_its_end_and_lists_its_values() -> None:
    assert evidence.describe_fan(FAN).replace("\u202f", " ") == (
        "63 sessions after the start of the window, the mean path is at −0.6 %, 95 % interval −1.6 % to +0.4 %, n = 3."
    )
    assert [row[0] for row in evidence.list_fan_rows(FAN)] == [-21, -10, -5, 0, 5, 10, 21, 42, 63]
    alone = replace(FAN, low=np.full(85, np.nan), high=np.full(85, np.nan))
    assert "no 95 % interval" in evidence.describe_fan(alone)
    assert evidence.list_fan_rows(alone)[0][2] is None


def test_the_page_of_a_claim_shows_the_charts_and_folds_the_table(client: TestClient, hubs) -> None:
    page = replace(hubs.claim_page("small-caps", "C1"), fan=FAN)
    hubs.claim_page = lambda *_: page
    text = client.get("/claims/small-caps/C1").text
    assert 'id="curve-small-caps-C1-wide-title"' in text
    assert 'id="fan-small-caps-C1-wide-title"' in text
    assert "1 reading without an estimate is left out." in text
    assert re.search(r"<details >\s*<summary>The main measurement and 3 readings as a table</summary>", text)
    assert "IWM (total return), price folder, last value" in text


def test_a_reading_in_another_unit_is_written_in_it_and_is_in_the_table_alone(client: TestClient, hubs) -> None:
    page = hubs.claim_page("small-caps", "C1")
    first, *others = page.evaluation.readings
    slope = replace(first, name="weekly", estimate=0.0512, unit=SLOPE)
    changed = replace(page, evaluation=replace(page.evaluation, readings=(slope, *others)))
    hubs.claim_page = lambda *_: changed
    text = client.get("/claims/small-caps/C1").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "+5.12 % per percentage point" in text
    assert "1 reading in another unit is in the table alone." in text
    assert next(csv.DictReader(io.StringIO(client.get("/claims/small-caps/C1.csv").text)))["unit"] == "return"
    rows = csv.DictReader(io.StringIO(client.get("/claims/small-caps/C1.csv").text))
    assert {row["unit"] for row in rows if row["reading"] == "weekly"} == {SLOPE}
    (found,) = (each for each in build_claim_detail(changed.evaluation, ()).readings if each.name == "weekly")
    assert found.unit == SLOPE
    assert all(each.unit is None for each in build_claim_detail(page.evaluation, ()).readings)


WEEKS = np.arange("2015-01-02", "2024-09-28", 7, dtype="datetime64[D]")
ROLLING = Rolling(
    RollingBetas(WEEKS, np.linspace(-0.01, 0.03, len(WEEKS)), np.full(len(WEEKS), 0.005)), 156, FAN.sources
)
SLOPE = "return per percentage point"


def test_a_rolling_sensitivity_is_drawn_and_described() -> None:
    finding = evidence.describe_rolling(ROLLING, SLOPE).replace("\u202f", " ")
    assert finding == (
        "Over the 156 weeks to 27 September 2024, the estimate is +3.00 % per percentage point, 95 % interval "
        "+2.02 % to +3.98 % per percentage point; 74 % of the windows since 2 January 2015 have the same sign."
    )
    spec = rolling_spec(ROLLING, SLOPE, 300, 200)
    band = rows(spec, spec["layer"][0])
    assert band[-1]["low"] == pytest.approx(100 * (0.03 - 1.959964 * 0.005))
    assert 300 <= len(band) <= len(WEEKS)
    assert [row[0].year for row in evidence.list_rolling_rows(ROLLING)] == list(range(2024, 2014, -1))


def test_the_page_of_a_claim_shows_the_rolling_sensitivity(client: TestClient, hubs) -> None:
    page = hubs.claim_page("small-caps", "C1")
    page = replace(page, rolling=ROLLING, evaluation=replace(page.evaluation, unit=SLOPE))
    hubs.claim_page = lambda *_: page
    text = client.get("/claims/small-caps/C1").text
    assert 'id="rolling-small-caps-C1-wide-title"' in text
    assert "The last window of each year, per percentage point" in text
