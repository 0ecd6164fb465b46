"""Phases by their rules."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.markets.indicators import phases


@pytest.mark.parametrize(
    ("as_of", "name", "since"),
    [
        ("2019-07-30", "on hold", "2019-03-20"),  # January and March changed nothing after the rise of December
        ("2019-03-19", "rising", "2015-12-16"),
        ("2019-07-31", "easing", "2019-07-31"),
        ("2019-12-11", "easing", "2019-07-31"),  # one quiet meeting is not enough
        ("2020-01-29", "on hold", "2020-01-29"),
        ("2020-03-03", "easing", "2020-03-03"),
    ],
)
def test_phases_of_policy(as_of, name, since):
    found = phases.list_policy_phases(date.fromisoformat(as_of))[-1]
    if name == "rising":
        assert found.name == name
    else:
        assert (found.name, str(found.since)) == (name, since)


def test_nothing_is_known_before_the_first_decision():
    assert phases.list_policy_phases(date(1994, 2, 3)) == ()
    assert phases.find_last_change(date(1994, 2, 3)) is None
    assert str(phases.find_last_change(date(2020, 3, 20)).announced) == "2020-03-15"


RISING, FALLING = np.arange(600.0) ** 2, -(np.arange(600.0) ** 2)


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        (phases.name_priced_move, [-25.0], "cuts priced in"),
        (phases.name_priced_move, [-24.9], "no move priced in"),
        (phases.name_priced_move, [25.0], "rises priced in"),
        (phases.name_lead, [0.01], "leads"),
        (phases.name_lead, [0.0099], "level"),
        (phases.name_lead, [-0.01], "lags"),
        (phases.name_direction, RISING, "rising"),
        (phases.name_direction, FALLING, "falling"),
        (phases.name_direction, np.sin(np.arange(600.0)), "steady"),
        (phases.name_direction, RISING[:272], "history too short"),
        (phases.name_drawdown, [-0.0499], "near its high"),
        (phases.name_drawdown, [-0.05], "pullback"),
        (phases.name_drawdown, [-0.10], "correction"),
        (phases.name_drawdown, [-0.20], "slump"),
        (phases.name_volatility, [*range(252), -1], "calm"),
        (phases.name_volatility, [*range(252), 200], "raised"),
        (phases.name_volatility, [*range(252), 250], "high"),
        (phases.name_volatility, [*range(252)], "history too short"),
        (phases.name_recency, [63.0], "recent"),
        (phases.name_recency, [64.0], "past"),
    ],
)
def test_rules(rule, values, expected):
    assert rule(np.asarray(values, dtype=float)) == expected


def test_standing_counts_the_earlier_values_below():
    assert phases.rank_last_value(np.array([*range(300), 75.0])) == pytest.approx(0.25)
    assert phases.rank_last_value(np.arange(252.0)) is None


def test_the_last_move_against_all_others():
    values = np.array([*([0.0, 1.0] * 150), 5.0])
    assert phases.rank_last_move(values, 1) == (1.0, 1.0)
    assert phases.rank_last_move(values[:200], 1) is None
