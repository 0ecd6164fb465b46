"""Charts as inline SVG: the only text of a page that is not escaped, since it is generated here."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from groundswell.claims.verdict import Range
from groundswell.hubs.charts import Chart
from groundswell.model import Evaluation
from groundswell.web import formats
from groundswell.web.charts import palette
from groundswell.wording.dates import write_day
from groundswell.wording.plurals import write_count
from groundswell.worker import Worker

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
LONG_DECIMAL = re.compile(r"(\.\d)\d+")  # a tenth of a pixel is the smallest visible difference
PLOT_SIZES = {"wide": (640, 250), "narrow": (300, 200)}  # pixels of the plot; the style sheet shows one of the two
VEGA_LITE_VERSION = "6.4"
TITLE_LINE_LETTERS = 88
MAX_CACHED_CHARTS = 256  # about 30 kB each

DRAWING_WORKER = Worker(max_tasks=8)
"""The process in which charts are drawn: the libraries and their JavaScript engine take 150 MB, and 200 after these."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart to draw. ``data`` identifies it in the cache; ``specify`` builds its specification for a plot size.

    ``specify`` is called in the worker, and therefore picklable. ``name`` and ``text`` are the accessible name and
    description of the chart.
    """

    data: Hashable
    ident: str
    name: str
    text: str
    specify: Callable[[int, int], dict[str, Any]] = field(compare=False)


def draw_line_chart(chart: Chart) -> Markup:
    """Draw a hub's chart, wide and narrow, with the finding as its accessible name."""
    return draw_chart(build_line_drawing(chart))


def build_line_drawing(chart: Chart) -> Drawing:
    """Prepare a hub's chart for drawing at any size."""
    first, last = (write_day(chart.dates[index].astype(object)) for index in (0, -1))
    kind = "index, start = 100" if chart.unit == "index" else f"{' and '.join(chart.spec.labels)}, in {chart.unit}"
    text = f"Line chart, {kind}, from {first} to {last}."
    if chart.marks:
        text += f" Dashed rules mark {chart.event_title}: {', '.join(write_day(mark) for mark in chart.marks)}."
    if chart.decisions:
        text += " The band behind it is the target range of the Federal Reserve; the marks above show each decision."
    data = (
        *((series.dates.tobytes(), series.values.tobytes()) for series in chart.series),
        chart.marks,
        chart.decisions,
    )
    return Drawing(data, f"chart-{chart.spec.id}", chart.finding, text, partial(_specify_line, chart))


def _specify_line(chart: Chart, width: int, height: int) -> dict[str, Any]:
    from groundswell.web.charts.vega import line_spec  # noqa: PLC0415  (imports Altair, which is heavy)

    return line_spec(chart, width, height)


def build_line_specification(chart: Chart) -> dict[str, Any]:
    """Return the wide chart as a self-contained Vega-Lite specification with its title and plain colours."""
    return DRAWING_WORKER.run(_specify_line_alone, chart)


def _specify_line_alone(chart: Chart) -> dict[str, Any]:
    colours = palette.light_colours()
    title_lines = textwrap.wrap(formats.join_percent_signs(chart.finding), TITLE_LINE_LETTERS)
    title = {"text": title_lines, "anchor": "start", "color": colours["ink"], "fontSize": 14, "offset": 26}
    spec = _specify_line(chart, *PLOT_SIZES["wide"]) | {"title": title, "background": colours["paper"]}
    coloured: dict[str, Any] = json.loads(palette.replace_variables(json.dumps(spec)))
    return coloured


def draw_line_png(chart: Chart) -> bytes:
    """Draw the same chart as a PNG with twice as many pixels each way."""
    return DRAWING_WORKER.run(_convert_line_to_png, chart)


def _convert_line_to_png(chart: Chart) -> bytes:
    import vl_convert  # noqa: PLC0415  (heavy, see DRAWING_WORKER)

    spec = json.dumps(_specify_line_alone(chart))
    png: bytes = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE_VERSION, scale=2)
    return png


def draw_events_chart(evaluation: Evaluation, claimed: Range | None) -> Markup:
    """Draw the events of a claim as dots, wide and narrow, with the finding as the accessible name."""
    return draw_chart(build_events_drawing(evaluation, claimed))


def build_events_drawing(evaluation: Evaluation, claimed: Range | None) -> Drawing:
    """Prepare the chart of a claim's events for drawing at any size."""
    unit = evaluation.unit
    text = "One dot for each event, by date."
    if not evaluation.is_fact:
        bounds = formats.write_bounds(evaluation.ci_low, evaluation.ci_high, unit)
        text += f" The 95 % interval of the estimate: {bounds}."
    if claimed is not None:
        text += f" The claimed range: {formats.write_bounds(*claimed, unit)}."
    ident = f"events-{evaluation.hub}-{evaluation.id}"
    specify = partial(_specify_events, evaluation, claimed)
    return Drawing((evaluation, claimed), ident, describe_events(evaluation), text, specify)


def _specify_events(evaluation: Evaluation, claimed: Range | None, width: int, height: int) -> dict[str, Any]:
    from groundswell.web.charts.vega import events_spec  # noqa: PLC0415  (imports Altair, which is heavy)

    return events_spec(evaluation, claimed, width, height)


def describe_events(evaluation: Evaluation) -> str:
    """Describe the number of events, their dates and the estimate, in a sentence."""
    days = [event.date for event in evaluation.events]
    first, last = write_day(min(days)), write_day(max(days))
    text = f"{write_count(len(days), 'value')} " + (f"on {first}" if first == last else f"from {first} to {last}")
    if evaluation.estimate is not None:
        text += f": estimate {formats.write_figure(evaluation.estimate, evaluation.unit)}"
    if evaluation.wins is not None:
        text += f", {evaluation.wins} of {evaluation.n} on the claimed side"
    return f"{text}."


@lru_cache(maxsize=MAX_CACHED_CHARTS)
def draw_chart(drawing: Drawing) -> Markup:
    """Draw both sizes of a chart. A chart with the same data and texts is drawn once."""
    return Markup("").join(_draw_size(drawing, size) for size in PLOT_SIZES)


def _draw_size(drawing: Drawing, size: str) -> Markup:
    """Draw one size of a chart with its name and description; their ids are unique on the page."""
    view_box, parts = draw_parts(drawing, *PLOT_SIZES[size])
    ident = f"{drawing.ident}-{size}"
    svg = ET.Element("svg", {"xmlns": SVG_NAMESPACE, "viewBox": view_box, "class": f"chart {size}"})
    svg.attrib |= {"role": "img", "aria-labelledby": f"{ident}-title {ident}-desc"}
    ET.SubElement(svg, "title", {"id": f"{ident}-title"}).text = drawing.name
    ET.SubElement(svg, "desc", {"id": f"{ident}-desc"}).text = drawing.text
    svg.extend(parts)
    return Markup(ET.tostring(svg, encoding="unicode"))  # noqa: S704  (built by an XML writer, which escapes)


def draw_parts(drawing: Drawing, width: int, height: int) -> tuple[str, list[ET.Element]]:
    """Draw a chart with a plot of this size in pixels; return the view box and the elements of the SVG."""
    text = DRAWING_WORKER.run(_convert_to_svg, drawing.specify, width, height)
    svg = ET.fromstring(text)  # noqa: S314  (our own XML)
    return svg.attrib["viewBox"], _strip_attributes(svg)


def _convert_to_svg(specify: Callable[[int, int], dict[str, Any]], width: int, height: int) -> str:
    import vl_convert  # noqa: PLC0415  (heavy, see DRAWING_WORKER)

    svg: str = vl_convert.vegalite_to_svg(json.dumps(specify(width, height)), vl_version=VEGA_LITE_VERSION)
    return svg


def _strip_attributes(svg: ET.Element) -> list[ET.Element]:
    """Return the elements without inline styles, which the page's policy forbids, and without accessible names.

    The chart as a whole has an accessible name instead.
    """
    for element in svg.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG_NAMESPACE}}}")
        for name in [name for name in element.attrib if name in ("style", "role") or name.startswith("aria-")]:
            del element.attrib[name]
        if "d" in element.attrib:
            element.set("d", LONG_DECIMAL.sub(r"\1", element.attrib["d"]))
    return list(svg)
