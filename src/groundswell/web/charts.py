"""Our own pictures as inline SVG: the only text of a page that is not escaped, since it is made here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from groundswell.dates import day_in_words
from groundswell.hubs.page import Line
from groundswell.types import Evaluation
from groundswell.web import formats

SVG = "http://www.w3.org/2000/svg"
WIDE, NARROW = (640, 250), (300, 200)  # pixels of the plot; a style rule shows one of the two
KEPT = 256  # pictures held; one is some 20 kB

Draw = Callable[[int, int], dict[str, Any]]


def line_chart(line: Line) -> Markup:
    """The index of a hub's chart, wide and narrow, with the finding as its name."""
    from groundswell.web.chart_specs import line_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

    span = f"from {day_in_words(_at(line, 0))} to {day_in_words(_at(line, -1))}"
    text = f"Line chart, index with 100 at the start, {span}."
    if line.marks:
        text += " Dashed rules mark first cuts: " + ", ".join(day_in_words(mark) for mark in line.marks) + "."
    return _both(f"chart-{line.spec.id}", line.finding, text, lambda width, height: line_spec(line, width, height))


def events_chart(evaluation: Evaluation, claimed: tuple[float, float] | None) -> Markup:
    """The events of a claim as dots, wide and narrow, named by what they come to."""
    from groundswell.web.chart_specs import events_spec  # noqa: PLC0415  (brings in Altair, which is heavy)

    unit = evaluation.unit
    events = formats.count(len(evaluation.events), "event")
    name = f"{evaluation.id}: {events}, mean {formats.figure(evaluation.estimate, unit)}"
    bounds = formats.interval(evaluation.ci_low, evaluation.ci_high, unit)
    text = f"One dot an event, by date. The 95 % interval of the mean: {bounds}."
    if claimed is not None:
        text += f" The claimed range is {formats.interval(*claimed, unit)}."
    ident = f"events-{evaluation.hub}-{evaluation.id}"
    return _both(ident, name, text, lambda width, height: events_spec(evaluation, claimed, width, height))


def _both(ident: str, name: str, text: str, draw: Draw) -> Markup:
    variants = (("wide", WIDE), ("narrow", NARROW))
    pictures = [_labelled(f"{ident}-{kind}", kind, name, text, draw(*size)) for kind, size in variants]
    return Markup("").join(pictures)


def _labelled(ident: str, kind: str, name: str, text: str, spec: dict[str, Any]) -> Markup:
    """Give a drawn picture its name and description; their ids are unique on the page."""
    drawn = ET.fromstring(svg(json.dumps(spec, sort_keys=True)))  # noqa: S314  (our own picture, not foreign XML)
    picture = ET.Element("svg", {"xmlns": SVG, "viewBox": drawn.attrib["viewBox"], "class": f"chart {kind}"})
    picture.attrib |= {"role": "img", "aria-labelledby": f"{ident}-title {ident}-desc"}
    ET.SubElement(picture, "title", {"id": f"{ident}-title"}).text = name
    ET.SubElement(picture, "desc", {"id": f"{ident}-desc"}).text = text
    picture.extend(_plain(drawn))
    return Markup(ET.tostring(picture, encoding="unicode"))  # noqa: S704  (built by an XML writer, which escapes)


def _plain(drawn: ET.Element) -> list[ET.Element]:
    """The picture's parts without namespaces and without inline styles, which the page's policy refuses."""
    for part in drawn.iter():
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        part.attrib.pop("style", None)
    return list(drawn)


@lru_cache(maxsize=KEPT)
def svg(spec: str) -> str:
    """Draw a Vega-Lite specification, given as JSON text; the same text is drawn once."""
    import vl_convert  # noqa: PLC0415  (heavy: only when a chart is drawn)

    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version="6.1", allowed_base_urls=[])
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", drawn)


def _at(line: Line, index: int) -> Any:
    return line.dates[index].astype(object)
