"""How lively a story is, against its own past, and where it stands in its life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from groundswell.model import Article, Status

FAST = timedelta(hours=6)  # half-lives of the two rates of arrival
SLOW = timedelta(hours=48)
CLOSED_AFTER = timedelta(hours=72)
FADING_AFTER = timedelta(hours=36)
FADING_BELOW = 0.25
NEW_FOR = timedelta(hours=24)


def momentum(articles: Sequence[Article], now: datetime) -> float:
    """Return the rate of arrivals of late over itself plus the rate of the past: 0 to 1, a steady flow gives 0.5.

    Give the first article of each text only (``facets`` does), or copies pass for reporting; ``status`` likewise.

    Both rates are exponentially weighted counts, with half-lives h of 6 and of 48 hours:
    ``rate(h) = sum(2 ** (-age / h) / h)`` over the articles, ``momentum = rate(6) / (rate(6) + rate(48))``. Right
    after its first articles a story has 8/9, the highest value there is. No articles have 0. Ages are never negative;
    an article with only a day counts as of noon.
    """
    ages = [_age(article, now) for article in articles]
    if not ages:
        return 0.0
    # In proportion to the newest article, so that old stories do not underflow; the slow rate is the larger one then.
    newest = min(ages)
    fast = 0.5 ** (newest / FAST - newest / SLOW) * sum(0.5 ** ((age - newest) / FAST) for age in ages) / (FAST / SLOW)
    slow = sum(0.5 ** ((age - newest) / SLOW) for age in ages)
    return float(fast / (fast + slow))


def status(articles: Sequence[Article], now: datetime) -> Status:
    """Return where the story of ``articles`` (not empty) stands.

    Closed: the last article is over 72 hours old. Fading: over 36 hours old, or momentum under 0.25. Emerging: the
    first article is under 24 hours old. Active: otherwise.
    """
    ages = [_age(article, now) for article in articles]
    if min(ages) > CLOSED_AFTER:
        return Status.CLOSED
    if min(ages) > FADING_AFTER or momentum(articles, now) < FADING_BELOW:
        return Status.FADING
    return Status.EMERGING if max(ages) < NEW_FOR else Status.ACTIVE


def _age(article: Article, now: datetime) -> timedelta:
    noon = timedelta(hours=12) if article.day_only else timedelta()
    return max(timedelta(), now - article.at - noon)
