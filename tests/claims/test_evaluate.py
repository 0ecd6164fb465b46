from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pytest

from groundswell.claims.binding import describe_claim, list_needs
from groundswell.claims.estimands.events._sample import _note_model_error
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.inference.random_effects import pool_mean
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.spec import ClaimSpec
from groundswell.claims.validate import check_claim
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day, sessions_between
from groundswell.model import Evaluation, EventValue, Measure, Series, SeriesRef, Verdict, VerdictAt
from groundswell.schemas import claims as claim_schemas
from groundswell.sources.shipped.french import load_french_factors
from groundswell.wording.figures import write_percent

from ..series import make_series
from .made import evaluate_claim

TODAY = date(2026, 8, 20)
INDEX = {"long": "^RUT", "short": "^GSPC", "measure": "price"}
FACTOR = {"long": "ff.smb", "short": "", "measure": "period return", "horizon": 3, "unit": "months"}
READINGS = {
    "Russell 2000 against S&P 500, price index": INDEX,
    "Small minus big factor, 3 calendar months": FACTOR,
    "3 calendar months instead of 63 sessions": {"horizon": 3, "unit": "months"},
    "Price index, with the two early cuts": {**INDEX, "events": "first_cuts_with_early"},
    "Factor, with the two early cuts": {**FACTOR, "events": "first_cuts_with_early"},
    "Price index, without emergency cuts": {**INDEX, "emergency": False},
    "126 sessions": {"horizon": 126},
    "From the close before": {"base": -1},
}
KEYS = [
    "id", "hub", "text", "verdict", "reason", "estimand", "unit", "estimate", "median", "ci_low", "ci_high", "n",
    "wins", "placebo_p", "sign_p", "as_of", "data_as_of", "window", "measured", "events", "readings", "sources",
    "history", "notes", "data_issues", "basis", "qualifiers", "stand_in", "stale", "measured_as_of", "hits",
    "flip_p", "predict_low", "predict_high", "sequence_low", "sequence_high", "confirmed", "version", "registered",
    "since_registered", "readings_judged", "not_since", "recent", "strength", "holm_p", "curve",
]  # fmt: skip


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    return claim_schemas.build_claim(evaluation).model_dump(mode="json")


def claim(**fields: Any) -> ClaimSpec:
    measure = {
        "estimand": "event-study",
        "arguments": {"events": "first_cuts", "long": "IWM", "short": "SPY", "horizon": 63},
        "range": [0.05, 0.15],
    }
    readings = [{"name": name, "arguments": arguments} for name, arguments in READINGS.items()]
    base = {"id": "C1", "side": "bull", "text": "Small caps win", "measure": measure, "readings": readings}
    return ClaimSpec.model_validate({**base, **fields})


def walk(symbol: str, measure: Measure, gain: float, first: date = date(1987, 1, 2), last: date = TODAY) -> Series:
    """A price that grows by ``gain`` with every session, and a little more on even days."""
    dates = sessions_between(first, last)
    values = np.cumprod(1 + gain + 0.0005 * (dates.astype(int) % 2))
    return make_series(symbol, dates, values, measure)


@pytest.fixture(scope="module")
def book() -> SeriesBook:
    small, large = walk("IWM", Measure.TOTAL_RETURN, 0.0020), walk("SPY", Measure.TOTAL_RETURN, 0.0005)
    return SeriesBook.of([small, large, *load_french_factors()])


def test_a_supported_claim_carries_all_that_a_reader_needs(book):
    found = evaluate_claim("small-caps", claim(), book, TODAY)
    assert (found.id, found.hub, found.verdict, found.unit) == ("C1", "small-caps", Verdict.SUPPORTED, "return")
    assert (found.n, found.wins, len(found.events), found.absent) == (6, 6, 6, ())
    assert found.estimate == pytest.approx(np.mean([event.value for event in found.events]))
    assert found.ci_low < found.median < found.ci_high
    assert 0 < found.placebo_p <= 1
    assert found.window == "close of the event's session to the close 63 sessions later"
    assert [(use.series, use.last) for use in found.sources] == [
        ("IWM (total return)", TODAY),
        ("SPY (total return)", TODAY),
        ("Fed target-rate decisions", date(2026, 7, 29)),
    ]
    assert [reading.name for reading in found.readings] == list(READINGS)


def test_a_series_that_is_not_at_hand_is_named_with_the_mend_and_the_rest_is_measured(book):
    found = {reading.name: reading for reading in evaluate_claim("small-caps", claim(), book, TODAY).readings}
    index, factor = found["Russell 2000 against S&P 500, price index"], found["Factor, with the two early cuts"]
    assert (index.verdict, index.estimate, index.n) == (Verdict.NOT_MEASURED, None, 0)
    assert index.reason == (
        "no prices of ^RUT and ^GSPC known by 2026-08-20; load a folder with ^RUT and ^GSPC: --data DIR"
    )
    assert (factor.verdict, factor.n) == (Verdict.REFUTED, 6)


def test_the_main_series_may_be_missing_while_readings_are_measured():
    found = evaluate_claim("small-caps", claim(), SeriesBook.of(load_french_factors()), TODAY)
    assert (found.verdict, found.estimate, found.wins, found.placebo_p) == (Verdict.NOT_MEASURED, None, None, None)
    assert (
        found.reason
        == "no total returns of IWM and SPY known by 2026-08-20; load a folder with IWM and SPY: --data DIR"
    )
    verdicts = Counter([found.verdict, *(reading.verdict for reading in found.readings)])
    assert verdicts == {Verdict.NOT_MEASURED: 7, Verdict.REFUTED: 1, Verdict.INSUFFICIENT: 1}
    assert {reading.name: reading.n for reading in found.readings}["Factor, with the two early cuts"] == 6


def test_a_claim_that_is_not_measured_says_why(book):
    found = evaluate_claim("small-caps", claim(measure=None, readings=[], unmeasured="No free data."), book, TODAY)
    assert (found.verdict, found.reason, found.estimand) == (Verdict.NOT_MEASURED, "No free data.", None)


def test_past_days_see_only_what_was_known_then(book):
    found = evaluate_claim("small-caps", claim(), book, date(2019, 8, 1))
    assert [event.date.year for event in found.events] == [1995, 1998, 2001, 2007]
    assert [(absence.date, absence.reason) for absence in found.absent] == [
        (date(2019, 7, 31), "window ends 2019-10-29, after 2019-08-01")
    ]
    assert (found.verdict, found.reason) == (Verdict.INSUFFICIENT, "4 events measured, at least 5 are needed")
    assert {use.last for use in found.sources} == {date(2019, 8, 1), date(2019, 7, 31)}


@pytest.mark.parametrize("as_of", [date(2019, 8, 1), date(2019, 10, 29), date(2024, 12, 17), date(1990, 1, 1)])
def test_evaluating_a_past_day_needs_no_later_data(book, as_of):
    """Cutting off all that came later changes nothing: the past cannot see it."""
    cut = book.known_by(end_of_day(as_of))
    assert evaluate_claim("h", claim(), cut, as_of) == evaluate_claim("h", claim(), book, as_of)


def test_a_window_counts_from_the_day_that_it_is_complete(book):
    dates = [len(evaluate_claim("h", claim(readings=[]), book, date(2019, 10, day)).events) for day in (28, 29)]
    assert dates == [4, 5]


def test_all_claims_of_a_hub_in_their_order(book):
    claims = [claim(), claim(id="C4", measure=None, readings=[], unmeasured="No free data.")]
    found = evaluate_claims("small-caps", claims, book, TODAY)
    assert [one.id for one in found] == ["C1", "C4"]
    assert found[0] == evaluate_claim("small-caps", claims[0], book, TODAY)


def test_notes_tell_of_revised_series_and_of_an_old_table(book):
    notes = evaluate_claim("h", claim(), book, date(2026, 12, 1)).notes
    assert notes[0] == (
        "Not updated since 2026-08-20 (IWM (total return) and SPY (total return)): the verdict is that of 2026-08-27."
    )
    assert notes[1].startswith("Small sample, 6 events: ")
    assert notes[2:] == (
        "Fed decisions are available up to 2026-07-29; later ones are not in this evaluation.",
        "ff.smb (period return) is stored as last published; what was known at the time may have differed.",
    )
    assert len(evaluate_claim("h", claim(readings=[]), book, TODAY).notes) == 1


def test_a_claim_without_the_table_of_decisions_does_not_mention_its_end(book):
    measure = {"estimand": "trailing-comparison", "arguments": {"long": "IWM", "short": "SPY"}, "range": [0.0, 1.0]}
    notes = evaluate_claim("h", claim(measure=measure, readings=[]), book, date(2026, 12, 1)).notes
    assert not any("Fed decisions" in note for note in notes)


def test_the_series_that_claims_need():
    assert {str(ref) for ref in list_needs([claim(), claim(measure=None, readings=[], unmeasured="-")])} == {
        "IWM (total return)", "SPY (total return)", "^RUT (price)", "^GSPC (price)", "ff.smb (period return)",
    }  # fmt: skip


def test_a_measurement_is_told_in_words():
    words = describe_claim(claim())
    assert "whose preceding change was a rise" in words
    assert words.endswith("Window: close of the event's session to the close 63 sessions later.")


@pytest.mark.parametrize(
    ("differing", "window"),
    [
        ({"horizon": 1}, "close of the event's session to the close 1 session later"),
        ({"base": -1}, "close 1 session before the event's session to the close 63 sessions later"),
        ({"base": 2}, "close 2 sessions after the event's session to the close 63 sessions later"),
        ({"horizon": 1, "unit": "months"}, "close of the event's session to the last close within 1 calendar month"),
        (FACTOR, "the 3 calendar months after the month of the event"),
    ],
)
def test_windows_in_words(differing, window):
    estimand = ESTIMANDS["event-study"]
    arguments = estimand.arguments.model_validate({**claim().measure.arguments, **differing})
    assert estimand.window(arguments) == window


def test_leaving_out_emergency_cuts_is_told():
    estimand = ESTIMANDS["event-study"]
    arguments = estimand.arguments.model_validate({"long": "A", "short": "B", "emergency": False})
    assert estimand.events(arguments).endswith("Decisions between scheduled meetings are left out.")


class TestContract:
    def test_a_measured_claim(self, book):
        found = evaluate_claim("small-caps", claim(), book, TODAY)
        made = as_json(found)
        assert list(made) == KEYS
        assert made["events"][0] == {"date": "1995-07-06", "value": found.events[0].value}
        assert made["sources"][0] == {"series": "IWM (total return)", "source": "made IWM", "last": "2026-08-20"}
        assert list(made["readings"][0])[:4] == ["name", "verdict", "estimate", "n"]
        assert (made["as_of"], made["n"], made["verdict"], made["history"]) == ("2026-08-20", 6, "supported", [])

    def test_what_was_not_measured_is_null(self, book):
        spec = claim(measure=None, readings=[], unmeasured="No free data.")
        made = as_json(evaluate_claim("h", spec, book, TODAY))
        empty = {key for key in KEYS if made[key] is None}
        assert empty == {
            "estimand", "unit", "estimate", "median", "ci_low", "ci_high", "n", "wins", "placebo_p", "sign_p",
            "stand_in", "stale", "hits", "flip_p", "predict_low", "predict_high", "sequence_low", "sequence_high",
            "window", "data_as_of",
            "version", "registered", "since_registered", "not_since", "recent", "strength", "holm_p", "curve",
        }  # fmt: skip
        assert [made[key] for key in ("events", "readings", "sources", "history")] == [[], [], [], []]
        assert (made["verdict"], made["reason"]) == ("not measured", "No free data.")

    def test_a_table_without_a_date_and_a_history(self, book):
        found = evaluate_claim("h", claim(readings=[]), book, date(1990, 1, 1))
        made = as_json(replace(found, history=(VerdictAt(date(1990, 1, 1), Verdict.INSUFFICIENT),)))
        assert made["sources"][-1]["last"] is None
        assert made["history"] == [{"as_of": "1990-01-01", "verdict": "insufficient data"}]
        assert (made["n"], made["estimate"]) == (0, None)


@pytest.mark.shared(twin="tests/claims/test_evaluate.py::test_a_supported_claim_carries_all_that_a_reader_needs")
def test_the_flagship_claim_in_real_data(market_book):
    assert check_claim(claim()) == ()
    found = evaluate_claim("small-caps", claim(), market_book, TODAY)
    assert (found.verdict, found.n, found.wins) == (Verdict.INSUFFICIENT, 4, 1)
    assert [round(event.value, 4) for event in found.events] == [0.0596, -0.0366, -0.0188, -0.0200]
    assert [absence.date for absence in found.absent] == [date(1995, 7, 6), date(1998, 9, 29)]
    by_name = {reading.name: reading for reading in found.readings}
    index = by_name["Russell 2000 against S&P 500, price index"]
    assert (index.verdict, index.n, round(index.estimate, 4)) == (Verdict.REFUTED, 6, -0.0120)
    early = by_name["Price index, with the two early cuts"]
    assert (early.verdict, early.n, round(early.estimate, 4)) == (Verdict.REFUTED, 8, -0.0291)


@pytest.mark.shared(twin="tests/claims/test_evaluate.py::test_a_window_counts_from_the_day_that_it_is_complete")
@pytest.mark.parametrize(
    ("as_of", "n"),
    [(date(2019, 10, 28), 2), (date(2019, 10, 29), 3), (date(2024, 12, 16), 3), (date(2024, 12, 17), 4)],
)
def test_the_flagship_claim_on_past_days(market_book, as_of, n):
    assert evaluate_claim("small-caps", claim(readings=[]), market_book, as_of).n == n


class TestMarketModel:
    ARGUMENTS: ClassVar = {"events": "first_cuts", "long": "IWM", "short": "SPY", "horizon": 63, "model": "market"}

    def measured(self, book, **arguments):
        measure = {"estimand": "event-study", "arguments": {**self.ARGUMENTS, **arguments}, "range": [0.0, 1.0]}
        return evaluate_claim("h", claim(measure=measure, readings=[]), book, TODAY)

    def test_events_have_errors_and_betas(self, book):
        found = self.measured(book)
        made = as_json(found)
        assert {"date", "value", "error", "beta"} == set(made["events"][0])
        assert found.n == 6
        assert "estimated over" not in found.window
        assert found.window.endswith("those of the 252 sessions up to 21 sessions before the base")
        assert found.notes[1].startswith("By the errors of the market model, the mean of the abnormal returns is ")
        assert found.sign_p is not None
        assert found.placebo_p is not None

    def test_of_readings_too(self, book):
        spec = claim(
            readings=[{"name": "model", "arguments": {"model": "market"}}, {"name": "b", "arguments": {"base": 1}}]
        )
        modelled, plain = as_json(evaluate_claim("h", spec, book, TODAY))["readings"]
        assert len(modelled["events"]) == 6
        assert "events" not in plain

    def test_a_perfect_fit_has_no_t(self, book):
        market = book.get(SeriesRef("SPY", Measure.TOTAL_RETURN))
        twin = replace(market, ref=SeriesRef("IWM", Measure.TOTAL_RETURN))
        found = self.measured(SeriesBook.of((*book, twin)))
        assert found.n == 6
        note = next(note for note in found.notes if note.startswith("By the errors of the market model"))
        assert "t = " not in note or found.events[0].error

    def test_the_mean_weighed_by_errors_stands_next_to_the_plain_one(self):
        day = date(2020, 1, 2)
        values, errors = [0.06, -0.02, 0.04, 0.01], [0.02, 0.05, 0.03, 0.01]
        pooled = pool_mean(values, errors)
        pairs = zip(values, errors, strict=True)
        plain, weighed = _note_model_error(
            tuple(EventValue(day, value, day, day, error, 1.0) for value, error in pairs)
        )
        assert "+2.2 % with an error of 1.6 %, t = 1.44; the interval shown is Student's t over the events." in plain
        low, high = write_percent(pooled.low), write_percent(pooled.high)
        assert f"the mean is {write_percent(pooled.mean)}, 95 % interval {low} to {high}, by Hartung" in weighed

    def test_without_any_error_the_note_leaves_out_t(self):
        value = EventValue(date(2020, 1, 2), 0.0, date(2020, 1, 2), date(2020, 4, 2), 0.0, 1.0)
        (note,) = _note_model_error((value,))
        assert "t = " not in note

    @pytest.mark.parametrize(
        "wrong", [{"short": "", "alone": True}, {"horizon": 3, "unit": "months"}, {"estimation": 10}, {"gap": 0}]
    )
    def test_mistakes(self, book, wrong):
        assert self.measured(book, **wrong).verdict is Verdict.NOT_MEASURED


def test_a_reading_that_asks_another_question_is_judged_by_its_own_range_and_has_no_vote(book: SeriesBook):
    frequency = {"events": "first_cuts", "long": "IWM", "short": "SPY", "above": 0.0}
    often = {"name": "how often", "estimand": "frequency", "arguments": frequency, "asks": "how often they led"}
    ranges = ({"range": [0.5, 1.0]}, {"range": [0.0, 0.1], "holds": "within"})
    (first, second) = (
        evaluate_claims("small-caps", [claim(readings=[{**often, **claimed}])], book, TODAY)[0] for claimed in ranges
    )
    (often_led,) = first.readings
    assert (often_led.unit, often_led.estimand, often_led.estimate) == ("share", "frequency", 1.0)
    assert (often_led.verdict, second.readings[0].verdict) == (Verdict.SUPPORTED, Verdict.REFUTED)
    assert first.readings_judged.judged == 0
    assert as_json(first)["readings"][0]["unit"] == "share"
