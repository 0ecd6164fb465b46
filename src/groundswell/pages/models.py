"""What each page shows, apart from the hub's: see ``groundswell.hubs.page`` for that one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from groundswell.claims.paths import Fan
from groundswell.claims.rolling import Rolling
from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.price_reaction import PriceReaction
from groundswell.hubs.spec import HubSpec
from groundswell.model import DataIssue, Evaluation, Facets, Lineage, Series, Story, UpstreamState, VerdictChange
from groundswell.pages.hub import Coverage, EventNews
from groundswell.pages.status import DayReport


@dataclass(frozen=True, slots=True)
class HubCard:
    """A hub on the index: how many stories it holds, its newest one, and how many claims carry which verdict."""

    hub: HubSpec
    story_count: int
    latest: Story | None
    verdicts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    cards: tuple[HubCard, ...]
    coverage: Coverage
    made_at: datetime
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class MentionedClaim:
    """A claim that a story repeats, as evaluated at the moment of the page, and what in a headline says so."""

    evaluation: Evaluation
    reason: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story, its facets at the moment of the page, the titles of its hubs by slug, and its repairs so far.

    A merged story shows the page of the story that it was merged into. ``mentioned_claims`` are the claims that it
    repeats. ``prices`` is what the instruments of its hubs did around its first report, or None without such data.
    """

    story: Story
    facets: Facets
    hub_titles: dict[str, str]
    as_of: date | None
    made_at: datetime
    lineage: tuple[Lineage, ...] = ()
    mentioned_claims: tuple[MentionedClaim, ...] = ()
    prices: PriceReaction | None = None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim: what it says, how it is measured (in words, the rule of the events included), and what came out.

    ``rows`` names what its values are, in a word. ``verdict_changes`` are newest first. ``inputs`` are the series
    that it was measured from.
    """

    hub: HubSpec
    claim: ClaimSpec
    evaluation: Evaluation
    estimand_title: str
    estimand_text: str
    as_of: date | None
    made_at: datetime
    event_news: tuple[EventNews, ...] = ()
    rows: str = "Events"
    fan: Fan | None = None
    rolling: Rolling | None = None
    verdict_changes: tuple[VerdictChange, ...] = ()
    inputs: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusPage:
    feeds: tuple[UpstreamState, ...]
    data: tuple[UpstreamState, ...]
    coverage: Coverage
    store: str
    version: str
    made_at: datetime
    data_issues: tuple[DataIssue, ...] = ()
    report: DayReport = field(default_factory=DayReport)
