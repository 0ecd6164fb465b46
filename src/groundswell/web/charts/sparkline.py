"""Small lines beside a figure: its last year at a glance, drawn here because a word's height needs no axes."""

from __future__ import annotations

from markupsafe import Markup

from groundswell.hubs.gauges.gauge import Gauge
from groundswell.web.formats import gauge_figure
from groundswell.wording.dates import day_in_words

WIDTH, HEIGHT, MARGIN = 120, 26, 3
DRAWN = Markup(
    '<svg class="spark" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">{zero}'
    '<polyline points="{points}"/><circle cx="{x}" cy="{y}" r="2.5"/></svg>'
)
ZERO = Markup('<line x1="0" x2="{width}" y1="{y}" y2="{y}"/>')


def sparkline(gauge: Gauge) -> Markup:
    """The gauge's last year as a line with a dot at its end, and a rule at zero where it crosses that.

    The name tells where it starts and ends, and its extremes.
    """
    values, unit = gauge.recent.values, gauge.main.unit
    low, high = float(values.min()), float(values.max())

    def place(at: int) -> tuple[str, str]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * at / max(len(values) - 1, 1)
        return f"{x:.1f}", _height(float(values[at]), low, high)

    first, last = (day_in_words(gauge.recent.dates[at].item()) for at in (0, -1))
    name = (
        f"{gauge.spec.title}, {first} to {last}: from {gauge_figure(float(values[0]), unit)} to "
        f"{gauge_figure(float(values[-1]), unit)}, lowest {gauge_figure(low, unit)}, highest {gauge_figure(high, unit)}"
    )
    x, y = place(len(values) - 1)
    return DRAWN.format(
        width=WIDTH,
        height=HEIGHT,
        name=name,
        zero=ZERO.format(width=WIDTH, y=_height(0.0, low, high)) if low < 0 < high else "",
        points=" ".join(",".join(place(at)) for at in range(0, len(values), 2)) + f" {x},{y}",
        x=x,
        y=y,
    )


def _height(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.5
    return f"{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share:.1f}"
