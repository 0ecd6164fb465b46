"""Taking in articles: each is assigned to a story, tagged and stored once, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.tagger import Tagger, hash_rules
from groundswell.model import Article, Ingested, Member, Origin, UpstreamState
from groundswell.ports import DetectorFactory, StoryDetector
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, lineage, titles
from groundswell.storage.news import tags as stored_tags
from groundswell.storage.upstreams import states as upstream_states


class ArticleIngest:
    """The only place where articles enter the store.

    The memory of a story detector depends only on the stored articles. It is restored from the store at the start and
    after every failed transaction, so that an article keeps its story through any crash.
    """

    def __init__(self, store: Store, hubs: Sequence[HubSpec], make_detector: DetectorFactory) -> None:
        self._store = store
        self._hubs = hubs
        self._tagger = Tagger(hubs)
        self._make_detector = make_detector
        self._detectors: dict[bool, StoryDetector] = {}

    def add(self, offered: Sequence[Article], states: Iterable[UpstreamState] = ()) -> Ingested:
        """Store new articles and new titles of stored ones, together with the states of the feeds that brought them."""
        try:
            with self._store.write() as connection:
                members, edited = self._store_new(connection, offered) if offered else ([], 0)
                upstream_states.save_states(connection, states)
                return _count_ingested(offered, members, edited)
        except BaseException:
            self._detectors.clear()  # they may remember articles that were not stored
            raise

    def _store_new(self, connection: Connection, offered: Sequence[Article]) -> tuple[list[Member], int]:
        """Store what is new; return the new members, and how many stored articles have another title."""
        if not articles.has_articles(connection):
            self._save_tagging_rules(connection)
        new = self._find_new(connection, offered)
        edited = titles.add_titles(connection, offered) if len(new) < len(offered) else 0
        return self._assign(connection, new), edited

    def flush(self, at: datetime) -> None:
        """Make the final repairs around the newest articles, recorded as of ``at``."""
        try:
            with self._store.write() as connection:
                lineage.apply_repairs(connection, self._detector(connection, demonstration=False).flush(), at)
        except BaseException:
            self._detectors.clear()
            raise

    def _save_tagging_rules(self, connection: Connection) -> None:
        """Record, before the first article, that all articles are tagged by the hubs' present rules."""
        for hub in self._hubs:
            stored_tags.save_progress(connection, hub.slug, hash_rules(hub), upto=None)

    def _find_new(self, connection: Connection, offered: Sequence[Article]) -> list[Article]:
        by_id = {article.id: article for article in reversed(offered)}  # the first of two with the same id counts
        stored = articles.find_stored_ids(connection, list(by_id))
        return [article for article in offered if by_id[article.id] is article and article.id not in stored]

    def _assign(self, connection: Connection, new: Sequence[Article]) -> list[Member]:
        """Assign, tag and store articles in the order received; a repair moves articles that are already stored."""
        members: list[Member] = []
        unstored: list[Member] = []
        for article in new:
            detector = self._detector(connection, demonstration=article.origin is Origin.DEMO)
            tags = self._tagger.tag(article.title, article.text)
            unstored.append(Member(article, detector.assign(article), tags))
            if due := detector.repair():
                articles.add_members(connection, unstored)
                members += unstored
                unstored = []
                lineage.apply_repairs(connection, due, article.first_seen_at)
        articles.add_members(connection, unstored)
        return members + unstored

    def _detector(self, connection: Connection, *, demonstration: bool) -> StoryDetector:
        """Return the detector of real or of demonstration articles, which never share a story."""
        if demonstration not in self._detectors:
            self._detectors[demonstration] = self._restore_detector(
                connection, articles.Visibility(None, demonstration)
            )
        return self._detectors[demonstration]

    def _restore_detector(self, connection: Connection, visible: articles.Visibility) -> StoryDetector:
        detector = self._make_detector()
        newest = articles.read_newest_instant(connection, visible)
        if newest is not None:
            detector.restore(articles.read_window(connection, visible, newest - detector.window, detector.capacity))
        return detector


def _count_ingested(offered: Sequence[Article], members: Sequence[Member], edited: int) -> Ingested:
    return Ingested(
        offered=len(offered),
        new=len(members),
        founded=sum(member.assignment.founded for member in members),
        tagged=sum(bool(member.tags) for member in members),
        edited=edited,
    )
