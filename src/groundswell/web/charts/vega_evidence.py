"""The specification curve and the fan of an event study as Vega-Lite specifications, imported when one is drawn."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from groundswell.claims.paths import Fan
from groundswell.claims.reading_axes import Choices
from groundswell.claims.readings import MAIN_LABEL, Point
from groundswell.claims.rolling import Rolling, band_of
from groundswell.web.charts.vega import ACCENT, BAD, CONFIG, INK, MUTED, RULE, finished, inline, time
from groundswell.web.formats import PERCENT_UNITS

LOOKS = {
    "supported": ("triangle-up", ACCENT),
    "refuted": ("triangle-down", BAD),
    "inconclusive": ("circle", INK),
    "insufficient data": ("diamond", MUTED),
}
LABELS = 124
"""Pixels kept for labels on the left of both panels, so that readings stand below one another."""
NARROW = 400
ROW = 15
ZERO_BARE = "(datum.value == 0 ? '0' : datum.label)"
MOST_LINES = 12
"""Events up to which each has a line of its own in the fan."""


def curve_spec(
    points: tuple[Point, ...], choices: Choices, unit: str | None, width: int, height: int
) -> dict[str, Any]:
    """Readings in order of their estimate with interval bars, above the choices that each makes."""
    inner = max(width - LABELS, 180)
    scale = 100.0 if unit in PERCENT_UNITS else 1.0
    place = alt.X("place:Q", axis=None, scale=alt.Scale(domain=[-1, len(points)], nice=False))
    top = _estimates(points, scale, place, inner, height)
    panels = [top, *([grid] if (grid := _grid(points, choices, place, inner)) else [])]
    spec: dict[str, Any] = (
        alt.vconcat(*panels, spacing=8, bounds="flush").properties(background="transparent").to_dict(validate=False)
    )
    legend = {"orient": "top", "title": None, "labelColor": MUTED, "labelFontSize": 12, "symbolOpacity": 1}
    legend |= {"columns": 2 if width < NARROW else len(LOOKS)}
    return spec | {"config": CONFIG | {"legend": legend}}


def _estimates(points: tuple[Point, ...], scale: float, place: alt.X, width: int, height: int) -> Any:
    rows: list[dict[str, Any]] = [
        {"place": at, "verdict": one.verdict, "value": one.estimate * scale, "main": one.main}
        | ({"low": one.low * scale, "high": one.high * scale} if one.low is not None and one.high is not None else {})
        for at, one in enumerate(points)
    ]
    shown = [row[name] for row in rows for name in ("low", "value", "high") if name in row]
    # A very wide interval is cut at the edge, so that it does not dwarf the rest.
    reach = 3 * max(abs(one.estimate) for one in points) * scale or 1.0
    domain = alt.Scale(domain=[max(min(0.0, *shown), -reach), min(max(0.0, *shown), reach)], clamp=True)
    label = ZERO_BARE + (" + ' %'" if scale > 1 else "")
    axis = alt.Axis(format="+~f", labelExpr=label, minExtent=LABELS, maxExtent=LABELS)
    y = alt.Y("value:Q", title=None, axis=axis, scale=domain)
    present = [verdict for verdict in LOOKS if any(row["verdict"] == verdict for row in rows)]
    colour = alt.Color("verdict:N", scale=alt.Scale(domain=present, range=[LOOKS[one][1] for one in present]))
    shape = alt.Shape("verdict:N", scale=alt.Scale(domain=present, range=[LOOKS[one][0] for one in present]))
    bars = inline([row for row in rows if "low" in row])
    size = float(np.clip(width / len(points), 4.0, 9.0)) ** 2
    main = inline([row for row in rows if row["main"]])
    return alt.layer(
        inline([{"value": 0}]).mark_rule(color=MUTED).encode(y=y),
        bars.mark_rule(opacity=0.45).encode(x=place, y=alt.Y("low:Q", scale=domain), y2="high:Q", color=colour),
        main.mark_rule(color=INK, strokeDash=[2, 2], opacity=0.7).encode(x=place),
        main.mark_text(color=INK, fontSize=11, align="left", dx=4, text=MAIN_LABEL).encode(x=place, y=alt.value(6)),
        inline(rows).mark_point(filled=True, size=size, opacity=1).encode(x=place, y=y, color=colour, shape=shape),
    ).properties(width=width, height=height)


def _grid(points: tuple[Point, ...], choices: Choices, place: alt.X, width: int) -> Any:
    """A dot for each choice of each reading; a row a value, named by its axis at the first of each."""
    names = [
        [f"{axis.name}: {value}" if at == 0 else value for at, value in enumerate(axis.values)] for axis in choices.axes
    ]
    keys = [[f"{number}.{at}" for at in range(len(axis.values))] for number, axis in enumerate(choices.axes)]
    of = dict(choices.of)
    dots = [
        {"place": at, "row": keys[number][axis.values.index(value)], "main": one.main}
        for at, one in enumerate(points)
        for number, (axis, value) in enumerate(zip(choices.axes, of.get(one.name, ()), strict=False))
        if value
    ]
    if not dots:
        return None
    order = [key for axis in keys for key in axis]
    words = dict(zip(order, (name for axis in names for name in axis), strict=True))
    label = "".join(f"datum.value == '{key}' ? {_quoted(word)} : " for key, word in words.items()) + "''"
    axis = alt.Axis(
        labelExpr=label, labelLimit=LABELS - 8, minExtent=LABELS, maxExtent=LABELS, labelFontSize=11, grid=False
    )
    y = alt.Y("row:N", title=None, sort=order, axis=axis, scale=alt.Scale(domain=order))
    colour = alt.condition("datum.main", alt.value(INK), alt.value(MUTED))
    size = float(np.clip(width / len(points), 2.5, 6.0)) ** 2
    return (
        inline(dots)
        .mark_square(size=size, opacity=1)
        .encode(x=place, y=y, color=colour)
        .properties(width=width, height=ROW * len(order))
    )


def fan_spec(fan: Fan, width: int, height: int) -> dict[str, Any]:
    """The mean path with its band over sessions from the window's start; a thin line an event where these are few."""
    scale = 100.0 if fan.unit in PERCENT_UNITS else 1.0
    label = ZERO_BARE + (" + ' %'" if scale > 1 else "")
    x = alt.X(
        "offset:Q",
        title=None,
        axis=alt.Axis(format="+d", labelExpr=ZERO_BARE, tickCount=width // 60),
        scale=alt.Scale(nice=False),
    )
    y = alt.Y("value:Q", title=None, axis=alt.Axis(format="+~f", labelExpr=label))
    offsets, paths = fan.paths.offsets.tolist(), fan.paths.values * scale
    band = [
        {"offset": at, "value": low * scale, "high": high * scale}
        for at, low, high in zip(offsets, fan.low.tolist(), fan.high.tolist(), strict=True)
        if np.isfinite(low)
    ]
    layers: list[Any] = [
        inline(band).mark_area(color=ACCENT, opacity=0.2).encode(x=x, y=y, y2="high:Q"),
        inline([{"value": 0}]).mark_rule(color=MUTED).encode(y=y),
        inline([{"offset": 0}]).mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x),
    ]
    if len(paths) <= MOST_LINES:
        lines = [
            {"offset": at, "value": value, "event": str(day)}
            for day, path in zip(fan.paths.days, paths.tolist(), strict=True)
            for at, value in zip(offsets, path, strict=True)
            if np.isfinite(value)
        ]
        layers.append(
            inline(lines).mark_line(color=INK, opacity=0.3, strokeWidth=0.8).encode(x=x, y=y, detail="event:N")
        )
    mean = [
        {"offset": at, "value": value * scale}
        for at, value in zip(offsets, fan.mean.tolist(), strict=True)
        if np.isfinite(value)
    ]
    layers.append(inline(mean).mark_line(color=ACCENT, strokeWidth=2.2).encode(x=x, y=y))
    return finished(layers, width, height) | {"config": CONFIG | {"axisX": CONFIG["axisX"] | {"gridColor": RULE}}}


def rolling_spec(rolling: Rolling, unit: str | None, width: int, height: int) -> dict[str, Any]:
    """The beta of each window at its end, with its 95 % interval as a band."""
    scale = 100.0 if unit in PERCENT_UNITS else 1.0
    y = alt.Y(
        "value:Q", title=None, axis=alt.Axis(format="+~f", labelExpr=ZERO_BARE + (" + ' %'" if scale > 1 else ""))
    )
    low, high = band_of(rolling)
    kept = range(len(rolling.betas.ends) - 1, -1, -max(len(rolling.betas.ends) // width, 1))
    rows = [
        {
            "date": str(rolling.betas.ends[at]),
            "value": float(rolling.betas.betas[at]) * scale,
            "low": float(low[at]) * scale,
            "high": float(high[at]) * scale,
        }
        for at in reversed(kept)
    ]
    layers: list[Any] = [
        inline(rows)
        .mark_area(color=ACCENT, opacity=0.2)
        .encode(x=time(width), y=alt.Y("low:Q", title=None), y2="high:Q"),
        inline([{"value": 0}]).mark_rule(color=MUTED).encode(y=y),
        inline(rows).mark_line(color=ACCENT, strokeWidth=2).encode(x=time(width), y=y),
    ]
    return finished(layers, width, height)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
