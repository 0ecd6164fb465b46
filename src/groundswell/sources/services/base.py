"""What a data service is: one declaration of its terms, its requests, and how its answers are read.

A service is pure: it builds addresses and reads bytes. The application sends requests, schedules them and stores the
values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar

from groundswell.markets.series.book import SeriesBook
from groundswell.model import SeriesRef
from groundswell.ports import Retrieved
from groundswell.redaction import redact_text
from groundswell.wording.plurals import write_first_names

PRICE_LOOK_BACK = timedelta(days=30)
"""Prices are requested again from this long before the last stored one, to fill gaps and to see corrections."""

FIRST_PRICE_DAY = date(1990, 1, 1)
NAMES_IN_DESCRIPTION = 3


class UnusableAnswerError(Exception):
    """An answer that is not what was requested; the text says in a few words what it is instead."""


@dataclass(frozen=True, slots=True)
class Request:
    """One address to request, and the series that its answer is read for. The address may hold a key: never show it.

    ``alternatives`` are further addresses of the same service for the same series, in the order in which they are
    tried when an answer is missing or unusable. The service reads each answer with the address that it is of.
    ``may_be_empty`` is whether an answer without a row is sound, such as the file of a year that has just begun.
    Answers to requests with one ``batch`` give figures only together: the service reads them by ``read_batch``.
    """

    address: str
    refs: tuple[SeriesRef, ...]
    alternatives: tuple[str, ...] = ()
    may_be_empty: bool = False
    batch: str = ""

    @property
    def description(self) -> str:
        """What is requested, for readers: the names of at most three series."""
        return write_first_names(list(dict.fromkeys(ref.id for ref in self.refs)), NAMES_IN_DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a day, and when it became known (UTC) where the service says so."""

    date: date
    value: float
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesRows:
    """What an answer holds of one series, oldest day first; values are as the service scales them.

    ``problem`` says in a few words what is wrong with the series in an answer that is otherwise good; empty if nothing.
    """

    ref: SeriesRef
    rows: tuple[Row, ...]
    problem: str = ""


@dataclass(frozen=True)
class DataService(ABC):
    """A data service. A module of this package, or a plug-in, that defines a subclass adds it to the program.

    The services that offer a series are its chain, the lowest ``rank`` first: each is asked where those before it fail.
    ``interval`` is the time between two updates. ``required_settings`` and ``optional_settings`` say which of ``key``
    and ``contact`` the service uses. ``absent_statuses`` are HTTP statuses by which it says that it has no values.
    ``settings_table`` is the name of another service whose settings count for this one too; empty for its own.
    ``other_addresses`` are those of further hosts that it asks. ``has_free_key`` is whether its key costs nothing.
    ``max_answer_bytes`` is the largest answer that is read of it, None for the usual limit of 5 MB.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    default_address: ClassVar[str]
    priority: ClassVar[int]
    interval: ClassVar[timedelta]
    required_settings: ClassVar[frozenset[str]] = frozenset()
    optional_settings: ClassVar[frozenset[str]] = frozenset()
    settings_table: ClassVar[str] = ""
    absent_statuses: ClassVar[frozenset[int]] = frozenset()
    other_addresses: ClassVar[tuple[str, ...]] = ()
    has_free_key: ClassVar[bool] = False
    max_answer_bytes: ClassVar[int | None] = None

    address: str = ""
    """Another base address than ``default_address``, such as that of a mirror."""

    key: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)

    @property
    @abstractmethod
    def terms(self) -> str:
        """The terms of use, in a sentence for the owner."""

    @property
    def base_address(self) -> str:
        """The address that all requests start with."""
        return self.address or self.default_address

    @property
    def unavailable(self) -> str:
        """Why the service cannot be asked, for the owner; empty where it can."""
        if "key" in self.required_settings and not self.key:
            return f"not asked: it needs a key, to be set as key in [services.{self.settings_table or self.name}]"
        if "contact" in self.required_settings and not self.contact:
            return "not asked: it answers only programs that name a contact, to be set as contact"
        return ""

    def hide_secrets(self, text: str) -> str:
        """Take the key and the contact out of a text for readers: an error message may repeat what was sent."""
        return redact_text(text, (self.key, self.contact))

    @abstractmethod
    def offers(self, ref: SeriesRef) -> bool:
        """Whether the service has the series."""

    def rank(self, ref: SeriesRef) -> int:
        """Return the place in the chain of a series: ``priority``, unless the service is better for some of them."""
        return self.priority

    @abstractmethod
    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Build the requests that bring the ``stored`` values of ``refs`` up to ``today``, with gaps filled."""

    def follow_up(self, request: Request, body: bytes) -> tuple[Request, ...]:
        """Build the requests to which a usable answer leads, such as that for the next page of a list."""
        return ()

    @abstractmethod
    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read an answer. Raises ``UnusableAnswerError``, and nothing else, whatever the body."""

    def read_batch(self, answers: Sequence[tuple[Request, Retrieved]]) -> tuple[SeriesRows, ...]:
        """Read all answers of a batch, failed ones included. Raises ``UnusableAnswerError``, and nothing else."""
        raise UnusableAnswerError("answers that the service does not read together")


def sort_rows(ref: SeriesRef, rows: Iterable[Row]) -> SeriesRows:
    """Order rows by day, and those of one day by when they became known."""
    return SeriesRows(
        ref, tuple(sorted(rows, key=lambda row: (row.date, row.known_at.timestamp() if row.known_at else 0)))
    )


def sort_by_last_value(refs: Collection[SeriesRef], stored: SeriesBook) -> list[SeriesRef]:
    """Put the series longest without a value first, so that none waits for ever when updates are cut short."""
    return sorted(refs, key=lambda ref: (read_last_day(ref, stored) or date.min, ref))


def group_by_symbol(refs: Collection[SeriesRef], stored: SeriesBook) -> list[tuple[str, date, tuple[SeriesRef, ...]]]:
    """Group series by symbol, each with the first day to request: some days before the last that all of them have."""
    by_symbol: dict[str, list[SeriesRef]] = {}
    for ref in sort_by_last_value(refs, stored):
        by_symbol.setdefault(ref.id, []).append(ref)
    return [(symbol, _first_day(group, stored), tuple(group)) for symbol, group in by_symbol.items()]


def _first_day(refs: Collection[SeriesRef], stored: SeriesBook) -> date:
    last_days = [read_last_day(ref, stored) for ref in refs]
    return min(last - PRICE_LOOK_BACK if last else FIRST_PRICE_DAY for last in last_days)


def read_last_day(ref: SeriesRef, stored: SeriesBook) -> date | None:
    """Return the day of the last stored value of a series; None where none is stored."""
    series = stored.get(ref)
    return series.last if series else None
