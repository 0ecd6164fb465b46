"""The JSON of the API: what each answer holds. Instants are UTC, days ISO dates, returns fractions."""

# Annotations are evaluated here: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import ConfigDict, Field

from groundswell.schemas.state import DataIssueOut, Model, SourceOut, StateOut
from groundswell.schemas.stories import StorySummary


class ErrorDetail(Model):
    code: str = Field(examples=["not_found"])
    message: str = Field(description="One line that names the thing and the mend.")


class ErrorAnswer(Model):
    """The one shape of every failure."""

    error: ErrorDetail


class Open(Model):
    """Base of the parts of a claim: further fields may be added."""

    model_config = ConfigDict(from_attributes=True, extra="allow")


class EventOut(Open):
    date: dt.date
    value: float


class ReadingOut(Open):
    name: str
    verdict: str
    estimate: float | None
    n: int | None


class PastVerdict(Open):
    as_of: dt.date
    verdict: str


class ImpactOut(DataIssueOut):
    main: bool = Field(description="Whether it lies in a window of the main measurement.")
    readings: int = Field(description="In the windows of how many other readings it lies.")


class ClaimAnswer(Open):
    """A claim with its verdict and all that is needed to redo it."""

    id: str
    hub: str
    text: str
    verdict: str
    reason: str
    estimand: str | None
    unit: str | None = Field(description='"return", "share" and "difference of shares" are fractions.')
    estimate: float | None
    median: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None = Field(description="Null where nothing was measured.")
    wins: int | None
    placebo_p: float | None
    sign_p: float | None = Field(description="Two-sided sign test of the events' values against a fair coin.")
    as_of: dt.date
    window: str | None
    events: list[EventOut]
    readings: list[ReadingOut]
    sources: list[SourceOut]
    history: list[PastVerdict]
    data_issues: list[ImpactOut] = Field(description="Defects of the data in the windows of the claim.")


class VerdictChangeOut(Model):
    """A change of a verdict between two evaluations next to each other."""

    hub: str
    claim: str
    text: str
    as_of: dt.date = Field(description="The first evaluation with the new verdict.")
    since: dt.date = Field(description="The last evaluation with the old one.")
    before: str
    after: str
    why: str = Field(description="What differs between the two: new events, new data, other sources.")


class VerdictChangeList(Model):
    verdict_changes: list[VerdictChangeOut] = Field(description="Newest first.")


class ClaimDetail(ClaimAnswer):
    verdict_changes: list[VerdictChangeOut] = Field(description="Changes of the verdict, newest first.")


class ClaimList(Model):
    hub: str
    as_of: dt.date
    claims: list[ClaimAnswer]


class CoverageOut(Model):
    """What was asked for news and what came back."""

    feeds_on: int
    feeds_answered: int
    feeds_failed: int
    feeds_untried: int
    last_asked_at: dt.datetime | None
    articles_stored: int
    newest_at: dt.datetime | None


class HubSummary(Model):
    slug: str
    url: str
    title: str
    summary: str
    story_count: int
    latest: StorySummary | None
    verdicts: dict[str, int]


class HubList(Model):
    hubs: list[HubSummary]
    coverage: CoverageOut
    made_at: dt.datetime


class InstrumentOut(Model):
    symbol: str
    name: str
    role: str


class AnswerOut(Model):
    question: str
    answer: str = Field(description="With the figures filled in.")


class ChartOut(Model):
    id: str
    title: str
    finding: str
    marks: list[dt.date]
    sources: list[SourceOut]


class MissingChartOut(Model):
    id: str
    title: str
    reason: str


class NeighbourOut(Model):
    slug: str
    title: str
    url: str
    shared: list[StorySummary]


class HubAnswer(Model):
    slug: str
    url: str
    title: str
    summary: str
    as_of: dt.date | None = Field(description="The past day asked for, or null for the present.")
    day: dt.date = Field(description="The day the numbers are as of.")
    made_at: dt.datetime
    demonstration: bool
    thesis: list[str]
    state: StateOut | None
    story_count: int
    stories: list[StorySummary]
    claims: list[ClaimAnswer]
    questions: list[AnswerOut]
    charts: list[ChartOut]
    missing_charts: list[MissingChartOut]
    instruments: list[InstrumentOut]
    neighbours: list[NeighbourOut]
    coverage: CoverageOut


class UpstreamOut(Model):
    name: str
    title: str
    address: str
    topic: str
    enabled: bool
    outcome: str
    detail: str
    items: int
    failures: int = Field(description="Failures in a row.")
    last_tried_at: dt.datetime | None
    last_ok_at: dt.datetime | None
    next_due_at: dt.datetime | None
    due_reason: str = Field(description="Why the next try is then.")


class CameOut(Model):
    articles: int
    founded: int = Field(description="Of the articles, those that began a story.")
    tagged: int = Field(description="Of the articles, those that belong to a hub.")
    edited: int = Field(description="Later titles of articles.")
    values: int = Field(description="Values that data services brought.")


class QuietOut(Model):
    source: str = Field(description="Name of a source that answers but brings nothing new, against its own rhythm.")
    since: dt.datetime
    longest_seconds: float = Field(description="The longest pause between the items before.")


class ReportOut(Model):
    """What came in the 24 hours before."""

    received: CameOut
    failing: list[str] = Field(description="Names of the sources that failed when last asked.")
    stalled: list[QuietOut]


class StatusAnswer(Model):
    version: str
    store: str
    made_at: dt.datetime
    coverage: CoverageOut
    report: ReportOut
    feeds: list[UpstreamOut]
    data: list[UpstreamOut]
    data_issues: list[DataIssueOut] = Field(description="What is wrong with the series held.")
