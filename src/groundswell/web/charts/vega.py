"""Charts as Vega-Lite specifications. Colours are the page's own CSS variables, so that they follow light and dark.

Altair is heavy: this module is imported only when a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import numpy as np

from groundswell.hubs.charts import Curve, Line
from groundswell.model import Evaluation
from groundswell.web.formats import PERCENT_UNITS
from groundswell.wording.figures import format_figure

ABOVE = -8  # pixels from the top of the plot at which decisions are marked
THIN = 0.03
NAMED = 92  # pixels right of the plot that names of lines need
UP_DOWN = ["up", "down"]
LABEL_WIDTH, LABEL_HEIGHT = 54, 14  # pixels taken by a mark's label, such as "Sep 2007"
INK, MUTED, RULE, ACCENT, BAD = "currentColor", "var(--muted)", "var(--rule)", "var(--accent)", "var(--bad)"

LINES: tuple[dict[str, Any], ...] = ({"color": ACCENT, "strokeWidth": 1.6}, {"color": INK, "strokeWidth": 1.1})
NAMES: dict[str, Any] = {"fontSize": 12, "fontWeight": "bold", "align": "left", "baseline": "middle", "dx": 7}

CONFIG: dict[str, Any] = {
    "font": "system-ui, sans-serif",
    "padding": {"left": 10, "right": 8, "top": 4, "bottom": 2},
    "axis": {"labelColor": MUTED, "labelFontSize": 12, "labelPadding": 6, "domain": False, "ticks": False},
    "axisX": {"grid": False, "domain": True, "domainColor": RULE, "ticks": True, "tickColor": RULE, "labelPadding": 2},
    "axisY": {"gridColor": RULE, "gridOpacity": 0.6, "tickCount": 5},
    "view": {"stroke": None},
}


def line_spec(line: Line, width: int, height: int) -> dict[str, Any]:
    """One line or two over time, each labelled at its end, with a labelled rule at each mark; plot's size in pixels.

    An index has a rule at 100; levels are drawn over the target range and its changes where the chart has them.
    """
    scale = 100.0 if line.unit == "share" else 1.0
    width -= NAMED if len(line.curves) > 1 else 0
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=_tick(line.unit)))
    base = [inline([{"value": 100}]).mark_rule(color=MUTED).encode(y=y)] if line.unit == "index" else []
    layers: list[Any] = [*base, *_target_layers(line, y, width)]
    for number, look in enumerate(LINES[: len(line.curves)]):
        layers.append(alt.Chart(alt.NamedData(f"line{number}")).mark_line(**look).encode(x=time(width), y=y))
    layers += [*_end_layers(line, y, width, height, scale), *_mark_layers(line, width)]
    spec = finished(layers, width, height)
    if len(line.curves) > 1:
        # The reader's own font may be wider than the one that the room for names was measured with.
        longest = max(len(curve.label) for curve in line.curves)
        spec["padding"] = CONFIG["padding"] | {"right": CONFIG["padding"]["right"] + 1.5 * longest}
    # Put in last: Altair copies and hashes rows, slower than the drawing.
    spec["datasets"] |= {f"line{number}": _thinned(curve, width, scale) for number, curve in enumerate(line.curves)}
    return spec


def _tick(unit: str) -> str:
    return "datum.label + ' %'" if unit in ("percent", "share") else "datum.label"


def _end_layers(line: Line, y: alt.Y, width: int, height: int, scale: float) -> list[alt.Chart]:
    """A dot at the end of each line, and right of the plot its figure, below its name where there are two."""
    lasts = [float(curve.values[-1]) for curve in line.curves]
    spread = max(float(np.ptp(np.concatenate([curve.values for curve in line.curves]))), 1e-9)
    close = len(lasts) > 1 and abs(lasts[0] - lasts[1]) / spread * height < 2 * LABEL_HEIGHT
    layers = []
    for curve, last, colour in zip(line.curves, lasts, (ACCENT, INK), strict=False):
        figure = f"{last:.0f}" if line.unit == "index" else format_figure(last, line.unit)
        words = [curve.label.removeprefix("the "), figure] if len(lasts) > 1 else [figure]
        end = inline([{"date": str(curve.dates[-1]), "value": last * scale}]).encode(x=time(width), y=y)
        # Labels that would meet are moved apart, the higher line's up.
        apart = (-LABEL_HEIGHT if last >= max(lasts) else LABEL_HEIGHT) if close else 0
        middle = apart - LABEL_HEIGHT / 2 * (len(words) - 1)
        layers.append(end.mark_circle(color=colour, size=26, opacity=1))
        layers.append(end.mark_text(color=colour, dy=middle, text=words, **NAMES))
    return layers


def _target_layers(line: Line, y: alt.Y, width: int) -> list[alt.Chart]:
    """The target range as a band, and a mark above the plot for every decision: up, down, or a dot for none."""
    if not line.decisions:
        return []
    days = [decision.announced.isoformat() for decision in line.decisions]
    last = str(max(curve.dates[-1] for curve in line.curves))
    # A single target is drawn as wide as can just be seen.
    steps = [
        {"date": day, "value": max(one.lower - THIN, 0.0), "top": one.upper + THIN}
        for one, day in zip((*line.decisions, line.decisions[-1]), (*days, last), strict=True)
    ]
    moves = [
        {"date": day, "turn": "up" if one.change_bp > 0 else "down"}
        for one, day in zip(line.decisions, days, strict=True)
        if one.change_bp
    ]
    band = inline(steps).mark_area(color=MUTED, opacity=0.5, interpolate="step-after")
    stalled = inline([{"date": day} for day in sorted({*days} - {move["date"] for move in moves})])
    shape = alt.Shape("turn:N", legend=None, scale=alt.Scale(domain=UP_DOWN, range=["triangle-up", "triangle-down"]))
    tone = alt.Color("turn:N", legend=None, scale=alt.Scale(domain=UP_DOWN, range=[BAD, ACCENT]))
    place = {"x": time(width), "y": alt.value(ABOVE)}
    return [
        band.encode(x=time(width), y=y, y2="top:Q"),
        stalled.mark_circle(color=MUTED, size=4, opacity=0.8).encode(**place),
        inline(moves).mark_point(filled=True, size=24, opacity=1).encode(**place, shape=shape, color=tone),
    ]


def events_spec(evaluation: Evaluation, claimed: tuple[float, float] | None, width: int, height: int) -> dict[str, Any]:
    """One dot an event over time, the mean with its interval, the zero line and the claimed range as a band."""
    percent = evaluation.unit in PERCENT_UNITS
    scale = 100.0 if percent else 1.0
    low, high = (bound * scale for bound in extent(evaluation, claimed))
    label = "(datum.value == 0 ? '0' : datum.label)" + (" + ' %'" if percent else "")
    axis = alt.Axis(format="~f" if evaluation.unit == "share" else "+~f", labelExpr=label)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[low, high], nice=False), axis=axis)
    layers: list[alt.Chart] = []
    labels: list[tuple[str, float, int, str]] = []
    if evaluation.estimate is not None:
        labels.append(("estimate", evaluation.estimate * scale, -7, ACCENT))
    if claimed is not None:
        bottom, top = (min(max(bound * scale, low), high) for bound in claimed)
        layers.append(_band(y, bottom, top).mark_rect(color=RULE, opacity=0.6))
        labels.append(("claimed", top, 10, MUTED))
    if evaluation.ci_low is not None and evaluation.ci_high is not None:
        interval = _band(y, evaluation.ci_low * scale, evaluation.ci_high * scale)
        layers.append(interval.mark_rect(color=ACCENT, opacity=0.2))
        labels.append(("95 % interval", evaluation.ci_low * scale, -8, MUTED))
    layers.append(inline([{"value": 0}]).mark_rule(color=MUTED).encode(y=y))
    if evaluation.estimate is not None:
        mean = inline([{"value": evaluation.estimate * scale}])
        layers.append(mean.mark_rule(color=ACCENT, strokeWidth=2).encode(y=y))
    layers += _named(labels, y, (high - low) / height)
    dots = [{"date": event.date.isoformat(), "value": event.value * scale} for event in evaluation.events]
    layers.append(inline(dots).mark_circle(color=INK, size=48, opacity=0.85).encode(x=time(width, padding=10), y=y))
    return finished(layers, width, height)


def place_labels(line: Line, width: int) -> list[tuple[date, float, int]]:
    """The marks within the line's dates: date, pixels from the left, and the row in which its label meets no other."""
    first, last = line.dates[0].astype(object), line.dates[-1].astype(object)
    days = max((last - first).days, 1)
    ends: list[float] = []  # where the last label of each row ends
    placed = []
    for mark in sorted(mark for mark in line.marks if first <= mark <= last):
        at = (mark - first).days / days * width
        left = at if at <= width - LABEL_WIDTH else at - LABEL_WIDTH
        row = next((row for row, end in enumerate(ends) if left >= end), len(ends))
        ends[row : row + 1] = [left + LABEL_WIDTH]
        placed.append((mark, at, row))
    return placed


def extent(evaluation: Evaluation, claimed: tuple[float, float] | None) -> tuple[float, float]:
    """The range of values to show: everything measured, and of the claimed range what does not dwarf it."""
    shown = [event.value for event in evaluation.events] + [0.0]
    shown += [bound for bound in (evaluation.ci_low, evaluation.ci_high, evaluation.estimate) if bound is not None]
    reach = 2 * max(map(abs, shown))
    shown += [bound for bound in claimed or () if abs(bound) <= reach]
    margin = 0.06 * (max(shown) - min(shown)) or 1.0
    return min(shown) - margin, max(shown) + margin


def _mark_layers(line: Line, width: int) -> list[alt.Chart]:
    """A dashed rule at each mark, labelled above the plot: right of the rule, or left of it at the right edge."""
    labels: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    for mark, at, row in place_labels(line, width):
        label = {"date": mark.isoformat(), "label": f"{mark:%b %Y}"}
        labels.setdefault((row, at > width - LABEL_WIDTH), []).append(label)
    layers = []
    for (row, at_edge), rows in labels.items():
        marked = inline(rows).encode(x=time(width))
        text = marked.mark_text(color=MUTED, align="right" if at_edge else "left", fontSize=11)
        layers.append(marked.mark_rule(color=MUTED, strokeDash=[2, 3]))
        layers.append(text.encode(y=alt.value(-6 - LABEL_HEIGHT * row), text="label:N"))
    return layers


def _thinned(curve: Curve, width: int, scale: float) -> list[dict[str, Any]]:
    """At most about a value a pixel, evenly spaced, the first and the last among them."""
    step = max(-(-len(curve.dates) // width), 1)
    kept = np.unique(np.append(np.arange(0, len(curve.dates), step), len(curve.dates) - 1))
    return [{"date": str(curve.dates[i]), "value": round(float(curve.values[i]) * scale, 2)} for i in kept]


def inline(rows: list[dict[str, Any]]) -> alt.Chart:
    """A chart of these rows."""
    return alt.Chart(alt.InlineData(values=rows))


def time(width: int, padding: int = 0) -> alt.X:
    """The axis of time, in UTC whatever the machine's zone."""
    scale = alt.Scale(type="utc", padding=padding)
    return alt.X("date:T", title=None, scale=scale, axis=alt.Axis(format="%Y", tickCount=width // 80))


def _named(labels: Sequence[tuple[str, float, int, str]], y: alt.Y, pixel: float) -> list[alt.Chart]:
    """Labels at the left edge of the plot: words, value, how many pixels below it, and colour.

    One that would stand on an earlier one is left out; the words beside the chart tell the same. ``pixel`` is the
    height of a pixel in the values' unit.
    """
    placed: list[alt.Chart] = []
    heights: list[float] = []
    for words, value, dy, color in labels:
        at = value / pixel - dy
        if all(abs(at - other) >= LABEL_HEIGHT for other in heights):
            heights.append(at)
            label = inline([{"value": value}])
            text = label.mark_text(text=words, align="left", fontSize=11, color=color, dx=4, dy=dy)
            placed.append(text.encode(x=alt.value(0), y=y))
    return placed


def _band(y: alt.Y, low: float, high: float) -> alt.Chart:
    bounds = inline([{"value": low, "top": high}])
    return bounds.encode(y=y, y2="top:Q")


def finished(layers: Sequence[alt.Chart], width: int, height: int) -> dict[str, Any]:
    """The layers as one specification with the looks that all charts share."""
    chart = alt.layer(*layers).properties(width=width, height=height, background="transparent")
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return spec | {"config": CONFIG}
