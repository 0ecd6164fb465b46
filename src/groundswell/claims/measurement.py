"""What an estimand is, and what measuring it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.spec import Frozen
from groundswell.markets.series import SeriesBook
from groundswell.types import Absence, EventValue, SeriesRef, SeriesUse


@dataclass(frozen=True, eq=False)
class Measurement:
    """Values on events, the events without one, the same measurement on windows that are no events, and the sources.

    ``others`` gives one value a window, in the unit of the estimand, when called for: it takes longer than the rest.
    ``revised`` names series that are held in their latest vintage only.
    """

    values: tuple[EventValue, ...]
    absent: tuple[Absence, ...]
    others: Callable[[], NDArray[np.float64]]
    sources: tuple[SeriesUse, ...]
    revised: tuple[SeriesRef, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Why nothing could be measured: the series that are not at hand."""

    series: tuple[SeriesRef, ...]


@dataclass(frozen=True, eq=False)
class Estimand:
    """Something that can be measured: its name in hub files, its words for readers, its arguments and its function.

    ``needs``, ``window``, ``events`` and ``measure`` take an instance of ``arguments`` first; ``window`` and
    ``events`` say in words over which window and on which events it is measured.
    """

    name: str
    title: str
    text: str
    unit: str
    arguments: type[Frozen]
    needs: Callable[[Any], frozenset[SeriesRef]]
    window: Callable[[Any], str]
    events: Callable[[Any], str]
    measure: Callable[[Any, SeriesBook, dt.date], Measurement | Missing]
