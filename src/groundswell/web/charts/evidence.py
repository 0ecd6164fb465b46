"""What the pictures of evidence show: readings in order of their estimate, the fan of an event study, in words too."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from markupsafe import Markup

from groundswell.claims.paths import Fan
from groundswell.claims.reading_axes import Choices
from groundswell.claims.readings import Agreement, points
from groundswell.claims.rolling import Rolling, band_of
from groundswell.model import Evaluation
from groundswell.web.charts.drawing import Drawing, drawn
from groundswell.web.formats import count, figure, interval
from groundswell.wording.dates import day_in_words

TOLD = (-21, -10, -5, 0, 5, 10, 21, 42, 63, 126, 252)
"""Offsets of the fan's table; its last one is added."""


def curve_finding(evaluation: Evaluation, agreement: Agreement) -> str:
    """What the curve shows, in a sentence."""
    shown = points(evaluation)
    unit = evaluation.unit
    span = f"Estimates run from {figure(shown[0].estimate, unit)} to {figure(shown[-1].estimate, unit)}"
    if evaluation.estimate is None:
        return f"{span} over {count(agreement.estimated, 'reading')}."
    sign = f"{agreement.same_sign} of {count(agreement.estimated, 'reading')} agree with the main one in sign"
    if agreement.judged and agreement.same_verdict is not None:
        sign += f", {agreement.same_verdict} of {agreement.judged} judged in verdict"
    return f"{sign}. {span}."


def curve_chart(evaluation: Evaluation, choices: Choices, finding: str) -> Markup:
    """The specification curve, wide and narrow; nothing where fewer than two readings have an estimate."""
    shown = points(evaluation)
    if len(shown) < 2:
        return Markup("")

    def specify(width: int, height: int) -> dict[str, Any]:
        from groundswell.web.charts.vega_evidence import curve_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

        return curve_spec(shown, choices, evaluation.unit, width, height)

    verdicts = {one.verdict: sum(other.verdict == one.verdict for other in shown) for one in shown}
    told = ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items()))
    text = f"One mark a reading in order of its estimate, with its 95 % interval as a bar: {told}."
    if choices.axes:
        text += " Below, a dot for each choice: " + ", ".join(axis.name for axis in choices.axes) + "."
    ident = f"curve-{evaluation.hub}-{evaluation.id}"
    return drawn(Drawing((shown, choices, evaluation.unit), ident, finding, text, specify))


def fan_finding(fan: Fan) -> str:
    """Where the mean path ends, in a sentence."""
    at = int(np.flatnonzero(np.isfinite(fan.mean))[-1])
    bounds = interval(float(fan.low[at]), float(fan.high[at]), fan.unit) if np.isfinite(fan.low[at]) else "none"
    return (
        f"{fan.paths.offsets[at]} sessions after the start of the window the mean path stands at "
        f"{figure(float(fan.mean[at]), fan.unit)}, 95 % interval {bounds}, n = {fan.counts[at]}."
    )


def fan_chart(evaluation: Evaluation, fan: Fan) -> Markup:
    """The mean path of the events with its band, wide and narrow."""

    def specify(width: int, height: int) -> dict[str, Any]:
        from groundswell.web.charts.vega_evidence import fan_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

        return fan_spec(fan, width, height)

    text = (
        f"The mean of {count(len(fan.paths.days), 'event')} from {-fan.paths.offsets[0]} sessions before the start of "
        "the window on, with the pointwise 95 % interval as a band. Each path is zero at the start."
    )
    data = (fan.paths.values.tobytes(), fan.paths.offsets.tobytes(), fan.unit)
    return drawn(Drawing(data, f"fan-{evaluation.hub}-{evaluation.id}", fan_finding(fan), text, specify))


def fan_rows(fan: Fan) -> tuple[tuple[int, float, float | None, float | None, int], ...]:
    """Offset, mean, band and n at some offsets and at the last."""
    offsets = fan.paths.offsets.tolist()
    told = [at for at, offset in enumerate(offsets) if offset in TOLD or at == len(offsets) - 1]
    return tuple(
        (offsets[at], float(fan.mean[at]), _finite(fan.low[at]), _finite(fan.high[at]), int(fan.counts[at]))
        for at in told
        if fan.counts[at]
    )


def rolling_finding(rolling: Rolling, unit: str | None) -> str:
    """Where the last window stands, and how often the sign was the same, in a sentence."""
    betas, (low, high) = rolling.betas.betas, band_of(rolling)
    first, last = (day_in_words(rolling.betas.ends[at].item()) for at in (0, -1))
    same = int(((betas > 0) == (betas[-1] > 0)).mean() * 100)
    return (
        f"Over the {rolling.weeks} weeks to {last} it is {figure(float(betas[-1]), unit)}, 95 % interval "
        f"{interval(float(low[-1]), float(high[-1]), unit)}; {same} % of the windows since {first} have that sign."
    )


def rolling_chart(evaluation: Evaluation, rolling: Rolling) -> Markup:
    """The beta over windows of three years, wide and narrow."""

    def specify(width: int, height: int) -> dict[str, Any]:
        from groundswell.web.charts.vega_evidence import rolling_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

        return rolling_spec(rolling, evaluation.unit, width, height)

    betas = rolling.betas
    data = (betas.ends.tobytes(), betas.betas.tobytes(), betas.errors.tobytes(), evaluation.unit)
    text = (
        f"Line chart with one value a week, each of the {rolling.weeks} weeks before it, with its interval as a band."
    )
    finding = rolling_finding(rolling, evaluation.unit)
    return drawn(Drawing(data, f"rolling-{evaluation.hub}-{evaluation.id}", finding, text, specify))


def rolling_rows(rolling: Rolling) -> tuple[tuple[date, float, float, float], ...]:
    """End, beta and interval of the last window of each year, newest first."""
    low, high = band_of(rolling)
    years = rolling.betas.ends.astype("datetime64[Y]")
    last = np.flatnonzero(np.append(years[1:] != years[:-1], True))
    return tuple(
        (rolling.betas.ends[at].item(), float(rolling.betas.betas[at]), float(low[at]), float(high[at]))
        for at in last[::-1]
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
