"""The JSON of hubs: the list of them, and the page of one."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Iterable, Mapping

from pydantic import Field

from groundswell.hubs.spec import HubSpec
from groundswell.pages.models import HubCard, IndexPage
from groundswell.schemas.addresses import Site, path_of_hub
from groundswell.schemas.base import Schema, fill_schema
from groundswell.schemas.claims import ClaimOut, SeriesUseOut
from groundswell.schemas.robustness import VotesOut
from groundswell.schemas.state import StateOut
from groundswell.schemas.status import CoverageOut
from groundswell.schemas.stories import StorySummary, build_story_summary


class HubSummary(Schema):
    slug: str
    url: str
    title: str
    summary: str
    story_count: int
    claim_count: int
    latest: StorySummary | None = Field(description="The newest story.")
    verdicts: dict[str, int] = Field(description="The number of claims with each verdict, without stand-ins.")
    stand_ins: int = Field(description="The number of claims that are measured on a stand-in.")
    readings_judged: VotesOut = Field(description="How the readings of all its claims vote on them.")
    data_as_of: dt.date | None = Field(description="The newest day of the data behind its claims; null without data.")


class HubList(Schema):
    hubs: list[HubSummary]
    coverage: CoverageOut
    made_at: dt.datetime


class InstrumentOut(Schema):
    symbol: str
    name: str
    role: str


class AnswerOut(Schema):
    question: str
    answer: str = Field(description="With the figures filled in.")


class ChartOut(Schema):
    id: str
    title: str
    finding: str
    marks: list[dt.date]
    sources: list[SeriesUseOut]


class MissingChartOut(Schema):
    id: str
    title: str
    reason: str


class NeighbourOut(Schema):
    """A related hub."""

    slug: str
    title: str
    url: str
    shared: list[StorySummary] = Field(description="Stories that belong to both hubs.")


class HubOut(Schema):
    slug: str
    url: str
    title: str
    summary: str
    as_of: dt.date | None = Field(description="The past day asked for; null for the present.")
    day: dt.date = Field(description="The day as of which the claims were evaluated.")
    data_as_of: dt.date | None = Field(description="The newest day of the data behind its claims; null without data.")
    made_at: dt.datetime
    thesis: list[str]
    state: StateOut | None
    story_count: int
    stories: list[StorySummary]
    claims: list[ClaimOut]
    questions: list[AnswerOut]
    charts: list[ChartOut]
    missing_charts: list[MissingChartOut]
    instruments: list[InstrumentOut]
    neighbours: list[NeighbourOut]
    coverage: CoverageOut


def map_hub_titles(hubs: Iterable[HubSpec]) -> dict[str, str]:
    """Return the title of each hub by its slug."""
    return {hub.slug: hub.title for hub in hubs}


def build_hub_list(page: IndexPage, site: Site) -> HubList:
    """Return all hubs, each with its newest story and its verdicts counted."""
    titles = map_hub_titles(card.hub for card in page.cards)
    return fill_schema(HubList, page, hubs=[_build_hub_summary(card, site, titles) for card in page.cards])


def _build_hub_summary(card: HubCard, site: Site, titles: Mapping[str, str]) -> HubSummary:
    return fill_schema(
        HubSummary,
        card,
        card.hub,
        url=site.url(path_of_hub(card.hub.slug)),
        claim_count=len(card.hub.claims),
        latest=None if card.latest is None else build_story_summary(card.latest, site, titles),
        verdicts=dict(card.verdicts),
    )
