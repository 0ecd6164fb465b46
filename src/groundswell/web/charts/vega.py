"""Charts as Vega-Lite specifications. Colours are CSS variables of the page, so they follow its light or dark scheme.

This module imports Altair, which is heavy; import it only when a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import numpy as np

from groundswell.hubs.charts import Chart, ChartSeries
from groundswell.model import Evaluation
from groundswell.web.formats import PERCENT_UNITS
from groundswell.wording.figures import RANK, write_level

DECISION_MARK_Y = -8  # pixels from the top of the plot
TARGET_MARGIN = 0.03  # percentage points added to either side of the target range, so that a single target is visible
LINE_NAME_WIDTH = 92  # pixels right of the plot for the names of lines
DIRECTIONS = ["up", "down"]
LABEL_WIDTH, LABEL_HEIGHT = 54, 14  # pixels of a mark's label, such as "Sep 2007"
INK, MUTED, RULE, ACCENT, BAD = "currentColor", "var(--muted)", "var(--rule)", "var(--accent)", "var(--bad)"

LINE_STYLES: tuple[dict[str, Any], ...] = ({"color": ACCENT, "strokeWidth": 1.6}, {"color": INK, "strokeWidth": 1.1})
NAME_STYLE: dict[str, Any] = {"fontSize": 12, "fontWeight": "bold", "align": "left", "baseline": "middle", "dx": 7}

CONFIG: dict[str, Any] = {
    "font": "system-ui, sans-serif",
    "padding": {"left": 10, "right": 8, "top": 4, "bottom": 2},
    "axis": {"labelColor": MUTED, "labelFontSize": 12, "labelPadding": 6, "domain": False, "ticks": False},
    "axisX": {"grid": False, "domain": True, "domainColor": RULE, "ticks": True, "tickColor": RULE, "labelPadding": 2},
    "axisY": {"gridColor": RULE, "gridOpacity": 0.6, "tickCount": 5},
    "view": {"stroke": None},
}


def line_spec(chart: Chart, width: int, height: int) -> dict[str, Any]:
    """Specify one or two lines over time, each labelled at its end, with a labelled rule at each mark.

    Width and height are those of the plot in pixels. An index has a rule at 100. Levels are drawn over the target range
    of the Federal Reserve and its changes where the chart has them.
    """
    scale = 100.0 if chart.unit == "share" else 1.0
    width -= LINE_NAME_WIDTH if len(chart.series) > 1 else 0
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=_tick(chart.unit)))
    base = [inline_rows([{"value": 100}]).mark_rule(color=MUTED).encode(y=y)] if chart.unit == "index" else []
    layers: list[Any] = [*base, *_target_layers(chart, y, width)]
    for number, style in enumerate(LINE_STYLES[: len(chart.series)]):
        layers.append(alt.Chart(alt.NamedData(f"line{number}")).mark_line(**style).encode(x=time_axis(width), y=y))
    layers += [*_end_layers(chart, y, width, height, scale), *_mark_layers(chart, width)]
    spec = build_spec(layers, width, height)
    if len(chart.series) > 1:
        # The reader's font may be wider than the font for which the space for names was measured.
        longest = max(len(series.label) for series in chart.series)
        spec["padding"] = CONFIG["padding"] | {"right": CONFIG["padding"]["right"] + 1.5 * longest}
    # Added last: Altair would copy and hash the rows, which takes longer than drawing them.
    spec["datasets"] |= {
        f"line{number}": _thin_series(series, width, scale) for number, series in enumerate(chart.series)
    }
    return spec


def _tick(unit: str) -> str:
    return "datum.label + ' %'" if unit in ("percent", "share") else "datum.label"


def _end_layers(chart: Chart, y: alt.Y, width: int, height: int, scale: float) -> list[alt.Chart]:
    """Return a dot at the end of each line and its last figure right of the plot, below the line's name if two."""
    lasts = [float(series.values[-1]) for series in chart.series]
    spread = max(float(np.ptp(np.concatenate([series.values for series in chart.series]))), 1e-9)
    close = len(lasts) > 1 and abs(lasts[0] - lasts[1]) / spread * height < 2 * LABEL_HEIGHT
    layers = []
    for series, last, colour in zip(chart.series, lasts, (ACCENT, INK), strict=False):
        figure = f"{last:.0f}" if chart.unit == "index" else write_level(last, chart.unit)
        label = [series.label.removeprefix("the "), figure] if len(lasts) > 1 else [figure]
        end = inline_rows([{"date": str(series.dates[-1]), "value": last * scale}]).encode(x=time_axis(width), y=y)
        # Labels that would overlap are moved apart, that of the higher line up.
        shift = (-LABEL_HEIGHT if last >= max(lasts) else LABEL_HEIGHT) if close else 0
        dy = shift - LABEL_HEIGHT / 2 * (len(label) - 1)
        layers.append(end.mark_circle(color=colour, size=26, opacity=1))
        layers.append(end.mark_text(color=colour, dy=dy, text=label, **NAME_STYLE))
    return layers


def _target_layers(chart: Chart, y: alt.Y, width: int) -> list[alt.Chart]:
    """Return the target range as a band, and a mark above the plot for each decision: up, down or no change."""
    if not chart.decisions:
        return []
    days = [decision.announced.isoformat() for decision in chart.decisions]
    last = str(max(series.dates[-1] for series in chart.series))
    steps = [
        {"date": day, "value": max(decision.lower - TARGET_MARGIN, 0.0), "top": decision.upper + TARGET_MARGIN}
        for decision, day in zip((*chart.decisions, chart.decisions[-1]), (*days, last), strict=True)
    ]
    moves = [
        {"date": day, "turn": "up" if decision.change_bp > 0 else "down"}
        for decision, day in zip(chart.decisions, days, strict=True)
        if decision.change_bp
    ]
    band = inline_rows(steps).mark_area(color=MUTED, opacity=0.5, interpolate="step-after")
    unchanged = inline_rows([{"date": day} for day in sorted({*days} - {move["date"] for move in moves})])
    shape = alt.Shape("turn:N", legend=None, scale=alt.Scale(domain=DIRECTIONS, range=["triangle-up", "triangle-down"]))
    colour = alt.Color("turn:N", legend=None, scale=alt.Scale(domain=DIRECTIONS, range=[BAD, ACCENT]))
    position = {"x": time_axis(width), "y": alt.value(DECISION_MARK_Y)}
    return [
        band.encode(x=time_axis(width), y=y, y2="top:Q"),
        unchanged.mark_circle(color=MUTED, size=4, opacity=0.8).encode(**position),
        inline_rows(moves).mark_point(filled=True, size=24, opacity=1).encode(**position, shape=shape, color=colour),
    ]


def events_spec(evaluation: Evaluation, claimed: tuple[float, float] | None, width: int, height: int) -> dict[str, Any]:
    """Specify one dot for each event over time, the mean with its interval, the zero line and the claimed range."""
    percent = evaluation.unit in PERCENT_UNITS
    scale = 100.0 if percent else 1.0
    low, high = (bound * scale for bound in value_range(evaluation, claimed))
    label = "(datum.value == 0 ? '0' : datum.label)" + (" + ' %'" if percent else "")
    axis = alt.Axis(format="~f" if evaluation.unit in ("share", RANK) else "+~f", labelExpr=label)
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
    layers.append(inline_rows([{"value": 0}]).mark_rule(color=MUTED).encode(y=y))
    if evaluation.estimate is not None:
        mean = inline_rows([{"value": evaluation.estimate * scale}])
        layers.append(mean.mark_rule(color=ACCENT, strokeWidth=2).encode(y=y))
    layers += _label_layers(labels, y, (high - low) / height)
    dots = [{"date": event.date.isoformat(), "value": event.value * scale} for event in evaluation.events]
    layers.append(
        inline_rows(dots).mark_circle(color=INK, size=48, opacity=0.85).encode(x=time_axis(width, padding=10), y=y)
    )
    return build_spec(layers, width, height)


def place_labels(chart: Chart, width: int) -> list[tuple[date, float, int]]:
    """Place the marks within the chart's dates: date, pixels from the left, and a row without overlapping labels."""
    first, last = chart.dates[0].astype(object), chart.dates[-1].astype(object)
    days = max((last - first).days, 1)
    ends: list[float] = []  # where the last label of each row ends
    placed = []
    for mark in sorted(mark for mark in chart.marks if first <= mark <= last):
        x = (mark - first).days / days * width
        left = x if x <= width - LABEL_WIDTH else x - LABEL_WIDTH
        row = next((row for row, end in enumerate(ends) if left >= end), len(ends))
        ends[row : row + 1] = [left + LABEL_WIDTH]
        placed.append((mark, x, row))
    return placed


def value_range(evaluation: Evaluation, claimed: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range of values to show: all measured values, and the claimed bounds that do not dwarf them."""
    shown = [event.value for event in evaluation.events] + [0.0]
    shown += [bound for bound in (evaluation.ci_low, evaluation.ci_high, evaluation.estimate) if bound is not None]
    reach = 2 * max(map(abs, shown))
    shown += [bound for bound in claimed or () if abs(bound) <= reach]
    margin = 0.06 * (max(shown) - min(shown)) or 1.0
    return min(shown) - margin, max(shown) + margin


def _mark_layers(chart: Chart, width: int) -> list[alt.Chart]:
    """Return a dashed rule at each mark, labelled above the plot: right of the rule, or left at the right edge."""
    labels: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    for mark, x, row in place_labels(chart, width):
        label = {"date": mark.isoformat(), "label": f"{mark:%b %Y}"}
        labels.setdefault((row, x > width - LABEL_WIDTH), []).append(label)
    layers = []
    for (row, at_edge), rows in labels.items():
        marked = inline_rows(rows).encode(x=time_axis(width))
        text = marked.mark_text(color=MUTED, align="right" if at_edge else "left", fontSize=11)
        layers.append(marked.mark_rule(color=MUTED, strokeDash=[2, 3]))
        layers.append(text.encode(y=alt.value(-6 - LABEL_HEIGHT * row), text="label:N"))
    return layers


def _thin_series(series: ChartSeries, width: int, scale: float) -> list[dict[str, Any]]:
    """Return about one value a pixel, evenly spaced, including the first and the last."""
    step = max(-(-len(series.dates) // width), 1)
    indices = np.unique(np.append(np.arange(0, len(series.dates), step), len(series.dates) - 1))
    return [
        {"date": str(series.dates[index]), "value": round(float(series.values[index]) * scale, 2)} for index in indices
    ]


def inline_rows(rows: list[dict[str, Any]]) -> alt.Chart:
    """Return a chart whose specification contains these rows."""
    return alt.Chart(alt.InlineData(values=rows))


def time_axis(width: int, padding: int = 0) -> alt.X:
    """Return the time axis, in UTC whatever the time zone of the machine."""
    scale = alt.Scale(type="utc", padding=padding)
    return alt.X("date:T", title=None, scale=scale, axis=alt.Axis(format="%Y", tickCount=width // 80))


def _label_layers(labels: Sequence[tuple[str, float, int, str]], y: alt.Y, pixel: float) -> list[alt.Chart]:
    """Return labels at the left edge of the plot, given as text, value, pixels below the value, and colour.

    A label that would overlap an earlier label is left out; the caption gives the same information. ``pixel`` is the
    height of a pixel in the unit of the values.
    """
    placed: list[alt.Chart] = []
    heights: list[float] = []
    for text, value, dy, color in labels:
        height = value / pixel - dy
        if all(abs(height - other) >= LABEL_HEIGHT for other in heights):
            heights.append(height)
            label = inline_rows([{"value": value}])
            mark = label.mark_text(text=text, align="left", fontSize=11, color=color, dx=4, dy=dy)
            placed.append(mark.encode(x=alt.value(0), y=y))
    return placed


def _band(y: alt.Y, low: float, high: float) -> alt.Chart:
    bounds = inline_rows([{"value": low, "top": high}])
    return bounds.encode(y=y, y2="top:Q")


def build_spec(layers: Sequence[alt.Chart], width: int, height: int) -> dict[str, Any]:
    """Combine the layers into one specification with the style that all charts share."""
    chart = alt.layer(*layers).properties(width=width, height=height, background="transparent")
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return spec | {"config": CONFIG}
