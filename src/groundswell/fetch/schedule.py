"""When to request a feed or data service again, and why then."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from groundswell.model import Outcome, UpstreamState

MIN_INTERVAL_MINUTES = 5
MAX_WAIT_MINUTES = 24 * 60
MAX_SLOWDOWN = 3
"""A slow feed is requested at least once in so many of the owner's intervals: news should not wait for long."""

RETRY_MINUTES = 30
"""From so many minutes to twice as many, a data service that failed is left alone: to ask it again is one request."""
MAX_QUICK_RETRIES = 24
"""Failures in a row after which the wait of a data service doubles with each further one."""

_REFUSED_MINUTES = 60  # a host that refuses is left alone for a while, however short the feed's interval
_UNREACHABLE_MINUTES = 5  # a request that did not reach the host was no burden: the network may soon be back
_MIN_DATED_ITEMS = 5  # with fewer a feed shows no publishing frequency
_JITTER = 0.1
_JITTER_AFTER_FAILURE = 0.5


@dataclass(frozen=True, slots=True)
class Interval:
    """The minutes between two requests while all goes well, and the reason that is shown."""

    minutes: int
    reason: str


def choose_interval(minutes: int, published: Sequence[datetime], hint: int, now: datetime) -> Interval:
    """Return the interval of a feed, by the owner's setting, its publishing frequency and its publisher's wish.

    ``minutes`` is the owner's interval, ``published`` the dates of the listed items, ``hint`` the publisher's minutes
    (0: none). A feed is requested twice in the typical (median) time between two items, but not more often than the
    owner says, and at least a third as often. It is requested more often than the owner says only where its whole list
    would otherwise be replaced between two requests. The publisher's wish always counts.
    """
    by_frequency = _interval_by_frequency(minutes, sorted({date for date in published if date <= now}), now)
    if hint > by_frequency.minutes:
        return Interval(hint, f"every {hint} minutes, as the publisher asks")
    return by_frequency


def _interval_by_frequency(minutes: int, dates: list[datetime], now: datetime) -> Interval:
    set_by_owner = Interval(minutes, f"every {minutes} minutes, as set")
    if len(dates) < _MIN_DATED_ITEMS:
        return set_by_owner
    span = _count_minutes(dates[-1] - dates[0])
    if span < 2 * minutes and _count_minutes(now - dates[-1]) < span:
        quick = max(MIN_INTERVAL_MINUTES, min(minutes, span // 2))
        return Interval(quick, f"every {quick} minutes: its {len(dates)} items span {span} minutes")
    gaps = [_count_minutes(later - earlier) for earlier, later in pairwise(dates)]
    typical = max(int(median(gaps)), _count_minutes((now - dates[-1]) / 2))
    slow = min(typical // 2, MAX_SLOWDOWN * minutes)
    if slow <= minutes:
        return set_by_owner
    return Interval(slow, f"every {slow} minutes: an item comes about every {write_minutes(typical)}")


def schedule_next_request(
    usual: Interval, outcome: Outcome, failures: int, *, asked: int, slug: str, now: datetime
) -> tuple[datetime, str]:
    """Return when a source requested at ``now`` is due again, and the reason.

    The wait doubles with each failure since the last success, up to a day, but not for a feed that is merely empty:
    it may have items at any time. It starts from at least an hour where the
    host refused, and from at most five minutes where it was unreachable. ``asked`` are the minutes for which the server
    asked to be left alone. A random tenth at most is added to the wait, after failures a half, so that feeds which
    failed together are not requested together; slug and time determine it.
    """
    minutes, reason = usual.minutes, usual.reason
    if failures and outcome is not Outcome.EMPTY:
        if outcome is Outcome.REFUSED:
            minutes = max(minutes, _REFUSED_MINUTES)
        elif outcome is Outcome.UNREACHABLE:
            minutes = min(minutes, _UNREACHABLE_MINUTES)
        minutes = min(minutes << min(failures, 20), MAX_WAIT_MINUTES)
        times = "once" if failures == 1 else f"{failures} times in a row"
        reason = f"after {write_minutes(minutes)} or somewhat more, having failed {times}"
    if asked > minutes:
        minutes, reason = asked, _quote_wish(asked)
    jitter = (_JITTER_AFTER_FAILURE if failures else _JITTER) * _draw_fraction(slug, now)
    return now + timedelta(minutes=minutes * (1 + jitter)), reason


def schedule_retry(outcome: Outcome, failures: int, *, asked: int, slug: str, now: datetime) -> tuple[datetime, str]:
    """Return when to ask a data service again that failed at ``now``, and the reason.

    That is in 30 to 60 minutes, sooner after the first failures to reach it, which were no burden, and later where the
    program failed on its answer. From the 25th failure in a row the wait doubles, up to a day. ``asked`` are the
    minutes for which the server asked to be left alone. Slug and time determine the minute.
    """
    minutes = 2 * RETRY_MINUTES if outcome is Outcome.PROGRAM_ERROR else RETRY_MINUTES
    if outcome is Outcome.UNREACHABLE:
        minutes = min(_UNREACHABLE_MINUTES << min(failures - 1, 20), RETRY_MINUTES)
    minutes = min(minutes << min(max(failures - MAX_QUICK_RETRIES, 0), 20), MAX_WAIT_MINUTES // 2)
    times = "once" if failures == 1 else f"{failures} times in a row"
    reason = f"after {write_minutes(minutes)} to {write_minutes(2 * minutes)}, having failed {times}"
    if asked > minutes:
        return now + timedelta(minutes=asked * (1 + _JITTER * _draw_fraction(slug, now))), _quote_wish(asked)
    return now + timedelta(minutes=minutes * (1 + _draw_fraction(slug, now))), reason


def _quote_wish(asked: int) -> str:
    return f"after {write_minutes(asked)}, as the server asks"


def build_failed_state(state: UpstreamState, minutes: int, detail: str, now: datetime) -> UpstreamState:
    """Return the state of a source after an answer on which the program failed.

    Nothing in the answer is used. ``minutes`` is the source's usual interval; the wait grows as after any failure.
    """
    outcome = Outcome.PROGRAM_ERROR
    usual = Interval(minutes, f"every {minutes} minutes, as set")
    due, reason = schedule_next_request(usual, outcome, state.failures + 1, asked=0, slug=state.name, now=now)
    state = replace(state.record_redirect(None, failed=True), due_reason=reason)
    return state.after(outcome, detail, 0, now, due)


def schedule_first_request(minutes: int, slug: str, now: datetime) -> datetime:
    """Return when to request one of many new feeds first: within its interval, at a random time that its slug fixes."""
    return now + timedelta(minutes=minutes * _draw_fraction(slug, None))


def _draw_fraction(slug: str, now: datetime | None) -> float:
    """Return a number from 0 to below 1 that the arguments determine."""
    digest = hashlib.blake2b(f"{slug} {now.isoformat() if now else ''}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32


def _count_minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)


def write_minutes(minutes: int) -> str:
    """Write a span in the largest unit of which it has two: ``3 days``, ``30 hours``, ``90 minutes``."""
    for unit, size in (("days", 24 * 60), ("hours", 60)):
        if minutes >= 2 * size:
            return f"{round(minutes / size)} {unit}"
    return f"{minutes} minutes"
