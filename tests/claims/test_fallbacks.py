"""Stand-ins: when one is used, which one, and what a reader is then told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from groundswell.claims.binding import find_measure, list_needs
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.reading_axes import MAIN_READING
from groundswell.claims.readings import count_agreement, list_points
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.calendar import end_of_day, on_or_before, shift_sessions
from groundswell.model import Basis, Frequency, Measure, Qualifier, Series, SeriesRef, Verdict
from groundswell.wording.verdicts import write_verdict

from .made import END, book, evaluate_claim, normal, price

MONTHS = np.arange("1990-01", "2018-12", dtype="datetime64[M]")


def factor(seed: int = 4, scale: float = 0.02, months: np.ndarray = MONTHS) -> Series:
    ends = (months + 1).astype("datetime64[D]") - 1
    values = np.random.default_rng(seed).normal(0.0, scale, len(months))
    known = ends.astype("datetime64[s]") + np.timedelta64(30 * 24, "h")
    return Series(
        SeriesRef("F", Measure.PERIOD_RETURN), Frequency.MONTHLY, "a library", ends, values, known, revised=True
    )


def index(name: str, seed: int) -> Series:
    return price(name, normal(seed, 0.01), Measure.PRICE)


FACTOR = {"long": "F", "short": "", "measure": "period return", "horizon": 3, "unit": "months"}
FALLBACKS = [
    {"name": "price indices", "arguments": {"long": "A", "short": "B", "measure": "price"}, "why": "no dividends"},
    {"name": "the factor", "arguments": FACTOR, "why": "by calendar months"},
]
IWM, SPY = price("IWM", normal(1, 0.01)), price("SPY", normal(2, 0.01))
INDICES = (index("A", 5), index("B", 6))


def claim(events: str = "first_cuts", fallbacks: list[dict[str, Any]] = FALLBACKS, **fields: Any) -> ClaimSpec:
    measure = {
        "estimand": "event-study",
        "arguments": {"events": events, "long": "IWM", "short": "SPY"},
        "range": [0.05, 0.15],
    }
    return ClaimSpec.model_validate(
        {"id": "C1", "side": "bull", "text": "Small ones lead.", "measure": measure, "fallbacks": fallbacks} | fields
    )


def test_a_stand_in_carries_figures_and_says_what_it_is():
    found = evaluate_claim("hub", claim(), book(factor()), END)
    assert (found.verdict, found.basis, found.estimand, found.unit) == (
        Verdict.INSUFFICIENT, Basis.STAND_IN, "event-study", "return",
    )  # fmt: skip
    assert [event.date.year for event in found.events] == [1995, 1998, 2001, 2007]
    assert (found.n, len(found.absent), found.wins is not None) == (4, 2, True)
    assert found.window == "the 3 calendar months after the month of the event"
    assert write_verdict(found) == "insufficient data on a stand-in"
    assert found.reason == (
        "on a stand-in: the factor to November 2018, n = 4; the declared measurement needs IWM and SPY; "
        "4 events measured, at least 5 are needed"
    )
    stand_in = found.stand_in
    assert stand_in is not None
    assert (stand_in.name, stand_in.why, stand_in.needs) == ("the factor", "by calendar months", ("IWM", "SPY"))
    assert stand_in.declared.startswith(f"no total returns of IWM and SPY known by {END}")
    assert {use.series for use in found.sources} == {"F (period return)", "Fed target-rate decisions"}
    assert any("F (period return) is stored as last published" in note for note in found.notes)


def test_the_first_whose_series_are_known_is_used():
    both = evaluate_claim("hub", claim(), book(factor(), *INDICES), END)
    assert both.stand_in
    assert both.stand_in.name == "price indices"
    assert "price indices to 31 December 2024, n = " in both.reason
    assert (
        evaluate_claim("hub", claim(fallbacks=FALLBACKS[::-1]), book(factor(), *INDICES), END).stand_in.name
        == "the factor"
    )
    assert evaluate_claim("hub", claim(), book(factor(), INDICES[0]), END).stand_in.name == "the factor"


@pytest.mark.parametrize("sign", [-30.0, -1.0, 1.0, 30.0])
@pytest.mark.parametrize("order", [1, -1])
def test_no_value_chooses_it(sign, order):
    loud = factor()
    loud = replace(loud, values=np.clip(sign * loud.values, -0.9, 0.9))
    found = evaluate_claim("hub", claim(fallbacks=FALLBACKS[::order]), book(loud, *INDICES), END)
    assert found.stand_in
    assert found.stand_in.name == FALLBACKS[::order][0]["name"]


def test_it_ends_as_soon_as_the_declared_series_are_there():
    declared = evaluate_claim("hub", claim(fallbacks=[]), book(IWM, SPY), END)
    assert evaluate_claim("hub", claim(), book(IWM, SPY, factor(), *INDICES), END) == declared
    assert declared.stand_in is None
    assert declared.basis is Basis.DECLARED
    one = evaluate_claim("hub", claim(), book(IWM, factor()), END)
    assert one.stand_in
    assert one.stand_in.needs == ("SPY",)
    # With the series there but without what they ought to cover, the claim is not measured as declared either.
    young = [
        replace(each, dates=each.dates[-40:], values=each.values[-40:], known_at=each.known_at[-40:])
        for each in (IWM, SPY)
    ]
    early = evaluate_claim("hub", claim(), book(*young, factor()), END)
    assert early.stand_in is not None
    assert early.stand_in.needs == ("IWM from 2001-01-03",)


def test_a_fallback_with_more_gaps_than_values_is_passed_over():
    late = factor(months=MONTHS[np.datetime64("2000-01") <= MONTHS])
    found = evaluate_claim("hub", claim(), book(late), END)  # 2001 and 2007; not 1995, 1998, 2019 and 2024
    assert (found.verdict, found.basis, found.stand_in) == (Verdict.NOT_MEASURED, Basis.DECLARED, None)
    assert found.reason.startswith("no total returns of IWM and SPY")


@pytest.mark.parametrize("day", [dt.date(1990, 1, 1), dt.date(1995, 7, 10), dt.date(1999, 1, 1), dt.date(2008, 1, 1)])
def test_it_looks_no_further_than_its_day(day):
    whole = book(factor(), *INDICES)
    found = evaluate_claim("hub", claim(), whole, day)
    assert found == evaluate_claim("hub", claim(), whole.known_by(end_of_day(day)), day)
    assert all(event.end <= day for event in found.events)
    assert (found.stand_in is None) == (day < dt.date(1996, 1, 1))


def test_a_hindsight_list_stays_one_in_a_stand_in():
    found = evaluate_claim("hub", claim("final_cuts"), book(factor()), END)
    assert found.qualifiers == (Qualifier.HINDSIGHT,)
    assert write_verdict(found) == "insufficient data on a stand-in (hindsight)"
    assert ", events dated in hindsight; " in found.reason
    assert EVENT_LISTS["final_cuts"].hindsight in found.notes
    assert evaluate_claim("hub", claim("final_cuts"), book(IWM, SPY), END).qualifiers == (Qualifier.HINDSIGHT,)
    assert evaluate_claim("hub", claim(), book(factor()), END).qualifiers == ()


def test_a_list_whose_events_are_known_late_says_so():
    for events in EVENT_LISTS.values():
        if events.needs:
            continue
        late = [
            event
            for event in events.find(END)
            if event.known > shift_sessions(on_or_before(np.array([event.date], "datetime64[D]")), 1)[0].item()
        ]
        assert not late or events.hindsight or events.name == "year_ends", events.name
    assert EVENT_LISTS["first_cuts_with_early"].hindsight


def test_its_verdict_counts_for_nothing_else(lower_floor):
    # Enough events to be judged, on which only one of the claims is declared: nothing is adjusted.
    lower_floor("event-study", 2)
    stood, declared = claim(), claim(fallbacks=[]).model_copy(update={"id": "C2"})
    found, _ = evaluate_claims("hub", [stood, declared], book(factor()), END)
    assert found.verdict not in (Verdict.INSUFFICIENT, Verdict.NOT_MEASURED)
    assert found.holm_p is None
    readings = [{"name": "the factor", "arguments": FACTOR}, {"name": "longer", "arguments": FACTOR | {"horizon": 6}}]
    with_readings = evaluate_claim("hub", claim(readings=readings), book(factor()), END)
    agreement = count_agreement(with_readings)
    assert (agreement.estimated, agreement.same_sign, agreement.same_verdict) == (2, None, None)
    assert [point.name for point in list_points(with_readings) if point.name == MAIN_READING] == []


def test_its_series_are_loaded_and_its_measure_is_found():
    spec = claim()
    assert {ref.id for ref in list_needs([spec])} == {"IWM", "SPY", "A", "B", "F"}
    found = evaluate_claim("hub", spec, book(*INDICES), END)
    measure = find_measure(spec, found)
    assert measure
    assert {ref.id for ref in measure.needs} == {"A", "B"}
    assert find_measure(claim(fallbacks=FALLBACKS[1:]), found) is None


def test_another_estimand_keeps_its_own_minimum():
    fallbacks = [
        {"name": "figures", "estimand": "cited-figures", "arguments": {"topic": "loss_share"}, "why": "of others"}
    ]
    measure = {"estimand": "fundamentals", "arguments": {"metric": "cover_below_one"}, "range": [0.0, float("inf")]}
    found = evaluate_claim("hub", claim(measure=measure, fallbacks=fallbacks), book(), END)
    assert (found.estimand, found.n, found.verdict) == ("cited-figures", 1, Verdict.INSUFFICIENT)
    assert "figures to 30 September 2024, n = 1; the declared measurement needs annual accounts of" in found.reason
    assert found.events[0].value == pytest.approx(0.36)
    before = evaluate_claim("hub", claim(measure=measure, fallbacks=fallbacks), book(), dt.date(2024, 12, 12))
    assert (before.verdict, before.basis) == (Verdict.NOT_MEASURED, Basis.DECLARED)
