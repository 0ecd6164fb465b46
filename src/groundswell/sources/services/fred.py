"""FRED, of the Federal Reserve Bank of St. Louis: as files without a key, as vintages with one."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
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

API_ADDRESS = "https://api.stlouisfed.org"

FRED_LOOK_BACK = timedelta(days=120)
"""How far back values are requested again: monthly ones are revised for some months."""

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
        return (sort_rows(ref, _read_vintages(body) if self.key else _read_file(body)),)

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


def _read_file(body: bytes) -> Iterator[Row]:
    """Read a file by the places of its two columns: the name of the first has changed over the years.

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
    for cells in lines:
        day, value = (parse_day_or_none(cells[0]), parse_number(cells[1])) if len(cells) > 1 else (None, None)
        if day is not None and value is not None:
            yield Row(day, value)


def _read_vintages(body: bytes) -> Iterator[Row]:
    """Read an answer of the API. A value that was current when the requested vintages begin has no day of its own."""
    answer = read_json_object(body)
    observations = answer.get("observations")
    if not isinstance(observations, list):
        raise UnusableAnswerError(quote_message(answer.get("error_message"), "JSON without observations"))
    first = parse_day_or_none(answer.get("realtime_start"))
    for observation in observations:
        if not isinstance(observation, dict):
            continue
        day, value = parse_day_or_none(observation.get("date")), parse_number(observation.get("value"))
        vintage = parse_day_or_none(observation.get("realtime_start"))
        if day is not None and value is not None:
            is_dated = vintage is not None and first is not None and vintage > first
            yield Row(day, value, datetime.combine(vintage, VINTAGE_TIME, UTC) if is_dated and vintage else None)
