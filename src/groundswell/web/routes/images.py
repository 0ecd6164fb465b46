"""The routes of pictures that leave the site, and of what charts are drawn from."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from datetime import date

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from groundswell.errors import NotFoundError, instead
from groundswell.hubs.charts import Chart
from groundswell.web.backend import Hubs
from groundswell.web.charts import drawing, social_card
from groundswell.web.dependencies import DayGiven, HubsGiven
from groundswell.web.html.templating import READ
from groundswell.web.syndication.csv import write_chart

router = APIRouter(include_in_schema=False)
PNG = "image/png"
ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # pictures may stand on other sites


@router.api_route("/card.png", methods=READ)
def index_card(hubs: HubsGiven, as_of: DayGiven) -> Response:
    return _picture(social_card.build_index_card(hubs.index_page(as_of)))


@router.api_route("/hubs/{slug}/card.png", methods=READ)
def hub_card(slug: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    return _picture(social_card.build_hub_card(hubs.hub_page(slug, as_of, limit=1)))


@router.api_route("/stories/{story_id}/card.png", methods=READ)
def story_card(story_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    return _picture(social_card.build_story_card(hubs.story_page(story_id, as_of)))


@router.api_route("/claims/{hub}/{claim_id}/card.png", methods=READ)
def claim_card(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    return _picture(social_card.build_claim_card(hubs.claim_page(hub, claim_id, as_of)))


@router.api_route("/hubs/{slug}/charts/{chart}.csv", methods=READ)
def chart_values(slug: str, chart: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    """The values that a chart is drawn from."""
    line = _line(hubs, slug, chart, as_of)
    disposition = {"Content-Disposition": f'attachment; filename="{slug}-{line.spec.id}.csv"'}
    return Response(write_chart(line), media_type="text/csv", headers=disposition)


@router.api_route("/hubs/{slug}/charts/{chart}.png", methods=READ)
def chart_picture(slug: str, chart: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    line = _line(hubs, slug, chart, as_of)
    return Response(drawing.draw_line_png(line), media_type=PNG, headers=ELSEWHERE)


@router.api_route("/hubs/{slug}/charts/{chart}.vl.json", methods=READ)
def chart_specification(slug: str, chart: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    """The chart as a Vega-Lite specification with its data, in the colours of the light page."""
    return JSONResponse(drawing.build_line_specification(_line(hubs, slug, chart, as_of)))


def _line(hubs: Hubs, slug: str, chart: str, as_of: date | None) -> Chart:
    page = hubs.hub_page(slug, as_of, limit=1)
    lines = {line.spec.id: line for line in page.lines}
    if chart not in lines:
        raise NotFoundError(f"the hub {slug} has no chart {chart[:80]!r}; {instead(chart, lines)}")
    return lines[chart]


def _picture(card: social_card.Card) -> Response:
    return Response(social_card.draw_png(card), media_type=PNG, headers=ELSEWHERE | {"Cache-Control": "max-age=300"})
