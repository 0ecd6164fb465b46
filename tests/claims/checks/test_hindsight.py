"""Hindsight is found from when each event was known, not from what a list says of itself."""

from __future__ import annotations

import pytest

from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Qualifier

from ..made import END, INF, book, claim, evaluate_claim, normal, price, rate

LATE = '''
"""Days that were chosen later, and do not say so."""

import datetime as dt

from groundswell.markets.events.event_list import EventList, MarketEvent


def find(as_of, book):
    days = [dt.date(year, 3, 6) for year in range(2001, 2020)]
    return tuple(MarketEvent(day, day + dt.timedelta(days=DELAY)) for day in days)


LATE = EventList("late_days", "Late days", "Days in March.", find)
'''

MADE = book(price("A", normal(1, 0.01)), price("B", normal(2, 0.01)), rate("DGS2", normal(3, 0.05)))


def hindsight(estimand: str = "event-study", **arguments):
    given = {"event-study": {"long": "A", "short": "B"}, "event-change": {"rate": "DGS2"}}[estimand]
    found = evaluate_claim("h", claim(estimand, (0.0, INF), {**given, **arguments}), MADE, END)
    assert found.n
    return Qualifier.HINDSIGHT in found.qualifiers, found


@pytest.mark.parametrize("estimand", ["event-study", "event-change"])
@pytest.mark.parametrize(("delay", "expected"), [(0, False), (1, True), (400, True)])
def test_a_list_of_a_plugin_is_marked_by_its_days(install_plugin, estimand, delay, expected):
    install_plugin("groundswell.event_lists", "late_days", LATE.replace("DELAY", str(delay)))
    marked, found = hindsight(estimand, events="late_days", horizon=21)
    assert marked is expected
    notes = [note for note in found.notes if "known only after the window began" in note]
    assert len(notes) == expected
    if expected:
        late = 14 if delay == 1 else found.n  # five of the days are on a weekend, and their windows begin on a Monday
        assert notes[0].startswith(f"{late} events of {found.n} were known only after")


def test_an_event_is_not_used_before_it_was_known(install_plugin):
    install_plugin("groundswell.event_lists", "late_days", LATE.replace("DELAY", "4000"))
    found = EVENT_LISTS["late_days"].find(END)
    assert [event.date.year for event in found] == list(range(2001, 2014))


@pytest.mark.parametrize(
    ("events", "arguments", "expected"),
    [
        ("first_cuts", {}, False),
        ("first_cuts", {"base": 1}, False),
        ("first_cuts", {"base": -1}, True),
        ("cut_pauses", {}, False),
        ("year_ends", {}, False),
        ("final_cuts", {}, True),
        ("final_cuts", {"base": 20}, True),
        ("first_cuts_with_early", {}, False),  # the early ones have no value in these data, and so are not used
    ],
)
def test_the_lists_that_ship(events, arguments, expected):
    assert hindsight(events=events, **arguments)[0] is expected
