"""The state of a hub: what each gauge shows, as of its day."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.gauges.gauge import Gauge, MissingGauge, read_gauge
from groundswell.hubs.gauges.kinds import GAUGE_KINDS
from groundswell.hubs.gauges.state import build_state, read_gauges, week_before
from groundswell.hubs.spec import GaugeSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day, sessions_between
from groundswell.model import (
    Action,
    Basis,
    DataIssue,
    Evaluation,
    IssueKind,
    Measure,
    Series,
    Verdict,
    VerdictAt,
)

from ..series import make_series

DAY = dt.date(2019, 9, 30)
DAYS = sessions_between(dt.date(2015, 1, 2), DAY)
HUBS = {hub.slug: hub for hub in load_catalog()}
LEAD = GaugeSpec(id="lead", title="Small against large", kind="relative", long="L", short="S")


def series(name: str, values: np.ndarray, measure: Measure = Measure.TOTAL_RETURN) -> Series:
    return make_series(name, DAYS[: len(values)], values, measure, 21)


def flat(level: float = 100.0, count: int = len(DAYS)) -> np.ndarray:
    return np.full(count, level)


def jumped(last: int, by: float) -> np.ndarray:
    values = flat()
    values[-last:] *= 1.0 + by
    return values


def test_a_lead_is_measured_over_four_horizons_with_dates_and_n():
    gauge = read_gauge(LEAD, SeriesBook.of([series("L", jumped(100, 0.05)), series("S", flat())]), DAY)
    assert isinstance(gauge, Gauge)
    assert [(one.name, round(one.value, 4)) for one in gauge.figures] == [
        ("3 months", 0.0),
        ("1 month", 0.0),
        ("6 months", 0.05),
        ("12 months", 0.05),
    ]
    assert {one.date for one in gauge.figures} == {DAY}
    assert gauge.main.n == len(DAYS) - 63 - 1
    assert [use.series for use in gauge.sources] == ["L (total return)", "S (total return)"]
    assert (gauge.phase, gauge.age) == ("level", None)


def test_a_stale_gauge_says_how_old_it_is_and_is_left_out_of_what_changed():
    book = SeriesBook.of([series("L", jumped(3, 0.05)[:-10]), series("S", flat())])
    gauge = read_gauge(LEAD, book, DAY)
    assert gauge.age == 14
    hub = HUBS["small-caps"].model_copy(update={"gauges": (LEAD,)})
    state = build_state(read_gauges(hub, book, DAY), (), DAY)
    assert state.stale == state.gauges
    assert state.changes == ()


def test_a_gauge_without_its_series_names_them():
    missing = read_gauge(LEAD, SeriesBook.of([series("L", flat())]), DAY)
    assert isinstance(missing, MissingGauge)
    assert missing.reason == "not measured: no total returns of S known by 2019-09-30; load a folder with S: --data DIR"
    assert isinstance(
        read_gauge(LEAD, SeriesBook.of([series("L", flat(9.0, 20)), series("S", flat())]), DAY), MissingGauge
    )


def test_a_gauge_whose_series_do_not_fit_is_missing_with_the_reason():
    spec = GaugeSpec(id="jobs", title="Jobs", kind="level", long="UNRATE", measure="rate", unit="percent")
    missing = read_gauge(spec, SeriesBook.of([series("UNRATE", flat(4.0), Measure.RATE)]), DAY)
    assert isinstance(missing, MissingGauge)
    assert missing.reason.startswith("not measured: UNRATE is refused: its past values were revised")
    named = GaugeSpec(id="junk", title="Junk", kind="drawdown", long="BNDX9", measure="price")
    book = SeriesBook.of([series("BNDX9", flat(), Measure.PRICE)])
    assert isinstance(read_gauge(named, book, DAY), Gauge)
    assert "is a bond fund" in read_gauge(named, book, DAY, {"BNDX9": "a Treasury bond fund"}).reason


def test_what_changed_tells_turned_phases_and_large_moves_in_one_sentence():
    hub = HUBS["small-caps"].model_copy(update={"gauges": (LEAD,)})
    noise = np.cumprod(1.0 + np.random.default_rng(3).normal(0.0, 0.001, len(DAYS)))
    state = build_state(
        read_gauges(hub, SeriesBook.of([series("L", noise * jumped(1, 0.06)), series("S", flat())]), DAY), (), DAY
    )
    (change,) = state.changes
    assert change.text.startswith("Small against large: leads, no longer level; from ")
    assert change.text.endswith(" over 3 months, a larger move in five sessions than any other since 2015.")


def test_verdicts_that_changed_within_the_week():
    found = Evaluation("C1", "small-caps", "text", Verdict.REFUTED, "", DAY)
    past = [
        (dt.date(2019, 9, 2), Verdict.SUPPORTED),
        (dt.date(2019, 9, 20), Verdict.INCONCLUSIVE),
        (DAY, Verdict.REFUTED),
    ]
    found = replace(found, history=tuple(VerdictAt(*one) for one in past))
    hub = HUBS["small-caps"].model_copy(update={"gauges": ()})
    assert week_before(DAY) == dt.date(2019, 9, 23)
    late = replace(found, history=found.history[::2])
    (change,) = build_state(read_gauges(hub, SeriesBook.of(()), DAY), (late,), DAY).changes
    assert change.text.endswith("as of 30 September 2019.")
    later = replace(found, history=(VerdictAt(dt.date(2018, 9, 2), Verdict.SUPPORTED), found.history[-1]))
    (change,) = build_state(read_gauges(hub, SeriesBook.of(()), DAY), (later,), DAY).changes
    assert change.text.endswith("as of 30 September 2019; the evaluation before was as of 2 September 2018.")
    stood = VerdictAt(dt.date(2019, 9, 27), Verdict.SUPPORTED, Basis.STAND_IN)
    found = replace(found, history=(*found.history[:2], stood, found.history[2]))
    (change,) = build_state(read_gauges(hub, SeriesBook.of(()), DAY), (found,), DAY).changes
    assert (change.claim_id, change.text) == ("C1", "C1 is refuted, no longer inconclusive, as of 30 September 2019.")
    unsure = VerdictAt(dt.date(2019, 9, 20), Verdict.REFUTED, confirmed=False)
    found = replace(found, history=(unsure, replace(unsure, as_of=DAY, confirmed=True)))
    (change,) = build_state(read_gauges(hub, SeriesBook.of(()), DAY), (found,), DAY).changes
    assert change.text == "C1 is refuted and confirmed, no longer refuted but not confirmed, as of 30 September 2019."


def test_policy_needs_no_series():
    spec = GaugeSpec(id="policy", title="Fed", kind="policy")
    gauge = read_gauge(spec, SeriesBook.of(()), dt.date(2020, 3, 20))
    assert (gauge.phase, gauge.main.value) == ("easing", 0.125)
    assert gauge.detail == (
        "since 3 March 2020; the last change was a cut of 100 basis points on 15 March 2020, to 0.00 to 0.25 %"
    )
    assert isinstance(read_gauge(spec, SeriesBook.of(()), dt.date(1990, 1, 1)), MissingGauge)


def test_sessions_since_an_event_tell_the_event_and_the_table_they_rest_on():
    spec = GaugeSpec(id="cut", title="Since", kind="since", events="first_cuts", note="dated by announcement")
    gauge = read_gauge(spec, SeriesBook.of(()), dt.date(2019, 8, 30))
    assert gauge.detail == "the last one was on 31 July 2019; dated by announcement"
    assert [(use.series, use.last) for use in gauge.sources] == [("Fed target-rate decisions", dt.date(2019, 7, 31))]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"kind": "relative"}, "long: a gauge of kind .* needs it"),
        ({"kind": "policy", "long": "IWM"}, "long: a gauge of kind .* does not use it"),
        ({"kind": "drawdown", "long": "IWM", "short": "SPY"}, "short: a gauge of kind .* does not use it"),
        ({"kind": "relative", "long": "IWM", "short": "IWM"}, "another series"),
        ({"kind": "relative", "long": "DGS2", "measure": "rate"}, "measure: must be 'total return'"),
        ({"kind": "since"}, "events: a gauge of kind 'since'"),
        ({"kind": "since", "events": "moons"}, "events: a gauge of kind 'since'"),
        ({"kind": "level", "long": "DGS2", "measure": "rate", "events": "first_cuts"}, "events: a gauge"),
    ],
)
def test_a_gauge_that_cannot_be_read_is_refused(fields, complaint):
    with pytest.raises(ValidationError, match=complaint):
        GaugeSpec(id="g", title="Gauge", **fields)


def test_the_document_tells_each_kind_by_its_own_words():
    text = (Path(__file__).parents[2] / "docs" / "state.md").read_text(encoding="utf-8")
    rows = [f"| `{name}` | {kind.text} | {kind.rule} |" for name, kind in GAUGE_KINDS.items()]
    assert [line for line in text.splitlines() if line.startswith("| `")] == rows


@pytest.mark.parametrize("slug", HUBS)
@pytest.mark.parametrize("day", [dt.date(2008, 10, 10), dt.date(2019, 8, 1)])
def test_a_past_day_knows_nothing_later(each_book, slug, day):
    """The same from all data, cut by when they were known, as from data that simply end there."""
    known = build_state(read_gauges(HUBS[slug], each_book.known_by(end_of_day(day)), day), (), day)
    ended = SeriesBook.of(
        replace(one, dates=one.dates[kept], values=one.values[kept], known_at=one.known_at[kept])
        for one in each_book
        if (kept := one.known_at < np.datetime64(day + dt.timedelta(days=1), "s")).any()
    )
    truncated = build_state(read_gauges(HUBS[slug], ended, day), (), day)
    assert known.gauges
    assert [_describe(one) for one in known.gauges] == [_describe(one) for one in truncated.gauges]
    assert known.changes == truncated.changes
    assert all(figure.date <= day for gauge in known.gauges for figure in gauge.figures)


@pytest.mark.shared(twin="tests/golden/test_golden.py::test_page")
def test_the_flagship_on_the_last_day_of_september_2019(market_book):
    state = build_state(read_gauges(HUBS["small-caps"], market_book.known_by(end_of_day(DAY)), DAY), (), DAY)
    found = {gauge.spec.id: (gauge.phase, round(gauge.main.value, 4)) for gauge in state.gauges}
    assert found["policy"] == ("easing", 1.875)
    assert found["priced"] == ("no move priced in", -24.5)
    assert found["small"] == ("lags", pytest.approx(-0.0355, abs=1e-4))
    assert found["spread"] == ("steady", 3.99)


def _describe(gauge: Gauge) -> str:
    return json.dumps([gauge.phase, gauge.phase_before, gauge.detail, gauge.week, *gauge.figures], default=str)


@pytest.mark.parametrize(
    ("first", "last", "days", "is_shown"),
    [
        pytest.param(dt.date(2019, 3, 4), dt.date(2019, 3, 4), True, True, id="in the year shown"),
        pytest.param(dt.date(2018, 3, 5), dt.date(2018, 3, 5), True, True, id="in the year that it looks back on"),
        pytest.param(dt.date(2016, 3, 4), dt.date(2016, 3, 4), True, False, id="before both"),
        pytest.param(dt.date(2015, 1, 2), dt.date(2026, 1, 2), False, True, id="the whole span"),
        pytest.param(dt.date(2019, 10, 1), dt.date(2019, 10, 4), False, False, id="after the day of the page"),
    ],
)
def test_data_issues_are_shown_with_the_gauge(first, last, days, is_shown):
    wrong = DataIssue(
        IssueKind.STALE, "L (total return)", "made", first, last, (first,) if days else (), 1.0, "sessions", "t", "m"
    )
    book = SeriesBook.of([series("L", flat()), series("S", flat())])
    hub = HUBS["small-caps"].model_copy(update={"gauges": (LEAD, LEAD.model_copy(update={"long": "gone"}))})
    gauge, _missing = read_gauges(hub, book, DAY, {"L (total return)": [wrong], "other": [wrong]})
    assert gauge.data_issues == ((wrong,) if is_shown else ())


def test_a_gauge_with_an_impossible_change_shows_no_figure():
    book = SeriesBook.of([series("L", jumped(100, 0.05)), series("S", flat())])
    issue = DataIssue(
        IssueKind.SPLIT, "L (total return)", "a", DAYS[-100].item(), DAYS[-100].item(), (), 1.0, "return",
        "it rises by 100 %", "so", Action.WITHHELD,
    )  # fmt: skip
    (missing,) = read_gauges(
        HUBS["fomc"].model_copy(update={"gauges": (LEAD,)}), book, DAY, {"L (total return)": (issue,)}
    )
    assert isinstance(missing, MissingGauge)
    assert missing.reason == "withheld: L (total return): it rises by 100 %"
