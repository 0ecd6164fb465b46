"""Measure how active a story is against its own past, and classify its stage of life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from groundswell.model import Article, Status

FAST_HALF_LIFE = timedelta(hours=6)
SLOW_HALF_LIFE = timedelta(hours=48)
CLOSED_AFTER = timedelta(hours=72)
FADING_AFTER = timedelta(hours=36)
FADING_BELOW_MOMENTUM = 0.25
EMERGING_FOR = timedelta(hours=24)
_NOON = timedelta(hours=12)


def compute_momentum(articles: Sequence[Article], now: datetime) -> float:
    """Return the recent rate of articles over the sum of the recent and the past rate: 0 to 1, 0.5 for a steady flow.

    Both rates are exponentially weighted counts, with half-lives h of 6 and 48 hours:
    ``rate(h) = sum(2 ** (-age / h) / h)`` over the articles, ``momentum = rate(6) / (rate(6) + rate(48))``. The highest
    value, right after the first articles, is 8/9. No articles give 0. Ages are never negative; an article with only a
    day counts as of noon.

    Give the first article of each text only, so that copies do not count as reporting.
    """
    ages = [_compute_age(article, now) for article in articles]
    if not ages:
        return 0.0
    # Both rates are relative to the newest article, so that they do not underflow for old stories.
    newest = min(ages)
    fast_scale = 0.5 ** (newest / FAST_HALF_LIFE - newest / SLOW_HALF_LIFE)
    fast_sum = sum(0.5 ** ((age - newest) / FAST_HALF_LIFE) for age in ages)
    fast = fast_scale * fast_sum / (FAST_HALF_LIFE / SLOW_HALF_LIFE)
    slow = sum(0.5 ** ((age - newest) / SLOW_HALF_LIFE) for age in ages)
    return float(fast / (fast + slow))


def classify_status(articles: Sequence[Article], now: datetime) -> Status:
    """Return the stage of the story of ``articles`` (not empty), given the first article of each text only.

    Closed: the last article is over 72 hours old. Fading: it is over 36 hours old, or the momentum is below 0.25.
    Emerging: the first article is under 24 hours old. Active: otherwise.
    """
    ages = [_compute_age(article, now) for article in articles]
    if min(ages) > CLOSED_AFTER:
        return Status.CLOSED
    if min(ages) > FADING_AFTER or compute_momentum(articles, now) < FADING_BELOW_MOMENTUM:
        return Status.FADING
    return Status.EMERGING if max(ages) < EMERGING_FOR else Status.ACTIVE


def _compute_age(article: Article, now: datetime) -> timedelta:
    return max(timedelta(), now - article.at - (_NOON if article.day_only else timedelta()))
