"""Cards: the picture that stands beside a link to a page, with what the page comes to in a few large words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree as ET

from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, IndexPage, StoryPage
from groundswell.web import formats
from groundswell.web.charts import drawing, palette
from groundswell.web.xml import NOT_XML
from groundswell.wording.dates import day_in_words

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
SERIF = "Charter, Georgia, 'Liberation Serif', 'DejaVu Serif', serif"
SANS = "'Liberation Sans', 'DejaVu Sans', sans-serif"
ENLARGED = 1.8
"""How much larger a chart is drawn than on a page, since cards are looked at small."""
TITLE_LINES = ((26, 60), (36, 52), (44, 44), (56, 36))
"""Letters a line, and the size at which so many fit in: the first that needs at most three lines is taken."""
KEPT = 256


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows: a small line above, a title, what the page comes to, a note at the foot, and a chart."""

    above: str
    title: str
    told: str
    note: str
    chart: drawing.Drawing | None = None


def index_card(page: IndexPage) -> Card:
    held = formats.count(page.coverage.articles_held, "article")
    return Card(
        above="",
        title="Groundswell",
        told="Living pages about investment theses, every number on them checked against data.",
        note=f"{', '.join(card.hub.title for card in page.cards)} · {held} held",
    )


def hub_card(page: HubPage) -> Card:
    """The state of the trade in two of its gauges, and the hub's first chart."""
    gauges = page.state.gauges if page.state else ()
    shown = [*gauges[:1], *[gauge for gauge in gauges[1:] if gauge.spec.kind == "relative"][:1]]
    told = " · ".join(
        f"{gauge.spec.title}: {gauge.phase}, {formats.gauge_figure(gauge.main.value, gauge.main.unit)}"
        for gauge in shown
    )
    chart = drawing.line_drawing(page.lines[0]) if page.lines else None
    return Card("Groundswell", page.hub.title, told or page.hub.summary, f"As of {day_in_words(page.day)}", chart)


def claim_card(page: ClaimPage) -> Card:
    """The verdict with its figures, and the events behind it."""
    found = page.evaluation
    told = f"{formats.mark(found.verdict)} {found.verdict.value.capitalize()}"
    if found.estimate is not None:
        told += f": {formats.figure(found.estimate, found.unit)}"
        if found.ci_low is not None:
            told += f", 95 % interval {formats.interval(found.ci_low, found.ci_high, found.unit)}, n = {found.n:,}"
    claimed = page.claim.measure.range if page.claim.measure else None
    chart = drawing.events_drawing(found, claimed) if found.events else None
    above = f"{page.hub.title}, claim {found.id}"
    return Card(above, found.text, told, f"Data as of {day_in_words(found.as_of)}", chart)


def story_card(page: StoryPage) -> Card:
    story, facets = page.story, page.facets
    titles = [page.hub_titles.get(tag.hub, tag.hub) for tag in story.tags]
    told = f"{formats.count(len(story.members), 'article')} from {formats.count(len(story.publishers), 'publisher')}"
    told += f", {formats.count(facets.independent_publishers, 'independent one')}"
    if facets.summary:
        told += f". “{facets.summary[0].text}” ({facets.summary[0].publisher})"
    days = sorted({story.first_at.date(), story.last_at.date()})
    note = " to ".join(day_in_words(day) for day in days)
    return Card(" · ".join(titles) or "Groundswell", story.headline, told, note)


@lru_cache(maxsize=KEPT)
def png(card: Card) -> bytes:
    """The card as a PNG of 1200 by 630; the same card is drawn once. Only fonts of the machine are used."""
    import vl_convert  # noqa: PLC0415  (heavy: only when a picture is made)

    written: bytes = vl_convert.svg_to_png(svg(card), scale=1.0)
    return written


def svg(card: Card) -> str:
    """The card as SVG in the colours of the light page."""
    colours = palette.light()
    root = ET.Element("svg", {"xmlns": drawing.SVG, "width": str(WIDTH), "height": str(HEIGHT)})
    ET.SubElement(root, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": colours["paper"]})
    ET.SubElement(root, "rect", {"width": str(WIDTH), "height": "10", "fill": colours["accent"]})
    small = {"font-family": SANS, "fill": colours["muted"], "font-size": "26"}
    y = _rows(root, 40, [card.above], small) + 12 if card.above else 60
    letters, size = next((one for one in TITLE_LINES if len(textwrap.wrap(card.title, one[0])) <= 3), TITLE_LINES[-1])
    title = {"font-family": SERIF, "fill": colours["ink"], "font-size": str(size), "font-weight": "bold"}
    y = _rows(root, y, _wrapped(card.title, letters, 4), title)
    told = {"font-family": SANS, "fill": colours["accent"], "font-size": "28"}
    y = _rows(root, y + 14, _wrapped(card.told, 76, 2 if card.chart else 5), told)
    if card.chart:
        _chart(root, card.chart, y + 20)
    _rows(root, HEIGHT - 60, [f"{card.note} · Groundswell"], small)
    return palette.coloured(ET.tostring(root, encoding="unicode"))


def _rows(root: ET.Element, y: int, rows: list[str], look: dict[str, str]) -> int:
    """Write rows of text below ``y``; answers where they end."""
    for row in rows:
        y += round(int(look["font-size"]) * 1.25)
        ET.SubElement(root, "text", look | {"x": str(MARGIN), "y": str(y)}).text = NOT_XML.sub("", row)
    return y


def _wrapped(text: str, letters: int, most: int) -> list[str]:
    return textwrap.wrap(text, letters, max_lines=most, placeholder=" …")


def _chart(root: ET.Element, chart: drawing.Drawing, top: int) -> None:
    """The chart in what room is left above the note."""
    width, height = WIDTH - 2 * MARGIN, HEIGHT - 76 - top
    view, parts = drawing.bare_picture(chart, round(width / ENLARGED) - 80, round(height / ENLARGED) - 40)
    place = {"x": str(MARGIN), "y": str(top), "width": str(width), "height": str(height)}
    inner = ET.SubElement(root, "svg", place | {"viewBox": view, "preserveAspectRatio": "xMinYMid"})
    inner.extend(parts)
