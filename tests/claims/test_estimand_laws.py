"""Laws that every estimand obeys, on made data that each of them can measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from groundswell.claims.estimand import BoundMeasure, Measurement, Missing
from groundswell.claims.registry import ESTIMANDS, bind
from groundswell.claims.spec import MeasureSpec
from groundswell.markets.events.fed_decisions import FED_DECISIONS
from groundswell.markets.indicators.policy_path import MEETING
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Frequency, Measure, Series, SeriesRef

from .made import DAYS, claim, evaluate_claim, normal, series

TODAY = date(2024, 12, 31)
PAST = (date(2008, 9, 15), date(2020, 3, 16), TODAY)
PAIR = {"long": "A", "short": "B"}

ARGUMENTS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "event-study": (
        PAIR,
        {**PAIR, "events": "corrections", "horizon": 3, "unit": "months"},
        {**PAIR, "model": "market"},
        {**PAIR, "extend": {"A": "^RUT", "B": "^GSPC"}},
        {"long": "ff.smb", "measure": "period return", "unit": "months", "horizon": 3},
        {"long": "A", "alone": True, "events": "priced_in_pivots"},
        {**PAIR, "events": "sell_off_days"},
    ),
    "difference": (
        PAIR,
        {**PAIR, "events": "corrections", "horizon": 42, "base": 1, "premise": "lag"},
        {**PAIR, "extend": {"A": "^RUT", "B": "^GSPC"}, "events": "vix_above_40", "horizon": 21},
    ),
    "frequency": (
        PAIR,
        {**PAIR, "events": "corrections", "above": 0.02, "against": "usual", "base": 1},
        {**PAIR, "extend": {"A": "^RUT", "B": "^GSPC"}, "events": "vix_above_40", "below": 0.0},
        {**PAIR, "model": "market"},
    ),
    "target-change": (
        {"events": "priced_in_pivots", "by": -0.5},
        {"events": "priced_in_pivots_deep", "by": 0.25, "horizon": 63, "when": "at the end"},
    ),
    "event-change": ({"rate": "DGS10"}, {"rate": "DGS10", "events": "vix_above_40"}),
    "sensitivity": (PAIR, {"long": "A", "peers": ["B", "C"], "factor": "slope", "controls": ["market", "breadth"]}),
    "surprise-sensitivity": (PAIR, {**PAIR, "surprise": "TFUT10", "less": "TFUT02", "sessions": 2}),
    "prediction": (PAIR, {**PAIR, "factor": "top ten", "overlap": True, "horizon": 21}),
    "trailing-comparison": (PAIR, {**PAIR, "alongside": ["C"], "years": 1}),
    "rank": (
        {"long": "A", "peers": ["B", "C"], "years": 2, "about": "past"},
        {"long": "A", "peers": ["B", "C"], "by": "sensitivity", "order": "largest", "controls": ["market"]},
        {"long": "A", "peers": ["B", "C"], "by": "surprise", "order": "lowest"},
        {"long": "A", "peers": ["B"], "by": "rate share", "about": "past"},
    ),
    "compare-periods": ({**PAIR, "earlier": [date(2001, 1, 1), date(2004, 12, 31)], "later": [date(2005, 1, 1)]},),
    "compare-slopes": (
        {
            **PAIR,
            "factor": "slope",
            "controls": ["market"],
            "step": "month",
            "earlier": [date(2000, 1, 1), date(2003, 12, 31)],
            "later": [date(2004, 1, 1), date(2006, 12, 31)],
        },
    ),
    "variance-share": ({"long": "A"}, {"long": "A", "against": ["B"], "trade": "C"}),
    "weight-drift": ({},),
    "largest-weight": ({"fund": "RSP"}, {"fund": "RSP", "lists": "before", "sessions": 10}),
    "breadth": ({}, {"events": "first_cuts", "against": "small", "base": 1}),
    "concentration": ({"fund": "SPY"}, {"fund": "SPY", "against": "IWM"}),
    "policy-path": ({"months": 12},),
    "fundamentals": ({}, {"metric": "loss_share"}),
    "fundamentals-turn": ({}, {"metric": "short_debt_share"}),
    "cited-figures": ({"topic": "floating_rate_debt"},),
}
"""Arguments with which each estimand measures; the docs of an estimand that is added here say what it needs."""

CASES = [
    pytest.param(bind(MeasureSpec(estimand=name, arguments=chosen, range=(0.0, 1.0))), id=f"{name}-{number}")
    for name, choices in ARGUMENTS.items()
    for number, chosen in enumerate(choices)
]
UPDATES_OF_TABLES = frozenset((*FED_DECISIONS.updates, MEETING))
"""Series that continue a shipped table where a book has them; nothing needs them."""


def make_series(ref: SeriesRef) -> Series:
    """Make a series that looks like what its name promises."""
    if ref.id.startswith(("small.", "large.")) and ".breadth." not in ref.id:
        return make_accounts(ref)
    dates, values = make_values(ref)
    return series(ref.id, values, ref.measure, dates)


def make_accounts(ref: SeriesRef) -> Series:
    ends = np.array([f"{year}-12-31" for year in range(1999, 2024)], dtype="datetime64[D]")
    known = (ends + np.timedelta64(182, "D")).astype("datetime64[s]")
    values = 0.3 + np.random.default_rng(seed_of(ref)).uniform(0.0, 0.05, len(ends))
    if ref.id.endswith(".n"):
        values = np.full(len(ends), 300.0)
    return Series(ref, Frequency.MONTHLY, "made", ends, values, known, revised=True)


def make_values(ref: SeriesRef) -> tuple[np.ndarray, np.ndarray]:
    seed, dates = seed_of(ref), DAYS
    if ref.id.startswith("ZQ."):
        dates, month = DAYS[-60:], int(ref.id[3:7]) * 12 + int(ref.id[-2:])
        values = np.full(len(dates), 95.6 + 0.02 * (month - 2024 * 12))
    elif ref.measure is Measure.PERIOD_RETURN:
        dates = np.arange("2000-01", "2024-12", dtype="datetime64[M]").astype("datetime64[D]") - 1
        values = normal(seed, 0.02, len(dates))
    elif ref.id.startswith("surprise."):
        dates = DAYS[40::33]
        values = normal(seed, 0.05, len(dates))
    elif ref.id.startswith("sp500.weight."):
        dates = DAYS[62::63]
        values = np.random.default_rng(seed).uniform(0.001, 0.003, len(dates))
    elif ref.measure is Measure.LEVEL:
        values = 0.5 + 0.45 * np.sin(np.arange(len(dates)) / (20 + seed % 40))
    elif ref.measure is Measure.RATE:
        values = 3.0 + np.cumsum(normal(seed, 0.03))
    elif ref.id == "^VIX":
        values = 20.0 + 25.0 * np.sin(np.arange(len(dates)) / 90.0) ** 2
    else:
        values = 100.0 * np.cumprod(1.0 + normal(seed, 0.013))
    return dates, values


def seed_of(ref: SeriesRef) -> int:
    return sum(map(ord, str(ref)))


BOOK = SeriesBook.of(
    make_series(ref) for ref in sorted({ref for case in CASES for ref in case.values[0].needs}, key=str)
)


def cut_off(book: SeriesBook, day: date) -> SeriesBook:
    """Leave out by hand what was not known by the end of a day."""
    limit = np.datetime64(end_of_day(day).replace(tzinfo=None), "s")
    return SeriesBook.of(
        replace(
            one,
            dates=one.dates[one.known_at <= limit],
            values=one.values[one.known_at <= limit],
            known_at=one.known_at[one.known_at <= limit],
        )
        for one in book
    )


def change_after(book: SeriesBook, day: date) -> SeriesBook:
    """Change every value that was not known by the end of a day."""
    limit = np.datetime64(end_of_day(day).replace(tzinfo=None), "s")
    return SeriesBook.of(
        replace(one, values=np.where(one.known_at <= limit, one.values, 1.7 * one.values + 0.1)) for one in book
    )


class Recording(Mapping[SeriesRef, Series]):
    """The series of a book, and the references that were asked for."""

    def __init__(self, book: SeriesBook) -> None:
        self.book = book
        self.read: set[SeriesRef] = set()

    def __getitem__(self, ref: SeriesRef) -> Series:
        self.read.add(ref)
        return self.book.by_ref[ref]

    def __iter__(self) -> Iterator[SeriesRef]:
        return iter(self.book.by_ref)

    def __len__(self) -> int:
        return len(self.book)


def outcome_of(bound: BoundMeasure, book: SeriesBook, day: date) -> dict[str, Any]:
    """Measure, and list everything that was found, so that outcomes can be compared."""
    outcome = bound.measure(book, day)
    content = {field.name: getattr(outcome, field.name) for field in fields(outcome)}
    if isinstance(outcome, Measurement):
        others = outcome.others() if outcome.others else None
        content["others"] = others and [others.bases.tolist(), others.values.tolist()]
        rows = outcome.rows() if outcome.rows and outcome.summary and outcome.summary.mean is not None else None
        content["law"] = outcome.summary is None and outcome.law.summarise(outcome.values, 1)
        content["rows"] = rows and [rows.ends.tolist(), rows.regressor.tolist(), rows.response.tolist()]
    rolling = bound.measure_rolling(book, day)
    if rolling is not None:
        content["rolling"] = [rolling.betas.ends.tolist(), rolling.betas.betas.tolist(), rolling.betas.errors.tolist()]
    return {"kind": type(outcome).__name__, **content}


def test_every_estimand_has_a_case():
    assert ARGUMENTS.keys() == set(ESTIMANDS), "add arguments with which the new estimand measures"


@pytest.mark.parametrize("bound", CASES)
def test_the_made_data_are_measured(bound):
    outcome = bound.measure(BOOK.known_by(end_of_day(TODAY)), TODAY)
    assert isinstance(outcome, Measurement)
    assert outcome.values
    assert all(np.isfinite(event.value) and event.start <= event.end for event in outcome.values)
    assert outcome.sources


@pytest.mark.parametrize("day", PAST, ids=str)
@pytest.mark.parametrize("bound", CASES)
def test_nothing_later_than_the_day_is_seen(bound, day):
    seen = outcome_of(bound, BOOK.known_by(end_of_day(day)), day)
    assert outcome_of(bound, cut_off(BOOK, day), day) == seen
    assert outcome_of(bound, change_after(BOOK, day).known_by(end_of_day(day)), day) == seen


@pytest.mark.parametrize("bound", CASES)
def test_an_evaluation_does_not_see_what_came_after_its_day(bound):
    day = PAST[1]
    spec = claim(bound.estimand.name, (0.0, 1.0), bound.arguments.model_dump(exclude_unset=True))
    evaluation = evaluate_claim("h", spec, BOOK, day)
    assert evaluate_claim("h", spec, cut_off(BOOK, day), day) == evaluation
    assert evaluate_claim("h", spec, change_after(BOOK, day), day) == evaluation


@pytest.mark.parametrize("bound", CASES)
def test_the_same_data_give_the_same_answer(bound):
    known = BOOK.known_by(end_of_day(TODAY))
    assert outcome_of(bound, known, TODAY) == outcome_of(bound, known, TODAY)


@pytest.mark.parametrize("bound", CASES)
def test_needs_covers_what_is_read(bound):
    recording = Recording(BOOK.known_by(end_of_day(TODAY)))
    outcome_of(bound, SeriesBook(recording), TODAY)
    assert recording.read - UPDATES_OF_TABLES <= bound.needs
    assert set(bound.path_refs) <= bound.needs


@pytest.mark.parametrize("bound", CASES)
def test_nothing_else_in_the_book_counts(bound):
    known = BOOK.known_by(end_of_day(TODAY))
    alone = SeriesBook.of(one for one in known if one.ref in bound.needs)
    assert outcome_of(bound, alone, TODAY) == outcome_of(bound, known, TODAY)


@pytest.mark.parametrize("bound", CASES)
def test_an_empty_book_gives_what_is_missing(bound):
    outcome = bound.measure(NOTHING, TODAY)
    if not bound.needs:  # figures that ship with the program
        assert isinstance(outcome, Measurement)
        return
    assert isinstance(outcome, Missing)
    assert outcome.series
    assert set(outcome.series) <= bound.needs
    assert bound.measure_rolling(NOTHING, TODAY) is None


@pytest.mark.parametrize("bound", CASES)
def test_it_is_described_in_words(bound):
    words = bound.describe()
    assert words.startswith(bound.estimand.text)
    assert words.endswith(f"Window: {bound.window}.")
