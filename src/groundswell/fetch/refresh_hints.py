"""What publishers and servers say on when to ask again, in minutes."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

HINT_LIMIT = 6 * 60  # a publisher's or cache's wish for a longer wait than this is not followed: news would be stale
RETRY_LIMIT = 24 * 60

_PERIODS = {"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60, "monthly": 30 * 24 * 60, "yearly": 365 * 24 * 60}
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


def hinted_minutes(ttl: str, period: str, frequency: str) -> int:
    """The wait that a feed asks for: RSS ``ttl``, or ``frequency`` times a ``period`` (RSS syndication module).

    At most six hours; 0 where nothing usable is said.
    """
    if _NUMBER.fullmatch(ttl.strip()):
        return min(int(ttl), HINT_LIMIT)
    span = _PERIODS.get(period.strip().lower(), 0)
    times = int(frequency) if _NUMBER.fullmatch(frequency.strip()) else 1
    return min(math.ceil(span / max(times, 1)), HINT_LIMIT)


def fresh_minutes(cache_control: str) -> int:
    """How long an answer stays good by its Cache-Control ``max-age``; at most six hours, 0 where nothing is said."""
    found = _MAX_AGE.search(cache_control[:500])
    stale = re.search(r"\bno-(?:cache|store)\b", cache_control[:500], re.IGNORECASE)
    return min(math.ceil(int(found[1]) / 60), HINT_LIMIT) if found and not stale else 0


def retry_minutes(retry_after: str, now: datetime) -> int:
    """How long a server asks to be left alone by Retry-After, in seconds or as a date; at most a day, 0 if not said."""
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
    return max(0, min(math.ceil(seconds / 60), RETRY_LIMIT))
