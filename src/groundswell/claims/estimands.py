"""The estimands by name. To add one, write a module beside this one and list it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from groundswell.claims.eventstudy import EVENT_STUDY
from groundswell.claims.measurement import Estimand
from groundswell.claims.spec import ClaimSpec, Frozen, MeasureSpec
from groundswell.types import SeriesRef

ESTIMANDS: Mapping[str, Estimand] = MappingProxyType({estimand.name: estimand for estimand in (EVENT_STUDY,)})


def arguments_of(measure: MeasureSpec, differing: Mapping[str, Any] | None = None) -> Frozen:
    """The validated arguments of a measurement, with those of a reading in place of its own.

    Raises ``KeyError`` for an unknown estimand and ``pydantic.ValidationError`` for wrong arguments; ``check_claim``
    reports both in words before a hub is used.
    """
    return ESTIMANDS[measure.estimand].arguments.model_validate({**measure.arguments, **(differing or {})})


def describe(measure: MeasureSpec) -> str:
    """How a claim is measured, in words: the estimand, the rule of its events and its window."""
    estimand, arguments = ESTIMANDS[measure.estimand], arguments_of(measure)
    return f"{estimand.text} Events: {estimand.events(arguments)} Window: {estimand.window(arguments)}."


def needed(claims: Iterable[ClaimSpec]) -> frozenset[SeriesRef]:
    """The series that the claims and all their readings rest on."""
    return frozenset(
        ref
        for claim in claims
        if claim.measure is not None
        for differing in ({}, *(reading.arguments for reading in claim.readings))
        for ref in ESTIMANDS[claim.measure.estimand].needs(arguments_of(claim.measure, differing))
    )
