"""What all queries share: the objects they read, the day of a page, stories by their ids, coverage of the feeds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Connection

from groundswell.app.evidence import Evidence
from groundswell.app.queries.event_news import EventDays, collect_marked_events
from groundswell.errors import UsageError
from groundswell.hubs.charts import Chart, MissingChart, withhold_chart
from groundswell.hubs.file.load import find_hub
from groundswell.hubs.gauges.gauge import Gauge, MissingGauge
from groundswell.hubs.gauges.state import read_gauges
from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.claim_mentions import ClaimMentionFinder
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Outcome, Story, UpstreamKind, UpstreamState
from groundswell.pages.assemble import build_charts
from groundswell.pages.hub import Coverage
from groundswell.ports import Clock
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles
from groundswell.storage.news.full_text import ClaimIndex
from groundswell.stories.compose import compose

FIRST_PAST_DAY = date(1970, 1, 1)

Drawings = tuple[tuple[Chart | MissingChart, ...], tuple[Gauge | MissingGauge, ...]]


class PageSource:
    """The store, hubs, evidence and clock behind every page, and indexes and drawings that are made once.

    Several threads may share one.
    """

    def __init__(self, store: Store, hubs: Sequence[HubSpec], evidence: Evidence, clock: Clock) -> None:
        self.store = store
        self.hubs = {hub.slug: hub for hub in hubs}
        self.evidence = evidence
        self.clock = clock
        self.claim_mentions = ClaimMentionFinder(hubs)
        self.claim_words = ClaimIndex((hub.slug, claim.id, claim.text) for hub in hubs for claim in hub.claims)
        self._drawings = lru_cache(maxsize=64)(self._draw)
        self._marked_events = lru_cache(maxsize=64)(self._collect_marked_events)

    def close(self) -> None:
        self.claim_words.close()

    def today(self) -> date:
        return self.clock().date()

    def find_hub(self, slug: str) -> HubSpec:
        """Raises ``NotFoundError``."""
        return find_hub(self.hubs.values(), slug)

    def resolve_day(self, as_of: date | None) -> date:
        """Return the day that a page shows: ``as_of``, or today. Raises ``UsageError`` for a day that is not past."""
        today = self.today()
        if as_of is None:
            return today
        if not FIRST_PAST_DAY <= as_of <= today:
            raise UsageError(f"no page can be shown as of {as_of}; give a day from {FIRST_PAST_DAY} to {today}")
        return as_of

    def resolve_instant(self, as_of: date | None) -> datetime | None:
        """Return the end of the day ``as_of``, None for the present. Raises ``UsageError`` as ``resolve_day`` does."""
        return None if as_of is None else end_of_day(self.resolve_day(as_of))

    def drawings(self, slug: str, day: date) -> Drawings:
        """Return the charts and gauges of a hub from what was known by the end of a day.

        They are cached: only the day and a load of series change them.
        """
        return self._drawings(slug, day, self.evidence.version())

    def marked_events(self, slug: str, day: date) -> EventDays:
        """Return the days that the charts of a hub mark, cached as ``drawings`` are."""
        return self._marked_events(slug, day, self.evidence.version())

    def _collect_marked_events(self, slug: str, day: date, _version: tuple[int, int, int]) -> EventDays:
        return collect_marked_events(self.hubs[slug], day, self.evidence.book())

    def _draw(self, slug: str, day: date, _version: tuple[int, int, int]) -> Drawings:
        hub, book = self.hubs[slug], self.evidence.book().known_by(end_of_day(day))
        issues = self.evidence.data_issues()
        charts = tuple(withhold_chart(chart, issues) for chart in build_charts(hub, book, day))
        return charts, read_gauges(hub, book, day, issues)


def choose_visible(as_of: date | None) -> articles.Visibility:
    """Return which articles a page as of a day, or of the present, may show."""
    return articles.show_real(None if as_of is None else end_of_day(as_of))


def compose_stories(
    connection: Connection, ids: Collection[str], visible: articles.Visibility, hub: str | None
) -> tuple[Story, ...]:
    """Compose stories in the order of ``ids``; with a hub, leave out those with too few members tagged to it."""
    members = articles.read_members(connection, ids, visible.until)
    stories = (compose(story_id, members[story_id]) for story_id in ids)
    return tuple(story for story in stories if hub is None or any(tag.hub == hub for tag in story.tags))


def read_coverage(connection: Connection, visible: articles.Visibility, states: Sequence[UpstreamState]) -> Coverage:
    """Count the enabled feeds by their last outcome, and the articles that a page may show."""
    feeds = [state for state in states if state.kind is UpstreamKind.FEED and state.enabled]
    untried = sum(state.outcome is Outcome.NOT_TRIED for state in feeds)
    waiting = sum(state.outcome is Outcome.WAITING for state in feeds)
    failed = sum(state.outcome.failed for state in feeds)
    return Coverage(
        feeds_on=len(feeds),
        feeds_answered=len(feeds) - untried - waiting - failed,
        feeds_failed=failed,
        feeds_untried=untried,
        feeds_waiting=waiting,
        last_asked_at=max((state.last_tried_at for state in feeds if state.last_tried_at), default=None),
        articles_stored=articles.count_articles(connection, visible),
        newest_at=articles.read_newest_instant(connection, visible),
    )
