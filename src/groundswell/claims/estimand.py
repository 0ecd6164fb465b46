"""What an estimand is, and what measuring it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference import Summary
from groundswell.claims.spec import Frozen
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Absence, EventValue, Series, SeriesRef, SeriesUse
from groundswell.wording.figures import DIFFERENCE


@dataclass(frozen=True, eq=False)
class Measurement:
    """Values on events or periods, those without one, the series used, and what readers should know beside them.

    Without a ``summary`` the estimate is the mean of the values, each an event of its own. ``others`` gives the same
    measurement on every window, one value each, when called for: it takes longer than the rest;
    windows that begin ``span`` rows apart there share no day.
    ``revised`` names series that are held in their latest vintage only.
    """

    values: tuple[EventValue, ...]
    absent: tuple[Absence, ...]
    sources: tuple[SeriesUse, ...]
    revised: tuple[SeriesRef, ...] = ()
    others: Callable[[], NDArray[np.float64]] | None = None
    span: int = 1
    summary: Summary | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Why nothing could be measured: the series that are not at hand."""

    series: tuple[SeriesRef, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a measurement was not made although the series are at hand."""

    reason: str


@dataclass(frozen=True, eq=False)
class Estimand:
    """Something that can be measured: its name in hub files, its words for readers, its arguments and its function.

    ``needs``, ``window``, ``events`` and ``measure`` take an instance of ``arguments`` first; ``window`` and
    ``events`` say in words over which window and on which events it is measured. ``minimum`` is the least number of
    observations for a verdict, unless a claim gives its own; ``rows`` what its values are, in a word; ``compares``
    whether one share is taken from another.
    """

    name: str
    title: str
    text: str
    unit: str
    arguments: type[Frozen]
    needs: Callable[[Any], frozenset[SeriesRef]]
    window: Callable[[Any], str]
    events: Callable[[Any], str]
    measure: Callable[[Any, SeriesBook, dt.date], Measurement | Missing | Refused]
    minimum: int = 5
    rows: str = "Events"
    compares: Callable[[Any], bool] = lambda _arguments: False

    def unit_of(self, arguments: Any) -> str:
        """The unit of a measurement; that of a share less another one differs from that of a share."""
        return DIFFERENCE if self.unit == "share" and self.compares(arguments) else self.unit


def sources_of(series: Iterable[Series]) -> tuple[SeriesUse, ...]:
    """The series that a measurement used, each with its source and its last date."""
    return tuple(SeriesUse(str(one.ref), one.source, one.last) for one in series)


def found_in(book: SeriesBook, refs: Iterable[SeriesRef]) -> tuple[Series, ...] | Missing:
    """The series of ``refs``, or those that the book lacks."""
    wanted = tuple(dict.fromkeys(refs))
    lacking = tuple(ref for ref in wanted if book.get(ref) is None)
    return Missing(lacking) if lacking else tuple(found for ref in wanted if (found := book.get(ref)) is not None)
