"""How slopes, shares of variance and returns over one window are computed again: by the rows of a regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from groundswell.app.bundle.recipe import FROM_ROWS, FROM_SERIES, Method, Recipe, write_day
from groundswell.claims.estimand import Measurement
from groundswell.claims.estimands.comparisons.compare_periods import STEPS_A_YEAR, PeriodArguments
from groundswell.claims.estimands.comparisons.rank import RankArguments
from groundswell.claims.estimands.comparisons.trailing_comparison import WEEKLY_LAGS, TrailingArguments
from groundswell.claims.estimands.relations._regression import RegressionArguments
from groundswell.claims.estimands.relations.prediction import PredictionArguments
from groundswell.claims.estimands.relations.sensitivity import NEWEY_WEST_LAGS, SensitivityArguments
from groundswell.claims.estimands.relations.surprise_sensitivity import SurpriseArguments
from groundswell.claims.estimands.relations.variance_share import VarianceShareArguments
from groundswell.markets.series.calendar import add_months, as_days, on_or_before
from groundswell.markets.studies.factors import Factor
from groundswell.model import Measure


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
        "first": write_day(arguments.first),
        "last": write_day(arguments.last),
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
        "first": write_day(arguments.first),
        "last": write_day(arguments.last),
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


def _use_shares(arguments: VarianceShareArguments, _measurement: Measurement) -> Recipe:
    common = [_describe_factor(factor) for factor in arguments.factors]
    trade = [{"series": [str(ref)], "scale": 1.0} for ref in arguments.trade_refs]
    fields = {
        "response": [str(ref) for ref in arguments.return_refs],
        "factors": [*common, *trade],
        "given": len(common) if trade else 0,
        "first": write_day(arguments.first),
        "last": write_day(arguments.last),
        "step": arguments.step,
        "lags": arguments.lags,
    }
    words = "the returns of each step, the shares of their variance that are left, and the interval of the difference"
    return Recipe(("student", "steps", "errors", "variance"), FROM_SERIES.format(words), fields)


RELATIONS: Mapping[type, Method] = {
    SensitivityArguments: _use_steps,
    PredictionArguments: _use_windows,
    SurpriseArguments: _use_announcements,
    TrailingArguments: _use_trailing,
    RankArguments: _use_rank,
    PeriodArguments: _use_periods,
    VarianceShareArguments: _use_shares,
}
"""The methods by the kind of arguments."""
