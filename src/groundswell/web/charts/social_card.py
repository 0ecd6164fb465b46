"""Social cards: the image shown with a link to a page, with the page's main result in a few large words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree as ET

from groundswell.model import NO_VOTES, Evaluation
from groundswell.model.evaluation import add_votes
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, IndexPage, StoryPage
from groundswell.web import formats
from groundswell.web.charts import drawing, palette
from groundswell.web.xml import remove_invalid_characters
from groundswell.wording.dates import write_day
from groundswell.wording.plurals import write_count
from groundswell.wording.verdicts import write_all_votes, write_verdict, write_votes

WIDTH, HEIGHT, MARGIN = 1200, 630, 64  # pixels
SERIF = "Charter, Georgia, 'Liberation Serif', 'DejaVu Serif', serif"
SANS = "'Liberation Sans', 'DejaVu Sans', sans-serif"
CHART_SCALE = 1.8
"""Size of a chart relative to the same chart on a page, since cards are shown small."""
TITLE_LINES = ((26, 60), (36, 52), (44, 44), (56, 36))
"""Letters a line and the font size at which they fit; the first pair that needs at most three lines is used."""
MAX_CACHED_CARDS = 256


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows: a small line at the top, a title, the main result, a footnote, and a chart."""

    kicker: str
    title: str
    result: str
    footnote: str
    chart: drawing.Drawing | None = None


def build_index_card(page: IndexPage) -> Card:
    """Build the card of the index: the hubs and the number of articles."""
    articles = write_count(page.coverage.articles_stored, "article")
    return Card(
        kicker=formats.capitalise(write_all_votes(sum((card.readings_judged for card in page.cards), start=NO_VOTES))),
        title="Groundswell",
        result="Living pages on investment theses, with every number checked against data.",
        footnote=f"{', '.join(card.hub.title for card in page.cards)} · {articles}",
    )


def build_hub_card(page: HubPage) -> Card:
    """Build the card of a hub: how the readings of its claims vote, two of its gauges, and its first chart."""
    gauges = page.state.gauges if page.state else ()
    shown = [*gauges[:1], *[gauge for gauge in gauges[1:] if gauge.spec.kind == "relative"][:1]]
    result = " · ".join(
        f"{gauge.spec.title}: {gauge.phase}, {formats.write_gauge_figure(gauge.main.value, gauge.main.unit)}"
        for gauge in shown
    )
    chart = drawing.build_line_drawing(page.charts[0]) if page.charts else None
    kicker = _join("Groundswell", write_all_votes(add_votes(page.evaluations)))
    return Card(kicker, page.hub.title, result or page.hub.summary, _date_data(page), chart)


def build_claim_card(page: ClaimPage) -> Card:
    """Build the card of a claim: the votes of its readings, its verdict with the figures, and a chart of its events.

    The votes stand above the claim, where no long verdict displaces them.
    """
    evaluation = page.evaluation
    unit = evaluation.unit
    result = f"{formats.get_verdict_symbol(evaluation.verdict)} {formats.capitalise(write_verdict(evaluation))}"
    if evaluation.estimate is not None:
        result += f": {formats.write_figure(evaluation.estimate, unit)}"
        if evaluation.is_fact:
            result += f", a fact: no interval, n = {evaluation.n:,}"
        elif evaluation.ci_low is not None:
            bounds = formats.write_bounds(evaluation.ci_low, evaluation.ci_high, unit)
            result += f", 95 % interval {bounds}, n = {evaluation.n:,}"
    claimed = page.claim.measure.range if page.claim.measure else None
    chart = drawing.build_events_drawing(evaluation, claimed) if evaluation.events else None
    kicker = _join(f"{page.hub.title}, claim {evaluation.id}", write_votes(evaluation.readings_judged))
    return Card(kicker, evaluation.text, result, _date_data(evaluation), chart)


def _join(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _date_data(shown: Evaluation | HubPage) -> str:
    return f"Data to {write_day(shown.data_as_of)}" if shown.data_as_of else "No data"


def build_story_card(page: StoryPage) -> Card:
    """Build the card of a story: its articles and publishers, and the first sentence of its summary."""
    story, facets = page.story, page.facets
    titles = [page.hub_titles.get(tag.hub, tag.hub) for tag in story.tags]
    result = f"{write_count(len(story.members), 'article')} from {write_count(len(story.publishers), 'publisher')}"
    result += f", {facets.independent_publishers} independent"
    if facets.summary:
        result += f". “{facets.summary[0].text}” ({facets.summary[0].publisher})"
    days = sorted({story.first_at.date(), story.last_at.date()})
    footnote = " to ".join(write_day(day) for day in days)
    return Card(" · ".join(titles) or "Groundswell", story.headline, result, footnote)


@lru_cache(maxsize=MAX_CACHED_CARDS)
def draw_png(card: Card) -> bytes:
    """Draw the card as a PNG of 1200 by 630 with the fonts of the machine. The same card is drawn once."""
    return drawing.DRAWING_WORKER.run(_convert_to_png, draw_svg(card))


def _convert_to_png(svg: str) -> bytes:
    import vl_convert  # noqa: PLC0415  (heavy, see DRAWING_WORKER)

    png: bytes = vl_convert.svg_to_png(svg, scale=1.0)
    return png


def draw_svg(card: Card) -> str:
    """Draw the card as SVG in the colours of the light scheme."""
    colours = palette.light_colours()
    root = ET.Element("svg", {"xmlns": drawing.SVG_NAMESPACE, "width": str(WIDTH), "height": str(HEIGHT)})
    ET.SubElement(root, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": colours["paper"]})
    ET.SubElement(root, "rect", {"width": str(WIDTH), "height": "10", "fill": colours["accent"]})
    small = {"font-family": SANS, "fill": colours["muted"], "font-size": "26"}
    y = _write_lines(root, 40, [card.kicker], small) + 12 if card.kicker else 60
    letters, size = next(
        ((letters, size) for letters, size in TITLE_LINES if len(textwrap.wrap(card.title, letters)) <= 3),
        TITLE_LINES[-1],
    )
    title = {"font-family": SERIF, "fill": colours["ink"], "font-size": str(size), "font-weight": "bold"}
    y = _write_lines(root, y, _wrap(card.title, letters, 4), title)
    result = {"font-family": SANS, "fill": colours["accent"], "font-size": "28"}
    y = _write_lines(root, y + 14, _wrap(card.result, 76, 2 if card.chart else 5), result)
    if card.chart:
        _draw_chart(root, card.chart, y + 20)
    _write_lines(root, HEIGHT - 60, [f"{card.footnote} · Groundswell"], small)
    return palette.replace_variables(ET.tostring(root, encoding="unicode"))


def _write_lines(root: ET.Element, y: int, lines: list[str], style: dict[str, str]) -> int:
    """Write lines of text below ``y`` and return the position of the last one."""
    for line in lines:
        y += round(int(style["font-size"]) * 1.25)
        ET.SubElement(root, "text", style | {"x": str(MARGIN), "y": str(y)}).text = remove_invalid_characters(line)
    return y


def _wrap(text: str, letters: int, max_lines: int) -> list[str]:
    return textwrap.wrap(text, letters, max_lines=max_lines, placeholder=" …")


def _draw_chart(root: ET.Element, chart: drawing.Drawing, top: int) -> None:
    """Draw the chart in the space between ``top`` and the footnote."""
    width, height = WIDTH - 2 * MARGIN, HEIGHT - 76 - top
    view_box, parts = drawing.draw_parts(chart, round(width / CHART_SCALE) - 80, round(height / CHART_SCALE) - 40)
    position = {"x": str(MARGIN), "y": str(top), "width": str(width), "height": str(height)}
    inner = ET.SubElement(root, "svg", position | {"viewBox": view_box, "preserveAspectRatio": "xMinYMid"})
    inner.extend(parts)
