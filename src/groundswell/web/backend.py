"""What the web pages and the API ask of the program behind them."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from groundswell.claims.register.forecasts import Forecast
from groundswell.hubs.charts import Chart
from groundswell.hubs.spec import HubSpec
from groundswell.markets.events.event_list import EventList, MarketEvent
from groundswell.model import (
    ArchiveBlock,
    ArticleResults,
    Cursor,
    Evaluation,
    FeedSpec,
    Series,
    Story,
    StoryFilter,
    StoryResults,
    VerdictChange,
)
from groundswell.model.changes import ChangeMark, Changes
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, IndexPage, StatusPage, StoryPage
from groundswell.pages.onboarding import Onboarding
from groundswell.pages.status import CycleStatus, SeriesStatus


class Backend(Protocol):
    """Answers for pages and lists, synchronous and thread-safe; ``groundswell.app.reader.Reader`` describes each.

    Raises ``NotFoundError`` and ``UsageError``, nothing else.
    """

    def index_page(self, as_of: date | None = None) -> IndexPage: ...

    def hub_page(self, slug: str, as_of: date | None = None, limit: int = 50) -> HubPage: ...

    def hub_charts(self, slug: str) -> tuple[Chart, ...]: ...

    def find_present_story(self, story_id: str, as_of: date | None = None) -> str: ...

    def story_page(self, story_id: str, as_of: date | None = None) -> StoryPage: ...

    def claim_page(self, hub: str, claim_id: str, as_of: date | None = None) -> ClaimPage: ...

    def status_page(self) -> StatusPage: ...

    def hubs(self) -> tuple[HubSpec, ...]: ...

    def search(
        self, wanted: StoryFilter, as_of: date | None = None, cursor: Cursor | None = None, limit: int = 20
    ) -> StoryResults: ...

    def onboarding(self, hub: str | None = None) -> Onboarding: ...

    def demonstration(self) -> tuple[Story, ...]: ...

    def recent_stories(self) -> tuple[Story, ...]: ...

    def has_recent_stories(self) -> bool: ...

    def articles(self, as_of: date | None = None, cursor: Cursor | None = None, limit: int = 100) -> ArticleResults: ...

    def last_article_number(self) -> int: ...

    def archive_block(self, hub: str | None, first: int, before: int, size: int) -> ArchiveBlock: ...

    def founded_story_ids(self, first: int, before: int) -> list[str]: ...

    def instrument_names(self, hub: str, symbol: str) -> tuple[str, ...]: ...

    def search_claims(self, words: str, limit: int | None = None) -> tuple[Evaluation, ...]: ...

    def verdict_changes(
        self, hub: str | None = None, claim: str | None = None, as_of: date | None = None
    ) -> tuple[VerdictChange, ...]: ...

    def forecasts(self, hub: str | None = None, as_of: date | None = None) -> tuple[Forecast, ...]: ...

    def series(self, as_of: date | None = None) -> tuple[Series, ...]: ...

    def find_series(self, series_id: str, measure: str, as_of: date | None = None) -> Series: ...

    def event_list(self, name: str, as_of: date | None = None) -> tuple[EventList, tuple[MarketEvent, ...]]: ...

    def series_status(self) -> tuple[SeriesStatus, ...]: ...

    def feeds(self) -> tuple[FeedSpec, ...]: ...

    def read_changes(self, since: ChangeMark | None = None) -> Changes: ...

    def is_healthy(self) -> bool: ...

    def cycle_status(self) -> CycleStatus: ...
