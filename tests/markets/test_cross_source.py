"""Cross-source comparison: a table of errors made by hand, each in one source of a made market."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.quality.cross_source import (
    Dividends,
    SourceSeries,
    _median_of_present,
    compare_sources,
    find_dividend_adjusted,
    infer_dividends,
)
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import IssueKind

DAYS = sessions_between(date(2024, 1, 2), date(2024, 12, 31))
EX = 60  # the session of the one dividend
YIELD = 0.004
DIVIDENDS = Dividends(DAYS, np.where(np.arange(len(DAYS)) == EX, YIELD, 0.0))


def changes(seed: int = 1, scale: float = 0.01) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, scale, len(DAYS))


def copy(source: str, made: np.ndarray, base: float = 100.0) -> SourceSeries:
    return SourceSeries(source, DAYS[: len(made)], base * np.exp(np.cumsum(made)))


def with_change(at: int, size: float, back: bool = False) -> np.ndarray:
    made = changes()
    made[at] += size
    if back:
        made[at + 1] -= size
    return made


def standing_still(at: int) -> np.ndarray:
    made = changes()
    made[at], made[at + 1] = 0.0, made[at] + made[at + 1]
    return made


def find_errors(copies: list[SourceSeries], **given_: object) -> list[tuple[str, IssueKind, str]]:
    return [(one.source, one.kind, str(one.day)) for one in compare_sources(copies, **given_)]


TRUE = [copy("a", changes()), copy("b", changes(), base=7.0)]
SHORT = changes()[:100]
LAST = SHORT + np.where(np.arange(100) == 99, 0.01, 0.0)


@pytest.mark.parametrize(
    ("wrong", "kind", "at"),
    [
        pytest.param(with_change(EX, -YIELD), IssueKind.DIVIDEND, EX, id="a dividend that is not adjusted for"),
        pytest.param(with_change(EX, -YIELD / 2), IssueKind.OTHER_DIVIDEND, EX, id="half of a dividend"),
        pytest.param(with_change(100, 0.02), IssueKind.LEVEL_JUMP, 100, id="a splice"),
        pytest.param(with_change(100, 0.02, back=True), IssueKind.ONE_DAY, 100, id="a wrong day"),
        pytest.param(standing_still(100), IssueKind.STALE, 100, id="a value of the day before"),
        pytest.param(LAST, IssueKind.UNFINISHED, 99, id="a last row taken before the close"),
    ],
)
def test_the_one_that_differs_from_the_others_is_at_fault(wrong, kind, at):
    assert find_errors([*TRUE, copy("c", wrong)], dividends=DIVIDENDS) == [("c", kind, str(DAYS[at]))]


@pytest.mark.parametrize(
    ("wrong", "kind", "at"),
    [
        pytest.param(with_change(EX, -YIELD), IssueKind.DIVIDEND, EX, id="a dividend"),
        pytest.param(standing_still(100), IssueKind.STALE, 100, id="a value of the day before"),
        pytest.param(LAST, IssueKind.UNFINISHED, 99, id="a last row"),
    ],
)
def test_of_two_sources_the_one_with_an_explanation_is_in_error(wrong, kind, at):
    assert find_errors([TRUE[0], copy("c", wrong)], dividends=DIVIDENDS) == [("c", kind, str(DAYS[at]))]


def test_of_two_sources_neither_is_in_error_without_an_explanation():
    found = compare_sources([TRUE[0], copy("c", with_change(100, 0.02))])
    assert [(one.source, one.kind) for one in found] == [("a", IssueKind.DISAGREE), ("c", IssueKind.DISAGREE)]
    assert found[0].size == pytest.approx(-0.02)
    assert found[1].size == pytest.approx(0.02)


def test_a_source_that_was_in_error_before_is_in_error_again():
    short = copy("b", changes()[:150])
    wrong = copy("c", with_change(100, 0.02) + np.where(np.arange(len(DAYS)) == 200, 0.03, 0.0))
    assert find_errors([TRUE[0], short, wrong]) == [
        ("c", IssueKind.LEVEL_JUMP, str(DAYS[100])),
        ("c", IssueKind.LEVEL_JUMP, str(DAYS[200])),
    ]


def test_a_source_known_to_miss_dividends_misses_those_of_which_there_is_no_record():
    copies = [TRUE[0], copy("c", with_change(200, -0.003))]
    assert {kind for _, kind, _ in find_errors(copies)} == {IssueKind.DISAGREE}
    assert find_errors(copies, careless={"c"}) == [("c", IssueKind.DIVIDEND, str(DAYS[200]))]


def test_a_noisy_feed_neither_raises_alarms_nor_hides_the_faults_of_others():
    noisy = copy("noisy", changes() + np.diff(changes(2, 0.0005), prepend=0.0))
    assert find_errors([*TRUE, noisy]) == []
    wrong = copy("c", with_change(100, 0.004))
    assert find_errors([*TRUE, noisy, wrong]) == [("c", IssueKind.LEVEL_JUMP, str(DAYS[100]))]


def test_a_hole_in_one_copy_is_no_difference():
    kept = np.arange(len(DAYS)) % 50 != 7
    holed = SourceSeries("c", DAYS[kept], TRUE[0].values[kept])
    assert find_errors([TRUE[0], holed]) == []
    assert find_errors([TRUE[0]]) == []


def test_what_was_paid_follows_from_price_and_total_return():
    total = changes()
    price = total + np.where(np.arange(len(DAYS)) == EX, np.log1p(-YIELD), 0.0)
    paid = infer_dividends([(copy("a", price), copy("a", total))])
    assert [str(day) for day in paid.dates[paid.yields > 0]] == [str(DAYS[EX])]
    assert paid.yield_on(DAYS[EX]) == pytest.approx(YIELD)
    assert paid.yield_on(DAYS[EX + 1]) == 0.0
    assert paid.yield_on(np.datetime64("2030-01-02")) is None
    assert infer_dividends([]) is None


def test_a_price_that_holds_dividends_is_a_total_return():
    often = np.where(np.arange(len(DAYS)) % 40 == 20, 0.004, 0.0)
    paid = Dividends(DAYS, often)
    total = changes()
    prices = [copy(name, total - often) for name in "ab"]
    assert find_dividend_adjusted([*prices, copy("c", total)], paid) == ("c",)
    assert find_dividend_adjusted(prices, paid) == ()
    assert find_dividend_adjusted([*prices, copy("c", total)], None) == ()


@given(st.integers(0, 1000), st.floats(1e-3, 1e3), st.permutations(range(3)))
def test_neither_the_base_nor_the_order_of_copies_matters(seed, base, order):
    made = [copy("a", changes(seed)), copy("b", changes(seed), base), copy("c", changes(seed))]
    assert compare_sources([made[place] for place in order]) == ()


@given(rows=st.integers(1, 7), columns=st.integers(0, 9), seed=st.integers(0, 999))
def test_the_median_of_sources_is_that_of_the_library(rows, columns, seed):
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(rows, columns))
    table[rng.random((rows, columns)) < 0.4] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of columns without a value
        np.testing.assert_array_equal(_median_of_present(table), np.nanmedian(table, axis=0))
