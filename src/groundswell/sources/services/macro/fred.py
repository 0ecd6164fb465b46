"""FRED, of the Federal Reserve Bank of St. Louis: as files without a key, as vintages with one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import Kind
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import (
    find_column,
    parse_day,
    parse_days,
    parse_number,
    quote_message,
    read_json_object,
    read_table,
)
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    sort_by_last_value,
    sort_rows,
)
from groundswell.sources.services.rows import (
    drop_weekends,
    quote_text,
    read_column,
    read_series,
    require_days_requested,
    require_frequency,
    require_rows,
)

API_ADDRESS = "https://api.stlouisfed.org"

OTHER_IDS = MappingProxyType({SeriesRef("^VIX", Measure.PRICE): "VIXCLS"})
"""What FRED calls a series whose id here is that of its own publisher."""

WEEKDAY_RATES = frozenset({"DFF", "DFEDTARL", "DFEDTARU"})
"""Rates that FRED repeats on weekends, and their own publisher gives for business days alone.

Without the repeated rows the series has one calendar, whichever of the two services sent which part of it.
"""

FRED_LOOK_BACK = timedelta(days=120)
"""How far back values are requested again: monthly ones are revised for some months."""

LEVELS = "lin"
"""What FRED calls values as they are, without a transformation such as the change on the year before."""

VINTAGE_TIME = time(21, 30)
"""FRED gives only the day of a vintage; by this hour (UTC) the releases of the day are out."""


class Fred(DataService):
    """Macro series. With a key the documented API gives each revision with its day.

    Without a key the files behind FRED's charts are read, one series each, in their latest vintage.
    """

    name = "fred"
    title = "FRED"
    default_address = "https://fred.stlouisfed.org"
    priority = 40
    interval = timedelta(hours=6)
    optional_settings = frozenset({"key"})

    @property
    def base_address(self) -> str:
        return self.address or (API_ADDRESS if self.key else self.default_address)

    @property
    def terms(self) -> str:
        if self.key:
            return (
                "This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of "
                "St. Louis."
            )
        return "Some series belong to others, who allow personal use alone; FRED does not endorse this program."

    def offers(self, ref: SeriesRef) -> bool:
        family = family_of(ref)
        return (family.kind is Kind.MACRO and family.measure is ref.measure) or ref in OTHER_IDS

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request one series each, from some months before its last stored day."""
        build = self._vintages_address if self.key else self._file_address
        by_id: dict[str, list[SeriesRef]] = {}
        for ref in sort_by_last_value(refs, stored):
            by_id.setdefault(_fred_id(ref), []).append(ref)
        return tuple(Request(build(group[0], stored), tuple(group)) for group in by_id.values())

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        if self.key:
            series = (_read_vintages(ref, body) for ref in request.refs)
        else:
            files = (_read_file(ref, body) for ref in request.refs)
            series = (require_days_requested(one, request.address, "cosd", "coed", FRED_LOOK_BACK) for one in files)
        weekdays = (drop_weekends(one) if one.ref.id in WEEKDAY_RATES else one for one in series)
        return require_rows(require_frequency(one, family_of(one.ref).published) for one in weekdays)

    def follow_up(self, request: Request, body: bytes) -> tuple[Request, ...]:
        """Request the next page of an answer that says that it holds only a part of all values."""
        if not self.key:
            return ()
        answer = read_json_object(body)
        read_until, count = _count_read(answer), _parse_count(answer.get("count"))
        observations = answer.get("observations")
        if not isinstance(observations, list) or not observations or count <= read_until:
            return ()
        parts = urlsplit(request.address)
        parameters = dict(parse_qsl(parts.query)) | {"offset": str(read_until)}
        return (replace(request, address=urlunsplit(parts._replace(query=urlencode(parameters)))),)

    def _file_address(self, ref: SeriesRef, stored: SeriesBook) -> str:
        parameters = {"id": _fred_id(ref), **_since(ref, stored, "cosd")}
        return f"{self.base_address}/graph/fredgraph.csv?{urlencode(parameters)}"

    def _vintages_address(self, ref: SeriesRef, stored: SeriesBook) -> str:
        """Ask for all values as of today where none is stored, else for the vintages since.

        A daily series has more vintages than one answer may hold, but not within some months.
        """
        parameters = {"series_id": _fred_id(ref), "api_key": self.key, "file_type": "json"}
        parameters |= _since(ref, stored, "observation_start") | _since(ref, stored, "realtime_start")
        if stored.get(ref):
            parameters["realtime_end"] = "9999-12-31"
        return f"{self.base_address}/fred/series/observations?{urlencode(parameters)}"


def _fred_id(ref: SeriesRef) -> str:
    return OTHER_IDS.get(ref, ref.id)


def _parse_count(value: object) -> int:
    number = parse_number(value)
    return max(int(number), 0) if number is not None else 0


def _count_read(answer: dict[str, Any]) -> int:
    """Return how many values of a list, from its start, this page and those before it hold."""
    observations = answer.get("observations")
    return _parse_count(answer.get("offset")) + (len(observations) if isinstance(observations, list) else 0)


def _since(ref: SeriesRef, stored: SeriesBook, parameter: str) -> dict[str, str]:
    series = stored.get(ref)
    return {parameter: str(series.last - FRED_LOOK_BACK)} if series and series.last else {}


def _read_file(ref: SeriesRef, body: bytes) -> SeriesRows:
    """Read a file of days, and values under the name of the series, or VALUE in old files.

    A missing value is an empty cell or a dot. Of several series in one file, the requested one is read. FRED
    writes days in ISO 8601, so that days in numbers have no usual order.
    """
    if body.startswith(b"PK"):
        raise UnusableAnswerError("an archive instead of a CSV file")
    table = read_table(body)
    others = [heading.label for place, heading in enumerate(table.headings) if place != table.day]
    column = find_column(table, [_fred_id(ref), *(["value"] if len(others) == 1 else [])])
    if column is None:
        shown = ", ".join(map(quote_text, others[:3]))
        raise UnusableAnswerError(f"the series {shown} instead of {_fred_id(ref)}")
    return read_column(ref, table, parse_days(table.columns[table.day]), column)


def _read_vintages(ref: SeriesRef, body: bytes) -> SeriesRows:
    """Read an answer of the API, which does not name its series.

    A value that was current when the requested vintages begin has no day of its own.
    """
    answer = read_json_object(body)
    observations = answer.get("observations")
    if not isinstance(observations, list):
        raise UnusableAnswerError(quote_message(answer.get("error_message"), "JSON without observations"))
    if (units := answer.get("units", LEVELS)) != LEVELS:
        raise UnusableAnswerError(f"values in the units {quote_text(units)} instead of levels")
    first = parse_day(answer.get("realtime_start"))
    listed = [observation for observation in observations if isinstance(observation, dict)]
    count = _parse_count(answer.get("count"))
    if count and not listed:
        raise UnusableAnswerError(f"a page without any of the {count} values")
    written = [observation.get("date") for observation in listed]
    days = parse_days(written)
    values = [observation.get("value") for observation in listed]
    plain = read_series(ref, zip(days, values, strict=True), written)
    rows = map(_date_by_vintage, listed, days, [first] * len(listed))
    return replace(sort_rows(ref, [row for row in rows if row is not None]), problem=plain.problem)


def _date_by_vintage(observation: dict[str, Any], day: date | None, first: date | None) -> Row | None:
    """Build the row of a value. Raises ``UnusableAnswerError`` for a vintage without a day: it might be a later one."""
    value, written = parse_number(observation.get("value")), observation.get("realtime_start")
    vintage = parse_day(written)
    if day is None or value is None:
        return None
    if written and vintage is None:
        raise UnusableAnswerError(f"the vintage {quote_text(written)}, which is not a day")
    is_dated = vintage is not None and first is not None and vintage > first
    return Row(day, value, datetime.combine(vintage, VINTAGE_TIME, UTC) if is_dated and vintage else None)
