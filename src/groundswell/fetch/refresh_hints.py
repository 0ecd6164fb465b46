"""How long publishers and servers ask to wait before the next request, in minutes."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_HINT_MINUTES = 6 * 60
"""A publisher or cache that asks for a longer wait is not followed further: news would be out of date."""

MAX_RETRY_MINUTES = 24 * 60

_PERIODS = {"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60, "monthly": 30 * 24 * 60, "yearly": 365 * 24 * 60}
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


def read_feed_minutes(ttl: str, period: str, frequency: str) -> int:
    """Return the wait that a feed asks for: RSS ``ttl``, or ``frequency`` times a ``period`` (RSS syndication module).

    At most six hours; 0 where neither is usable.
    """
    if _NUMBER.fullmatch(ttl.strip()):
        return min(int(ttl), MAX_HINT_MINUTES)
    span = _PERIODS.get(period.strip().lower(), 0)
    times = int(frequency) if _NUMBER.fullmatch(frequency.strip()) else 1
    return min(math.ceil(span / max(times, 1)), MAX_HINT_MINUTES)


def read_max_age_minutes(cache_control: str) -> int:
    """Return how long an answer stays fresh by the ``max-age`` of Cache-Control; at most six hours, 0 without one."""
    max_age = _MAX_AGE.search(cache_control[:500])
    is_uncacheable = re.search(r"\bno-(?:cache|store)\b", cache_control[:500], re.IGNORECASE)
    return min(math.ceil(int(max_age[1]) / 60), MAX_HINT_MINUTES) if max_age and not is_uncacheable else 0


def read_retry_minutes(retry_after: str, now: datetime) -> int:
    """Return the wait that Retry-After asks for, in seconds or until a date; at most a day, 0 without one."""
    text = retry_after.strip()[:100]
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, OverflowError, TypeError, IndexError):
            return 0
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        seconds = (until - now).total_seconds()
    return max(0, min(math.ceil(seconds / 60), MAX_RETRY_MINUTES))
