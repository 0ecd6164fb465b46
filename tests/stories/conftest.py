"""Articles for the tests of stories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.model import Article, Origin

START = datetime(2026, 8, 17, tzinfo=UTC)


def make_article(
    title: str = "",
    text: str = "",
    publisher: str = "Wire",
    url: str | None = None,
    hours: float = 0,
    **changes: object,
) -> Article:
    """Return an article published ``hours`` after ``START``."""
    at = START + timedelta(hours=hours)
    fields = {"id": f"{publisher}:{title}:{hours}", "feed": "f", "day_only": False, "origin": Origin.FILE, **changes}
    return Article(title=title, text=text, publisher=publisher, url=url, published_at=at, first_seen_at=at, **fields)


def step(detector, ledger, article):
    """Assign one article as ingestion does; return the assignment and the repairs after it."""
    answer = detector.assign(article)
    ledger.place(article.id, answer.story_id)
    repairs = detector.repair()
    for repair in repairs:
        ledger.apply(repair)
    return answer, repairs


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    return make_article


@pytest.fixture(scope="session")
def start() -> datetime:
    return START
