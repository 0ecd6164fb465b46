"""What publishers and servers say on when to ask again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.fetch.refresh_hints import HINT_LIMIT, RETRY_LIMIT, fresh_minutes, hinted_minutes, retry_minutes

NOW = datetime(2026, 8, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "minutes"),
    [
        ("30", "", "", 30),
        (" 30 ", "daily", "1", 30),
        ("", "hourly", "", 60),
        ("", "Hourly", "2", 30),
        ("", "daily", "4", 360),
        ("", "weekly", "1", HINT_LIMIT),
        ("99999", "", "", HINT_LIMIT),
        ("soon", "never", "often", 0),
        ("-5", "", "", 0),
        ("", "hourly", "0", 60),
        ("٣٠", "", "", 0),
    ],
)
def test_what_the_publisher_wishes(ttl, period, frequency, minutes):
    assert hinted_minutes(ttl, period, frequency) == minutes


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ("max-age=600", 10),
        ("public, max-age=61", 2),
        ('private, Max-Age="600"', 10),
        ("s-maxage=600", 0),
        ("no-cache, max-age=600", 0),
        ("max-age=600, no-store", 0),
        ("max-age=999999999", HINT_LIMIT),
        ("max-age=-1", 0),
        ("", 0),
    ],
)
def test_how_long_an_answer_stays_good(header, minutes):
    assert fresh_minutes(header) == minutes


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ("120", 2),
        ("1", 1),
        ("Mon, 17 Aug 2026 12:30:00 GMT", 30),
        ("Mon, 17 Aug 2026 11:30:00 GMT", 0),
        ("Mon, 17 Aug 2099 11:30:00 GMT", RETRY_LIMIT),
        ("9" * 90, RETRY_LIMIT),
        ("-5", 0),
        ("later", 0),
        ("", 0),
        ("²", 0),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone(header, minutes):
    assert retry_minutes(header, NOW) == minutes


@given(st.text(max_size=50))
def test_nothing_raises(text):
    assert 0 <= hinted_minutes(text, text, text) <= HINT_LIMIT
    assert 0 <= fresh_minutes(text) <= HINT_LIMIT
    assert 0 <= retry_minutes(text, NOW) <= RETRY_LIMIT
