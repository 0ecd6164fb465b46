"""Price files as people reported them: what the gate says of each, and what is left of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.markets.series.calendar import is_session
from groundswell.model import Action, IssueKind, Measure, SeriesRef
from groundswell.sources.folder import load_folder

from ..conftest import SHARED

CASES = SHARED / "cases/public-reports"
IWM, XBI, HYG = (SeriesRef(name, Measure.TOTAL_RETURN) for name in ("IWM", "XBI", "HYG"))


def load(case, ref):
    loaded = load_folder(CASES / case)
    series = next(one for one in loaded.series if one.ref == ref)
    return series, [one for one in loaded.data_issues if one.series == str(ref)]


@pytest.mark.shared(twin="tests/markets/test_closes_with_dividends.py::test_monthly_dividends_of_a_bond_fund_decide")
def test_closes_that_include_dividends():
    series, _ = load("m01_close_already_adjusted", HYG)
    assert series.values[-1] / series.values[0] - 1.0 == pytest.approx(0.424, abs=0.001)
    price, (issue,) = load("m01_close_already_adjusted", SeriesRef("HYG", Measure.PRICE))
    assert price.values[-1] / price.values[0] - 1.0 == pytest.approx(0.007, abs=0.001)
    assert (issue.kind, issue.action) == (IssueKind.INCLUDES_DIVIDENDS, Action.CORRECTED)


@pytest.mark.shared(twin="tests/markets/test_session_dates.py::test_rows_a_day_off_are_moved_to_their_sessions")
def test_bars_stamped_the_evening_before():
    series, (issue,) = load("m02_bars_stamped_the_evening_before", IWM)
    assert is_session(series.dates).all()
    assert series.dates[0] == np.datetime64("2024-06-03")
    assert (issue.kind, issue.action) == (IssueKind.WRONG_DAYS, Action.CORRECTED)


@pytest.mark.shared(twin="tests/markets/test_one_day_changes.py::test_a_change_that_stays_withholds_whatever_its_ratio")
def test_a_reverse_split_of_190():
    _, (issue,) = load("m04_reverse_split_190", XBI)
    assert (issue.kind, issue.days, issue.action) == (IssueKind.SPLIT, (date(2024, 11, 21),), Action.WITHHELD)


@pytest.mark.shared(twin="tests/markets/test_one_day_changes.py::test_two_securities_under_one_name")
def test_a_symbol_that_was_passed_on():
    series, (issue,) = load("m05_symbol_passed_on", XBI)
    assert series.dates[0] == np.datetime64("2025-02-03")
    assert (issue.kind, issue.action) == (IssueKind.TWO_SECURITIES, Action.DROPPED)


@pytest.mark.shared(twin="tests/markets/test_session_dates.py::test_prices_carried_into_closures_are_dropped_and_named")
def test_filled_closures():
    series, (issue,) = load("m11_filled_closures", IWM)
    assert is_session(series.dates).all()
    assert (issue.kind, issue.action, len(issue.days)) == (IssueKind.CARRIED, Action.DROPPED, 9)
    assert issue.days[0] == date(2024, 6, 19)
    assert issue.days[-1] == date(2025, 2, 17)
