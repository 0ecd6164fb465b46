"""A series that is served short never turns a verdict: it is said, and what is left is not measured."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from groundswell.claims.binding import bind_claim
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.readings import count_agreement
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.spans import find_shortfall
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.quality.short_span import list_short_series
from groundswell.markets.series.begins import MAX_DELAY, declared_begin
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Basis, Measure, Series, SeriesRef, Verdict

from .made import END, INF, claim, evaluate_claim, normal, price, rate

ALL = SeriesBook.of(
    [
        *(price(name, normal(seed, 0.01)) for seed, name in enumerate(("IWM", "SPY", "KRE", "OWN"))),
        *(rate(name, normal(seed, 0.05)) for seed, name in enumerate(("DGS2", "DGS10", "BAMLH0A0HYM2"), start=10)),
    ]
)


def begin(name: str, first: date, book: SeriesBook = ALL) -> SeriesBook:
    return SeriesBook.of(cut(each, first) if each.ref.id == name else each for each in book)


def cut(series: Series, first: date, last: date = date.max) -> Series:
    kept = (series.dates >= np.datetime64(first)) & (series.dates <= np.datetime64(last))
    return Series(
        series.ref, series.frequency, series.source, series.dates[kept], series.values[kept], series.known_at[kept]
    )


def slope(**arguments: Any):
    readings = [
        {"name": "monthly", "arguments": {"step": "month"}},
        {"name": "to 2012", "arguments": {"last": date(2012, 12, 31)}},
        {"name": "2013 to 2019", "arguments": {"first": date(2013, 1, 1), "last": date(2019, 12, 31)}},
        {"name": "since 2020", "arguments": {"first": date(2020, 1, 1)}},
        {"name": "without the spread", "arguments": {"controls": []}},
    ]
    arguments = {"long": "KRE", "factor": "DGS2", "controls": ["spread"], **arguments}
    return claim("sensitivity", (-INF, 0.0), arguments, readings=readings)


def test_what_is_left_of_a_span_gives_no_verdict():
    whole = evaluate_claim("hub", slope(), ALL, END)
    assert whole.verdict is not Verdict.INSUFFICIENT
    found = evaluate_claim("hub", slope(), begin("BAMLH0A0HYM2", date(2021, 12, 1)), END)
    assert (found.verdict, found.basis) == (Verdict.INSUFFICIENT, Basis.DECLARED)
    assert found.n > 100
    assert found.reason == (
        "BAMLH0A0HYM2 (rate) goes from 2021-12-01 to 2024-12-31, and is needed from 2006-06-19: "
        "what is left is not the span of the claim"
    )
    readings = {reading.name: reading for reading in found.readings}
    for name in ("monthly", "to 2012", "2013 to 2019", "since 2020"):
        assert (readings[name].verdict, readings[name].estimate, readings[name].n) == (Verdict.NOT_MEASURED, None, 0)
        assert readings[name].reason.startswith("struck out: BAMLH0A0HYM2 (rate) goes from 2021-12-01 to 2024-12-31")
    assert readings["2013 to 2019"].reason.endswith("and is needed from 2013-01-01")
    assert readings["without the spread"] == {reading.name: reading for reading in whole.readings}["without the spread"]
    agreement = count_agreement(found)
    assert (agreement.readings, agreement.estimated, agreement.judged) == (5, 1, 1)


@pytest.mark.parametrize("first", [date(2000, 1, 3), date(2006, 6, 19), date(2006, 6, 19) + MAX_DELAY])
def test_a_span_that_is_covered_is_measured_as_ever(first):
    whole = evaluate_claim("hub", slope(), ALL, END)
    found = evaluate_claim("hub", slope(), begin("BAMLH0A0HYM2", first), END)
    assert found.verdict is whole.verdict
    assert not any(reading.reason.startswith("struck out") for reading in found.readings)


def test_a_window_that_its_data_do_not_reach_is_struck_out():
    early = SeriesBook.of(cut(each, date.min, date(2018, 6, 29)) if each.ref.id == "KRE" else each for each in ALL)
    found = evaluate_claim("hub", slope(), early, date(2024, 12, 31))
    (reading,) = (reading for reading in found.readings if reading.name == "2013 to 2019")
    assert (
        reading.reason
        == "struck out: KRE (total return) goes from 2000-01-03 to 2018-06-29, and is needed up to 2019-12-31"
    )


def test_nothing_is_claimed_of_a_series_without_a_declared_begin():
    assert declared_begin(SeriesRef("OWN", Measure.TOTAL_RETURN)) is None
    spec = claim("sensitivity", (-INF, 0.0), {"long": "OWN", "factor": "DGS2"})
    late = begin("OWN", date(2015, 1, 2))
    assert find_shortfall(bind_claim(spec).main, late, END) is None
    measure = {"since": date(2010, 1, 1), "chosen_by": "the test, to need less"}
    since = claim("sensitivity", (-INF, 0.0), {"long": "OWN", "factor": "DGS2"}, measure=measure)
    found = evaluate_claim("hub", since, late, END)
    assert (found.verdict, "OWN (total return) goes from 2015-01-02" in found.reason) == (Verdict.INSUFFICIENT, True)


EVENTS = {"events": "first_cuts", "long": "IWM", "short": "SPY"}


@pytest.mark.parametrize(
    ("first", "needed"),
    [
        (date(2000, 5, 26), None),
        (date(2000, 12, 1), None),  # no first cut was missed
        (date(2001, 2, 1), None),  # the cut of 3 January, within the 31 days
        (date(2001, 2, 5), "2001-01-03"),
        (date(2015, 1, 2), "2001-01-03"),
    ],
)
def test_a_list_of_events_needs_each_event_since_its_series_ought_to_begin(first, needed):
    found = evaluate_claim("hub", claim("event-study", (0.05, 0.15), EVENTS), begin("IWM", first), END)
    assert (needed is not None) == ("and is needed from" in found.reason)
    if needed:
        assert f"goes from {first} to 2024-12-31, and is needed from {needed}" in found.reason
        assert found.verdict is Verdict.INSUFFICIENT


def test_a_base_before_the_event_needs_the_days_before_it():
    arguments = {"events": "first_cuts", "rate": "BAMLH0A0HYM2", "horizon": 126}
    late = begin("BAMLH0A0HYM2", date(2000, 11, 1))
    needed = [
        find_shortfall(
            bind_claim(claim("event-change", (-9.0, -0.25), arguments | {"base": base})).main, late, END
        ).needed
        for base in (0, -127)
    ]
    assert needed == [date(1998, 9, 29), date(1998, 3, 25)]
    after = begin("BAMLH0A0HYM2", date(2000, 11, 1))
    since = claim("event-change", (-9.0, -0.25), arguments, measure={"since": date(2000, 1, 1)})
    assert find_shortfall(bind_claim(since).main, after, END, date(2000, 1, 1)) is None


def test_a_list_by_a_rule_needs_its_series_since_the_decisions_that_it_rests_on():
    spec = claim("event-change", (-9.0, -0.5), {"events": "priced_in_pivots", "rate": "DGS2"})
    short = find_shortfall(bind_claim(spec).main, ALL, END)
    assert short is not None
    assert str(short) == "DGS2 (rate) goes from 2000-01-03 to 2024-12-31, and is needed from 1994-02-04"
    # With funds of 2000, pivots before are of no use.
    assert find_shortfall(bind_claim(claim("event-study", (0.05, 0.15), EVENTS | {"events": "priced_in_pivots"})).main,
                          ALL, END) is None  # fmt: skip


def test_a_stand_in_takes_over_and_must_cover_its_own_span():
    fallback = {"name": "others", "arguments": {"long": "OWN", "short": "KRE"}, "why": "others"}
    spec = claim("event-study", (0.05, 0.15), EVENTS, fallbacks=[fallback])
    found = evaluate_claim("hub", spec, begin("IWM", date(2015, 1, 2)), END)
    assert found.stand_in is not None
    assert found.stand_in.needs == ("IWM from 2001-01-03",)
    assert "the declared measurement needs IWM from 2001-01-03; " in found.reason
    short = begin("KRE", date(2015, 1, 2), begin("IWM", date(2015, 1, 2)))
    assert evaluate_claim("hub", spec, short, END).stand_in is None


def test_a_series_served_short_is_a_data_issue_of_all_its_figures():
    (issue,) = list_short_series(
        begin("BAMLH0A0HYM2", date(2021, 12, 1), SeriesBook.of([next(s for s in ALL if s.ref.id == "BAMLH0A0HYM2")]))
    )
    assert (issue.kind.value, issue.first, issue.last) == ("served short", date(1996, 12, 31), date(2021, 11, 30))
    assert issue.text == "it begins on 2021-12-01, and ought to begin on 1996-12-31"


def test_estimands_over_the_past_have_a_span():
    events = {"event-study", "difference", "frequency", "target-change", "breadth"}
    spanned = {*events, "sensitivity", "prediction", "variance-share", "rank"}
    claims = [each for hub in load_catalog() for each in hub.claims if each.measure]
    names = {bound.main.estimand.name for each in claims if (bound := bind_claim(each)).main.span}
    assert names == spanned
    assert spanned < set(ESTIMANDS)


@pytest.mark.shared(twin="tests/claims/test_spans.py::test_what_is_left_of_a_span_gives_no_verdict")
def test_three_years_of_the_spread_turn_no_verdict(market_book):
    short = SeriesBook.of(
        cut(each, date(2023, 8, 21)) if each.ref.id == "BAMLH0A0HYM2" else each for each in market_book
    )
    (hub,) = (hub for hub in load_catalog() if hub.slug == "small-caps")
    day = date(2026, 8, 20)
    for before, after in zip(
        evaluate_claims("small-caps", hub.claims, market_book, day),
        evaluate_claims("small-caps", hub.claims, short, day),
        strict=True,
    ):
        assert after.verdict in (before.verdict, Verdict.INSUFFICIENT), after.id
        assert (after.id in {"C11", "C12"}) == ("BAMLH0A0HYM2 (rate) goes from" in after.reason)
