"""Charts of a claim's evidence, each with a finding in words and rows: specification curve, fan, rolling estimates."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from markupsafe import Markup

from groundswell.claims.estimand import Rolling
from groundswell.claims.paths import Fan
from groundswell.claims.reading_axes import Choices
from groundswell.claims.readings import Agreement, Point, list_points
from groundswell.model import Evaluation
from groundswell.web.charts.drawing import Drawing, draw_chart
from groundswell.web.formats import write_bounds, write_figure
from groundswell.wording.dates import write_day
from groundswell.wording.plurals import choose_verb, write_count

FAN_TABLE_OFFSETS = (-21, -10, -5, 0, 5, 10, 21, 42, 63, 126, 252)
"""Sessions from the start of the window that the table of the fan shows; the last offset of the fan is added."""


def describe_curve(evaluation: Evaluation, agreement: Agreement) -> str:
    """Describe how many readings agree with the main measurement, and the range of their estimates.

    Empty where none of them is in the claim's unit.
    """
    shown = list_points(evaluation)
    unit = evaluation.unit
    if not shown:
        return ""
    span = f"Estimates range from {write_figure(shown[0].estimate, unit)} to {write_figure(shown[-1].estimate, unit)}"
    if agreement.same_sign is None:
        return f"{span} over {write_count(agreement.estimated, 'reading')}."
    text = (
        f"{agreement.same_sign} of {write_count(agreement.estimated, 'reading')} "
        f"{choose_verb(agreement.same_sign, 'has', 'have')} the sign of the main measurement"
    )
    if agreement.judged and agreement.same_verdict is not None:
        text += f", and {agreement.same_verdict} of {agreement.judged} with a verdict "
        text += f"{choose_verb(agreement.same_verdict, 'has', 'have')} its verdict"
    return f"{text}. {span}."


def draw_curve(evaluation: Evaluation, choices: Choices, finding: str) -> Markup:
    """Draw the specification curve, wide and narrow; empty where fewer than two readings have an estimate."""
    shown = list_points(evaluation)
    if len(shown) < 2:
        return Markup("")

    counts = Counter(point.verdict for point in shown)
    verdicts = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    text = f"One mark for each reading, in order of its estimate, with its 95 % interval as a bar: {verdicts}."
    if choices.axes:
        text += " Below it, a dot for each choice: " + ", ".join(axis.name for axis in choices.axes) + "."
    ident = f"curve-{evaluation.hub}-{evaluation.id}"
    specify = partial(_specify_curve, shown, choices, evaluation.unit)
    return draw_chart(Drawing((shown, choices, evaluation.unit), ident, finding, text, specify))


def _specify_curve(
    shown: tuple[Point, ...], choices: Choices, unit: str | None, width: int, height: int
) -> dict[str, Any]:
    from groundswell.web.charts.vega_evidence import curve_spec  # noqa: PLC0415  (imports Altair, which is heavy)

    return curve_spec(shown, choices, unit, width, height)


def describe_fan(fan: Fan) -> str:
    """Describe the end of the mean path, in a sentence."""
    last = fan.end
    bounds = "no 95 % interval"
    if np.isfinite(fan.low[last]):
        bounds = f"95 % interval {write_bounds(float(fan.low[last]), float(fan.high[last]), fan.unit)}"
    return (
        f"{fan.paths.offsets[last]} sessions after the start of the window, the mean path is at "
        f"{write_figure(float(fan.mean[last]), fan.unit)}, {bounds}, n = {fan.counts[last]}."
    )


def draw_fan(evaluation: Evaluation, fan: Fan) -> Markup:
    """Draw the mean path of the events with its band, wide and narrow."""
    text = (
        f"The mean path of {write_count(len(fan.paths.days), 'event')} from {-fan.paths.offsets[0]} sessions before "
        "the start of the window, with the pointwise 95 % interval as a band. Each path is zero at the start of the "
        "window."
    )
    data = (fan.paths.values.tobytes(), fan.paths.offsets.tobytes(), fan.unit)
    specify = partial(_specify_fan, fan)
    return draw_chart(Drawing(data, f"fan-{evaluation.hub}-{evaluation.id}", describe_fan(fan), text, specify))


def _specify_fan(fan: Fan, width: int, height: int) -> dict[str, Any]:
    from groundswell.web.charts.vega_evidence import fan_spec  # noqa: PLC0415  (imports Altair, which is heavy)

    return fan_spec(fan, width, height)


def list_fan_rows(fan: Fan) -> tuple[tuple[int, float, float | None, float | None, int], ...]:
    """Return offset, mean, lower and upper bound, and n at ``FAN_TABLE_OFFSETS`` and the last offset."""
    offsets = fan.paths.offsets.tolist()
    return tuple(
        (offset, float(fan.mean[index]), _finite(fan.low[index]), _finite(fan.high[index]), int(fan.counts[index]))
        for index, offset in enumerate(offsets)
        if (offset in FAN_TABLE_OFFSETS or index == len(offsets) - 1) and fan.counts[index]
    )


def describe_rolling(rolling: Rolling, unit: str | None) -> str:
    """Describe the estimate of the last window and how many windows have its sign, in a sentence."""
    betas, (low, high) = rolling.betas.betas, rolling.band
    first, last = (write_day(rolling.betas.ends[index].item()) for index in (0, -1))
    same = int(100 * rolling.same_sign_share)
    return (
        f"Over the {rolling.weeks} weeks to {last}, the estimate is {write_figure(float(betas[-1]), unit)}, "
        f"95 % interval {write_bounds(float(low[-1]), float(high[-1]), unit)}; {same} % of the windows since {first} "
        "have the same sign."
    )


def draw_rolling(evaluation: Evaluation, rolling: Rolling) -> Markup:
    """Draw the beta over rolling windows, wide and narrow."""
    betas = rolling.betas
    data = (betas.ends.tobytes(), betas.betas.tobytes(), betas.errors.tobytes(), evaluation.unit)
    text = (
        f"Line chart of weekly values, each estimated over the {rolling.weeks} weeks before it, with the 95 % interval "
        "as a band."
    )
    finding = describe_rolling(rolling, evaluation.unit)
    specify = partial(_specify_rolling, rolling, evaluation.unit)
    return draw_chart(Drawing(data, f"rolling-{evaluation.hub}-{evaluation.id}", finding, text, specify))


def _specify_rolling(rolling: Rolling, unit: str | None, width: int, height: int) -> dict[str, Any]:
    from groundswell.web.charts.vega_evidence import rolling_spec  # noqa: PLC0415  (imports Altair, which is heavy)

    return rolling_spec(rolling, unit, width, height)


def list_rolling_rows(rolling: Rolling) -> tuple[tuple[date, float, float, float], ...]:
    """Return end, beta, and lower and upper bound of the last window of each year, newest first."""
    low, high = rolling.band
    years = rolling.betas.ends.astype("datetime64[Y]")
    last = np.flatnonzero(np.append(years[1:] != years[:-1], True))
    return tuple(
        (rolling.betas.ends[index].item(), float(rolling.betas.betas[index]), float(low[index]), float(high[index]))
        for index in last[::-1]
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
