"""Momentum against the story's own past, and the four stages."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.stories.profile.momentum import classify_status, compute_momentum


def test_momentum_is_highest_at_the_start_and_falls(article, start):
    articles = [article("a")]
    values = [compute_momentum(articles, start + timedelta(hours=hours)) for hours in (-5, 0, 6, 24, 48, 200, 100_000)]
    assert values[0] == values[1] == pytest.approx(8 / 9)
    assert values[2] == pytest.approx((0.5 / 6) / (0.5 / 6 + 2**-0.125 / 48))
    assert values[1:] == sorted(values[1:], reverse=True)
    assert values[-1] < 1e-9


def test_a_steady_flow_is_a_half_and_a_burst_is_more(article, start):
    steady = [article(str(hour), hours=-hour) for hour in range(1000)]
    assert compute_momentum(steady, start) == pytest.approx(0.5, abs=0.02)
    assert compute_momentum([*steady, *(article(f"b{n}") for n in range(20))], start) > 0.6
    assert compute_momentum([one for one in steady if one.at < start - timedelta(hours=12)], start) < 0.3


def test_no_articles_have_no_momentum(start):
    assert compute_momentum([], start) == 0


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([0], "emerging"),
        ([-23.9, -1], "emerging"),
        ([-30, -20, -10, -1], "active"),
        ([-30], "active"),
        ([-32], "fading"),
        ([-60, -37], "fading"),
        ([-72], "fading"),
        ([-73], "closed"),
        ([5], "emerging"),
    ],
)
def test_status(article, start, hours, expected):
    assert classify_status([article(str(hour), hours=hour) for hour in hours], start) == expected


def test_a_day_counts_as_of_noon(article, start):
    day = article("a", hours=-80, day_only=True)
    assert classify_status([day], start) == "fading"
    assert compute_momentum([article("a", hours=-12, day_only=True)], start) == pytest.approx(8 / 9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(-1e4, 1e4))
def test_momentum_lies_between_nought_and_eight_ninths(article, start, hours, later):
    articles = [article("a", hours=hour) for hour in hours]
    assert 0 <= compute_momentum(articles, start + timedelta(hours=later)) <= 8 / 9 + 1e-9
