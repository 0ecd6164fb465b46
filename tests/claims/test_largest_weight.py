"""The estimand ``largest-weight``: what a fund that is reset each quarter shows, and what other companies do not."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.claims.binding import describe_claim
from groundswell.claims.validate import check_claim
from groundswell.markets.indicators.weight_drift import list_resets
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day, sessions_between
from groundswell.markets.series.catalogue import FUND_CONCENTRATION
from groundswell.model import Frequency, Series, Verdict
from groundswell.sources.release_times import known_at

from .made import claim, evaluate_claim

COMPANIES = 500
FIRST, LAST = date(2019, 1, 2), date(2020, 12, 31)
DAYS = sessions_between(FIRST, LAST)
AROUND_A_FIFTH = (0.001, 0.004)


def make_book(weights_at: dict[np.datetime64, float]) -> SeriesBook:
    days = np.array(sorted(weights_at), dtype="datetime64[D]")
    ref = FUND_CONCENTRATION.ref("RSP", "largest")
    values = np.array([weights_at[day] for day in days])
    known = known_at(ref, Frequency.DAILY, days)
    return SeriesBook.of((Series(ref, Frequency.DAILY, "made lists", days, values, known),))


def drift(start: np.ndarray, *, resets: bool, seed: int = 1) -> dict[np.datetime64, float]:
    """The largest weight of each day, of companies whose prices move apart and whose weights may be set equal again."""
    rng = np.random.default_rng(seed)
    quarters = set(list_resets(2019, 2020).tolist())
    weights, found = start / start.sum(), {}
    for day in DAYS:
        weights = weights * np.exp(rng.normal(0.0, 0.015, COMPANIES))
        weights = weights / weights.sum()
        found[day] = float(weights.max())
        if resets and day.item() in quarters:
            weights = np.full(COMPANIES, 1.0 / COMPANIES)
    return found


EQUAL = np.ones(COMPANIES)
BY_SIZE = np.random.default_rng(2).pareto(1.1, COMPANIES) + 0.05
RESET = drift(EQUAL, resets=True)


def evaluate(found: dict[np.datetime64, float], as_of: date = LAST, **arguments):
    spec = claim("largest-weight", AROUND_A_FIFTH, {"fund": "RSP", **arguments}, measure={"holds": "within"})
    return evaluate_claim("h", spec, make_book(found), as_of)


def test_an_equal_fund_that_is_reset_is_supported_and_says_what_n_counts():
    found = evaluate(RESET)
    assert (found.verdict, found.unit) == (Verdict.SUPPORTED, "share")
    assert found.n == len(found.events) == len(DAYS) - 8 - 1  # the first day after each reset, and today's list
    assert "lists" in found.reason
    assert (
        "n counts lists. Those of one quarter are much alike, so that the interval is one of 9 quarters"
        in found.notes[0]
    )
    assert 0.002 < found.estimate < 0.004


@pytest.mark.parametrize(
    ("start", "resets"),
    [(EQUAL, False), (BY_SIZE, False), (np.random.default_rng(3).uniform(0.0, 3.0, COMPANIES) ** 3, False)],
    ids=["equal, never reset", "by market value", "random companies and weights"],
)
def test_other_companies_do_not_pass(start, resets):
    found = evaluate(drift(start, resets=resets))
    assert found.verdict is not Verdict.SUPPORTED
    assert found.estimate > 0.004


def test_the_interval_is_one_of_quarters():
    found = evaluate(RESET)
    by_quarter: dict[date, list[float]] = {}
    for event in found.events:
        by_quarter.setdefault(event.start, []).append(event.value)
    means = np.array([np.mean(values) for values in by_quarter.values()])
    assert len(means) == 9
    assert found.estimate == pytest.approx(means.mean())
    half = 2.306 * means.std(ddof=1) / 3.0  # Student's t of eight degrees of freedom
    assert (found.ci_low, found.ci_high) == pytest.approx((means.mean() - half, means.mean() + half), rel=1e-4)
    often = evaluate({**RESET, **{day: RESET[day] for day in list(RESET)[::3]}})
    assert (often.ci_low, often.ci_high) == (found.ci_low, found.ci_high)


def test_what_it_takes_to_be_confirmed_counts_quarters():
    found = evaluate(RESET)
    assert found.confirmed
    early = evaluate({day: weight for day, weight in RESET.items() if day < np.datetime64("2019-12-02")})
    assert (early.verdict, len({event.start for event in early.events})) == (Verdict.SUPPORTED, 4)
    assert (early.confirmed, early.sequence_low) == (False, None)


def test_the_largest_grows_between_resets_and_falls_at_one():
    early, late = evaluate(RESET, lists="after", sessions=10), evaluate(RESET, lists="before", sessions=10)
    assert early.estimate < late.estimate
    after = [event.date for event in early.events if event.start == date(2019, 3, 15)]
    assert (after[0], after[-1], len(after)) == (date(2019, 3, 19), date(2019, 3, 29), 9)
    before = [event.date for event in late.events if event.start == date(2019, 3, 15)]
    assert (before[0], before[-1], len(before)) == (date(2019, 6, 10), date(2019, 6, 21), 10)


def test_a_list_of_the_day_after_a_reset_is_left_out_with_the_reason():
    """It may be that of the day of the reset, dated by the day on which it is shown: the old weights."""
    found = evaluate({**RESET, np.datetime64("2019-03-18"): 0.5})
    assert found.estimate == evaluate(RESET).estimate
    (absence,) = [each for each in found.absent if each.date == date(2019, 3, 18)]
    assert "one session after a reset" in absence.reason


def test_lists_of_one_quarter_and_few_lists():
    one = evaluate({day: weight for day, weight in RESET.items() if day < np.datetime64("2019-03-15")})
    assert (one.verdict, one.estimate) == (Verdict.NOT_MEASURED, None)
    assert "of one quarter, which do not show how quarters differ" in one.reason
    few = evaluate({day: weight for day, weight in RESET.items() if day.item().day == 28})
    assert few.verdict is Verdict.INSUFFICIENT
    assert few.reason.endswith("at least 30 are needed")
    assert evaluate({day: RESET[day] for day in DAYS[:1]}, lists="before").verdict is Verdict.INSUFFICIENT


def test_the_age_of_the_newest_list_is_said():
    found = evaluate(RESET, date(2023, 1, 2))
    assert found.notes[1].endswith("The newest list is of 2020-12-31, 732 days before the evaluation.")
    assert found.verdict is Verdict.SUPPORTED  # what the fund did then


@pytest.mark.parametrize("as_of", [date(2019, 9, 20), date(2020, 3, 23)])
def test_evaluating_a_past_day_needs_no_later_lists(as_of):
    spec = claim("largest-weight", AROUND_A_FIFTH, {"fund": "RSP"}, measure={"holds": "within"})
    book = make_book(RESET)
    assert evaluate_claim("h", spec, book.known_by(end_of_day(as_of)), as_of) == evaluate_claim("h", spec, book, as_of)


def test_words_and_mistakes():
    words = describe_claim(claim("largest-weight", AROUND_A_FIFTH, {"fund": "RSP", "lists": "before"}))
    assert "weight of the largest holding of RSP; each row is a list" in words
    assert "lists of the last 21 sessions before a reset" in words
    for wrong in ({"fund": ""}, {"fund": "RSP", "lists": "some"}, {"fund": "RSP", "sessions": 1}):
        assert check_claim(claim("largest-weight", AROUND_A_FIFTH, wrong))
