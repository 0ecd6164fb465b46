"""Our own pictures as inline SVG: the only text of a page that is not escaped, since it is made here."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from groundswell.hubs.charts import Line
from groundswell.model import Evaluation
from groundswell.web import formats
from groundswell.web.charts import palette
from groundswell.wording.dates import day_in_words

SVG = "http://www.w3.org/2000/svg"
LONG_DECIMAL = re.compile(r"(\.\d)\d+")  # a tenth of a pixel is all that can be seen
SIZES = {"wide": (640, 250), "narrow": (300, 200)}  # pixels of the plot; a style rule shows one of the two
VEGA_LITE = "6.4"
TITLE_LETTERS = 88
KEPT = 256  # charts held, some 30 kB each

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart to be drawn: its data, by which it is known again, its words, and how to specify it at a size."""

    data: Hashable
    ident: str
    name: str
    text: str
    specify: Callable[[int, int], dict[str, Any]] = field(compare=False)


def line_chart(line: Line) -> Markup:
    """A hub's chart, wide and narrow, with the finding as its name."""
    return drawn(line_drawing(line))


def line_drawing(line: Line) -> Drawing:
    """A hub's chart, to be drawn at any size."""

    def specify(width: int, height: int) -> dict[str, Any]:
        from groundswell.web.charts.vega import line_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

        return line_spec(line, width, height)

    first, last = (day_in_words(line.dates[place].astype(object)) for place in (0, -1))
    kind = (
        "index with 100 at the start" if line.unit == "index" else f"{' and '.join(line.spec.labels)}, in {line.unit}"
    )
    text = f"Line chart, {kind}, from {first} to {last}."
    if line.marks:
        text += " Dashed rules mark first cuts: " + ", ".join(day_in_words(mark) for mark in line.marks) + "."
    if line.decisions:
        text += " Behind it the target range of the Federal Reserve; marks above tell each decision on it."
    data = (*((curve.dates.tobytes(), curve.values.tobytes()) for curve in line.curves), line.marks, line.decisions)
    return Drawing(data, f"chart-{line.spec.id}", line.finding, text, specify)


def line_specification(line: Line) -> dict[str, Any]:
    """The wide chart with its title as a Vega-Lite specification that stands alone, colours written out."""
    from groundswell.web.charts.vega import line_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

    colours = palette.light()
    words = textwrap.wrap(formats.tied(line.finding), TITLE_LETTERS)
    titles = {"text": words, "anchor": "start", "color": colours["ink"], "fontSize": 14, "offset": 26}
    spec = line_spec(line, *SIZES["wide"]) | {"title": titles, "background": colours["paper"]}
    found: dict[str, Any] = json.loads(palette.coloured(json.dumps(spec)))
    return found


def line_png(line: Line) -> bytes:
    """The same as a picture, at twice the size in pixels."""
    import vl_convert  # noqa: PLC0415  (heavy: only when a chart is drawn)

    written: bytes = vl_convert.vegalite_to_png(json.dumps(line_specification(line)), vl_version=VEGA_LITE, scale=2)
    return written


def events_chart(evaluation: Evaluation, claimed: Range | None) -> Markup:
    """The events of a claim as dots, wide and narrow, named by what they come to."""
    return drawn(events_drawing(evaluation, claimed))


def events_drawing(evaluation: Evaluation, claimed: Range | None) -> Drawing:
    """The events of a claim, to be drawn at any size."""

    def specify(width: int, height: int) -> dict[str, Any]:
        from groundswell.web.charts.vega import events_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

        return events_spec(evaluation, claimed, width, height)

    unit = evaluation.unit
    bounds = formats.interval(evaluation.ci_low, evaluation.ci_high, unit)
    text = f"One dot an event, by date. The 95 % interval of the mean: {bounds}."
    if claimed is not None:
        text += f" The claimed range: {formats.interval(*claimed, unit)}."
    ident = f"events-{evaluation.hub}-{evaluation.id}"
    return Drawing((evaluation, claimed), ident, events_finding(evaluation), text, specify)


def events_finding(evaluation: Evaluation) -> str:
    """What the events come to, in a sentence."""
    days = [event.date for event in evaluation.events]
    first, last = day_in_words(min(days)), day_in_words(max(days))
    told = f"{formats.count(len(days), 'value')} " + (f"of {first}" if first == last else f"from {first} to {last}")
    if evaluation.estimate is not None:
        told += f": estimate {formats.figure(evaluation.estimate, evaluation.unit)}"
    if evaluation.wins is not None:
        told += f", {evaluation.wins} of {evaluation.n} on the claimed side"
    return f"{told}."


@lru_cache(maxsize=KEPT)
def drawn(drawing: Drawing) -> Markup:
    """Both sizes of a chart; the same data in the same words are drawn once."""
    return Markup("").join(_picture(drawing, kind) for kind in SIZES)


def _picture(drawing: Drawing, kind: str) -> Markup:
    """One size of a chart with its name and description; their ids are unique on the page."""
    view, parts = bare_picture(drawing, *SIZES[kind])
    ident = f"{drawing.ident}-{kind}"
    picture = ET.Element("svg", {"xmlns": SVG, "viewBox": view, "class": f"chart {kind}"})
    picture.attrib |= {"role": "img", "aria-labelledby": f"{ident}-title {ident}-desc"}
    ET.SubElement(picture, "title", {"id": f"{ident}-title"}).text = drawing.name
    ET.SubElement(picture, "desc", {"id": f"{ident}-desc"}).text = drawing.text
    picture.extend(parts)
    return Markup(ET.tostring(picture, encoding="unicode"))  # noqa: S704  (built by an XML writer, which escapes)


def bare_picture(drawing: Drawing, width: int, height: int) -> tuple[str, list[ET.Element]]:
    """A drawing whose plot has so many pixels: its view box and its parts."""
    import vl_convert  # noqa: PLC0415  (heavy: only when a chart is drawn)

    spec = json.dumps(drawing.specify(width, height))
    drawn = ET.fromstring(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))  # noqa: S314  (our own XML)
    return drawn.attrib["viewBox"], _plain(drawn)


def _plain(drawn: ET.Element) -> list[ET.Element]:
    """The picture's parts, bare: no inline styles, which the page's policy refuses, and no names beside the whole's."""
    for part in drawn.iter():
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        for name in [name for name in part.attrib if name in ("style", "role") or name.startswith("aria-")]:
            del part.attrib[name]
        if "d" in part.attrib:
            part.set("d", LONG_DECIMAL.sub(r"\1", part.attrib["d"]))
    return list(drawn)
