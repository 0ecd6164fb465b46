"""Taking in what feeds offer: new articles are assigned and tagged, of stored ones it is elected what is shown.

All that one answer brings is stored in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from groundswell.feeds.recognition import Recognised, list_digests, recognise
from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.periods import list_tag_periods
from groundswell.hubs.tagging.tagger import Tagger, hash_rules
from groundswell.model import (
    Article,
    Ingested,
    Member,
    Offer,
    Origin,
    Sighting,
    UpstreamState,
    apply_election,
    list_elections,
)
from groundswell.ports import DetectorFactory, StoryDetector
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, elections, keys, lineage, sightings
from groundswell.storage.news import tags as stored_tags
from groundswell.storage.news.elections import StoredArticle
from groundswell.storage.upstreams import states as upstream_states
from groundswell.stories.repair.leave import plan_leaving


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

    def add(self, offered: Sequence[Offer], states: Iterable[UpstreamState] = ()) -> Ingested:
        """Store new articles and new sightings of stored ones, together with the states of the feeds that brought them.

        Offers of one feed's answer go together, because what the answer has several times identifies nothing.
        """
        try:
            with self._store.write() as connection:
                members, edited = self._store_new(connection, offered) if offered else ([], 0)
                upstream_states.save_states(connection, states)
                return _count_ingested(offered, members, edited)
        except BaseException:
            self._detectors.clear()  # they may remember articles that were not stored
            raise

    def flush(self, at: datetime, limit: int | None = None) -> None:
        """Make the final repairs around the newest articles, of which ``limit`` are compared, recorded as of ``at``."""
        try:
            with self._store.write() as connection:
                lineage.apply_repairs(connection, self._detector(connection, demonstration=False).flush(limit), at)
        except BaseException:
            self._detectors.clear()
            raise

    def _store_new(self, connection: Connection, offered: Sequence[Offer]) -> tuple[list[Member], int]:
        """Store what is new; return the new members, and of how many stored articles something else is shown."""
        if not articles.has_articles(connection):
            self._save_tagging_rules(connection)
        known = keys.find_articles(connection, list_digests(offered))
        seqs = {seq for seq in known.values() if seq is not None}
        stored = sightings.read_sightings(connection, seqs)
        recognised = recognise(offered, known, stored)
        edited = self._add_sightings(connection, _list_sightings(recognised.stored), stored)
        members, numbers = self._assign(connection, recognised)
        repeated = {numbers[name]: offers for name, offers in recognised.new.items() if len(offers) > 1}
        edited += self._add_sightings(
            connection, _list_sightings(repeated), sightings.read_sightings(connection, repeated)
        )
        learnt = {numbers[name] if isinstance(name, str) else name: names for name, names in recognised.learnt.items()}
        newly_listed = {
            seq
            for seq, offers in recognised.stored.items()
            if offers[0].sighting.feed not in {sighting.feed for sighting in stored[seq]}
        }
        keys.add_keys(connection, learnt, recognised.marks, newly_listed)
        return members, edited

    def _save_tagging_rules(self, connection: Connection) -> None:
        """Record, before the first article, that all articles are tagged by the hubs' present rules."""
        for hub in self._hubs:
            stored_tags.save_progress(connection, hub.slug, hash_rules(hub), upto=None)

    def _assign(self, connection: Connection, recognised: Recognised) -> tuple[list[Member], dict[str, int]]:
        """Assign, tag and store new articles in the order received; a repair moves articles that are already stored.

        Returns the members, and the number of each by its id.
        """
        members: list[Member] = []
        unstored: list[Member] = []
        numbers: dict[str, int] = {}
        for article_id, offers in recognised.new.items():
            sighting = offers[0].sighting
            article = _build_article(article_id, sighting)
            detector = self._detector(connection, demonstration=article.origin is Origin.DEMO)
            tags = self._tagger.tag(article.title, article.text)
            unstored.append(Member(article, detector.assign(article), tags, sightings=(sighting,)))
            if due := detector.repair():
                numbers |= articles.add_members(connection, unstored)
                members += unstored
                unstored = []
                lineage.apply_repairs(connection, due, article.first_seen_at)
        numbers |= articles.add_members(connection, unstored)
        return members + unstored, numbers

    def _add_sightings(
        self, connection: Connection, offered: Mapping[int, list[Sighting]], stored: Mapping[int, list[Sighting]]
    ) -> int:
        """Store what is new in sightings of stored articles; return of how many something else is shown from now on."""
        new = {seq: sightings.choose_new(stored[seq], of_article) for seq, of_article in offered.items()}
        new = {seq: of_article for seq, of_article in new.items() if of_article}
        edited = 0
        for seq, article in elections.read_stored(connection, new).items():
            edited += self._elect_again(connection, article, stored[seq], new[seq])
        elections.count_sightings(connection, {seq: len(stored[seq]) + len(added) for seq, added in new.items()})
        return edited

    def _elect_again(
        self, connection: Connection, stored: StoredArticle, known: list[Sighting], new: list[Sighting]
    ) -> bool:
        """Store new sightings of an article. If it is shown otherwise from now on, tag it again and find its story."""
        before, history = list_elections(known)[-1], list_elections([*known, *new])
        sightings.add_further(connection, stored.seq, new, before, history)
        if (history[-1].winner, history[-1].title) == (before.winner, before.title):
            return False
        article = apply_election(stored.article, history[-1])
        detector = self._detector(connection, demonstration=article.origin is Origin.DEMO)  # as it was before
        elections.save_elected(connection, stored.seq, article, history[-1].at)
        stored_tags.replace_tags(connection, {stored.seq: list_tag_periods(self._tagger, article, history)})
        belonging = detector.revise(stored.article, article)
        if belonging is None:
            del self._detectors[article.origin is Origin.DEMO]
            detector = self._detector(connection, demonstration=article.origin is Origin.DEMO)
            belonging = detector.revise(article, article)
        if belonging and not belonging.stays and history[-1].winner is not before.winner:
            members = lineage.read_member_ids(connection, stored.story_id)
            repairs = plan_leaving(article, stored.story_id, belonging.joins, members)
            lineage.apply_repairs(connection, repairs, new[-1].seen_at)
            detector.adopt(repairs)
        return True

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


def _count_ingested(offered: Sequence[Offer], members: Sequence[Member], edited: int) -> Ingested:
    return Ingested(
        offered=len(offered),
        new=len(members),
        founded=sum(member.assignment.founded for member in members),
        tagged=sum(bool(member.tags) for member in members),
        edited=edited,
    )


def _list_sightings(offers: Mapping[int, Sequence[Offer]]) -> dict[int, list[Sighting]]:
    return {seq: [offer.sighting for offer in of_article] for seq, of_article in offers.items()}


def _build_article(article_id: str, sighting: Sighting) -> Article:
    return Article(
        id=article_id,
        feed=sighting.feed,
        title=sighting.title,
        text=sighting.text,
        publisher=sighting.publisher,
        url=sighting.url,
        published_at=sighting.published_at,
        first_seen_at=sighting.seen_at,
        day_only=sighting.day_only,
        origin=sighting.origin,
        domain=sighting.domain,
    )
