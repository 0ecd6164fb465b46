"""A claim whose measure and readings are bound to their estimands, once for all uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from groundswell.claims.estimand import BoundMeasure, Estimand
from groundswell.claims.registry import ESTIMANDS, bind
from groundswell.claims.spec import AlternativeSpec, ClaimSpec, FallbackSpec, MeasureSpec, ReadingSpec
from groundswell.model import Evaluation, SeriesRef


@dataclass(frozen=True, slots=True)
class Unbound:
    """A measure without validated arguments: its estimand is unknown, or ``error`` says what is wrong with them.

    An error that is no ``ValidationError`` is one of the estimand, such as that of a plug-in.
    """

    name: str
    estimand: Estimand | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class BoundReading:
    """A reading, and what its measure is bound to."""

    spec: ReadingSpec
    measure: BoundMeasure | Unbound


@dataclass(frozen=True, slots=True)
class BoundFallback:
    """A fallback, and what its measure is bound to."""

    spec: FallbackSpec
    measure: BoundMeasure | Unbound


@dataclass(frozen=True, slots=True)
class BoundClaim:
    """What the measure of a claim, its readings and its fallbacks are bound to.

    ``main`` is None where the claim is not measured. ``readings`` are those that the claim lists, followed by those of
    its grid that repeat neither a listed one nor the main measurement; there are none where ``main`` is not bound, and
    no ``fallbacks`` either.
    """

    main: BoundMeasure | Unbound | None
    readings: tuple[BoundReading, ...] = ()
    fallbacks: tuple[BoundFallback, ...] = ()

    @property
    def measures(self) -> Iterator[tuple[str, BoundMeasure]]:
        """The name of each reading with its measure, the main one first under an empty name; unbound ones left out."""
        for name, measure in (("", self.main), *((reading.spec.name, reading.measure) for reading in self.readings)):
            if isinstance(measure, BoundMeasure):
                yield name, measure


def bind_claim(claim: ClaimSpec) -> BoundClaim:
    """Bind a claim's measure and readings. The result is stored with the claim, so that this is done once."""
    bound = claim.memo.get(BoundClaim)
    if not isinstance(bound, BoundClaim):
        bound = claim.memo[BoundClaim] = _bind(claim)
    return bound


def find_measure(claim: ClaimSpec, evaluation: Evaluation) -> BoundMeasure | None:
    """Find what an evaluation of a claim was measured by: its main measurement, or the fallback that stood in for it.

    None where the claim is not measured, or has no such fallback any more.
    """
    bound = bind_claim(claim)
    measures: list[BoundMeasure | Unbound | None] = [bound.main]
    if evaluation.stand_in is not None:
        name = evaluation.stand_in.name
        measures = [fallback.measure for fallback in bound.fallbacks if fallback.spec.name == name]
    return next((measure for measure in measures if isinstance(measure, BoundMeasure)), None)


def list_needs(claims: Iterable[ClaimSpec]) -> frozenset[SeriesRef]:
    """List the series that the claims, all their readings and their fallbacks need."""
    return frozenset(ref for claim in claims for measure in _list_measures(bind_claim(claim)) for ref in measure.needs)


def _list_measures(bound: BoundClaim) -> Iterator[BoundMeasure]:
    yield from (measure for _, measure in bound.measures)
    yield from (fallback.measure for fallback in bound.fallbacks if isinstance(fallback.measure, BoundMeasure))


def describe_claim(claim: ClaimSpec) -> str:
    """Describe in words how a claim is measured; empty where it is not."""
    main = bind_claim(claim).main
    return main.describe() if isinstance(main, BoundMeasure) else ""


def describe_measured(measure: BoundMeasure, n: int) -> str:
    """Say in one sentence what was measured on ``n`` observations, by the estimand's words or else by its title."""
    estimand = measure.estimand
    rows = re.split(r"; |\. ", estimand.events(measure.arguments))[0]
    words = estimand.says(measure.arguments) or f"{estimand.title}: {rows}"
    sentence = words.replace("{n}", f"{n:,}").rstrip(".") + _name_period(measure, words)
    if n == 1:
        sentence = re.sub(r"\b1 (\w+?)s\b", r"1 \1", sentence)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _name_period(measure: BoundMeasure, words: str) -> str:
    """Name the days between which is measured, where the arguments name any and the words do not."""
    span = measure.span
    days = (span.first, span.last) if span else (None, None)
    first, last = (f"{day:%Y-%m-%d}" if day and str(day) not in words else "" for day in days)
    return (f", from {first}" if first else "") + (f"{',' if not first else ''} to {last}" if last else "")


def describe_stand_in(claim: ClaimSpec, evaluation: Evaluation) -> str:
    """Describe in words the fallback that an evaluation was measured by; empty where there is none.

    The estimand is left out where it is that of the declared measurement.
    """
    main, measure = bind_claim(claim).main, find_measure(claim, evaluation)
    if evaluation.stand_in is None or measure is None:
        return ""
    is_same = isinstance(main, BoundMeasure) and main.estimand is measure.estimand
    return measure.describe_rows() if is_same else measure.describe()


def _bind(claim: ClaimSpec) -> BoundClaim:
    if claim.measure is None:
        return BoundClaim(None)
    main = _try_to_bind(claim.measure, None)
    if isinstance(main, Unbound):
        return BoundClaim(main)
    readings = [BoundReading(spec, _try_to_bind(claim.measure, spec)) for spec in claim.readings]
    keys = {main.key, *(reading.measure.key for reading in readings if isinstance(reading.measure, BoundMeasure))}
    for spec in claim.grid.readings() if claim.grid else ():
        measure = _try_to_bind(claim.measure, spec)
        if isinstance(measure, Unbound):
            readings.append(BoundReading(spec, measure))
        elif measure.key not in keys:
            keys.add(measure.key)
            readings.append(BoundReading(spec, measure))
    fallbacks = (BoundFallback(spec, _try_to_bind(claim.measure, spec)) for spec in claim.fallbacks)
    return BoundClaim(main, tuple(readings), tuple(fallbacks))


def _try_to_bind(measure: MeasureSpec, reading: AlternativeSpec | None) -> BoundMeasure | Unbound:
    name = reading.estimand if reading and reading.estimand else measure.estimand
    if name not in ESTIMANDS:
        return Unbound(name)
    try:
        bound = bind(measure, reading)
        bound.try_descriptions()
    except Exception as error:  # whatever an estimand does with the arguments of one claim, the others go on
        return Unbound(name, ESTIMANDS[name], error)
    return bound
