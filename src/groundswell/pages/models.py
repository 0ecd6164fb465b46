"""What each page shows. The page of a hub is in ``groundswell.pages.hub``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from groundswell.claims.estimand import Rolling
from groundswell.claims.paths import Fan
from groundswell.claims.register.forecasts import Score
from groundswell.claims.spec import ClaimSpec
from groundswell.hubs.price_reaction import PriceReaction
from groundswell.hubs.spec import HubSpec
from groundswell.model import (
    NO_VOTES,
    DataIssue,
    Evaluation,
    Facets,
    Forecast,
    Lineage,
    Listing,
    Series,
    Story,
    UpstreamState,
    VerdictChange,
    Votes,
)
from groundswell.pages.hub import Coverage, EventNews
from groundswell.pages.status import CalendarStatus, CycleStatus, DayReport, SeriesChain


@dataclass(frozen=True, slots=True)
class HubCard:
    """A hub on the index page: the number of its stories, the newest story, and the number of claims by verdict.

    ``stand_ins`` claims are measured on a stand-in: their verdicts are not counted. ``data_as_of`` is the newest day of
    the data that its claims rest on, or None without data; ``readings_judged`` are the votes of all their readings.
    """

    hub: HubSpec
    story_count: int
    latest: Story | None
    verdicts: tuple[tuple[str, int], ...]
    stand_ins: int = 0
    data_as_of: date | None = None
    readings_judged: Votes = NO_VOTES


@dataclass(frozen=True, slots=True)
class IndexPage:
    cards: tuple[HubCard, ...]
    coverage: Coverage
    made_at: datetime
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class MentionedClaim:
    """A claim that a story mentions, its evaluation at the time of the page, and the phrases that mention it."""

    evaluation: Evaluation
    reason: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story with its facets at the time of the page, the titles of its hubs by slug, and its repairs so far.

    The page of a merged story is that of the story it was merged into. ``prices`` are the moves of the instruments of
    its hubs around its first report, or None without such data. ``listings`` are the sightings of articles by their
    ids, where there are several.
    """

    story: Story
    facets: Facets
    hub_titles: dict[str, str]
    as_of: date | None
    made_at: datetime
    lineage: tuple[Lineage, ...] = ()
    mentioned_claims: tuple[MentionedClaim, ...] = ()
    prices: PriceReaction | None = None
    listings: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimBundle:
    """An archive (zip) of all that is needed to compute the figure of a claim again, and the name of its file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim with its measurement in words, the rule of its events among them, and its evaluation.

    ``stand_in_text`` describes the fallback that it was measured by, if so. ``rows`` is a word for what its values
    are. ``mismatch`` says that the text names nothing of what is measured, if so. ``verdict_changes`` are newest first.
    ``forecasts`` are those of its events, with their ``score``. ``inputs``
    are the series that the claim was measured from.
    """

    hub: HubSpec
    claim: ClaimSpec
    evaluation: Evaluation
    estimand_title: str
    estimand_text: str
    as_of: date | None
    made_at: datetime
    event_news: tuple[EventNews, ...] = ()
    stand_in_text: str = ""
    rows: str = "Events"
    fan: Fan | None = None
    rolling: Rolling | None = None
    verdict_changes: tuple[VerdictChange, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    score: Score | None = None
    inputs: tuple[Series, ...] = ()
    mismatch: str = ""


@dataclass(frozen=True, slots=True)
class StatusPage:
    feeds: tuple[UpstreamState, ...]
    data: tuple[UpstreamState, ...]
    coverage: Coverage
    store: str
    version: str
    made_at: datetime
    data_issues: tuple[DataIssue, ...] = ()
    chains: tuple[SeriesChain, ...] = ()
    calendars: tuple[CalendarStatus, ...] = ()
    report: DayReport = field(default_factory=DayReport)
    cycle: CycleStatus = field(default_factory=CycleStatus)
