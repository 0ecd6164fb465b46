"""FRED, of the Federal Reserve Bank of St. Louis: as files without a key, as vintages with one."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import Kind
from groundswell.model import SeriesRef
from groundswell.sources.services.answers import (
    parse_day_or_none,
    parse_number,
    quote_message,
    read_json_object,
    read_text,
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
from groundswell.sources.services.rows import parse_days, quote_text, read_iso_series, read_series, require_rows

API_ADDRESS = "https://api.stlouisfed.org"

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
        return family.kind is Kind.MACRO and family.measure is ref.measure

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request one series each, from some months before its last stored day."""
        build = self._vintages_address if self.key else self._file_address
        return tuple(Request(build(ref, stored), (ref,)) for ref in sort_by_last_value(refs, stored))

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        (ref,) = request.refs
        return require_rows([_read_vintages(ref, body) if self.key else _read_file(ref, body)])

    def _file_address(self, ref: SeriesRef, stored: SeriesBook) -> str:
        parameters = {"id": ref.id, **_since(ref, stored, "cosd")}
        return f"{self.base_address}/graph/fredgraph.csv?{urlencode(parameters)}"

    def _vintages_address(self, ref: SeriesRef, stored: SeriesBook) -> str:
        """Ask for all values as of today where none is stored, else for the vintages since.

        A daily series has more vintages than one answer may hold, but not within some months.
        """
        parameters = {"series_id": ref.id, "api_key": self.key, "file_type": "json"}
        parameters |= _since(ref, stored, "observation_start") | _since(ref, stored, "realtime_start")
        if stored.get(ref):
            parameters["realtime_end"] = "9999-12-31"
        return f"{self.base_address}/fred/series/observations?{urlencode(parameters)}"


def _since(ref: SeriesRef, stored: SeriesBook, parameter: str) -> dict[str, str]:
    series = stored.get(ref)
    return {parameter: str(series.last - FRED_LOOK_BACK)} if series and series.last else {}


def _read_file(ref: SeriesRef, body: bytes) -> SeriesRows:
    """Read a file of two columns: days, and values under the name of the series, or VALUE in old files.

    A missing value is an empty cell or a dot.
    """
    if body.startswith(b"PK"):
        raise UnusableAnswerError("an archive instead of a CSV file")
    try:
        header, *lines = csv.reader(read_text(body).splitlines())
    except (csv.Error, ValueError):
        raise UnusableAnswerError("a file that is not CSV") from None
    if len(header) < 2 or header[0].strip().lower() not in ("observation_date", "date"):
        raise UnusableAnswerError("a file without a column of dates")
    name = header[1].strip()
    if name.lower() not in (ref.id.lower(), "value"):
        raise UnusableAnswerError(f"the series {quote_text(name)} instead of {ref.id}")
    filled = [cells for cells in lines if any(cell.strip() for cell in cells)]
    shown = [cells[0] for cells in filled]
    values = [cells[1] if len(cells) > 1 else None for cells in filled]
    return read_series(ref, zip(parse_days(shown), values, strict=True), shown)


def _read_vintages(ref: SeriesRef, body: bytes) -> SeriesRows:
    """Read an answer of the API. A value that was current when the requested vintages begin has no day of its own."""
    answer = read_json_object(body)
    observations = answer.get("observations")
    if not isinstance(observations, list):
        raise UnusableAnswerError(quote_message(answer.get("error_message"), "JSON without observations"))
    if (units := answer.get("units", LEVELS)) != LEVELS:
        raise UnusableAnswerError(f"values in the units {quote_text(units)} instead of levels")
    first = parse_day_or_none(answer.get("realtime_start"))
    listed = [observation for observation in observations if isinstance(observation, dict)]
    plain = read_iso_series(ref, [(observation.get("date"), observation.get("value")) for observation in listed])
    rows = (_date_by_vintage(observation, first) for observation in listed)
    return replace(sort_rows(ref, [row for row in rows if row is not None]), problem=plain.problem)


def _date_by_vintage(observation: dict[str, Any], first: date | None) -> Row | None:
    day, value = parse_day_or_none(observation.get("date")), parse_number(observation.get("value"))
    vintage = parse_day_or_none(observation.get("realtime_start"))
    if day is None or value is None:
        return None
    is_dated = vintage is not None and first is not None and vintage > first
    return Row(day, value, datetime.combine(vintage, VINTAGE_TIME, UTC) if is_dated and vintage else None)
