"""Everything a reader is told about a story beside its articles."""

from __future__ import annotations

from datetime import datetime

from groundswell.model import Facets, Story
from groundswell.stories.profile.entities import entities
from groundswell.stories.profile.momentum import momentum, status
from groundswell.stories.profile.publishers import independent_publishers, same_texts
from groundswell.stories.profile.summary import summary


def facets(story: Story, now: datetime) -> Facets:
    """Return what is told of ``story`` at ``now`` (aware UTC). docs/story-page.md has the rules."""
    articles = [member.article for member in story.members]
    texts = same_texts(articles)
    reports = [articles[place] for place in sorted(set(texts))]  # the first of each text
    organisations, tickers, places = entities(story.headline, articles)
    return Facets(
        summary=summary(story.headline, articles),
        organisations=organisations,
        tickers=tickers,
        places=places,
        independent_publishers=independent_publishers(articles, texts),
        momentum=round(momentum(reports, now), 3),
        status=status(reports, now),
    )
