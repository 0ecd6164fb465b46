"""Sparklines: the last year of a gauge as a small line next to its figure, drawn here because it needs no axes."""

from __future__ import annotations

from markupsafe import Markup

from groundswell.hubs.gauges.gauge import Gauge
from groundswell.web.formats import write_gauge_figure
from groundswell.wording.dates import write_day

WIDTH, HEIGHT, MARGIN = 120, 26, 3  # pixels
SPARKLINE = Markup(
    '<svg class="spark" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">{zero}'
    '<polyline points="{points}"/><circle cx="{x}" cy="{y}" r="2.5"/></svg>'
)
ZERO_RULE = Markup('<line x1="0" x2="{width}" y1="{y}" y2="{y}"/>')


def draw_sparkline(gauge: Gauge) -> Markup:
    """Draw the gauge's last year as a line with a dot at its end, and a rule at zero where the line crosses it.

    The accessible name gives the first, last, lowest and highest value.
    """
    values, unit = gauge.recent.values, gauge.main.unit
    low, high = float(values.min()), float(values.max())

    def place(index: int) -> tuple[str, str]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * index / max(len(values) - 1, 1)
        return f"{x:.1f}", _place_height(float(values[index]), low, high)

    first_day, last_day = (write_day(gauge.recent.dates[index].item()) for index in (0, -1))
    first, last, lowest, highest = (
        write_gauge_figure(float(value), unit) for value in (values[0], values[-1], low, high)
    )
    name = f"{gauge.spec.title}, {first_day} to {last_day}: from {first} to {last}, lowest {lowest}, highest {highest}"
    x, y = place(len(values) - 1)
    return SPARKLINE.format(
        width=WIDTH,
        height=HEIGHT,
        name=name,
        zero=ZERO_RULE.format(width=WIDTH, y=_place_height(0.0, low, high)) if low < 0 < high else "",
        points=" ".join(",".join(place(index)) for index in range(0, len(values), 2)) + f" {x},{y}",
        x=x,
        y=y,
    )


def _place_height(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.5
    return f"{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share:.1f}"
