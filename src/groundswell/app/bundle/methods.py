"""Which recipe computes the figure of a claim again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isclose

import numpy as np

from groundswell.app.bundle.recipe import (
    ALL_FIGURES,
    FROM_QUARTERS,
    FROM_SERIES,
    FROM_VALUES,
    NOT_RECOMPUTED,
    Method,
    Recipe,
)
from groundswell.app.bundle.relations import RELATIONS
from groundswell.claims.estimand import BoundMeasure, Measurement
from groundswell.claims.estimands.companies.largest_weight import LargestWeightArguments
from groundswell.claims.estimands.events.difference import DifferenceArguments
from groundswell.claims.estimands.events.event_change import EventChangeArguments
from groundswell.claims.estimands.events.event_study import EventStudyArguments
from groundswell.claims.estimands.events.frequency import FrequencyArguments
from groundswell.claims.inference.means import mean_interval
from groundswell.markets.studies.market_model import MarketModel
from groundswell.model import Evaluation, Measure

SAME = 1e-9


def choose_recipe(bound: BoundMeasure, measurement: Measurement, evaluation: Evaluation) -> Recipe:
    """Choose how the figure of an evaluation is computed again.

    Estimates over events, slopes and relative returns are computed from the series; of any other estimand from the
    rows or values that the estimate is made of, as far as it follows from these.
    """
    recipe = _choose_method(bound, measurement, evaluation)
    recorded = list_recorded(evaluation)
    return replace(recipe, compared=tuple(name for name in recipe.compared if recorded[name] is not None))


def list_recorded(evaluation: Evaluation) -> dict[str, float | None]:
    """List the recorded figures by their names in a recipe; None for those that there are not."""
    figures = (evaluation.n, evaluation.estimate, evaluation.ci_low, evaluation.ci_high)
    return dict(zip(ALL_FIGURES, figures, strict=True))


def _choose_method(bound: BoundMeasure, measurement: Measurement, evaluation: Evaluation) -> Recipe:
    if evaluation.estimate is None:
        return _use_values(measurement, evaluation)
    for kind, method in (*_METHODS.items(), *RELATIONS.items()):
        if isinstance(bound.arguments, kind):
            return method(bound.arguments, measurement)
    return _use_values(measurement, evaluation)


def _use_events(
    arguments: EventStudyArguments | EventChangeArguments | DifferenceArguments, measurement: Measurement
) -> Recipe:
    window, model = arguments.window, _find_model(arguments)
    value = "difference" if isinstance(arguments, DifferenceArguments) else "abnormal return" if model else "change"
    is_counted = window.unit == "sessions" and value != "abnormal return"
    pairs = [[str(ref) for ref in arguments.measured]]
    if measurement.past:
        pairs.append([str(ref) for ref in getattr(arguments, "earlier", ())])
    cost = measurement.cost
    fields = {
        "value": value,
        "horizon": window.horizon,
        "unit": "months" if window.unit == "months" or _has_periods(arguments) else "sessions",
        "base": window.base,
        "pairs": pairs,
        "every_window": is_counted,
        "cost": {"mean": cost.mean, "deviation": cost.deviation, "error": cost.error} if cost else None,
        "estimation": model.sessions if model else None,
        "gap": model.gap if model else None,
    }
    words = "the value of each event over its window"
    if isinstance(arguments, FrequencyArguments):
        fields |= {
            "bound": arguments.outcome.bound,
            "sign": arguments.outcome.side,
            "slack": arguments.outcome.slack,
            "usual": _find_usual(measurement) if arguments.against else None,
        }
        words += ", whether it lies beyond the bound, and the exact interval of the share"
        return Recipe(("events", "cost", "share"), FROM_SERIES.format(words), fields)
    words += ", their mean and Student's interval over them"
    return Recipe(("student", "events", "cost", "mean"), FROM_SERIES.format(words), fields)


def _find_model(arguments: object) -> MarketModel | None:
    return arguments.market_model if isinstance(arguments, EventStudyArguments) else None


def _has_periods(arguments: object) -> bool:
    return isinstance(arguments, EventStudyArguments) and arguments.measured[0].measure is Measure.PERIOD_RETURN


def _find_usual(measurement: Measurement) -> float | None:
    """Find the share of all windows with the outcome: what the values of the events were reduced by."""
    values = [event.value for event in measurement.values]
    return 1.0 - max(values) if max(values) > 0 else -min(values)


def _use_quarters(_arguments: LargestWeightArguments, _measurement: Measurement) -> Recipe:
    return Recipe(("student", "quarters"), FROM_QUARTERS, {})


def _use_values(measurement: Measurement, evaluation: Evaluation) -> Recipe:
    values = [event.value for event in measurement.values]
    combine, compared = _find_combination(values, evaluation)
    left = "" if compared == ALL_FIGURES else "; the interval is not one of their mean, and is taken as recorded"
    says = FROM_VALUES.format(left) if combine else NOT_RECOMPUTED
    return Recipe(("student", "values"), says, {"combine": combine}, compared)


def _find_combination(values: Sequence[float], evaluation: Evaluation) -> tuple[str, tuple[str, ...]]:
    """Find what the estimate is of its values, and which figures follow from that; nothing where it is neither."""
    estimate = evaluation.estimate
    if not values or estimate is None:
        return "", ()
    counted = ("n",) if len(values) == evaluation.n else ()
    if isclose(sum(values) / len(values), estimate, rel_tol=SAME, abs_tol=SAME):
        interval = mean_interval(np.asarray(values, dtype=np.float64))
        bounds = (evaluation.ci_low, evaluation.ci_high)
        is_theirs = interval is not None and all(
            mine is not None and isclose(mine, theirs, rel_tol=SAME, abs_tol=SAME)
            for mine, theirs in zip(bounds, interval, strict=True)
        )
        return "mean", (*counted, "estimate", *(("low", "high") if is_theirs else ()))
    if isclose(values[-1], estimate, rel_tol=SAME, abs_tol=SAME):
        return "last", (*counted, "estimate")
    return "", ()


_METHODS: Mapping[type, Method] = {
    EventStudyArguments: _use_events,
    EventChangeArguments: _use_events,
    DifferenceArguments: _use_events,
    LargestWeightArguments: _use_quarters,
}
"""The methods by the kind of arguments, next to those of relations."""
