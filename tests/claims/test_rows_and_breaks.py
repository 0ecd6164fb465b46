"""Rows of an estimate, and the test for a break in it."""

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm

from groundswell.claims.inference.breaks import MIN_ROWS, compute_break_p, find_break
from groundswell.claims.inference.rows import Rows, list_event_rows, list_slope_rows
from groundswell.claims.inference.widening import compute_widening
from groundswell.markets.studies.ols import sum_lagged_products
from groundswell.model import EventValue

WEEK = np.timedelta64(7, "D")


def make_days(count):
    return np.datetime64("2000-01-05") + WEEK * np.arange(count)


def make_slope_rows(rng, count, slopes, lags=4):
    factor, control = rng.standard_normal((2, count))
    factor += 0.5 * control
    response = 0.3 + slopes * factor - 0.7 * control + rng.standard_normal(count)
    return list_slope_rows(make_days(count), response, [factor, control], lags), (response, factor, control)


def test_the_estimate_of_the_rows_is_the_coefficient_of_the_whole_regression():
    rows, (response, factor, control) = make_slope_rows(np.random.default_rng(3), 200, 0.5)
    fitted = sm.OLS(response, sm.add_constant(np.column_stack([factor, control]))).fit()
    assert rows.estimate == pytest.approx(fitted.params[1], rel=1e-12)


def test_rows_of_events_are_dated_at_the_end_of_their_windows():
    days = [dt.date(2001, 3, 1), dt.date(2000, 2, 1)]
    values = [EventValue(day, value, day, day + dt.timedelta(90)) for day, value in zip(days, (0.1, 0.3), strict=True)]
    rows = list_event_rows(values)
    assert rows.response.tolist() == [0.3, 0.1]
    assert rows.estimate == pytest.approx(0.2)
    assert rows.since(dt.date(2001, 1, 1)).response.tolist() == [0.1]


@pytest.mark.parametrize(("p", "published"), [(0.10, 7.12), (0.05, 8.68), (0.01, 12.16)])
def test_p_values_agree_with_the_published_critical_values(p, published):
    """D. W. K. Andrews, "Tests for Parameter Instability … : A Corrigendum" (2003), one coefficient, 15 % trimmed."""
    assert compute_break_p(published) == pytest.approx(p, rel=0.07)


def test_p_values_fall_as_the_statistic_grows():
    values = [compute_break_p(statistic) for statistic in np.arange(0.0, 40.0, 0.25)]
    assert all(after <= before for before, after in pairwise(values))
    assert values[0] == 1.0
    assert values[-1] < 1e-6


def test_a_break_is_found_near_its_day():
    rng = np.random.default_rng(5)
    count = 600
    rows, _ = make_slope_rows(rng, count, np.where(np.arange(count) < 400, -0.6, 0.3))
    found = find_break(rows)
    assert found.p < 0.001
    assert abs(found.day - rows.ends[400].astype(object)) < dt.timedelta(weeks=26)
    assert found.before == pytest.approx(-0.6, abs=0.15)
    assert found.after == pytest.approx(0.3, abs=0.15)


@pytest.mark.parametrize("lags", [0, 4])
def test_few_breaks_are_found_where_there_are_none(lags):
    rng = np.random.default_rng(7)
    samples = (make_slope_rows(rng, 400, 0.5, lags)[0] for _ in range(300))
    found = [find_break(rows).p < 0.05 for rows in samples]
    assert np.mean(found) < 0.10


def test_the_largest_statistic_is_that_of_the_two_sides_measured_apart():
    """The running sums give what each day gives by itself."""
    rows, _ = make_slope_rows(np.random.default_rng(11), 320, 0.5)
    largest, place = 0.0, 0
    for cut in range(48, 273):
        sides = [rows.part(slice(None, cut)), rows.part(slice(cut, None))]
        spread = 0.0
        for side in sides:
            scores = side.regressor * (side.response - side.regressor * side.estimate)
            middle = sum_lagged_products(scores[:, None], 4)[0, 0]
            spread += middle / (side.regressor @ side.regressor) ** 2 * len(side) / (len(side) - 1)
        statistic = (sides[1].estimate - sides[0].estimate) ** 2 / spread
        largest, place = max((largest, place), (statistic, cut))
    found = find_break(rows)
    assert found.day == rows.ends[place].astype(object)
    assert found.p == pytest.approx(compute_break_p(largest / compute_widening(4, 320) ** 2), rel=1e-9)


def test_few_rows_and_rows_without_spread_are_not_tested():
    few = MIN_ROWS - 1
    assert find_break(Rows(make_days(few), np.ones(few), np.arange(few, dtype=float))) is None
    assert find_break(Rows(make_days(MIN_ROWS), np.ones(MIN_ROWS), np.full(MIN_ROWS, 0.25))) is None
