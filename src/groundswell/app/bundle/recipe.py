"""How the figure of a claim is computed again: by which parts of the script, and with which arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isclose
from typing import Any

import numpy as np

from groundswell.claims.estimand import BoundMeasure, Measurement
from groundswell.claims.estimands.comparisons.compare_periods import STEPS_A_YEAR, PeriodArguments
from groundswell.claims.estimands.comparisons.rank import RankArguments
from groundswell.claims.estimands.comparisons.trailing_comparison import WEEKLY_LAGS, TrailingArguments
from groundswell.claims.estimands.events.difference import DifferenceArguments
from groundswell.claims.estimands.events.event_change import EventChangeArguments
from groundswell.claims.estimands.events.event_study import EventStudyArguments
from groundswell.claims.estimands.events.frequency import FrequencyArguments
from groundswell.claims.estimands.relations._regression import RegressionArguments
from groundswell.claims.estimands.relations.prediction import PredictionArguments
from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS, SensitivityArguments
from groundswell.claims.estimands.relations.surprise_sensitivity import SurpriseArguments
from groundswell.claims.inference.means import mean_interval
from groundswell.markets.series.calendar import add_months, as_days, on_or_before
from groundswell.markets.studies.factors import Factor
from groundswell.markets.studies.market_model import MarketModel
from groundswell.model import Evaluation, Measure

ALL_FIGURES = ("n", "estimate", "low", "high")
SAME = 1e-9

FROM_SERIES = "Recomputed from the series in data/: {}."
FROM_ROWS = (
    "Recomputed from rows.csv: one row an observation, its regressor and response net of the constant and of the other "
    "factors. How these rows follow from the series in data/ is not repeated here."
)
FROM_VALUES = (
    "Recomputed from events.csv, the values that the estimate is made of{}. How these values follow from the series in "
    "data/ is not repeated here."
)
NOT_RECOMPUTED = (
    "The estimate of this claim is no mean of values, and is not recomputed here: recipe.json has the recorded "
    "figures, events.csv what is shown below them, and data/ the series behind both."
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parts of the script, in order; the method in words; the figures that are compared; and its arguments.

    ``has_rows`` is whether the rows of the regression belong to the bundle.
    """

    parts: tuple[str, ...]
    says: str
    arguments: dict[str, Any]
    compared: tuple[str, ...] = ALL_FIGURES
    has_rows: bool = False


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
    if evaluation.estimate is None or not measurement.values:
        return _use_values(measurement, evaluation)
    arguments = bound.arguments
    for kinds, method in _METHODS:
        if isinstance(arguments, kinds):
            return method(arguments, measurement)
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


def _use_steps(arguments: SensitivityArguments, _measurement: Measurement) -> Recipe:
    if arguments.peers:
        return _use_contrast(arguments)
    fields = {"step": arguments.step, "rises_only": arguments.rises_only, "ahead": None}
    return _use_slope(arguments, arguments.errors_lags, fields)


def _use_windows(arguments: PredictionArguments, _measurement: Measurement) -> Recipe:
    ahead = arguments.ahead
    windows = {"lookback": ahead.lookback, "horizon": ahead.horizon, "stride": ahead.stride, "lag": ahead.lag}
    return _use_slope(arguments, arguments.lags, {"step": None, "rises_only": False, "ahead": windows})


def _use_slope(arguments: RegressionArguments, lags: int | None, rows: dict[str, Any]) -> Recipe:
    fields = {
        "response": [str(arguments.ref(name)) for name in (arguments.long, arguments.short) if name],
        "factors": [_describe_factor(factor) for factor in arguments.factors],
        "first": _write_day(arguments.first),
        "last": _write_day(arguments.last),
        "lags": lags,
        **rows,
    }
    words = "the rows of the regression, its slope and the interval, whose error allows for dependence over lags"
    return Recipe(("student", "steps", "errors", "slope"), FROM_SERIES.format(words), fields)


def _describe_factor(factor: Factor) -> dict[str, Any]:
    """A factor in percentage points: what is a fraction counts a hundred times."""
    scale = 1.0 if factor.plus.measure is Measure.RATE else 100.0
    return {"series": [str(ref) for ref in factor.refs], "scale": scale}


def _use_rank(arguments: RankArguments, measurement: Measurement) -> Recipe:
    compared = [str(ref) for ref in arguments.compared]
    surprise = [{"series": [str(ref) for ref in arguments.explaining], "scale": 1.0}]
    explaining = [_describe_factor(factor) for factor in arguments.factors] if arguments.by != "return" else []
    fields = {
        "response": compared,
        "factors": surprise if arguments.by == "surprise" else explaining,
        "first": _write_day(arguments.first),
        "last": _write_day(arguments.last),
        **(_find_years(arguments.years, compared, measurement) if arguments.years else {}),
        "step": "week",
        "lags": NEWEY_WEST_LAGS["week"],
        "by": arguments.by,
        "order": arguments.order,
        "about": arguments.about,
    }
    words = "the score of each series over the same rows, the rank of the first, and the ranks that the data allow"
    return Recipe(("student", "steps", "errors", "rank"), FROM_SERIES.format(words), fields)


def _use_announcements(_arguments: SurpriseArguments, _measurement: Measurement) -> Recipe:
    return _use_rows(0, 2, "HC3")


def _use_periods(arguments: PeriodArguments, _measurement: Measurement) -> Recipe:
    fields = {
        "response": [str(ref) for ref in arguments.refs[: 1 + bool(arguments.short)]],
        "factors": [_describe_factor(factor) for factor in arguments.factors],
        "first": None,
        "last": None,
        "step": arguments.step,
        "lags": NEWEY_WEST_LAGS[arguments.step],
        "scale": 1.0 if arguments.factors else float(STEPS_A_YEAR[arguments.step]),
        "earlier": [str(day) for day in arguments.earlier],
        "later": [str(day) for day in arguments.later],
    }
    words = "the figure of each period from its steps, and their difference with the interval of Welch"
    return Recipe(("student", "steps", "errors", "periods"), FROM_SERIES.format(words), fields)


def _find_years(years: int, compared: Sequence[str], measurement: Measurement) -> dict[str, str]:
    """Find the first and the last day of the years up to the last session that the compared series have."""
    lasts = [use.last for use in measurement.sources if use.last and use.series in compared]
    end = on_or_before(as_days(min(lasts)))
    return {"first": str(on_or_before(add_months(end, -12 * years))[0]), "last": str(end[0])}


def _use_trailing(arguments: TrailingArguments, measurement: Measurement) -> Recipe:
    compared = [str(arguments.ref(arguments.long)), str(arguments.ref(arguments.short))]
    fields = {
        "response": compared,
        "factors": [],
        **_find_years(arguments.years, compared, measurement),
        "step": "week",
        "lags": WEEKLY_LAGS,
    }
    words = "the relative return over the window, and an interval from the scatter of the weeks within"
    return Recipe(("student", "steps", "errors", "trailing"), FROM_SERIES.format(words), fields)


def _use_contrast(arguments: SensitivityArguments) -> Recipe:
    """Of sizes of slopes, the interval allows for every sign of each slope, which the rows do not show."""
    recipe = _use_rows(arguments.errors_lags, 1 + len(arguments.factors), "Newey-West")
    if arguments.direction == "fall":
        return recipe
    says = f"{recipe.says} The interval allows for every sign of the slopes, and is taken as recorded."
    return replace(recipe, says=says, compared=("n", "estimate"))


def _use_rows(lags: int, parameters: int, errors: str) -> Recipe:
    fields = {"lags": lags, "parameters": parameters, "errors": errors}
    return Recipe(("student", "errors", "rows"), FROM_ROWS, fields, has_rows=True)


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


def _write_day(day: Any) -> str | None:
    return None if day is None else str(day)


_METHODS: tuple[tuple[tuple[type, ...], Callable[[Any, Measurement], Recipe]], ...] = (
    ((EventStudyArguments, EventChangeArguments, DifferenceArguments), _use_events),
    ((SensitivityArguments,), _use_steps),
    ((PredictionArguments,), _use_windows),
    ((SurpriseArguments,), _use_announcements),
    ((TrailingArguments,), _use_trailing),
    ((RankArguments,), _use_rank),
    ((PeriodArguments,), _use_periods),
)
"""How estimates are computed again, by the kind of their arguments."""
