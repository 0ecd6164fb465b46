"""The charts of a claim's evidence as Vega-Lite specifications; import this module only when one is drawn."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from groundswell.claims.estimand import Rolling
from groundswell.claims.paths import Fan
from groundswell.claims.reading_axes import Choices
from groundswell.claims.readings import MAIN_LABEL, Point
from groundswell.web.charts.vega import ACCENT, BAD, CONFIG, INK, MUTED, RULE, build_spec, inline_rows, time_axis
from groundswell.web.formats import PERCENT_UNITS

VERDICT_STYLES = {
    "supported": ("triangle-up", ACCENT),
    "refuted": ("triangle-down", BAD),
    "inconclusive": ("circle", INK),
    "insufficient data": ("diamond", MUTED),
}
LABEL_WIDTH = 124
"""Pixels reserved for labels on the left of both panels, so that their columns are aligned."""
NARROW_WIDTH = 400  # pixels below which the legend has two columns
ROW_HEIGHT = 15  # pixels
UNSIGNED_ZERO_LABEL = "(datum.value == 0 ? '0' : datum.label)"
MAX_EVENT_LINES = 12
"""The fan shows a line for each event up to this number of events."""


def curve_spec(
    points: tuple[Point, ...], choices: Choices, unit: str | None, width: int, height: int
) -> dict[str, Any]:
    """Specify the readings in order of their estimate with interval bars, above a grid of the choices of each."""
    inner = max(width - LABEL_WIDTH, 180)
    scale = 100.0 if unit in PERCENT_UNITS else 1.0
    x = alt.X("place:Q", axis=None, scale=alt.Scale(domain=[-1, len(points)], nice=False))
    top = _specify_estimates(points, scale, x, inner, height)
    panels = [top, *([grid] if (grid := _specify_choices(points, choices, x, inner)) else [])]
    spec: dict[str, Any] = (
        alt.vconcat(*panels, spacing=8, bounds="flush").properties(background="transparent").to_dict(validate=False)
    )
    legend = {"orient": "top", "title": None, "labelColor": MUTED, "labelFontSize": 12, "symbolOpacity": 1}
    legend |= {"columns": 2 if width < NARROW_WIDTH else len(VERDICT_STYLES)}
    return spec | {"config": CONFIG | {"legend": legend}}


def _specify_estimates(points: tuple[Point, ...], scale: float, x: alt.X, width: int, height: int) -> Any:
    rows: list[dict[str, Any]] = [
        {"place": place, "verdict": point.verdict, "value": point.estimate * scale, "main": point.main}
        | (
            {"low": point.low * scale, "high": point.high * scale}
            if point.low is not None and point.high is not None
            else {}
        )
        for place, point in enumerate(points)
    ]
    shown = [row[name] for row in rows for name in ("low", "value", "high") if name in row]
    # A very wide interval is cut off at the edge of the plot, so that it does not dwarf the rest.
    reach = 3 * max(abs(point.estimate) for point in points) * scale or 1.0
    domain = alt.Scale(domain=[max(min(0.0, *shown), -reach), min(max(0.0, *shown), reach)], clamp=True)
    label = UNSIGNED_ZERO_LABEL + (" + ' %'" if scale > 1 else "")
    axis = alt.Axis(format="+~f", labelExpr=label, minExtent=LABEL_WIDTH, maxExtent=LABEL_WIDTH)
    y = alt.Y("value:Q", title=None, axis=axis, scale=domain)
    present = [verdict for verdict in VERDICT_STYLES if any(row["verdict"] == verdict for row in rows)]
    colour = alt.Color(
        "verdict:N", scale=alt.Scale(domain=present, range=[VERDICT_STYLES[verdict][1] for verdict in present])
    )
    shape = alt.Shape(
        "verdict:N", scale=alt.Scale(domain=present, range=[VERDICT_STYLES[verdict][0] for verdict in present])
    )
    bars = inline_rows([row for row in rows if "low" in row])
    size = float(np.clip(width / len(points), 4.0, 9.0)) ** 2
    main = inline_rows([row for row in rows if row["main"]])
    return alt.layer(
        inline_rows([{"value": 0}]).mark_rule(color=MUTED).encode(y=y),
        bars.mark_rule(opacity=0.45).encode(x=x, y=alt.Y("low:Q", scale=domain), y2="high:Q", color=colour),
        main.mark_rule(color=INK, strokeDash=[2, 2], opacity=0.7).encode(x=x),
        main.mark_text(color=INK, fontSize=11, align="left", dx=4, text=MAIN_LABEL).encode(x=x, y=alt.value(6)),
        inline_rows(rows).mark_point(filled=True, size=size, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
    ).properties(width=width, height=height)


def _specify_choices(points: tuple[Point, ...], choices: Choices, x: alt.X, width: int) -> Any:
    """Specify a dot for each choice of each reading, one row a value; the first value of an axis has its name."""
    names = [
        [f"{axis.name}: {value}" if row == 0 else value for row, value in enumerate(axis.values)]
        for axis in choices.axes
    ]
    keys = [[f"{number}.{row}" for row in range(len(axis.values))] for number, axis in enumerate(choices.axes)]
    choices_of = dict(choices.by_reading)
    dots = [
        {"place": place, "row": keys[number][axis.values.index(value)], "main": point.main}
        for place, point in enumerate(points)
        for number, (axis, value) in enumerate(zip(choices.axes, choices_of.get(point.name, ()), strict=False))
        if value
    ]
    if not dots:
        return None
    order = [key for axis in keys for key in axis]
    labels = dict(zip(order, (name for axis in names for name in axis), strict=True))
    label = "".join(f"datum.value == '{key}' ? {_quote(text)} : " for key, text in labels.items()) + "''"
    axis = alt.Axis(
        labelExpr=label,
        labelLimit=LABEL_WIDTH - 8,
        minExtent=LABEL_WIDTH,
        maxExtent=LABEL_WIDTH,
        labelFontSize=11,
        grid=False,
    )
    y = alt.Y("row:N", title=None, sort=order, axis=axis, scale=alt.Scale(domain=order))
    colour = alt.condition("datum.main", alt.value(INK), alt.value(MUTED))
    size = float(np.clip(width / len(points), 2.5, 6.0)) ** 2
    return (
        inline_rows(dots)
        .mark_square(size=size, opacity=1)
        .encode(x=x, y=y, color=colour)
        .properties(width=width, height=ROW_HEIGHT * len(order))
    )


def fan_spec(fan: Fan, width: int, height: int) -> dict[str, Any]:
    """Specify the mean path with its band over sessions from the start of the window, with a thin line for each event.

    The lines are left out where there are more than ``MAX_EVENT_LINES`` events.
    """
    scale = 100.0 if fan.unit in PERCENT_UNITS else 1.0
    label = UNSIGNED_ZERO_LABEL + (" + ' %'" if scale > 1 else "")
    x = alt.X(
        "offset:Q",
        title=None,
        axis=alt.Axis(format="+d", labelExpr=UNSIGNED_ZERO_LABEL, tickCount=width // 60),
        scale=alt.Scale(nice=False),
    )
    y = alt.Y("value:Q", title=None, axis=alt.Axis(format="+~f", labelExpr=label))
    offsets, paths = fan.paths.offsets.tolist(), fan.paths.values * scale
    band = [
        {"offset": offset, "value": low * scale, "high": high * scale}
        for offset, low, high in zip(offsets, fan.low.tolist(), fan.high.tolist(), strict=True)
        if np.isfinite(low)
    ]
    layers: list[Any] = [
        inline_rows(band).mark_area(color=ACCENT, opacity=0.2).encode(x=x, y=y, y2="high:Q"),
        inline_rows([{"value": 0}]).mark_rule(color=MUTED).encode(y=y),
        inline_rows([{"offset": 0}]).mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x),
    ]
    if len(paths) <= MAX_EVENT_LINES:
        lines = [
            {"offset": offset, "value": value, "event": str(day)}
            for day, path in zip(fan.paths.days, paths.tolist(), strict=True)
            for offset, value in zip(offsets, path, strict=True)
            if np.isfinite(value)
        ]
        layers.append(
            inline_rows(lines).mark_line(color=INK, opacity=0.3, strokeWidth=0.8).encode(x=x, y=y, detail="event:N")
        )
    mean = [
        {"offset": offset, "value": value * scale}
        for offset, value in zip(offsets, fan.mean.tolist(), strict=True)
        if np.isfinite(value)
    ]
    layers.append(inline_rows(mean).mark_line(color=ACCENT, strokeWidth=2.2).encode(x=x, y=y))
    return build_spec(layers, width, height) | {"config": CONFIG | {"axisX": CONFIG["axisX"] | {"gridColor": RULE}}}


def rolling_spec(rolling: Rolling, unit: str | None, width: int, height: int) -> dict[str, Any]:
    """Specify the beta of each window at the end of the window, with its 95 % interval as a band."""
    scale = 100.0 if unit in PERCENT_UNITS else 1.0
    y = alt.Y(
        "value:Q",
        title=None,
        axis=alt.Axis(format="+~f", labelExpr=UNSIGNED_ZERO_LABEL + (" + ' %'" if scale > 1 else "")),
    )
    low, high = rolling.band
    indices = range(len(rolling.betas.ends) - 1, -1, -max(len(rolling.betas.ends) // width, 1))
    rows = [
        {
            "date": str(rolling.betas.ends[index]),
            "value": float(rolling.betas.betas[index]) * scale,
            "low": float(low[index]) * scale,
            "high": float(high[index]) * scale,
        }
        for index in reversed(indices)
    ]
    layers: list[Any] = [
        inline_rows(rows)
        .mark_area(color=ACCENT, opacity=0.2)
        .encode(x=time_axis(width), y=alt.Y("low:Q", title=None), y2="high:Q"),
        inline_rows([{"value": 0}]).mark_rule(color=MUTED).encode(y=y),
        inline_rows(rows).mark_line(color=ACCENT, strokeWidth=2).encode(x=time_axis(width), y=y),
    ]
    return build_spec(layers, width, height)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
