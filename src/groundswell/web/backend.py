"""What the web skin asks of the program behind it."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from groundswell.app.queries.listings import Listings
from groundswell.hubs.charts import Line
from groundswell.hubs.spec import HubSpec
from groundswell.model import VerdictChange
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, IndexPage, StatusPage, StoryPage


class Hubs(Protocol):
    """Answers for pages, synchronous and thread-safe. Raises ``NotFoundError`` and ``UsageError``, nothing else."""

    @property
    def listings(self) -> Listings: ...

    def hubs(self) -> tuple[HubSpec, ...]: ...

    def index_page(self, as_of: date | None = None) -> IndexPage: ...

    def hub_page(self, slug: str, as_of: date | None = None, limit: int = 50) -> HubPage: ...

    def lines(self, slug: str) -> tuple[Line, ...]: ...

    def story_page(self, story_id: str, as_of: date | None = None) -> StoryPage: ...

    def claim_page(self, hub: str, claim_id: str, as_of: date | None = None) -> ClaimPage: ...

    def status_page(self) -> StatusPage: ...

    def changes(self) -> str: ...

    def verdict_changes(
        self, hub: str | None = None, claim: str | None = None, as_of: date | None = None
    ) -> tuple[VerdictChange, ...]: ...

    def healthy(self) -> bool: ...
