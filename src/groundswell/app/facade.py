"""The facade: one object to open a store, take news and numbers in, and read pages."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from groundswell.app.data_folder import read_data, wanted
from groundswell.app.data_services import DataServices
from groundswell.app.evidence import Evidence
from groundswell.app.ingest import Ingested, Newsroom
from groundswell.app.queries.listings import Listings
from groundswell.app.queries.pages import Views
from groundswell.app.queries.series_status import SeriesStatus, list_series_status
from groundswell.app.replay import in_batches, looked_into, on_stream_clock, saved_feed
from groundswell.app.retag import retag
from groundswell.app.subscriptions import Subscriptions
from groundswell.errors import StoreError, UsageError
from groundswell.feeds.default_feeds import default_feeds
from groundswell.feeds.demo import demo_entries
from groundswell.feeds.identity import article_from, articles_from
from groundswell.feeds.jsonl import read_stream
from groundswell.hubs.charts import Line
from groundswell.hubs.file.load import catalog, find_hub
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.calendar import month_ends
from groundswell.model import Evaluation, Origin, Story, VerdictChange
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, IndexPage, StatusPage, StoryPage
from groundswell.pages.status import DayReport
from groundswell.ports import Clock, DetectorFactory, Progress
from groundswell.sources.folder import Loaded
from groundswell.sources.sentence_model import load_sentence_model
from groundswell.sources.services.base import DataService
from groundswell.sources.services.sec import facts_of
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles
from groundswell.stories.detector import OnlineStoryDetector

BATCH = 1000  # articles a transaction: enough to be quick, few enough to lose little time when cut off


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay took in, and the day that the hubs were evaluated as of afterwards."""

    ingested: Ingested
    as_of: date


class Groundswell:
    """A store with its hubs. Open one with ``Groundswell.open`` and close it, or use it in a ``with`` block.

    Any number of threads may read pages while one takes news or numbers in.
    """

    def __init__(
        self,
        store: Store,
        hubs: tuple[HubSpec, ...],
        clock: Clock,
        make_detector: DetectorFactory = OnlineStoryDetector,
        *,
        sources: Sequence[DataService] = (),
        companies: Collection[int] = (),
    ) -> None:
        self._store = store
        self._hubs = hubs
        self._clock = clock
        self._newsroom = Newsroom(store, hubs, make_detector)
        self.evidence = Evidence(store, hubs, clock)
        self.subscriptions = Subscriptions(store, self._newsroom, default_feeds())
        self.live = DataServices(store, self.evidence, wanted(hubs) | facts_of(companies), sources)
        self._views = Views(store, hubs, self.evidence, clock)
        self.listings = Listings(store, hubs, self.evidence, self._views, clock)

    @classmethod
    def open(
        cls,
        db: str = "groundswell.db",
        hubs: tuple[HubSpec, ...] | None = None,
        clock: Clock = utc_now,
        dense: Path | None = None,
        *,
        sources: Sequence[DataService] = (),
        companies: Collection[int] = (),
    ) -> Groundswell:
        """Open the store at a file path or database URL, creating it if need be, with the packaged hubs or others.

        ``dense`` is a folder with a model of sentence vectors (docs/dense-vectors.md), ``sources`` the data services to
        ask (docs/data-services.md), made by ``live_sources``; ``companies`` are those whose accounts are asked of the
        SEC, by their numbers there. Raises ``StoreError``, and for an unusable model ``UsageError``, ``NotFoundError``
        or ``BadInputError``.
        """
        make_detector = partial(OnlineStoryDetector, vectors=load_sentence_model(dense) if dense else None)
        return cls(
            Store.open(db),
            catalog() if hubs is None else hubs,
            clock,
            make_detector,
            sources=sources,
            companies=companies,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.listings.close()
        self._store.close()

    # Taking in

    def load(self, data: Loaded | Path | str | None = None) -> None:
        """Load the series that ship with the program, and those of a folder of CSV and Parquet files if one is given.

        Raises ``NotFoundError``, ``BadInputError`` or ``MissingSeriesError`` for an unusable folder, storing nothing.
        """
        if data is not None:
            self.evidence.load_folder(data if isinstance(data, Loaded) else read_data(Path(data), self._hubs))
        self.evidence.load_shipped()

    def replay(
        self,
        stream: Path | str,
        data: Loaded | Path | str | None = None,
        until: date | None = None,
        progress: Progress | None = None,
    ) -> Replayed:
        """Take a recorded stream in by the way of live news, and evaluate the hubs as of its end (or ``until``).

        Where verdicts of later days are held, ``data`` may change them: the hubs are then evaluated as of today too.
        A document's first-seen time is the stream's own. Documents stored before are passed over, so that a replay
        cut off anywhere can be run again. Raises ``NotFoundError`` and ``BadInputError`` for an unusable file or
        folder; what was read before a bad line stays.
        """
        entries = looked_into(read_stream(Path(stream), until))
        self.load(data)
        now = self._clock()
        total, as_of, last = Ingested(), until or now.date(), None
        for batch in in_batches(on_stream_clock(entries, now), BATCH):
            total += self._newsroom.ingest(batch)
            last = batch[-1].first_seen_at
            as_of = until or last.date()
            if progress:
                progress(len(batch))
        if last is not None:
            self._newsroom.flush(last)
        as_of = min(as_of, now.date())
        self.evidence.record(as_of)
        if data is not None and self.evidence.recorded_after(as_of):  # those verdicts rested on other data
            self.evidence.record(now.date())
        return Replayed(total, as_of)

    def record_months(self, hub: str, first: date, last: date, progress: Progress | None = None) -> tuple[date, ...]:
        """Evaluate a hub into the ledger as of the end of every month from ``first`` to ``last``; answers these days.

        Each month uses what was known by its end. Raises ``NotFoundError`` for an unknown hub, and ``UsageError`` where
        no month ends in between, or ``last`` is still to come.
        """
        find_hub(self._hubs, hub)
        today = self._clock().date()
        if last > today:
            raise UsageError(f"{last} is still to come; give a last day up to {today}")
        days = tuple(month_ends(first, last).tolist()) if first <= last else ()
        if not days:
            raise UsageError(f"no month ends between {first} and {last}; give a first day at least a month earlier")
        for day in days:
            self.evidence.record(day, (hub,))
            if progress:
                progress(1)
        return days

    def flush_stories(self) -> None:
        """Make the final repairs of the stories around the newest articles."""
        self._newsroom.flush(self._clock())

    def read_feed(self, path: Path | str) -> Ingested:
        """Take in a feed saved to a file (RSS, Atom or JSON Feed). Raises ``NotFoundError`` and ``BadInputError``."""
        now = self._clock()
        return self._newsroom.ingest(articles_from(saved_feed(Path(path)), now, Origin.FILE))

    def demonstrate(self) -> Ingested:
        """Take in the demonstration headlines, unless the store holds any articles already."""
        with self._store.read() as connection:
            if articles.any_stored(connection):
                return Ingested()
        now = self._clock()
        entries = demo_entries(now)
        return self._newsroom.ingest([article_from(entry, entry.published_at or now, Origin.DEMO) for entry in entries])

    def retag(self, stop: threading.Event | None = None) -> int:
        """Tag stored articles again where a hub came or its rules changed; answers how many were looked at."""
        return retag(self._store, self._hubs, stop or threading.Event())

    # Reading

    def hubs(self) -> tuple[HubSpec, ...]:
        return self._hubs

    def index_page(self, as_of: date | None = None) -> IndexPage:
        return self._views.index(as_of)

    def hub_page(self, slug: str, as_of: date | None = None, limit: int = 50) -> HubPage:
        """The page of a hub, now or as of the end of a past day. Raises ``NotFoundError`` and ``UsageError``."""
        return self._views.hub(slug, as_of, limit)

    def lines(self, slug: str) -> tuple[Line, ...]:
        """The charts of a hub's present page, without the rest of it. Raises ``NotFoundError``."""
        return self._views.lines(slug)

    def story_page(self, story_id: str, as_of: date | None = None) -> StoryPage:
        return self._views.story(story_id, as_of)

    def claim_page(self, hub: str, claim_id: str, as_of: date | None = None) -> ClaimPage:
        return self._views.claim(hub, claim_id, as_of)

    def status_page(self) -> StatusPage:
        return self._views.status()

    def day_report(self) -> DayReport:
        """What came in the last 24 hours, which sources fail, and which have fallen silent against their own rhythm."""
        return self._views.day_report()

    def stories(self, hub: str, limit: int = 20, as_of: date | None = None) -> tuple[Story, ...]:
        """The newest stories of a hub."""
        return self._views.stories(hub, as_of, limit)

    def claims(self, hub: str, as_of: date | None = None) -> tuple[Evaluation, ...]:
        """Every claim of a hub with its verdict, as of a past day or as recorded last."""
        return self._views.claims(hub, as_of)

    def verdict_changes(
        self, hub: str | None = None, claim: str | None = None, as_of: date | None = None
    ) -> tuple[VerdictChange, ...]:
        """The changes of verdicts, newest first: of all hubs, of one, or of one claim; up to a past day if given."""
        return self._views.verdict_changes(hub, claim, as_of)

    def list_series_status(self) -> tuple[SeriesStatus, ...]:
        """What is held of each series: source, first and last value, defects."""
        return list_series_status(self.evidence.book(), self.evidence.data_issues(), self._clock().date())

    def changes(self) -> str:
        """A mark that differs after every write to the store: pages made under the same mark are the same."""
        return self._store.changes()

    def healthy(self) -> bool:
        """Whether the store answers."""
        try:
            self._store.ping()
        except StoreError:
            return False
        return True
