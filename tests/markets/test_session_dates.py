"""Rows dated a day off, and days without trading that have prices all the same."""

import numpy as np
import pytest

from groundswell.markets.quality.carried_prices import find_carried_prices, find_repeated_end
from groundswell.markets.quality.plausibility import repair_rows
from groundswell.markets.quality.session_dates import move_to_sessions
from groundswell.markets.series.calendar import is_session, sessions_between
from groundswell.model import Action, IssueKind

DAYS = sessions_between(np.datetime64("2024-06-03").item(), np.datetime64("2025-03-28").item())
N = len(DAYS)


def walk(rows=N, seed=1):
    return 200.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.01, rows)))


@pytest.mark.parametrize(("shift", "word", "weekday"), [(-1, "early", "Sunday"), (1, "late", "Saturday")])
@pytest.mark.parametrize("start", range(5))
def test_rows_a_day_off_are_moved_to_their_sessions(shift, word, weekday, start):
    dated = move_to_sessions(DAYS[start:] + np.timedelta64(shift, "D"))
    np.testing.assert_array_equal(dated.days, DAYS[start:])
    assert (dated.finding.kind, dated.finding.usual_action) == (IssueKind.WRONG_DAYS, Action.CORRECTED)
    assert f"a day {word}, such as {weekday} " in dated.finding.text


def test_rows_that_are_off_in_winter_only():
    is_winter = np.isin(DAYS, DAYS[102:])  # from Monday 2024-10-28
    dated = move_to_sessions(DAYS - is_winter.astype("timedelta64[D]"))
    assert dated.finding.kind is IssueKind.WRONG_DAYS
    np.testing.assert_array_equal(dated.days, DAYS)


def test_right_days_stay():
    assert move_to_sessions(DAYS).finding is None
    stray = np.sort(np.append(np.delete(DAYS, 14), np.datetime64("2024-06-16")))  # one Sunday for a Friday
    assert move_to_sessions(stray).finding is None


def test_markets_that_trade_on_sundays_stay():
    every_day = np.arange(np.datetime64("2024-01-01"), np.datetime64("2025-01-01"))
    assert move_to_sessions(every_day).finding is None
    weekday = (every_day.astype(int) + 3) % 7
    riyadh = every_day[~np.isin(weekday, [4, 5])]
    assert move_to_sessions(riyadh).finding is None


def test_a_file_that_goes_on_from_another_source():
    is_early = np.isin(DAYS, DAYS[:67])  # up to Friday 2024-09-06
    dated = move_to_sessions(DAYS - is_early.astype("timedelta64[D]"))
    np.testing.assert_array_equal(dated.days, DAYS)


CLOSED = np.arange(DAYS[0], DAYS[-1])[~is_session(np.arange(DAYS[0], DAYS[-1]))]
HOLIDAYS = CLOSED[np.is_busday(CLOSED)]


def fill(closed, how="before"):
    days = np.sort(np.concatenate([DAYS, closed]))
    values = walk()
    if how == "line":
        return days, np.interp(days.astype(float), DAYS.astype(float), values)
    side = {"before": "right", "after": "left"}[how]
    places = np.searchsorted(DAYS, days, side=side) - (how == "before")
    return days, values[places]


@pytest.mark.parametrize("closed", [HOLIDAYS, CLOSED, HOLIDAYS[:1]], ids=["holidays", "all closures", "one"])
@pytest.mark.parametrize("how", ["before", "after", "line"])
def test_prices_carried_into_closures_are_dropped_and_named(closed, how):
    days, values = fill(closed, how)
    repaired = repair_rows(days, values)
    np.testing.assert_array_equal(repaired.days, DAYS)
    np.testing.assert_allclose(values[repaired.rows], walk())
    (found,) = repaired.findings
    assert (found.kind, found.usual_action) == (IssueKind.CARRIED, Action.DROPPED)
    assert found.days == tuple(closed.tolist())
    assert str(closed[0]) in found.text


def test_a_market_of_its_own_keeps_its_rows():
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2025-01-01"))
    assert find_carried_prices(days, walk(len(days))) is None
    assert find_carried_prices(days, np.ones(len(days))) is None


def test_early_rows_with_carried_closures_are_moved_and_dropped():
    days, values = fill(HOLIDAYS)
    repaired = repair_rows(days - np.timedelta64(1, "D"), values)
    assert {found.kind for found in repaired.findings} <= {IssueKind.WRONG_DAYS, IssueKind.CARRIED}


def test_a_last_row_that_repeats_the_one_before():
    values = walk()
    assert find_repeated_end(DAYS, values) is None
    repeated = np.append(values[:-1], values[-2])
    assert find_repeated_end(DAYS, repeated).days == (DAYS[-1].item(),)
    assert find_repeated_end(DAYS[:50], repeated[-50:]) is None
    thin = np.repeat(values[::4], 4)[:N]
    assert find_repeated_end(DAYS, np.append(thin[:-1], thin[-2])) is None
