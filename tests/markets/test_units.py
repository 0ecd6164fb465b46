"""Rates in fractions and basis points, whole or from a day on."""

import numpy as np
import pytest

from groundswell.markets.quality.plausibility import check_book, find_implausible
from groundswell.markets.quality.units import find_other_unit
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Action, Frequency, IssueKind, Measure, Series, SeriesRef

DAYS = sessions_between(np.datetime64("2021-01-04").item(), np.datetime64("2024-12-31").item())
N = len(DAYS)


def make(name, values, measure=Measure.RATE):
    days = DAYS[: len(values)]
    return Series(
        SeriesRef(name, measure), Frequency.DAILY, "a.csv", days, np.asarray(values), days.astype("datetime64[s]")
    )


def rates(level, volatility=0.05, seed=1, low=-9.0):
    moves = np.random.default_rng(seed).normal(0.0, volatility, N)
    return np.round(np.maximum(level + np.cumsum(moves) * np.exp(-np.arange(N) / 400.0), low), 2)


LEVELS = [("DGS10", 4.25), ("DGS2", 0.15), ("DFF", 5.33), ("DFII10", -0.6), ("T10Y2Y", -0.4), ("BAMLH0A0HYM2", 3.1)]


def level(name):
    return rates(dict(LEVELS)[name], 0.01 if name == "DGS2" else 0.05, low=0.09 if name == "DGS2" else -9.0)


@pytest.mark.parametrize("name", [name for name, _ in LEVELS])
@pytest.mark.parametrize(("factor", "unit"), [(0.01, "fractions"), (100.0, "basis points")])
@pytest.mark.parametrize("rows", [60, N])
def test_rates_in_other_units_withhold(name, factor, unit, rows):
    values = level(name)[:rows]
    assert find_other_unit(make(name, values)) is None
    found = find_other_unit(make(name, np.round(values * factor, 6)))
    assert (found.kind, found.usual_action) == (IssueKind.OTHER_UNIT, Action.WITHHELD)
    assert unit in found.text
    assert "percent" in found.text


@pytest.mark.parametrize("name", ["DGS10", "DGS2", "DFF", "BAMLH0A0HYM2"])
@pytest.mark.parametrize("factor", [0.01, 100.0])
@pytest.mark.parametrize("first", [True, False])
def test_a_switch_in_the_middle_withholds_the_wrong_side(name, factor, first):
    values = level(name)
    at = 600
    is_wrong = (np.arange(N) < at) if first else (np.arange(N) >= at)
    found = find_other_unit(make(name, np.where(is_wrong, np.round(values * factor, 6), values)))
    assert found.kind is IssueKind.OTHER_UNIT
    assert str(DAYS[at]) in found.text
    start, end = found.span
    assert start <= DAYS[is_wrong][0].item()
    assert end >= DAYS[is_wrong][-1].item()


def test_a_target_that_never_moves():
    assert find_other_unit(make("DFEDTARU", np.full(50, 0.25))) is None
    assert find_other_unit(make("DFEDTARU", np.full(50, 5.5))) is None
    assert find_other_unit(make("DFEDTARU", np.full(50, 0.055))).kind is IssueKind.OTHER_UNIT
    assert find_other_unit(make("DFEDTARU", np.full(50, 550.0))).kind is IssueKind.OTHER_UNIT


def test_counts_that_switch_between_units_and_thousands():
    claims = 220_000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.02, N)))
    assert find_other_unit(make("ICSA", claims, Measure.LEVEL)) is None
    switched = np.where(np.arange(N) < 500, claims / 1_000.0, claims)
    assert find_other_unit(make("ICSA", switched, Measure.LEVEL)).kind is IssueKind.OTHER_UNIT
    jump = np.where(np.arange(N) < 500, claims, claims * 12.0)  # March 2020
    assert find_other_unit(make("ICSA", jump, Measure.LEVEL)) is None


def test_volatility_as_a_fraction():
    points = 17.0 * np.exp(np.random.default_rng(1).normal(0.0, 0.2, N))
    assert find_other_unit(make("VIXCLS", points, Measure.LEVEL)) is None
    assert find_other_unit(make("VIXCLS", points / 100.0, Measure.LEVEL)).kind is IssueKind.OTHER_UNIT
    assert find_other_unit(make("^VIX", points, Measure.PRICE)) is None
    assert find_other_unit(make("^VIX", points / 100.0, Measure.PRICE)).kind is IssueKind.OTHER_UNIT
    assert find_other_unit(make("^IRX", points / 100.0, Measure.PRICE)) is None


def test_series_unknown_to_the_catalogue_have_no_unit():
    assert find_other_unit(make("MYRATE", np.full(50, 0.01))) is None


@pytest.mark.parametrize("factor", [0.01, 100.0])
@pytest.mark.parametrize("seed", range(8))
def test_a_switch_of_a_spread_that_goes_through_zero(factor, seed):
    values = np.round(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.03, N)), 2)
    at = 40 + int(np.abs(values[40 : N - 60]).argmin())
    at += int(np.flatnonzero(np.abs(values[at:]) >= 0.05)[0])
    switched = np.where(np.arange(N) < at, values, np.round(values * factor, 6))
    kinds = [(one.kind, one.usual_action) for one in find_implausible(make("T10Y2Y", switched))]
    assert (IssueKind.OTHER_UNIT, Action.WITHHELD) in kinds
    assert not list(find_implausible(make("T10Y2Y", values)))


@pytest.mark.parametrize("name", ["DGS10", "DFF", "BAMLH0A0HYM2", "T10YIE"])
@pytest.mark.parametrize("level", [0.3, 1.5, 4.0])
@pytest.mark.parametrize("factor", [0.01, 100.0])
@pytest.mark.parametrize(
    "rows", [(500, 501), (500, 505), (500, 506), (500, 519), (0, 1), (0, 3), (N - 1, N), (N - 4, N)]
)
def test_no_row_in_another_unit_is_used_in_silence(name, level, factor, rows):
    values = np.round(level + np.cumsum(np.random.default_rng(4).normal(0.0, 0.004, N)), 2)
    is_wrong = (np.arange(N) >= rows[0]) & (np.arange(N) < rows[1])
    book, issues = check_book(SeriesBook.of([make(name, np.where(is_wrong, np.round(values * factor, 6), values))]))
    used = set(next(iter(book)).dates.tolist()) & set(DAYS[is_wrong].tolist())
    withheld = {day for one in issues if one.withholds for day in DAYS.tolist() if one.within(day, day)}
    assert used <= withheld
    is_short = rows[0] > 0 and rows[1] < N and rows[1] - rows[0] <= 5
    assert bool(used) != is_short
    assert not check_book(SeriesBook.of([make(name, values)]))[1]


def test_a_rate_that_falls_to_zero_in_steps_is_in_its_unit():
    steps = [1.5, 1.25, 1.1, 0.9, 0.6, 0.42, 0.2, 0.11, 0.04, 0.02, 0.01, 0.01, 0.02, 0.01]
    values = np.concatenate([np.round(1.5 + 0.01 * (np.arange(N - len(steps)) % 3), 2), steps])
    assert not list(find_implausible(make("DGS3MO", values)))
