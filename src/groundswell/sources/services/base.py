"""What a live source is: the requests it makes of a data service, and how it reads the answers.

A source is pure: it makes addresses and reads bytes. Asking, keeping and scheduling are the application's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from groundswell.markets.series.book import SeriesBook
from groundswell.model import SeriesRef

PRICES_BACK = timedelta(days=30)
"""How far before the last price held prices are asked for again: what is missing or corrected there is taken up."""

FIRST_PRICE = date(1990, 1, 1)


class UnusableAnswerError(Exception):
    """An answer that is not what was asked for; the text says what came instead, in a few words."""


@dataclass(frozen=True, slots=True)
class Request:
    """One address to ask, and the series that its answer is read for. The address may hold a key: never show it."""

    address: str
    refs: tuple[SeriesRef, ...]

    @property
    def words(self) -> str:
        """What is asked for, for readers: the names of at most three series."""
        names = list(dict.fromkeys(ref.id for ref in self.refs))
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a day, and the instant (UTC) by which it was known where the service tells it."""

    date: date
    value: float
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesRows:
    """What an answer holds of one series, oldest day first; values are as the service scales them."""

    ref: SeriesRef
    rows: tuple[Row, ...]


class DataService(Protocol):
    """A data service. ``minutes`` lie between two tries; ``lacking`` says why it cannot be asked, or is empty."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def terms(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def lacking(self) -> str: ...

    def offers(self, ref: SeriesRef) -> bool:
        """Whether the service has the series."""
        ...

    def requests(self, refs: Collection[SeriesRef], held: SeriesBook, today: date) -> tuple[Request, ...]:
        """What to ask so that nothing of ``refs`` is missing from what is ``held`` up to ``today``."""
        ...

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. Raises ``UnusableAnswerError``."""
        ...


def text(body: bytes) -> str:
    """The text of an answer without its byte order mark. Raises ``UnusableAnswerError`` for a web page or nothing."""
    found = body.decode("utf-8-sig", errors="replace")
    start = found[:500].lstrip().lower()
    if not start:
        raise UnusableAnswerError("an empty answer")
    if start.startswith(("<!doctype html", "<html", "<head", "<noscript", "<script")):
        raise UnusableAnswerError("a web page instead of data")
    return found


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer. Raises ``UnusableAnswerError`` for anything else."""
    content = text(body)
    try:
        found = json.loads(content)
    except ValueError:
        raise UnusableAnswerError("an answer that is not JSON") from None
    if not isinstance(found, dict):
        raise UnusableAnswerError("JSON of another shape")
    return found


def number(value: object) -> float | None:
    """A finite number, written as one or as text (thousands commas allowed); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value.replace(",", "") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def found(ref: SeriesRef, rows: Iterable[Row]) -> SeriesRows:
    """Rows in order of their days, and of one day in order of becoming known."""
    return SeriesRows(
        ref, tuple(sorted(rows, key=lambda row: (row.date, row.known_at.timestamp() if row.known_at else 0)))
    )


def day_of(value: object) -> date | None:
    """A day written as in ISO 8601, or an instant of which the day counts; None for anything else."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def oldest_first(refs: Collection[SeriesRef], held: SeriesBook) -> list[SeriesRef]:
    """The series longest without a value first, so that a try cut short leaves none behind for ever."""
    return sorted(refs, key=lambda ref: ((one.last if (one := held.get(ref)) else None) or date.min, ref))


def by_symbol(refs: Collection[SeriesRef], held: SeriesBook) -> list[tuple[str, date, tuple[SeriesRef, ...]]]:
    """The series of each symbol and the day from which on to ask for it: some before the last that all are held to."""
    asked: dict[str, list[SeriesRef]] = {}
    for ref in oldest_first(refs, held):
        asked.setdefault(ref.id, []).append(ref)
    return [(symbol, _first_day(wanted, held), tuple(wanted)) for symbol, wanted in asked.items()]


def _first_day(refs: Collection[SeriesRef], held: SeriesBook) -> date:
    lasts = [one.last if (one := held.get(ref)) else None for ref in refs]
    return min((last - PRICES_BACK if last else FIRST_PRICE for last in lasts), default=FIRST_PRICE)
