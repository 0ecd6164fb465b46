"""The many ways in which feeds write dates, read as aware UTC instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?!\d)")
_CLOCK = re.compile(r":\d{2}|T\d{2}")
_WEEKDAY = re.compile(r"^[A-Za-z]+, ")
_HOUSE_STYLES = ("%b %d, %Y %I:%M%p", "%B %d, %Y %I:%M%p", "%b %d, %Y %H:%M", "%Y/%m/%d %H:%M:%S", "%m/%d/%Y %H:%M:%S")
_HOUSE_DAYS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d")


class When(NamedTuple):
    """An instant, and whether the publisher named only the day (the instant is then that day's midnight UTC)."""

    at: datetime
    day_only: bool


def read_iso(text: str) -> When | None:
    """Read an ISO 8601 instant or bare day; one without zone is taken as UTC. Anything else gives None."""
    if not _ISO.match(text):
        return None
    try:
        return When(_utc(datetime.fromisoformat(text)), not _CLOCK.search(text))
    except (ValueError, OverflowError):
        return None


def read_date(text: str | None) -> When | None:
    """Read a feed's date: ISO 8601, the RFC 822 family with zone names such as EDT, or a common house style.

    A date without zone is taken as UTC, for want of anything better. Unreadable or impossible dates give None.
    """
    text = " ".join((text or "").split())[:100]
    if not text:
        return None
    return read_iso(text) or _read_mail(text) or _read_house(text)


def _read_mail(text: str) -> When | None:
    try:
        moment = _utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return When(moment, not _CLOCK.search(text))


def _read_house(text: str) -> When | None:
    text = _WEEKDAY.sub("", text)
    for style in (*_HOUSE_STYLES, *_HOUSE_DAYS):
        try:
            return When(datetime.strptime(text, style).replace(tzinfo=UTC), style in _HOUSE_DAYS)
        except ValueError:
            continue
    return None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
