"""The stories of the demonstration headlines, which are on a page of their own and in no store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from groundswell.feeds.demo import build_demo_entries
from groundswell.feeds.identity import build_article
from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.tagger import Tagger
from groundswell.model import Member, Origin, Story
from groundswell.stories.batch import cluster
from groundswell.stories.compose import compose
from groundswell.stories.detector import OnlineStoryDetector


def build_demonstration(hubs: Iterable[HubSpec], now: datetime) -> tuple[Story, ...]:
    """Detect and tag the stories of the demonstration headlines as if they had come by now, the newest first."""
    articles = [
        build_article(entry, entry.published_at or now, Origin.DEMO)
        for entry in build_demo_entries(now.replace(minute=0, second=0, microsecond=0))
    ]
    detector, tagger, story_of = OnlineStoryDetector(), Tagger(hubs), cluster(articles)
    members: dict[str, list[Member]] = {}
    for article in articles:
        member = Member(article, detector.assign(article), tagger.tag(article.title, article.text))
        members.setdefault(story_of[article.id], []).append(member)
    stories = (compose(story_id, of_story) for story_id, of_story in members.items())
    return tuple(sorted(stories, key=lambda story: story.last_at, reverse=True))
