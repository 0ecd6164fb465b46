"""Charts as SVG: names, descriptions, no inline styles, and the placement of labels."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import pickle
import subprocess
import sys
import threading
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.hubs.charts import Chart, ChartSeries
from groundswell.hubs.spec import ChartSpec
from groundswell.markets.events.fed_decisions import list_decisions
from groundswell.web.charts import drawing, palette
from groundswell.web.charts.vega import LABEL_WIDTH, events_spec, line_spec, place_labels, value_range
from groundswell.web.routes.pages import cache_claim_charts, cache_hub_charts

NS = {"svg": drawing.SVG_NAMESPACE}


def pictures(markup: str) -> list[ET.Element]:
    return list(ET.fromstring(f"<page>{markup}</page>"))


def test_a_line_chart_is_named_by_its_finding_in_both_sizes(chart_line: Chart) -> None:
    found = pictures(drawing.draw_line_chart(chart_line))
    assert [picture.get("class") for picture in found] == ["chart wide", "chart narrow"]
    for picture in found:
        assert picture.get("role") == "img"
        title, desc = picture.findall("svg:title", NS) + picture.findall("svg:desc", NS)
        assert title.text == chart_line.finding
        assert "from 2 June 2000 to 27 September 2024" in (desc.text or "")
        assert "18 September 2007" in (desc.text or "")
        assert picture.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert picture.get("width") is None


def test_the_chart_has_the_labels_of_its_marks(chart_line: Chart) -> None:
    texts = {
        element.text
        for element in pictures(drawing.draw_line_chart(chart_line))[0].iter(f"{{{drawing.SVG_NAMESPACE}}}text")
    }
    assert {"Jan 2001", "Sep 2007", "Jul 2019", "Mar 2020", "Sep 2024"} <= texts


def test_markup_in_texts_stays_text(chart_line: Chart) -> None:
    markup = drawing.draw_line_chart(replace(chart_line, finding="<script>1</script> & more"))
    assert "<script" not in markup
    assert "&lt;script&gt;1&lt;/script&gt; &amp; more" in markup


def test_charts_have_no_inline_style_and_use_the_colours_of_the_page(chart_line: Chart, evaluation) -> None:
    for markup in (drawing.draw_line_chart(chart_line), drawing.draw_events_chart(evaluation, (0.05, 0.15))):
        assert "style=" not in markup
        assert "var(--accent)" in markup
        assert "#" not in markup


def test_the_same_chart_is_drawn_once(chart_line: Chart) -> None:
    again = replace(chart_line, values=chart_line.values.copy())
    assert drawing.draw_line_chart(chart_line) is drawing.draw_line_chart(again)
    assert drawing.draw_line_chart(chart_line) != drawing.draw_line_chart(
        replace(chart_line, values=chart_line.values + 1)
    )


def test_drawing_a_chart_imports_no_drawing_library_here(chart_line: Chart) -> None:
    """The libraries and their JavaScript engine took 230 MB of the server's memory for good."""
    program = (
        "import pickle, sys; from groundswell.web.charts import drawing;"
        "drawing.draw_line_chart(pickle.load(sys.stdin.buffer));"
        "print({'altair', 'vl_convert'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, input=pickle.dumps(chart_line), capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"set()\n", b"")


def test_an_events_chart_describes_its_result(evaluation) -> None:
    wide = pictures(drawing.draw_events_chart(evaluation, (0.05, 0.15)))[0]
    texts = [element.text or "" for element in wide.iter()]
    assert "7 values from 6 June 1989 to 3 March 2020: estimate −2.1\u202f%, 2 of 7 on the claimed side." in texts
    description = "One dot for each event, by date. The 95 % interval of the estimate: −5.6\u202f% to +1.9\u202f%."
    assert f"{description} The claimed range: +5.0\u202f% to +15.0\u202f%." in texts
    assert description in [element.text for element in pictures(drawing.draw_events_chart(evaluation, None))[0].iter()]


def test_a_single_event_has_one_date(evaluation) -> None:
    alone = replace(evaluation, events=evaluation.events[:1], estimate=None, wins=None)
    assert drawing.describe_events(alone) == "1 value on 6 June 1989."


def test_an_events_chart_without_interval_or_mean_shows_the_dots(evaluation) -> None:
    bare = replace(evaluation, estimate=None, ci_low=None, ci_high=None, unit="beta")
    spec = events_spec(bare, None, 300, 200)
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["rule", "circle"]
    labels = [layer["mark"].get("text") for layer in events_spec(evaluation, (0.05, 0.15), 640, 250)["layer"]]
    assert {"claimed", "95 % interval", "estimate"} <= set(labels)


def test_overlapping_labels_are_left_out(evaluation) -> None:
    narrow = replace(evaluation, estimate=0.05, ci_low=0.0499, ci_high=0.0501, unit="share")
    spec = events_spec(narrow, (0.04, 0.0505), 640, 250)
    texts = [layer["mark"]["text"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert texts == ["estimate", "claimed"]
    assert spec["layer"][0]["encoding"]["y"]["axis"]["format"] == "~f"  # a share is no change: it has no plus sign


@pytest.mark.parametrize(("unit", "expected"), [("rank", "~f"), ("share", "~f"), ("return", "+~f")])
def test_only_changes_have_a_plus_sign(evaluation, unit: str, expected: str) -> None:
    spec = events_spec(replace(evaluation, unit=unit), None, 640, 250)
    assert spec["layer"][0]["encoding"]["y"]["axis"]["format"] == expected


@pytest.mark.parametrize(
    ("claimed", "top"),
    [((0.05, 0.15), 0.15), ((0.05, float("inf")), 0.061), ((0.05, 9.0), 0.061), (None, 0.061)],
)
def test_a_claimed_range_is_shown_unless_it_dwarfs_the_values(evaluation, claimed, top: float) -> None:
    low, high = value_range(evaluation, claimed)
    margin = 0.06 * (top + 0.094)
    assert high == pytest.approx(top + margin)
    assert low == pytest.approx(-0.094 - margin)


@pytest.mark.parametrize("length", [2, 640, 2561])
def test_long_lines_are_thinned_and_keep_their_ends(chart_line: Chart, length: int) -> None:
    dates = np.datetime64("2000-01-03") + np.arange(length)
    line = replace(chart_line, dates=dates, values=np.linspace(100, 200, length), marks=())
    rows = line_spec(line, 640, 250)["datasets"]["line0"]
    assert len(rows) <= 2 * 640
    assert rows[0] == {"date": "2000-01-03", "value": 100.0}
    assert rows[-1] == {"date": str(dates[-1]), "value": 200.0}


@given(
    days=st.lists(st.integers(-50, 4050), unique=True, max_size=12),
    width=st.sampled_from([300, 640]),
)
def test_labels_do_not_overlap_and_stay_inside(days: list[int], width: int) -> None:
    first = dt.date(2010, 1, 1)
    line = Chart(
        spec=ChartSpec(id="any", title="Any", long="IWM"),
        dates=np.datetime64(first) + np.arange(4001),
        values=np.full(4001, 100.0),
        marks=tuple(first + dt.timedelta(days=day) for day in days),
        sources=(),
        finding="Level.",
    )
    placed = place_labels(line, width)
    assert len(placed) == sum(0 <= day <= 4000 for day in days)
    spans = [(row, at if at <= width - LABEL_WIDTH else at - LABEL_WIDTH) for _, at, row in placed]
    assert all(0 <= left <= width - LABEL_WIDTH for _, left in spans)
    for row in {row for row, _ in spans}:
        lefts = sorted(left for other, left in spans if other == row)
        assert all(after - before >= LABEL_WIDTH - 1e-6 for before, after in itertools.pairwise(lefts))


def two_lines(chart_line: Chart, gap: float) -> Chart:
    spec = ChartSpec(
        id="yields",
        title="Yields",
        kind="levels",
        long="A",
        short="B",
        measure="rate",
        unit="percent",
        labels=("the A yield", "the B yield"),
        target=True,
    )
    second = ChartSeries("the B yield", chart_line.dates, chart_line.values + gap)
    found = list_decisions(dt.date(2024, 9, 30))
    return replace(chart_line, spec=spec, unit="percent", second=second, decisions=found, marks=())


def test_lines_are_named_at_their_ends(chart_line: Chart) -> None:
    one = pictures(drawing.draw_line_chart(chart_line))[0]
    assert f"{chart_line.values[-1]:.0f}" in [element.text for element in one.iter()]
    wide = pictures(drawing.draw_line_chart(two_lines(chart_line, 20)))[0]
    texts = [element.text for element in wide.iter() if element.text]
    assert {"A yield", "B yield"} <= set(texts)
    assert f"{chart_line.values[-1]:.2f} %" in texts
    assert any("target range of the Federal Reserve" in text for text in texts)


@pytest.mark.parametrize(("gap", "apart"), [(0.01, True), (20, False)])
def test_overlapping_names_are_moved_apart(chart_line: Chart, gap: float, apart: bool) -> None:
    layers = line_spec(two_lines(chart_line, gap), 640, 250)["layer"]
    offsets = [layer["mark"]["dy"] for layer in layers if layer["mark"].get("fontWeight") == "bold"]
    assert len(offsets) == 2
    assert (abs(offsets[0] - offsets[1]) > 20) == apart


def test_a_specification_is_self_contained(chart_line: Chart) -> None:
    spec = drawing.build_line_specification(two_lines(chart_line, 20))
    written = json.dumps(spec)
    assert "var(--" not in written
    assert "currentColor" not in written
    assert spec["background"] == palette.light_colours()["paper"]
    assert "datasets" in spec


def test_a_chart_is_drawn_as_png(chart_line: Chart) -> None:
    assert drawing.draw_line_png(chart_line).startswith(b"\x89PNG")


def test_charts_drawn_in_advance_are_used_by_the_pages(hubs, client) -> None:
    cache_hub_charts(hubs, threading.Event())
    cache_claim_charts(hubs, threading.Event())
    made = drawing.draw_chart.cache_info().misses
    for path in ("/hubs/small-caps", "/claims/small-caps/C1", "/claims/small-caps/C2"):
        assert "<svg" in client.get(path).text
    assert drawing.draw_chart.cache_info().misses == made


def test_drawing_in_advance_can_be_stopped(hubs) -> None:
    stop = threading.Event()
    stop.set()
    drawing.draw_chart.cache_clear()
    cache_hub_charts(hubs, stop)
    cache_claim_charts(hubs, stop)
    assert drawing.draw_chart.cache_info().misses == 0
