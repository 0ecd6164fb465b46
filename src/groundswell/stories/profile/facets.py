"""Describe a story for its readers."""

from __future__ import annotations

from datetime import datetime

from groundswell.model import Facets, Story
from groundswell.stories.profile.entities import find_entities
from groundswell.stories.profile.momentum import classify_status, compute_momentum
from groundswell.stories.profile.publishers import count_independent_publishers, number_texts
from groundswell.stories.profile.summary import summarize


def build_facets(story: Story, now: datetime) -> Facets:
    """Return the description of ``story`` as of ``now`` (aware UTC). docs/story-page.md gives the rules."""
    articles = [member.article for member in story.members]
    texts = number_texts(articles)
    reports = [articles[first] for first in sorted(set(texts))]  # the first article of each text
    organisations, tickers, places = find_entities(story.headline, articles)
    return Facets(
        summary=summarize(story.headline, articles),
        organisations=organisations,
        tickers=tickers,
        places=places,
        independent_publishers=count_independent_publishers(articles, texts),
        momentum=round(compute_momentum(reports, now), 3),
        status=classify_status(reports, now),
    )
