"""A claim whose measure and readings are bound to their estimands, once for all uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from groundswell.claims.estimand import BoundMeasure, Estimand
from groundswell.claims.registry import ESTIMANDS, bind
from groundswell.claims.spec import ClaimSpec, MeasureSpec, ReadingSpec
from groundswell.model import SeriesRef


@dataclass(frozen=True, slots=True)
class Unbound:
    """A measure without validated arguments: its estimand is unknown, or ``error`` says what is wrong with them."""

    name: str
    estimand: Estimand | None = None
    error: ValidationError | None = None


@dataclass(frozen=True, slots=True)
class BoundReading:
    """A reading, and what its measure is bound to."""

    spec: ReadingSpec
    measure: BoundMeasure | Unbound


@dataclass(frozen=True, slots=True)
class BoundClaim:
    """What the measure of a claim and its readings are bound to.

    ``main`` is None where the claim is not measured. ``readings`` are those that the claim lists, followed by those of
    its grid that repeat neither a listed one nor the main measurement; there are none where ``main`` is not bound.
    """

    main: BoundMeasure | Unbound | None
    readings: tuple[BoundReading, ...] = ()

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


def list_needs(claims: Iterable[ClaimSpec]) -> frozenset[SeriesRef]:
    """List the series that the claims and all their readings need."""
    return frozenset(ref for claim in claims for _, measure in bind_claim(claim).measures for ref in measure.needs)


def describe_claim(claim: ClaimSpec) -> str:
    """Describe in words how a claim is measured; empty where it is not."""
    main = bind_claim(claim).main
    return main.describe() if isinstance(main, BoundMeasure) else ""


def _bind(claim: ClaimSpec) -> BoundClaim:
    if claim.measure is None:
        return BoundClaim(None)
    main = _try_to_bind(claim.measure, None)
    if isinstance(main, Unbound):
        return BoundClaim(main)
    readings = [BoundReading(spec, _try_to_bind(claim.measure, spec)) for spec in claim.readings]
    keys = {_key(main), *(_key(reading.measure) for reading in readings)}
    for spec in claim.grid.readings() if claim.grid else ():
        measure = _try_to_bind(claim.measure, spec)
        if isinstance(measure, Unbound) or _key(measure) not in keys:
            keys.add(_key(measure))
            readings.append(BoundReading(spec, measure))
    return BoundClaim(main, tuple(readings))


def _try_to_bind(measure: MeasureSpec, reading: ReadingSpec | None) -> BoundMeasure | Unbound:
    name = reading.estimand if reading and reading.estimand else measure.estimand
    if name not in ESTIMANDS:
        return Unbound(name)
    try:
        return bind(measure, reading)
    except ValidationError as error:
        return Unbound(name, ESTIMANDS[name], error)


def _key(measure: BoundMeasure | Unbound) -> str:
    return f"{measure.estimand.name} {measure.arguments!r}" if isinstance(measure, BoundMeasure) else ""
