"""The estimands by name, and the binding of a measure to one of them.

To add an estimand, write a module in a package of ``claims/estimands`` that declares an ``Estimand``, or a plug-in
whose entry point in the group ``groundswell.estimands`` names such a module; and a page in ``docs/estimands``.
"""

from __future__ import annotations

from groundswell.claims.estimand import BoundMeasure, Estimand, EstimandKind
from groundswell.claims.spec import AlternativeSpec, MeasureSpec
from groundswell.plugins import Registry

ESTIMANDS = Registry(
    Estimand, "groundswell.claims.estimands", "groundswell.estimands", rank=lambda estimand: estimand.rank
)


def bind(measure: MeasureSpec, reading: AlternativeSpec | None = None) -> BoundMeasure:
    """Validate the arguments of a measure, or of a reading of it, with its estimand.

    The arguments of a reading replace those of the measure; a reading that names an estimand gives all of them. Raises
    ``KeyError`` for an unknown estimand and ``pydantic.ValidationError`` for wrong arguments.
    """
    if reading is not None and reading.estimand:
        estimand, arguments = ESTIMANDS[reading.estimand], reading.arguments
    else:
        estimand = ESTIMANDS[measure.estimand]
        arguments = {**measure.arguments, **(reading.arguments if reading else {})}
    return BoundMeasure(estimand, estimand.arguments.model_validate(arguments))


def is_by_events(estimand: str | None) -> bool:
    """Whether the values that an estimand gives, by its name, belong to dated events."""
    kind = ESTIMANDS[estimand].kind if estimand else None
    return kind is EstimandKind.EVENTS
