"""The estimands by name. To add one, write a module beside this one and list it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic import ValidationError

from groundswell.claims.estimand import Estimand
from groundswell.claims.estimands.breadth import BREADTH
from groundswell.claims.estimands.cited_figures import CITED_FIGURES
from groundswell.claims.estimands.concentration import CONCENTRATION
from groundswell.claims.estimands.event_change import EVENT_CHANGE
from groundswell.claims.estimands.event_study import EVENT_STUDY
from groundswell.claims.estimands.fundamentals import FUNDAMENTALS, FUNDAMENTALS_TURN
from groundswell.claims.estimands.policy_path import POLICY_PATH
from groundswell.claims.estimands.prediction import PREDICTION
from groundswell.claims.estimands.sensitivity import SENSITIVITY
from groundswell.claims.estimands.trailing_comparison import TRAILING_COMPARISON
from groundswell.claims.estimands.variance_share import VARIANCE_SHARE
from groundswell.claims.estimands.weight_drift import WEIGHT_DRIFT
from groundswell.claims.spec import ClaimSpec, Frozen, MeasureSpec, ReadingSpec
from groundswell.model import SeriesRef

ESTIMANDS: Mapping[str, Estimand] = MappingProxyType(
    {
        estimand.name: estimand
        for estimand in (
            EVENT_STUDY,
            EVENT_CHANGE,
            SENSITIVITY,
            PREDICTION,
            TRAILING_COMPARISON,
            VARIANCE_SHARE,
            WEIGHT_DRIFT,
            BREADTH,
            CONCENTRATION,
            POLICY_PATH,
            FUNDAMENTALS,
            FUNDAMENTALS_TURN,
            CITED_FIGURES,
        )
    }
)


def arguments_of(measure: MeasureSpec, reading: ReadingSpec | None = None) -> tuple[Estimand, Frozen]:
    """The estimand of a measurement, or of a reading of it, with its validated arguments.

    The arguments of a reading take the place of those of the measurement; one that names an estimand of its own gives
    all of them. Raises ``KeyError`` for an unknown estimand and ``pydantic.ValidationError`` for wrong arguments;
    ``check_claim`` reports both in words before a hub is used.
    """
    if reading is not None and reading.estimand:
        estimand, arguments = ESTIMANDS[reading.estimand], reading.arguments
    else:
        estimand = ESTIMANDS[measure.estimand]
        arguments = {**measure.arguments, **(reading.arguments if reading else {})}
    return estimand, estimand.arguments.model_validate(arguments)


def readings_of(claim: ClaimSpec) -> tuple[ReadingSpec, ...]:
    """The readings that a claim lists, and those of its grid that neither it nor the main measurement makes already."""
    if claim.grid is None or claim.measure is None:
        return claim.readings
    readings = list(claim.readings)
    made = {_key(claim.measure, reading) for reading in (None, *readings)}
    for reading in claim.grid.readings():
        key = _key(claim.measure, reading)
        if key not in made:
            made.add(key)
            readings.append(reading)
    return tuple(readings)


def _key(measure: MeasureSpec, reading: ReadingSpec | None) -> str:
    try:
        estimand, arguments = arguments_of(measure, reading)
    except ValidationError:
        return repr(reading)  # a mistake, which ``check_claim`` names; it is like no other
    return f"{estimand.name} {arguments!r}"


def describe(measure: MeasureSpec) -> str:
    """How a claim is measured, in words: the estimand, what its rows are and its window."""
    estimand, arguments = arguments_of(measure)
    return f"{estimand.text} {estimand.rows}: {estimand.events(arguments)} Window: {estimand.window(arguments)}."


def needed(claims: Iterable[ClaimSpec]) -> frozenset[SeriesRef]:
    """The series that the claims and all their readings rest on."""
    pairs = (
        arguments_of(claim.measure, reading)
        for claim in claims
        if claim.measure is not None
        for reading in (None, *readings_of(claim))
    )
    return frozenset(ref for estimand, arguments in pairs for ref in estimand.needs(arguments))
