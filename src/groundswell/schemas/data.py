"""The JSON of series, their values and their data issues."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from groundswell.markets.series.catalogue import family_of
from groundswell.model import DataIssue, Series, UpstreamState
from groundswell.pages.models import StatusPage
from groundswell.pages.status import SeriesStatus
from groundswell.schemas.base import Schema, fill_schema
from groundswell.schemas.services import ChainOut, build_chains


class DataIssueOut(Schema):
    """Something wrong with the values of a series."""

    kind: str = Field(examples=["stale value"])
    series: str
    source: str
    first: dt.date
    last: dt.date
    days: list[dt.date] = Field(description="Empty where the whole span from first to last is affected.")
    size: float | None
    unit: str
    text: str
    action: str = Field(description="What was done about it.", examples=["kept and marked"])
    remedy: str = Field(description="What you can do about it.")


class SeriesOut(Schema):
    id: str
    title: str = Field(description="What the series is.", examples=["yields of Treasuries at constant maturity"])
    unit: str = Field(description="The unit of its values; empty for securities and for your own figures.")
    measure: str
    frequency: str
    source: str
    revised: bool = Field(description="Whether only its latest vintage is stored.")
    first: dt.date
    last: dt.date
    observations: int = Field(description="The number of its values.")


class SeriesList(Schema):
    as_of: dt.date | None
    series: list[SeriesOut]


class SeriesStatusOut(SeriesOut):
    known: str = Field(description="How long after its date a value is released.")
    stale: bool = Field(description="Whether newer values should be there.")
    data_issues: list[DataIssueOut]


class DataServiceOut(Schema):
    """A source of numbers and the result of the last request to it."""

    name: str
    title: str
    address: str
    terms: str = Field(description="The terms under which its numbers may be used.")
    enabled: bool
    outcome: str
    detail: str
    items: int = Field(description="The number of values received so far.")
    failures: int = Field(description="Failures in a row.")
    last_tried_at: dt.datetime | None
    last_ok_at: dt.datetime | None
    next_due_at: dt.datetime | None
    due_reason: str = Field(description="Why the next request is due then.")


class CalendarOut(Schema):
    """A calendar of an agency."""

    name: str = Field(examples=["us-cpi"])
    title: str
    agency: str
    next: dt.date | None = Field(description="The next day that it lists.")
    known_until: dt.date | None = Field(description="The day up to which it is known: the last that it lists.")


class DataStatus(Schema):
    series: list[SeriesStatusOut]
    data_services: list[DataServiceOut]
    chains: list[ChainOut] = Field(description="The services of each series, in the order in which they are asked.")
    calendars: list[CalendarOut]


class FaultOut(Schema):
    """A mistake in a file."""

    file: str
    line: int = Field(description="Counted from 1, as an editor does; 0 where the whole file is meant.")
    column: str = Field(description="The heading of the column; empty where the whole row or file is meant.")
    text: str
    fix: str


class FileOut(Schema):
    """What became of a file of a folder."""

    file: str
    used: bool
    text: str


class DataCheck(Schema):
    """The data issues of a folder, the faults of its files, and what became of each file."""

    folder: str
    data_issues: list[DataIssueOut]
    faults: list[FaultOut]
    files: list[FileOut]


class InspectedColumnOut(Schema):
    heading: str
    role: str = Field(description="What the column holds; empty where its heading is not known.")
    symbol: str = Field(description="The series that it is of, where its heading names one.")
    used: bool


class InspectedTableOut(Schema):
    """How a table of a file was understood; a workbook can have several."""

    sheet: str
    encoding: str
    delimiter: str
    decimal_sign: str
    lines_above: list[str] = Field(description="Lines above the heading.")
    heading_line: int
    layout: str
    date_column: str
    date_order: str
    date_reason: str
    columns: list[InspectedColumnOut]
    rows: int
    lines_left_out: list[str] = Field(description="Lines of text among and below the rows.")
    descriptions: dict[str, list[str]] = Field(description="Lines that describe the columns: unit, multiplier.")


class InspectedSeriesOut(Schema):
    id: str
    measure: str
    first: dt.date
    last: dt.date
    observations: int
    adjustment: str = Field(description="How the values come about.")


class DataInspection(Schema):
    """How a file would be read; nothing is loaded."""

    file: str
    tables: list[InspectedTableOut]
    series: list[InspectedSeriesOut]
    faults: list[FaultOut]
    remarks: list[str]
    reason: str = Field(description="Why the file would not be used; empty where it would.")


class ObservationOut(Schema):
    date: dt.date
    value: float
    known_at: dt.datetime


class ObservationList(Schema):
    """Values by date, oldest first: total returns and prices in their own base, rates in percent."""

    series: SeriesOut
    as_of: dt.date | None
    observations: list[ObservationOut]
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class MarketEventOut(Schema):
    date: dt.date
    known: dt.date = Field(description="The day from which one could know of it.")
    scheduled: bool


class EventListOut(Schema):
    name: str
    title: str
    rule: str


class EventLists(Schema):
    lists: list[EventListOut]


class EventDates(EventListOut):
    as_of: dt.date | None
    events: list[MarketEventOut] = Field(description="Oldest first.")


def build_series(value: Series) -> SeriesOut:
    """Return a series without its values."""
    span = {"first": value.dates[0].item(), "last": value.dates[-1].item(), "observations": len(value)}
    family = family_of(value.ref)
    return fill_schema(SeriesOut, value.ref, value, title=family.describe(value.ref.id), unit=family.unit, **span)


def build_data_service(state: UpstreamState) -> DataServiceOut:
    """Return a data service with the result of the last request."""
    return fill_schema(DataServiceOut, state, terms=state.topic)


def build_data_status(series_status: Iterable[SeriesStatus], page: StatusPage) -> DataStatus:
    """Return the stored series, the data services behind them, and the chain of each series."""
    return DataStatus(
        series=[SeriesStatusOut.model_validate(status) for status in series_status],
        data_services=[build_data_service(state) for state in page.data],
        chains=build_chains(page.chains),
        calendars=[CalendarOut.model_validate(calendar) for calendar in page.calendars],
    )


def build_data_check(
    folder: Path, data_issues: Iterable[DataIssue], faults: Iterable[object], files: Iterable[object]
) -> DataCheck:
    """Return what was found in a folder, and what became of its files."""
    return DataCheck(
        folder=str(folder),
        data_issues=[DataIssueOut.model_validate(issue) for issue in data_issues],
        faults=[FaultOut.model_validate(fault) for fault in faults],
        files=[FileOut.model_validate(file) for file in files],
    )


def build_data_inspection(inspection: object) -> DataInspection:
    """Return how a file would be read."""
    return DataInspection.model_validate(inspection)


def build_observations(value: Series, start: int, stop: int) -> list[ObservationOut]:
    """Return the values of a series from position ``start`` up to, but not including, ``stop``."""
    columns = (value.dates, value.values, value.known_at.astype("datetime64[us]"))
    return [
        ObservationOut(date=day, value=number, known_at=known_at.replace(tzinfo=dt.UTC))
        for day, number, known_at in zip(*(column[start:stop].tolist() for column in columns), strict=True)
    ]
