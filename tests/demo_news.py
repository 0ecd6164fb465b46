"""The headlines of the demonstration as if feeds had brought them: a small store of news for tests."""

from __future__ import annotations

from groundswell import Groundswell
from groundswell.feeds.demo import build_demo_entries
from groundswell.feeds.identity import build_article
from groundswell.feeds.offers import offer_article
from groundswell.model import Ingested, Origin


def add_demo_news(groundswell: Groundswell, origin: Origin = Origin.LIVE) -> Ingested:
    """Take in the headlines; with the origin ``DEMO`` as earlier versions did at a first start."""
    now = groundswell._clock()
    entries = build_demo_entries(now)
    articles = [build_article(entry, entry.published_at or now, origin) for entry in entries]
    return groundswell._ingest.add([offer_article(article) for article in articles])
