"""What an estimand is, and what measuring it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.inference.rows import Rows
from groundswell.claims.inference.summary import MEAN_OF_EVENTS, EventLaw, Summary
from groundswell.claims.spec import Frozen
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.staleness import Outdated
from groundswell.markets.studies.distributions import NORMAL_QUANTILE
from groundswell.markets.studies.event_paths import Paths, event_paths
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.markets.studies.ols import UndeterminedError
from groundswell.markets.studies.relation import Relation
from groundswell.markets.studies.rolling import RollingBetas
from groundswell.markets.studies.splice import SpliceCost
from groundswell.model import Absence, EventValue, Series, SeriesRef, SeriesUse
from groundswell.wording.figures import DIFFERENCE


class EstimandKind(StrEnum):
    """What the values of a measurement are; the text is the heading above them.

    Only values of ``EVENTS`` belong to dated events, so that events can be added to or dropped from a measurement.
    """

    EVENTS = "Events"
    REGRESSION = "Regression"
    COMPARISON = "Comparison"
    CONCENTRATION = "Concentration"
    WEIGHT = "Weight"
    METRIC = "Metric"
    FIGURES = "Figures"
    PATH = "Path"


@dataclass(frozen=True, eq=False)
class Measurement:
    """Values on events or periods, events without a value, the series used, and notes for readers.

    Without a ``summary`` each value is an event of its own, and the estimate follows from them by the ``law``.
    ``others``, where given, returns the same measurement on every window, one value each; it is a function because it
    takes longer than the rest. Windows that begin ``span`` rows apart there share no day. ``revised`` names the series
    of which only the latest vintage is stored. ``rows`` returns what the estimate of a summary is made of, where given.
    ``hindsight`` says why the events could not be known on their days, if so.

    ``past`` are series of which only past values are needed, so that they cannot be stale: those on which early events
    are measured. ``cost`` is the difference that this makes, which the interval includes. ``premise`` says why what a
    claim takes for granted was not so, such as a lead before the events that could end.
    """

    values: tuple[EventValue, ...]
    absent: tuple[Absence, ...]
    sources: tuple[SeriesUse, ...]
    revised: tuple[SeriesRef, ...] = ()
    others: Callable[[], EveryWindow] | None = None
    span: int = 1
    summary: Summary | None = None
    law: EventLaw = MEAN_OF_EVENTS
    rows: Callable[[], Rows] | None = None
    notes: tuple[str, ...] = ()
    hindsight: str = ""
    past: frozenset[SeriesRef] = frozenset()
    cost: SpliceCost | None = None
    premise: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing could be measured, because these series are not available."""

    series: tuple[SeriesRef, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was measured although the series are available, with the reason.

    ``outdated`` are the series that are too old for this measurement, where that is the reason. ``is_identity``: the
    response is made of what is to explain it.
    """

    reason: str
    outdated: tuple[Outdated, ...] = ()
    is_identity: bool = False


class NotMeasurableError(ValueError):
    """The data do not allow a measurement; the message is the reason. ``BoundMeasure.measure`` makes it ``Refused``."""

    def __init__(self, reason: str, *, is_identity: bool = False) -> None:
        super().__init__(reason)
        self.is_identity = is_identity


@dataclass(frozen=True, eq=False)
class Rolling:
    """Coefficients by the end of their window of ``weeks``, at least one; the windows overlap."""

    betas: RollingBetas
    weeks: int
    sources: tuple[SeriesUse, ...]

    @property
    def band(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The bounds of the 95 % interval of each coefficient, by the normal quantile: a window has some 150 weeks."""
        half = NORMAL_QUANTILE * self.betas.errors
        return self.betas.betas - half, self.betas.betas + half

    @property
    def same_sign_share(self) -> float:
        """The share of windows whose coefficient has the sign of the last one."""
        positive = self.betas.betas > 0
        return float((positive == positive[-1]).mean())


@dataclass(frozen=True, slots=True)
class Span:
    """What a measurement covers in time, in order to know whether its data do.

    ``first`` and ``last`` are days that its arguments name. ``events`` is an event list, of which each event needs data
    from ``lead`` before it; without one, all values in the span are needed. Where other series extend the ``extended``
    ones into the past, the span does not begin with those.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    events: str = ""
    lead: dt.timedelta = dt.timedelta(0)
    extended: frozenset[SeriesRef] = frozenset()


def _no_relation(_arguments: Any) -> Relation | None:
    return None


def _no_span(_arguments: Any) -> Span | None:
    return None


def _no_paths(_arguments: Any) -> tuple[SeriesRef, ...]:
    return ()


def _follow_nothing(_arguments: Any, _events: Sequence[EventValue], _book: SeriesBook) -> Paths | None:
    return None


def _no_rolling(_arguments: Any, _book: SeriesBook, _as_of: dt.date) -> Rolling | None:
    return None


@dataclass(frozen=True, eq=False)
class Estimand:
    """Something that can be measured: its name in hub files, its words for readers, its arguments and its function.

    Every function takes an instance of ``arguments`` first. ``window`` and ``events`` describe in words the window
    that is measured and the events. ``minimum`` is the smallest number of observations for a verdict, unless a claim
    gives its own; ``compares`` says whether one share is subtracted from another; ``rank`` orders lists of estimands.
    ``moving`` says that the values of a look are of a window that moves along, and not all that there were until then.
    A release in which the same arguments and data give another figure raises ``version`` (docs/ledger.md).

    Some functions are optional. ``relation`` gives what a regression relates. ``span`` gives what a measurement covers
    in time; without it a measurement is made on whatever the series have. ``path_refs`` names the series, one or two,
    whose path around each event leads to the value of the event; without it a claim has no fan of paths. ``follow``
    gives these paths where they are not simply the difference of those series over the window of each event.
    ``rolling`` gives the estimate over moving windows, or None. ``says`` words what was measured, with ``{n}`` in the
    place of the number of observations.
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
    kind: EstimandKind = EstimandKind.EVENTS
    compares: Callable[[Any], bool] = lambda _arguments: False
    relation: Callable[[Any], Relation | None] = _no_relation
    span: Callable[[Any], Span | None] = _no_span
    path_refs: Callable[[Any], tuple[SeriesRef, ...]] = _no_paths
    follow: Callable[[Any, Sequence[EventValue], SeriesBook], Paths | None] = _follow_nothing
    rolling: Callable[[Any, SeriesBook, dt.date], Rolling | None] = _no_rolling
    says: Callable[[Any], str] = lambda _arguments: ""
    rank: int = 1000
    moving: bool = False
    version: int = 1


@dataclass(frozen=True, eq=False)
class BoundMeasure:
    """An estimand with validated arguments."""

    estimand: Estimand
    arguments: Frozen

    @property
    def key(self) -> str:
        """Equal for equal measurements."""
        return f"{self.estimand.name} {self.arguments!r}"

    @property
    def unit(self) -> str:
        """The unit of the estimate; that of a difference of shares differs from that of a share."""
        unit = self.estimand.unit
        return DIFFERENCE if unit == "share" and self.estimand.compares(self.arguments) else unit

    @property
    def needs(self) -> frozenset[SeriesRef]:
        return self.estimand.needs(self.arguments)

    @property
    def window(self) -> str:
        return self.estimand.window(self.arguments)

    @property
    def span(self) -> Span | None:
        return self.estimand.span(self.arguments)

    @property
    def span_is_open(self) -> bool:
        """Whether the arguments name no first or last day, so that the whole sample is measured."""
        return self.span is None or not (self.span.first or self.span.last)

    @property
    def path_refs(self) -> tuple[SeriesRef, ...]:
        return self.estimand.path_refs(self.arguments)

    def follow_events(self, events: Sequence[EventValue], book: SeriesBook) -> Paths | None:
        """Follow one or more events through their windows; None without paths, or where a series is missing."""
        series = select_series(book, self.path_refs)
        if not self.path_refs or isinstance(series, Missing):
            return None
        followed = self.estimand.follow(self.arguments, events, book)
        return followed or event_paths(events, series[0], series[1] if len(series) > 1 else None)

    def measure(self, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
        """Measure on what ``book`` holds, which must be what was known by the end of ``as_of``.

        Data on which the figures cannot be computed give ``Refused``: they are no failure of the program.
        """
        try:
            return self.estimand.measure(self.arguments, book, as_of)
        except NotMeasurableError as refusal:
            return Refused(str(refusal), is_identity=refusal.is_identity)
        except (UndeterminedError, np.linalg.LinAlgError, ArithmeticError) as error:
            return Refused(f"cannot be computed from these data: {error}")

    def measure_rolling(self, book: SeriesBook, as_of: dt.date) -> Rolling | None:
        """Measure over moving windows, where the estimand can."""
        return self.estimand.rolling(self.arguments, book, as_of)

    def try_descriptions(self) -> None:
        """Call whatever describes the measurement, so that a mistake in it is raised here and not on a page."""
        estimand = self.estimand
        functions: tuple[Callable[[Any], object], ...] = (
            *(estimand.needs, estimand.window, estimand.events, estimand.compares),
            *(estimand.span, estimand.path_refs, estimand.relation, estimand.says),
        )
        for describe in functions:
            describe(self.arguments)

    def describe(self) -> str:
        """Describe the measurement in words: the estimand, what its values are and its window."""
        return f"{self.estimand.text} {self.describe_rows()}"

    def describe_rows(self) -> str:
        """Describe what the values are and their window, without the estimand."""
        return f"{self.estimand.kind}: {self.estimand.events(self.arguments)} Window: {self.window}."


def list_sources(series: Iterable[Series]) -> tuple[SeriesUse, ...]:
    """List the series of a measurement, each with its source and its last date."""
    return tuple(SeriesUse(str(used.ref), used.source, used.last) for used in series)


def list_revised(series: Iterable[Series]) -> tuple[SeriesRef, ...]:
    """List the series of which only the latest vintage is stored."""
    return tuple(used.ref for used in series if used.revised)


def select_series(book: SeriesBook, refs: Iterable[SeriesRef]) -> tuple[Series, ...] | Missing:
    """Select the series of ``refs`` without duplicates, or name those that the book does not have."""
    wanted = tuple(dict.fromkeys(refs))
    missing = tuple(ref for ref in wanted if book.get(ref) is None)
    return Missing(missing) if missing else tuple(book.by_ref[ref] for ref in wanted)
