"""The loaded series, looked up by reference."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from types import MappingProxyType
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Series, SeriesRef
from groundswell.model.series import find_rows

MAX_REMEMBERED_PER_BOOK = 256

Result = TypeVar("Result")


def common_dates(series: Sequence[Series]) -> NDArray[np.datetime64]:
    """Return the dates that all of ``series`` have. The dates are sorted, so a search is faster than another sort."""
    shortest, *others = sorted(series, key=len)
    common = shortest.dates
    for other in others:
        common = common[find_rows(other.dates, common)[1]]
    return common


@dataclass(frozen=True, eq=False)
class SeriesBook:
    """An immutable look-up of series by reference; ``SeriesBook.of`` builds one."""

    by_ref: Mapping[SeriesRef, Series]

    @classmethod
    def of(cls, series: Iterable[Series]) -> SeriesBook:
        """Build a book of ``series``. A later series replaces those of its reference; empty ones are left out."""
        return cls(MappingProxyType({each.ref: each for each in series if len(each)}))

    @cached_property
    def by_name(self) -> Mapping[str, Series]:
        """The series by their references as text."""
        return {str(ref): series for ref, series in self.by_ref.items()}

    def get(self, ref: SeriesRef) -> Series | None:
        """Return the series of a reference, or None."""
        return self.by_ref.get(ref)

    def known_by(self, instant: datetime) -> SeriesBook:
        """Return the book as of ``instant`` (UTC), without later values and without series that had no value yet."""
        return SeriesBook.of(series.known_by(instant) for series in self)

    def __iter__(self) -> Iterator[Series]:
        return iter(self.by_ref.values())

    def __len__(self) -> int:
        return len(self.by_ref)


NOTHING = SeriesBook.of(())


def remember_by_book(function: Callable[..., Result]) -> Callable[..., Result]:
    """Let a pure function of a book and further arguments compute each answer once, as long as the book lives.

    Readings of a claim ask for the same events again and again.
    """
    answers: WeakKeyDictionary[SeriesBook, dict[tuple[Hashable, ...], Result]] = WeakKeyDictionary()

    @wraps(function)
    def look_up(book: SeriesBook, *arguments: Hashable) -> Result:
        of_book = answers.setdefault(book, {})
        try:
            return of_book[arguments]
        except KeyError:
            answer = function(book, *arguments)
        if len(of_book) >= MAX_REMEMBERED_PER_BOOK:
            of_book.clear()
        of_book[arguments] = answer
        return answer

    return look_up
