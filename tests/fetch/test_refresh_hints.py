"""What publishers and servers say on when to ask again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.fetch.refresh_hints import (
    MAX_HINT_MINUTES,
    MAX_RETRY_MINUTES,
    read_feed_minutes,
    read_max_age_minutes,
    read_retry_minutes,
)

NOW = datetime(2026, 8, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "minutes"),
    [
        ("30", "", "", 30),
        (" 30 ", "daily", "1", 30),
        ("", "hourly", "", 60),
        ("", "Hourly", "2", 30),
        ("", "daily", "4", 360),
        ("", "weekly", "1", MAX_HINT_MINUTES),
        ("99999", "", "", MAX_HINT_MINUTES),
        ("soon", "never", "often", 0),
        ("-5", "", "", 0),
        ("", "hourly", "0", 60),
        ("٣٠", "", "", 0),
    ],
)
def test_what_the_publisher_wishes(ttl, period, frequency, minutes):
    assert read_feed_minutes(ttl, period, frequency) == minutes


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ("max-age=600", 10),
        ("public, max-age=61", 2),
        ('private, Max-Age="600"', 10),
        ("s-maxage=600", 0),
        ("no-cache, max-age=600", 0),
        ("max-age=600, no-store", 0),
        ("max-age=999999999", MAX_HINT_MINUTES),
        ("max-age=-1", 0),
        ("", 0),
    ],
)
def test_how_long_an_answer_stays_good(header, minutes):
    assert read_max_age_minutes(header) == minutes


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ("120", 2),
        ("1", 1),
        ("Mon, 17 Aug 2026 12:30:00 GMT", 30),
        ("Mon, 17 Aug 2026 11:30:00 GMT", 0),
        ("Mon, 17 Aug 2099 11:30:00 GMT", MAX_RETRY_MINUTES),
        ("9" * 90, MAX_RETRY_MINUTES),
        ("-5", 0),
        ("later", 0),
        ("", 0),
        ("²", 0),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone(header, minutes):
    assert read_retry_minutes(header, NOW) == minutes


@given(st.text(max_size=50))
def test_nothing_raises(text):
    assert 0 <= read_feed_minutes(text, text, text) <= MAX_HINT_MINUTES
    assert 0 <= read_max_age_minutes(text) <= MAX_HINT_MINUTES
    assert 0 <= read_retry_minutes(text, NOW) <= MAX_RETRY_MINUTES
