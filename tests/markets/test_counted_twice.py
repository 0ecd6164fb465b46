"""A total return that adds dividends to a price that includes them, and what must not be taken for one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from groundswell.markets.quality.counted_twice import find_dividends_counted_twice
from groundswell.markets.quality.plausibility import check_book
from groundswell.markets.series.adjust import adjust
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Action, Frequency, IssueKind, Measure, Series, SeriesRef

DAYS = sessions_between(dt.date(2010, 1, 4), dt.date(2025, 12, 31))
ONES = np.ones(len(DAYS))


def make(measure: Measure, values: np.ndarray) -> Series:
    ref = SeriesRef("HYG", measure)
    return Series(ref, Frequency.DAILY, "HYG.csv", DAYS, values, DAYS.astype("datetime64[s]"))


def make_fund(seed: int, share: float = 0.004, every: int = 21) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the closes of a fund, its dividends, and its closes adjusted for them."""
    draw = np.random.default_rng(seed)
    dividends = np.zeros(len(DAYS))
    closes = np.empty(len(DAYS))
    closes[0] = 80.0
    for place, change in enumerate(draw.normal(0.0002, 0.004, len(DAYS) - 1), start=1):
        if place % every == 0:
            dividends[place] = round(closes[place - 1] * share, 3)
        closes[place] = (closes[place - 1] - dividends[place]) * (1.0 + change)
    return closes, dividends, adjust(closes, dividends, ONES).total


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_closes_that_are_adjusted_again_are_found(seed: int) -> None:
    _, dividends, adjusted = make_fund(seed)
    again = adjust(adjusted, dividends, ONES).total
    finding = find_dividends_counted_twice(make(Measure.PRICE, adjusted), make(Measure.TOTAL_RETURN, again))
    assert finding is not None
    assert (finding.kind, finding.action) == (IssueKind.INCLUDES_DIVIDENDS, Action.WITHHELD)
    assert len(finding.days) == np.count_nonzero(dividends)
    assert "adds once more" in finding.text


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("decimals", [2, 4, 10])
def test_a_right_pair_shows_nothing(seed: int, decimals: int) -> None:
    closes, _, adjusted = make_fund(seed)
    pair = make(Measure.PRICE, closes.round(2)), make(Measure.TOTAL_RETURN, adjusted.round(decimals))
    assert find_dividends_counted_twice(*pair) is None


def test_series_of_two_sources_and_one_series_twice_show_nothing() -> None:
    closes, _, adjusted = make_fund(1)
    noise = np.exp(np.random.default_rng(2).normal(0.0, 0.002, len(DAYS)))
    price = make(Measure.PRICE, adjusted)
    assert find_dividends_counted_twice(price, make(Measure.TOTAL_RETURN, adjusted * noise)) is None
    assert find_dividends_counted_twice(price, make(Measure.TOTAL_RETURN, adjusted)) is None
    assert find_dividends_counted_twice(make(Measure.PRICE, closes[::-1] * 1.0), price) is None


def test_the_gate_withholds_the_total_return_and_keeps_the_price() -> None:
    _, dividends, adjusted = make_fund(3)
    again = adjust(adjusted, dividends, ONES).total
    book = SeriesBook.of([make(Measure.PRICE, adjusted), make(Measure.TOTAL_RETURN, again)])
    _, issues = check_book(book)
    assert [(issue.series, issue.action) for issue in issues] == [("HYG (total return)", Action.WITHHELD)]
    assert "load the file again" in issues[0].remedy
