"""The reading side of the facade: pages and lists, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self

from groundswell.app.evidence import Evidence
from groundswell.app.heartbeat import Heartbeat
from groundswell.app.queries import claims, listings
from groundswell.app.queries.claim_bundle import build_claim_bundle
from groundswell.app.queries.claim_page import build_claim_page
from groundswell.app.queries.common import PageSource
from groundswell.app.queries.demonstration import build_demonstration
from groundswell.app.queries.forecasts import list_forecasts
from groundswell.app.queries.hub_page import build_hub_page, draw_hub_charts, read_hub_stories
from groundswell.app.queries.index_page import build_index_page
from groundswell.app.queries.onboarding import build_onboarding, list_waiting
from groundswell.app.queries.series_status import list_series_status
from groundswell.app.queries.status_page import build_day_report, build_status_page
from groundswell.app.queries.story_page import build_story_page, find_present_story
from groundswell.app.subscriptions import load_feeds, load_states
from groundswell.errors import StoreError
from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.hubs.charts import Chart
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import HubSpec
from groundswell.log import log
from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.model import (
    ArchiveBlock,
    ArticleResults,
    ChainReport,
    Cursor,
    Evaluation,
    FeedSpec,
    Forecast,
    Series,
    Story,
    StoryFilter,
    StoryResults,
    UpstreamState,
    VerdictChange,
)
from groundswell.model.changes import ChangeMark, Changes
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimBundle, ClaimPage, IndexPage, StatusPage, StoryPage
from groundswell.pages.onboarding import Onboarding, Supply
from groundswell.pages.status import CycleStatus, DayReport, SeriesStatus
from groundswell.ports import Clock
from groundswell.sources.services.base import DataService
from groundswell.storage.engine.store import Store


def utc_now() -> datetime:
    return datetime.now(UTC)


class Reader:
    """Answers for pages and lists; any number of threads may call it while another one writes to the store.

    ``Reader.open`` opens a store that exists and changes nothing in it, not even the schema.

    ``as_of`` is a past day: the answer then uses nothing that became known after its end. None is the present. Every
    method that takes it raises ``UsageError`` for a day before 1970 or after today, and every method that takes a
    hub's slug or another name raises ``NotFoundError`` for one that does not exist.
    """

    def __init__(self, store: Store, hubs: Sequence[HubSpec], evidence: Evidence, clock: Clock) -> None:
        self._store = store
        self._evidence = evidence
        self._source = PageSource(store, hubs, evidence, clock)
        self._shipped_feeds = load_default_feeds()
        self._data_services_in_use: Sequence[DataService] = ()
        self._has_contact = False
        self._heartbeat = Heartbeat(clock)

    @classmethod
    def open(cls, db: str = "groundswell.db", hubs: tuple[HubSpec, ...] | None = None, clock: Clock = utc_now) -> Self:
        """Open the store at a file path or database URL to read it, with the packaged hubs or others.

        Raises ``NotFoundError`` if there is none, and ``StoreError`` if it cannot be read or must be migrated first.
        """
        store = Store.open_for_reading(db)
        hubs = load_catalog() if hubs is None else hubs
        return cls(store, hubs, Evidence(store, hubs, clock), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store. Nothing may be called afterwards."""
        self._source.close()
        self._store.close()

    # Pages

    def index_page(self, as_of: date | None = None) -> IndexPage:
        """Build the index of hubs."""
        return build_index_page(self._source, as_of)

    def hub_page(self, slug: str, as_of: date | None = None, limit: int = 50) -> HubPage:
        """Build the page of a hub with its newest ``limit`` stories."""
        return build_hub_page(self._source, slug, as_of, limit)

    def hub_charts(self, slug: str) -> tuple[Chart, ...]:
        """Draw the charts of a hub's present page, without the rest of it."""
        return draw_hub_charts(self._source, slug)

    def find_present_story(self, story_id: str, as_of: date | None = None) -> str:
        """Return the id of the story that a story was merged into, without making its page; its own if it was not."""
        return find_present_story(self._source, story_id, as_of)

    def story_page(self, story_id: str, as_of: date | None = None) -> StoryPage:
        """Build the page of a story; of one that was merged, the page of the story it was merged into."""
        return build_story_page(self._source, story_id, as_of)

    def claim_page(self, hub: str, claim_id: str, as_of: date | None = None) -> ClaimPage:
        """Build the page of a claim."""
        return build_claim_page(self._source, hub, claim_id, as_of)

    def claim_bundle(self, hub: str, claim_id: str, as_of: date | None = None) -> ClaimBundle:
        """Bundle what is needed to compute the figure of a claim again; one without a figure is not found."""
        return build_claim_bundle(self._source, hub, claim_id, as_of)

    def status_page(self) -> StatusPage:
        """Build the page that shows how every source is doing."""
        return build_status_page(self._source, self.cycle_status())

    def day_report(self) -> DayReport:
        """Report what the last 24 hours brought, which sources fail, and which have stalled."""
        return build_day_report(self._source)

    # News

    def hubs(self) -> tuple[HubSpec, ...]:
        """Return the hubs, in the order in which they are shown."""
        return tuple(self._source.hubs.values())

    def stories(self, hub: str, limit: int = 20, as_of: date | None = None) -> tuple[Story, ...]:
        """Return the newest stories of a hub."""
        return read_hub_stories(self._source, hub, as_of, limit)

    def search(
        self, wanted: StoryFilter, as_of: date | None = None, cursor: Cursor | None = None, limit: int = 20
    ) -> StoryResults:
        """Return the stories with an article that matches the filter, newest first, from the cursor on."""
        return listings.search_stories(self._source, wanted, as_of, cursor, limit)

    def onboarding(self, hub: str | None = None) -> Onboarding:
        """Return what is measured now, and what each further step would measure: of all hubs, or of one."""
        return self.describe_onboarding(self._data_services_in_use, has_contact=self._has_contact, hub=hub)

    def describe_onboarding(
        self,
        services: Sequence[DataService],
        *,
        has_contact: bool = False,
        supplies: Sequence[Supply] = (),
        hub: str | None = None,
    ) -> Onboarding:
        """Return what is measured now, and what these services, settings, files and ``supplies`` would measure."""
        day = self._source.today()
        hubs = self.hubs() if hub is None else (self._source.find_hub(hub),)
        evaluations = {each.slug: claims.read_claims(self._source, each.slug, None) for each in hubs}
        panel = build_onboarding(hubs, evaluations, self._evidence.book(), day, services, supplies=supplies)
        feeds = () if has_contact else self.feeds()
        (own,) = hubs if hub is not None else (None,)
        return replace(panel, waiting=list_waiting(services, feeds, own))

    def demonstration(self) -> tuple[Story, ...]:
        """Return the stories of invented headlines, newest first; none of them is stored."""
        return build_demonstration(self.hubs(), self._source.clock())

    def recent_stories(self) -> tuple[Story, ...]:
        """Return the stories that began yesterday or today (at most 1,000), newest first, without demonstrations."""
        return listings.read_recent_stories(self._source)

    def has_recent_stories(self) -> bool:
        """Whether any story began yesterday or today, without demonstrations."""
        return listings.has_recent_stories(self._source)

    def articles(self, as_of: date | None = None, cursor: Cursor | None = None, limit: int = 100) -> ArticleResults:
        """Return articles, last received first, from the cursor on."""
        return listings.list_articles(self._source, as_of, cursor, limit)

    def last_article_number(self) -> int:
        """Return the number of the article stored last; articles are numbered from 1 in the order received."""
        return listings.read_last_article_number(self._source)

    def archive_block(self, hub: str | None, first: int, before: int, size: int) -> ArchiveBlock:
        """Return the stories (of a hub) founded by the articles numbered from ``first`` to just before ``before``.

        ``size`` is the number of articles of the older blocks, which end at its multiples.
        """
        return listings.read_archive_block(self._source, hub, first, before, size)

    def founded_story_ids(self, first: int, before: int) -> list[str]:
        """Return the ids of the stories founded by the articles of these numbers, oldest first, no demonstrations."""
        return listings.read_founded_story_ids(self._source, first, before)

    def instrument_names(self, hub: str, symbol: str) -> tuple[str, ...]:
        """Return the names by which headlines mention an instrument of a hub: its symbol and its common name."""
        return listings.read_instrument_names(self._source, hub, symbol)

    # Claims and numbers

    def claims(self, hub: str, as_of: date | None = None) -> tuple[Evaluation, ...]:
        """Return every claim of a hub with its verdict: evaluated as of a past day, or as recorded last."""
        return claims.read_claims(self._source, hub, as_of)

    def search_claims(self, words: str, limit: int | None = None) -> tuple[Evaluation, ...]:
        """Return the claims whose text contains every word, with their present verdicts, in the order of the hubs."""
        return claims.search_claims(self._source, words, limit)

    def verdict_changes(
        self, hub: str | None = None, claim: str | None = None, as_of: date | None = None
    ) -> tuple[VerdictChange, ...]:
        """Return the changes of verdicts, newest first: of all hubs, of one, or of one claim."""
        return claims.read_verdict_changes(self._source, hub, claim, as_of)

    def check_ledger(self, hub: str | None = None, noted: str = "") -> ChainReport:
        """Check that every record of claims, of all hubs or of one, is what was written, in its place."""
        return claims.check_ledger(self._source, hub, noted)

    def forecasts(self, hub: str | None = None, as_of: date | None = None) -> tuple[Forecast, ...]:
        """Return the forecasts of the events of claims, of all hubs or of one."""
        return list_forecasts(self._source, hub, as_of)

    def series(self, as_of: date | None = None) -> tuple[Series, ...]:
        """Return every stored series, sorted by reference."""
        return listings.list_series(self._source, as_of)

    def find_series(self, series_id: str, measure: str, as_of: date | None = None) -> Series:
        """Return one stored series. Raises ``NotFoundError``."""
        return listings.find_series(self._source, series_id, measure, as_of)

    def series_status(self) -> tuple[SeriesStatus, ...]:
        """Return a summary of each stored series for the owner: source, first and last value, data issues."""
        return list_series_status(self._evidence.book(), self._evidence.data_issues(), self._source.today())

    def event_list(self, name: str, as_of: date | None = None) -> tuple[EventList, tuple[MarketEvent, ...]]:
        """Return an event list and the events on it."""
        return listings.read_event_list(self._source, name, as_of)

    # Feeds

    def feeds(self) -> tuple[FeedSpec, ...]:
        """Return all feeds, on and off: the shipped ones as the owner turned them on or off, then the owner's."""
        with self._store.read() as connection:
            return tuple(load_feeds(connection, self._shipped_feeds).values())

    def feed_states(self) -> dict[str, UpstreamState]:
        """Return the outcome of the last request to each feed, by slug; feeds never registered are left out."""
        with self._store.read() as connection:
            return load_states(connection, load_feeds(connection, self._shipped_feeds))

    # The store

    def describe_exposure(self) -> str | None:
        """Say that other users of the machine can read the store, and the fix; None if they cannot."""
        return self._store.describe_exposure()

    def check_store(self) -> None:
        """Raise ``StoreLostError`` if files of the store were removed or replaced since it was opened."""
        self._store.check_files()

    def read_changes(self, since: ChangeMark | None = None) -> Changes:
        """Return the topics that changed since a mark of this store: answers that read none of them are the same."""
        return self._store.read_changes(since)

    def is_healthy(self) -> bool:
        """Whether the store can be read as pages read it."""
        try:
            self._store.ping()
            self.last_article_number()
        except StoreError:
            return False
        except Exception as error:
            log.error("the store cannot be read: %s", error)
            return False
        return True

    def cycle_status(self) -> CycleStatus:
        """Return how the cycles go that fill the store; of a process that runs none, that none are expected."""
        progress = self._heartbeat.progress
        return CycleStatus(progress, progress.is_overdue(self._source.clock()))
