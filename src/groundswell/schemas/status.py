"""The JSON of the status page."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Iterable

from pydantic import Field

from groundswell.model import FeedSpec
from groundswell.pages.models import StatusPage
from groundswell.pages.status import CycleStatus, DayReport
from groundswell.schemas.base import Schema, fill_schema
from groundswell.schemas.data import CalendarOut, DataIssueOut, DataServiceOut, build_data_service
from groundswell.schemas.feeds import FeedOut, build_feed_list
from groundswell.schemas.services import ChainOut, build_chains


class StuckStepOut(Schema):
    step: str = Field(examples=["evaluation"])
    error: str = Field(description="The kind of the last error; the log has its trace.")
    since: dt.datetime
    failures: int = Field(description="Failures in a row.")
    retry_at: dt.datetime


class CycleOut(Schema):
    """The cycles in which sources are requested and claims evaluated, since the program was started."""

    expected: bool = Field(description="False where feeds and data services are not requested at all.")
    overdue: bool = Field(description="No cycle has been complete for too long.")
    last_cycle_at: dt.datetime | None = Field(description="When a cycle was last complete.")
    last_evaluation_at: dt.datetime | None = Field(description="When all claims were last evaluated.")
    cycle_failures: int = Field(description="Cycles that ended early.")
    stuck: list[StuckStepOut] = Field(description="Steps that failed when last tried.")


class ReadinessOut(Schema):
    ready: bool = Field(description="Pages can be made, cycles are complete in time, and no step is stuck.")
    healthy: bool = Field(description="Pages can be made.")
    cycle: CycleOut


class CoverageOut(Schema):
    """Which feeds were asked for news, and how many articles are stored."""

    feeds_on: int
    feeds_answered: int
    feeds_failed: int
    feeds_untried: int
    feeds_waiting: int = Field(description="Feeds that are asked only once a contact is set.")
    last_asked_at: dt.datetime | None
    articles_stored: int
    newest_at: dt.datetime | None


class ReceivedOut(Schema):
    articles: int
    founded: int = Field(description="Of the articles, those that began a story.")
    tagged: int = Field(description="Of the articles, those that belong to a hub.")
    edited: int = Field(description="Title versions: later titles of articles.")
    values: int = Field(description="Values received from data services.")


class StalledOut(Schema):
    source: str = Field(description="Name of a source that answers but publishes nothing new, unlike before.")
    since: dt.datetime
    longest_seconds: float = Field(description="The longest pause between two earlier items.")


class ReportOut(Schema):
    """The last 24 hours."""

    received: ReceivedOut
    failing: list[str] = Field(description="Names of the sources whose last request failed.")
    stalled: list[StalledOut]


class StatusOut(Schema):
    version: str
    store: str
    made_at: dt.datetime
    coverage: CoverageOut
    report: ReportOut
    cycle: CycleOut
    feeds: list[FeedOut]
    data_services: list[DataServiceOut]
    chains: list[ChainOut] = Field(description="The services of each series, in the order in which they are asked.")
    calendars: list[CalendarOut] = Field(description="Calendars of agencies, and up to which day each is known.")
    data_issues: list[DataIssueOut] = Field(description="Data issues of the stored series.")


def build_status(page: StatusPage, feeds: Iterable[FeedSpec]) -> StatusOut:
    """Return the state of feeds and data services. ``feeds`` are the subscriptions, in any order."""
    specs = {feed.slug: feed for feed in feeds}
    states = {state.name: state for state in page.feeds if state.name in specs}
    return fill_schema(
        StatusOut,
        page,
        report=_build_report(page.report),
        cycle=build_cycle(page.cycle),
        feeds=build_feed_list([specs[name] for name in states], states).feeds,
        data_services=[build_data_service(state) for state in page.data],
        chains=build_chains(page.chains),
    )


def _build_report(report: DayReport) -> ReportOut:
    stalled = [
        fill_schema(
            StalledOut,
            source.stall,
            source=source.source.name,
            longest_seconds=source.stall.longest.total_seconds(),
        )
        for source in report.stalled
    ]
    return fill_schema(ReportOut, report, failing=[source.name for source in report.failing], stalled=stalled)


def build_readiness(status: CycleStatus, *, healthy: bool) -> ReadinessOut:
    """Return whether the program is ready, and why not."""
    return ReadinessOut(ready=healthy and status.ready, healthy=healthy, cycle=build_cycle(status))


def build_cycle(status: CycleStatus) -> CycleOut:
    """Return how the cycles go."""
    return fill_schema(CycleOut, status, status.progress)
