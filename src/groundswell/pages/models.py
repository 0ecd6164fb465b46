"""What each page shows, apart from the hub's: see ``groundswell.hubs.page`` for that one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from groundswell.claims.paths import Fan
from groundswell.claims.rolling import Rolling
from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.price_reaction import Prices
from groundswell.hubs.spec import HubSpec
from groundswell.model import Defect, Evaluation, Facets, Flip, Lineage, Series, Story, UpstreamState
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
class Echoed:
    """A claim that a story repeats, as evaluated at the moment of the page, and what in a headline says so."""

    evaluation: Evaluation
    reason: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story, what is told of it at the moment of the page, the titles of its hubs by slug, and its repairs so far.

    The page of a story that was merged is that of the story that took it up. ``echoed`` are the claims it repeats,
    ``prices`` what its hubs' instruments did around its first report; None where that says nothing.
    """

    story: Story
    facets: Facets
    hub_titles: dict[str, str]
    as_of: date | None
    made_at: datetime
    lineage: tuple[Lineage, ...] = ()
    echoed: tuple[Echoed, ...] = ()
    prices: Prices | None = None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim: what it says, how it is measured (in words, the rule of the events included), and what came out.

    ``rows`` says what the values of its measurement are, in a word; ``flips`` the changes of its verdict, newest first;
    ``inputs`` are the series that it was measured from.
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
    flips: tuple[Flip, ...] = ()
    inputs: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusPage:
    feeds: tuple[UpstreamState, ...]
    data: tuple[UpstreamState, ...]
    coverage: Coverage
    store: str
    version: str
    made_at: datetime
    defects: tuple[Defect, ...] = ()
    report: DayReport = field(default_factory=DayReport)
