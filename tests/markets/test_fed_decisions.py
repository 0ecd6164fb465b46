from __future__ import annotations

import csv
from datetime import date
from itertools import pairwise

import pytest

from groundswell.markets.events.fed_decisions import EARLY_CUTS, list_decisions

LATEST = date(2026, 7, 29)
UNSCHEDULED = [
    "1994-04-18", "1998-10-15", "2001-01-03", "2001-04-18", "2001-09-17",
    "2008-01-22", "2008-10-08", "2020-03-03", "2020-03-15",
]  # fmt: skip


def test_every_decision_since_1994_is_in_the_table():
    known = list_decisions(LATEST)
    assert len(known) == 269
    assert sum(decision.change_bp != 0 for decision in known) == 91
    assert [known[0].announced, known[-1].announced] == [date(1994, 2, 4), LATEST]
    assert [d.announced.isoformat() for d in known if not d.scheduled] == UNSCHEDULED


def test_each_range_follows_from_the_one_before():
    for before, after in pairwise(list_decisions(LATEST)):
        assert before.announced < after.announced
        assert after.upper == pytest.approx(before.upper + after.change_bp / 100)
        assert after.upper - after.lower == pytest.approx(0.25 if after.announced >= date(2008, 12, 16) else 0)


def test_a_decision_is_known_on_the_day_of_its_announcement_and_not_before():
    assert list_decisions(date(2024, 9, 17))[-1].announced == date(2024, 7, 31)
    assert list_decisions(date(2024, 9, 18))[-1].announced == date(2024, 9, 18)
    assert list_decisions(date(1994, 2, 3)) == ()


def test_the_early_cuts_say_that_they_were_dated_afterwards():
    assert [cut.announced for cut in EARLY_CUTS] == [date(1989, 6, 5), date(1990, 7, 13)]
    assert all(cut.dated_afterwards and cut.change_bp < 0 for cut in EARLY_CUTS)


@pytest.mark.shared(twin="tests/markets/test_fed_decisions.py::test_each_range_follows_from_the_one_before")
def test_the_table_agrees_with_an_independent_list(market_data):
    with (market_data / "fomc.csv").open() as lines:
        listed = [
            (
                row["date"],
                float(row["decision_bp"]),
                float(row["lower"]),
                float(row["upper"]),
                row["scheduled"] == "True",
            )
            for row in csv.DictReader(lines)
            if row["decision_bp"]
        ]
    ours = [(d.announced.isoformat(), d.change_bp, d.lower, d.upper, d.scheduled) for d in list_decisions(LATEST)]
    assert ours == listed
