"""The JSON of the status page."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Iterable

from pydantic import Field

from groundswell.model import FeedSpec
from groundswell.pages.models import StatusPage
from groundswell.pages.status import DayReport
from groundswell.schemas.base import Schema, fill_schema
from groundswell.schemas.cycle import CycleOut, build_cycle
from groundswell.schemas.data import CalendarOut, DataIssueOut, DataServiceOut, build_data_service
from groundswell.schemas.feeds import FeedOut, build_feed_list
from groundswell.schemas.services import ChainOut, build_chains


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
