from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.events.registry import EVENT_LISTS

FIRST_CUTS = ["1995-07-06", "1998-09-29", "2001-01-03", "2007-09-18", "2019-07-31", "2024-09-18"]


def found(name: str, as_of: date) -> list[str]:
    return [event.date.isoformat() for event in EVENT_LISTS[name].find(as_of)]


@pytest.mark.parametrize(
    ("name", "as_of", "expected"),
    [
        pytest.param("first_cuts", date(2026, 8, 20), FIRST_CUTS, id="all"),
        pytest.param("first_cuts", date(2019, 8, 1), FIRST_CUTS[:5], id="just after one"),
        pytest.param("first_cuts", date(2019, 7, 31), FIRST_CUTS[:5], id="on its day"),
        pytest.param("first_cuts", date(2019, 7, 30), FIRST_CUTS[:4], id="the day before"),
        pytest.param("first_cuts", date(1993, 1, 1), [], id="before the table"),
        pytest.param("first_cuts_with_early", date(2026, 8, 20), ["1989-06-05", "1990-07-13", *FIRST_CUTS], id="early"),
        pytest.param("first_cuts_with_early", date(1990, 1, 1), ["1989-06-05"], id="one early"),
        pytest.param(
            "final_cuts",
            date(2026, 8, 20),
            ["1996-01-31", "1998-11-17", "2003-06-25", "2008-12-16", "2020-03-15"],
            id="final cuts, the running cycle not among them",
        ),
        pytest.param(
            "final_cuts", date(2022, 3, 15), ["1996-01-31", "1998-11-17", "2003-06-25", "2008-12-16"], id="unknown"
        ),
    ],
)
def test_events_as_of_a_day(name, as_of, expected):
    assert found(name, as_of) == expected


def test_a_final_cut_is_known_from_the_next_rise():
    last = EVENT_LISTS["final_cuts"].find(date(2026, 8, 20))[-1]
    assert (last.date, last.known) == (date(2020, 3, 15), date(2022, 3, 16))


def test_the_cut_between_meetings_is_marked():
    assert [e.date for e in EVENT_LISTS["first_cuts"].find(date(2026, 1, 1)) if not e.scheduled] == [date(2001, 1, 3)]


@pytest.mark.parametrize("name", list(EVENT_LISTS))
def test_each_list_has_its_rule_in_words(name):
    assert EVENT_LISTS[name].name == name
    assert EVENT_LISTS[name].rule.endswith(".")


@given(st.sampled_from(list(EVENT_LISTS)), st.dates(date(1985, 1, 1), date(2027, 1, 1)), st.integers(0, 4000))
def test_time_only_adds_events_that_became_known_meanwhile(name, as_of, later):
    """No look-ahead: what is known on a day is a beginning of what is known later, and all of it is known by then."""
    early, late = EVENT_LISTS[name].find(as_of), EVENT_LISTS[name].find(as_of + timedelta(days=later))
    assert late[: len(early)] == early
    assert all(event.known <= as_of for event in early)
    assert all(event.known > as_of for event in late[len(early) :])
