"""Lists over everything that is kept: stories and claims looked for, articles, series and events, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundswell.app.evidence import Evidence
from groundswell.app.queries.common import composed, day_shown
from groundswell.app.queries.pages import Views
from groundswell.errors import NotFoundError, instead
from groundswell.hubs.file.load import find_hub
from groundswell.hubs.spec import HubSpec
from groundswell.markets.events.market import MarketEvent
from groundswell.markets.events.registry import EVENT_LISTS, EventList
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Article, Cursor, Evaluation, Series, Story, StoryFilter, StoryResults
from groundswell.ports import Clock
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, full_text, queries

_KIND = re.compile(r"\s+(?:fund|index|ETF)?\s*(?:\([^)]*\))?$")  # of an instrument's name: "Russell 2000 fund (IWM)"

MOST_LATEST = 1000
REAL = articles.Known(until=None, demonstration=False)


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Articles, each with the id of its story, last arrivals first, and the place at which the list goes on."""

    articles: tuple[tuple[Article, str], ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Block:
    """The stories that began while a block of articles arrived, oldest first; ``before`` is the next older block's end.

    Blocks are numbered by the articles of the whole store, so that a finished one keeps its stories.
    """

    stories: tuple[Story, ...]
    before: int | None


class Listings:
    """Answers with lists; each list is read from one consistent state of the store."""

    def __init__(self, store: Store, hubs: Sequence[HubSpec], evidence: Evidence, views: Views, clock: Clock) -> None:
        self._store = store
        self._hubs = {hub.slug: hub for hub in hubs}
        self._evidence = evidence
        self._views = views
        self._clock = clock
        self._claims = full_text.ClaimWords((hub.slug, claim.id, claim.text) for hub in hubs for claim in hub.claims)

    def close(self) -> None:
        self._claims.close()

    def stories(
        self, wanted: StoryFilter, as_of: date | None = None, place: Cursor | None = None, limit: int = 20
    ) -> StoryResults:
        """Stories with an article that meets what is wanted, newest first, from ``place`` on.

        None where words are wanted that hold neither letter nor digit. Raises ``NotFoundError`` for an unknown hub.
        """
        if wanted.hub is not None:
            find_hub(self._hubs.values(), wanted.hub)
        until = self._until(as_of)
        with self._store.read() as connection:
            place = place or queries.start(connection)
            if wanted.words.strip() and not full_text.phrases(wanted.words):
                return StoryResults((), None)
            known = articles.known(connection, until)
            ids, more = queries.story_ids(connection, wanted, known, place, limit)
            stories = composed(connection, ids, known, wanted.hub)
        return StoryResults(stories, Cursor(place.upto, place.skip + limit) if more else None)

    def claims(self, words: str, limit: int | None = None) -> tuple[Evaluation, ...]:
        """The claims that hold every word, all or the first ``limit`` in the order of the hubs' files.

        As recorded last; one that was never evaluated is evaluated for today.
        """
        found = self._claims.find(words)[:limit]
        by_hub = {hub: {one.id: one for one in self._views.claims(hub, None)} for hub, _ in found}
        return tuple(by_hub[hub][ident] for hub, ident in found)

    def names_of(self, slug: str, symbol: str) -> tuple[str, ...]:
        """The symbol of a hub's instrument and its name in headlines. Raises ``NotFoundError`` for an unknown one."""
        instruments = {one.symbol: one for one in find_hub(self._hubs.values(), slug).instruments}
        if symbol not in instruments:
            raise NotFoundError(f"the hub {slug} has no instrument {symbol!r}; {instead(symbol, instruments)}")
        return symbol, _KIND.sub("", instruments[symbol].name)

    def articles(self, as_of: date | None = None, place: Cursor | None = None, limit: int = 100) -> ArticleList:
        until = self._until(as_of)
        with self._store.read() as connection:
            place = place or queries.start(connection)
            known = articles.known(connection, until)
            found, more = queries.articles_at(connection, known, place, limit)
        return ArticleList(tuple(found), Cursor(place.upto, place.skip + limit) if more else None)

    def arrived(self) -> int:
        """The number of the article that arrived last; 0 before the first."""
        with self._store.read() as connection:
            return queries.start(connection).upto

    def block(self, hub: str | None, first: int, before: int, size: int) -> Block:
        """The stories (of a hub) that began with the articles numbered from ``first`` to just before ``before``.

        ``size`` is the number of articles of the older blocks, which end at its multiples.
        """
        if hub is not None:
            find_hub(self._hubs.values(), hub)
        with self._store.read() as connection:
            known = articles.known(connection, None)
            ids = queries.begun(connection, hub, known, (first, before))
            last = queries.last_before(connection, hub, known, first)
            older = None if last is None else (last // size + 1) * size
            return Block(composed(connection, ids, known, hub), older)

    def latest(self) -> tuple[Story, ...]:
        """The stories that began yesterday or today, among the 1000 reported last, newest first; no demonstrations."""
        since = self._clock().date() - timedelta(days=1)
        found = self.stories(StoryFilter(since=since), limit=MOST_LATEST).stories
        return tuple(story for story in found if story.first_at.date() >= since and not story.demonstration)

    def begun(self, first: int, before: int) -> list[str]:
        """Ids of the stories that began with the articles of these numbers, oldest first; no demonstrations."""
        with self._store.read() as connection:
            return queries.begun(connection, None, REAL, (first, before))

    def series(self, as_of: date | None = None) -> tuple[Series, ...]:
        """Every series as it was known at the end of a day, by name."""
        book = self._evidence.book().known_by(end_of_day(day_shown(as_of, self._clock().date())))
        return tuple(sorted(book, key=lambda one: one.ref))

    def one_series(self, ident: str, measure: str, as_of: date | None = None) -> Series:
        """One series as it was known at the end of a day. Raises ``NotFoundError``."""
        book = self._evidence.book().known_by(end_of_day(day_shown(as_of, self._clock().date())))
        held = sorted(one.ref for one in book if one.ref.id == ident)
        found = next((ref for ref in held if ref.measure == measure), None)
        series = None if found is None else book.get(found)
        if series is None:
            known = ", ".join(ref.measure for ref in held)
            told = f"it is held as {known}" if known else "the list of series tells those there are"
            raise NotFoundError(f"there is no series {ident[:80]} ({measure[:20]}); {told}")
        return series

    def events(self, name: str, as_of: date | None = None) -> tuple[EventList, tuple[MarketEvent, ...]]:
        """A list of events with its rule, as it could be made at the end of a day. Raises ``NotFoundError``."""
        if name not in EVENT_LISTS:
            raise NotFoundError(f"there is no list of events {name[:80]!r}; {instead(name, EVENT_LISTS)}")
        day = day_shown(as_of, self._clock().date())
        return EVENT_LISTS[name], EVENT_LISTS[name].find(day, self._evidence.book().known_by(end_of_day(day)))

    def _until(self, as_of: date | None) -> datetime | None:
        return None if as_of is None else end_of_day(day_shown(as_of, self._clock().date()))
