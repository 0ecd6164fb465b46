"""FRED, of the Federal Reserve Bank of St. Louis: as files without a key, as vintages with one."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.family import Kind
from groundswell.model import SeriesRef
from groundswell.sources.services.base import (
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    day_of,
    found,
    json_object,
    number,
    oldest_first,
    text,
)

LOOK_BACK = timedelta(days=120)
"""How far back values are asked for again: monthly ones are revised for some months."""

RELEASED = time(21, 30)
"""Of a vintage only the day is told; by this hour (UTC) the day's releases are out."""


@dataclass(frozen=True, slots=True)
class Fred:
    """Files of the charts, one series each: a missing value is an empty cell or a dot. Their last vintage is all."""

    base: str = "https://fred.stlouisfed.org"
    name: str = "fred"
    title: str = "FRED"
    terms: str = "Some series belong to others, who allow personal use alone; FRED does not endorse this program."
    minutes: int = 360
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        return is_published(ref)

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """One a series, from some months before the last day held."""
        return tuple(
            Request(f"{self.base}/graph/fredgraph.csv?{urlencode({'id': ref.id, **_since(ref, held, 'cosd')})}", (ref,))
            for ref in oldest_first(refs, held)
        )

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a file by the places of its two columns: the name of the first has changed over the years."""
        (ref,) = request.refs
        if body.startswith(b"PK"):
            raise UnusableAnswerError("an archive instead of a CSV file")
        table = csv.reader(text(body).splitlines())
        header = next(table)
        if len(header) < 2 or header[0].strip().lower() not in ("observation_date", "date"):
            raise UnusableAnswerError("a file without a column of dates")
        cells = ((day_of(row[0]), number(row[1])) for row in table if len(row) > 1)
        return (found(ref, (Row(day, value) for day, value in cells if day and value is not None)),)


@dataclass(frozen=True, slots=True)
class FredApi:
    """The documented interface with a key of the owner's. What a vintage changed is told with the day it came out."""

    base: str = "https://api.stlouisfed.org"
    key: str = field(default="", repr=False)
    name: str = "fred"
    title: str = "FRED"
    terms: str = (
        "This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of St. Louis."
    )
    minutes: int = 360
    lacking: str = ""

    def offers(self, ref: SeriesRef) -> bool:
        return is_published(ref)

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """One a series: all values as they are today where none is held, else those of the vintages since.

        A daily series has more vintages than one answer may hold; those of some months it can.
        """
        made = []
        for ref in oldest_first(refs, held):
            vintages = {"realtime_end": "9999-12-31"} if held.get(ref) else {}
            asked = {"series_id": ref.id, "api_key": self.key, "file_type": "json"}
            asked |= _since(ref, held, "observation_start") | _since(ref, held, "realtime_start") | vintages
            made.append(Request(f"{self.base}/fred/series/observations?{urlencode(asked)}", (ref,)))
        return tuple(made)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. A value that was current when the vintages asked for begin has no day of its own."""
        answer = json_object(body)
        listed = answer.get("observations")
        if not isinstance(listed, list):
            raise UnusableAnswerError(str(answer.get("error_message") or "JSON without observations")[:120])
        return (found(request.refs[0], _vintages(listed, day_of(answer.get("realtime_start")))),)


def is_published(ref: SeriesRef) -> bool:
    """Whether FRED has a series, as far as the catalogue knows."""
    family = family_of(ref)
    return family.kind is Kind.MACRO and family.measure is ref.measure


def _since(ref: SeriesRef, held: SeriesBook, parameter: str) -> dict[str, str]:
    one = held.get(ref)
    return {parameter: str(one.last - LOOK_BACK)} if one and one.last else {}


def _vintages(listed: list[object], first: date | None) -> Iterator[Row]:
    for one in listed:
        if not isinstance(one, dict):
            continue
        day, value, vintage = day_of(one.get("date")), number(one.get("value")), day_of(one.get("realtime_start"))
        if day is None or value is None:
            continue
        dated = vintage is not None and first is not None and vintage > first
        yield Row(day, value, datetime.combine(vintage, RELEASED, UTC) if dated and vintage else None)
