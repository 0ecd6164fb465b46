"""The facade: one object that opens a store, takes in news and numbers, and answers for pages and lists."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Self

from groundswell.app.data_folder import collect_claim_needs, collect_series_refs, read_data
from groundswell.app.data_services import DataServices
from groundswell.app.evidence import Evidence
from groundswell.app.heartbeat import Heartbeat
from groundswell.app.ingest import ArticleIngest
from groundswell.app.reader import Reader, utc_now
from groundswell.app.replay import assign_first_seen, read_first, read_saved_feed, split_into_batches
from groundswell.app.retag import retag
from groundswell.app.service_requests import ServiceRequest
from groundswell.app.subscriptions import Subscriptions
from groundswell.errors import UsageError
from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.feeds.jsonl import read_stream
from groundswell.feeds.offers import build_offers, offer_article
from groundswell.feeds.opml import Outline
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.calendar import month_ends
from groundswell.model import AddedFeeds, FeedSpec, Ingested, Origin, Replayed, Series, UpstreamState
from groundswell.ports import Clock, DetectorFactory, Progress, Retrieved
from groundswell.sources.loaded import Loaded
from groundswell.sources.sentence_model import load_sentence_model
from groundswell.sources.services.accounts.sec import account_refs
from groundswell.sources.services.base import DataService
from groundswell.sources.shipped.load import load_shipped
from groundswell.storage.engine.store import Store
from groundswell.stories.detector import OnlineStoryDetector

MAX_ARTICLES_FLUSHED_LIVE = 2_000
"""Headlines, and as many full texts. A feed may send any number at once, and memory grows with the square of these."""

BATCH_SIZE = 1000  # articles a transaction: large enough to be fast, small enough to lose little when interrupted


class Groundswell(Reader):
    """A store with its hubs. Open one with ``Groundswell.open`` and close it, or use it in a ``with`` block.

    Reading is inherited from ``Reader``; the methods here change the store. Any number of threads may read while
    others write: writes take turns. Every method that writes raises ``StoreError`` when another process is writing to
    the store, or when the disk refuses.
    """

    def __init__(
        self,
        store: Store,
        hubs: tuple[HubSpec, ...],
        clock: Clock,
        make_detector: DetectorFactory = OnlineStoryDetector,
        *,
        services: Sequence[DataService] = (),
        companies: Collection[int] = (),
        contact: str = "",
        shipped: Callable[[], tuple[Series, ...]] = load_shipped,
    ) -> None:
        evidence = Evidence(store, hubs, clock, shipped)
        super().__init__(store, hubs, evidence, clock)
        self._clock = clock
        self._data_services_in_use = tuple(services)
        self._has_contact = bool(contact)
        self._ingest = ArticleIngest(store, hubs, make_detector)
        self._subscriptions = Subscriptions(store, self._ingest, load_default_feeds(), has_contact=bool(contact))
        wanted = collect_series_refs(hubs) | account_refs(companies)
        self._services = DataServices(store, evidence, wanted, services, clock, needs=collect_claim_needs(hubs))

    @classmethod
    def open(
        cls,
        db: str = "groundswell.db",
        hubs: tuple[HubSpec, ...] | None = None,
        clock: Clock = utc_now,
        dense: Path | None = None,
        *,
        services: Sequence[DataService] = (),
        companies: Collection[int] = (),
        contact: str = "",
        shipped: Callable[[], tuple[Series, ...]] = load_shipped,
        create: bool = True,
    ) -> Self:
        """Open the store at a file path or database URL with the packaged hubs or others; create it if necessary.

        Without ``create`` the store must exist. ``Groundswell.open`` locks nothing before the first write.
        ``dense`` is a folder with a model of sentence vectors (docs/dense-vectors.md). ``services`` are the data
        services to ask (docs/data-services.md), made by ``build_services``. ``companies`` are the SEC's numbers of the
        companies whose accounts are asked for. Without a ``contact``, feeds whose publishers ask for one wait.
        ``shipped`` returns the series that ship with the program. Raises ``StoreError``; for an unusable model also
        ``UsageError``, ``NotFoundError`` or ``BadInputError``.
        """
        make_detector = partial(OnlineStoryDetector, vectors=load_sentence_model(dense) if dense else None)
        return cls(
            Store.open(db, create=create),
            load_catalog() if hubs is None else hubs,
            clock,
            make_detector,
            services=services,
            companies=companies,
            contact=contact,
            shipped=shipped,
        )

    # Numbers

    def load(self, data: Loaded | Path | str | None = None) -> None:
        """Load the series of a folder of CSV and Parquet files if one is given, and name the shipped ones as sources.

        Raises ``NotFoundError``, ``BadInputError`` or ``MissingSeriesError`` for an unusable folder; nothing is stored.
        """
        if data is not None:
            self._evidence.load_folder(data if isinstance(data, Loaded) else read_data(Path(data), self.hubs()))
        self._evidence.register_shipped()

    def record(self, as_of: date, hubs: Iterable[str] | None = None) -> int:
        """Evaluate hubs (all of them by default) as of a day and record the results.

        Returns how many evaluations differ from those recorded before.
        """
        changed = self._evidence.record(as_of, hubs)
        if hubs is None and as_of == self._clock().date() and not self._evidence.failed:
            self._heartbeat.complete_evaluation()
        return changed

    def failed_claims(self) -> tuple[str, ...]:
        """Return the claims, as HUB/CLAIM, on which the program failed at the last evaluation."""
        return self._evidence.failed

    def record_months(self, hub: str, first: date, last: date, progress: Progress | None = None) -> tuple[date, ...]:
        """Evaluate a hub as of the end of every month from ``first`` to ``last``, and record the results.

        Each evaluation uses what was known by the end of its month. Returns the month ends. Raises ``NotFoundError``
        for an unknown hub, and ``UsageError`` if no month ends in between or ``last`` is in the future.
        """
        self._source.find_hub(hub)
        today = self._clock().date()
        if last > today:
            raise UsageError(f"{last} is in the future; give a last day up to {today}")
        days = tuple(month_ends(first, last).tolist()) if first <= last else ()
        if not days:
            raise UsageError(f"no month ends between {first} and {last}; give a first day at least a month earlier")
        for day in days:
            self.record(day, (hub,))
            if progress:
                progress(1)
        return days

    # News

    def replay(
        self,
        stream: Path | str,
        data: Loaded | Path | str | None = None,
        until: date | None = None,
        progress: Progress | None = None,
    ) -> Replayed:
        """Take in a recorded stream just as live news, and evaluate the hubs as of its end (or ``until``).

        ``data`` may change verdicts recorded as of later days: if there are any, the hubs are evaluated as of today
        too. The stream's own clock gives the first-seen times. Documents stored already are skipped, so that an
        interrupted replay can be run again. Raises ``NotFoundError`` and ``BadInputError`` for an unusable file or
        folder; what was read before a bad line stays stored.
        """
        entries = read_first(read_stream(Path(stream), until))
        self.load(data)
        now = self._clock()
        total, as_of, last = Ingested(), until or now.date(), None
        for batch in split_into_batches(assign_first_seen(entries, now), BATCH_SIZE):
            total += self._ingest.add([offer_article(article) for article in batch])
            last = batch[-1].first_seen_at
            as_of = until or last.date()
            if progress:
                progress(len(batch))
        if last is not None:
            self._ingest.flush(last)
        as_of = min(as_of, now.date())
        self.record(as_of)
        if data is not None and self._evidence.has_recorded_after(as_of):  # later verdicts rest on the data of then
            self.record(now.date())
        return Replayed(total, as_of)

    def read_feed(self, path: Path | str) -> Ingested:
        """Take in a feed saved to a file (RSS, Atom or JSON Feed). Raises ``NotFoundError`` and ``BadInputError``."""
        now = self._clock()
        return self._ingest.add(build_offers(read_saved_feed(Path(path)), now, Origin.FILE))

    def flush_stories(self) -> None:
        """Make the final repairs of the stories around the newest articles, without waiting for more."""
        self._ingest.flush(self._clock(), MAX_ARTICLES_FLUSHED_LIVE)

    def retag(self, stop: threading.Event | None = None) -> int:
        """Tag stored articles again where a hub is new or its rules changed; return how many were looked at."""
        return retag(self._store, self.hubs(), stop or threading.Event())

    # Cycles

    def heartbeat(self) -> Heartbeat:
        """Return the record of the cycles of this process, for the threads that run them; pages show it."""
        return self._heartbeat

    # Feeds and data services

    def add_feeds(self, outlines: Sequence[Outline], minutes: int | None = None) -> AddedFeeds:
        """Add feeds, or turn on those that are off; with ``minutes``, feeds already on get that interval.

        Many feeds added at once are first requested at different times within their interval.
        """
        return self._subscriptions.add(outlines, self._clock(), minutes)

    def remove_feed(self, url: str) -> FeedSpec:
        """Stop polling a feed, given by address or slug; its articles stay. Raises ``NotFoundError``."""
        return self._subscriptions.remove(url)

    def register_sources(self) -> tuple[str, ...]:
        """Give every feed and data service its row on the status page; rows that exist keep their record.

        Returns the terms of use of the data services that are about to be asked for the first time.
        """
        self._subscriptions.register()
        notices = self._services.notices()
        self._services.register()
        return notices

    def due_feeds(self) -> list[UpstreamState]:
        """Return the feeds to request now, the longest overdue first."""
        return self._subscriptions.due(self._clock())

    def take_feed(self, feed: UpstreamState, retrieved: Retrieved) -> Ingested:
        """Store the outcome of a request to a feed together with the articles that it brought."""
        return self._subscriptions.take(feed, retrieved, self._clock())

    def due_requests(self) -> list[ServiceRequest]:
        """Return the requests to make to data services now."""
        return self._services.due()

    def take_answers(self, due: Sequence[ServiceRequest], answers: Sequence[tuple[ServiceRequest, Retrieved]]) -> int:
        """Store what data services answered to the due requests; return how many values are new.

        A service of which some due requests are unanswered stays due.
        """
        return self._services.take(due, answers)
