from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.events.fed_decisions import list_decisions, target_middle
from groundswell.markets.indicators.policy_path import compute_priced_path, list_contract_months, list_meetings
from groundswell.markets.series.catalogue import FED_FUNDS_FUTURES

SEP, OCT, DEC = date(2026, 9, 16), date(2026, 10, 28), date(2026, 12, 9)


FIRST = (3.52 * 30 - 3.6 * 16) / 14  # September: 16 days at 3.60 and 14 at the new rate average 3.52
LAST = (3.2 * 31 - 3.3 * 9) / 22


@pytest.mark.parametrize(
    ("averages", "days", "expected"),
    [
        pytest.param({(2026, 11): 3.4}, [OCT, DEC], [3.4], id="the month after has no meeting"),
        pytest.param({(2026, 10): 3.6, (2026, 11): 3.4}, [OCT], [3.6], id="after the last meeting nothing is known"),
        pytest.param({(2026, 9): 3.52, (2026, 10): 9.9}, [SEP, OCT, DEC], [FIRST, None], id="by the days of the month"),
        pytest.param(
            {(2026, 9): 3.52, (2026, 11): 3.3, (2026, 12): 3.2}, [SEP, OCT, DEC], [FIRST, 3.3, LAST], id="chain"
        ),
        pytest.param({(2026, 11): 3.4}, [SEP, OCT], [], id="it ends where a contract is missing"),
        pytest.param({(2026, 9): 3.52}, [date(2026, 9, 30)], [], id="the last day of a month shows nothing"),
        pytest.param({(2026, 12): LAST}, [date(2026, 12, 9), date(2027, 2, 3)], None, id="the turn of the year"),
    ],
)
def test_the_path_by_hand(averages, days, expected):
    path = compute_priced_path(averages, days, 3.6)
    if expected is None:
        (one,) = path
        assert compute_priced_path({(2027, 1): one.after}, days, 3.6)[0].after == pytest.approx(one.after)
        return
    assert len(path) == len(expected)
    for one, after in zip(path, expected, strict=True):
        assert after is None or one.after == pytest.approx(after)
    assert [one.before for one in path] == [3.6, *(one.after for one in path)][: len(path)]


def test_what_rounding_leaves_open_grows_with_few_days_left():
    stalled, split = compute_priced_path({(2026, 11): 3.4, (2026, 12): 3.3}, [OCT, DEC], 3.6)
    assert stalled.open_by == 0.0025
    assert split.open_by == pytest.approx((0.0025 * 31 + 0.0025 * 9) / 22)
    (late,) = compute_priced_path({(2026, 10): 3.4}, [OCT], 3.6)
    assert late.open_by == pytest.approx((0.0025 * 31 + 0.005 * 28) / 3)


@given(st.lists(st.sampled_from([-0.5, -0.25, 0.0, 0.25]), min_size=3, max_size=3), st.floats(0.5, 6.0))
def test_averages_made_of_a_path_give_it_back(moves, start):
    rates = [start, *(start + np.cumsum(moves))]
    averages = {
        (2026, 8): rates[0],
        (2026, 9): (16 * rates[0] + 14 * rates[1]) / 30,
        (2026, 10): (28 * rates[1] + 3 * rates[2]) / 31,
        (2026, 11): rates[2],
        (2026, 12): (9 * rates[2] + 22 * rates[3]) / 31,
        (2027, 1): rates[3],
    }
    assert [one.after for one in compute_priced_path(averages, [SEP, OCT, DEC], start)] == pytest.approx(rates[1:])
    del averages[(2026, 11)]
    assert [one.after for one in compute_priced_path(averages, [SEP, OCT, DEC], start)] == pytest.approx(rates[1:])


def test_meetings_count_from_the_publication_of_their_schedule():
    far = date(2030, 1, 1)
    assert list_meetings(date(2024, 8, 8), far) == ()
    assert list_meetings(date(2025, 9, 4), far)[-1] == date(2027, 1, 27)
    assert list_meetings(date(2025, 9, 5), far)[-1] == date(2028, 1, 26)
    assert list_meetings(SEP, DEC) == (OCT, DEC)


def test_the_schedule_agrees_with_the_decisions_made_since():
    made = {decision.announced for decision in list_decisions(date(2026, 8, 20)) if decision.scheduled}
    planned = set(list_meetings(date(2024, 8, 9), date(2026, 8, 20)))
    assert planned == {day for day in made if day >= date(2025, 1, 1)}


def test_the_middle_of_the_target_changes_on_the_day_of_the_decision():
    days = np.array(["1994-01-03", "2019-07-30", "2019-07-31"], dtype="datetime64[D]")
    assert target_middle(days, date(2019, 8, 1)) == pytest.approx([np.nan, 2.375, 2.125], nan_ok=True)


def test_contracts_have_names_of_their_own():
    refs = {FED_FUNDS_FUTURES.ref(*month) for month in list_contract_months()}
    assert len(refs) == len(list_contract_months()) == 480
    assert FED_FUNDS_FUTURES.ref(2026, 9).id == "ZQ.2026-09"
