"""The routes of social cards and of the files of a chart."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from datetime import date

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from groundswell.errors import NotFoundError, suggest
from groundswell.hubs.charts import Chart
from groundswell.web.backend import Backend
from groundswell.web.charts import drawing, social_card
from groundswell.web.dependencies import AsOfDep, BackendDep
from groundswell.web.html.templating import READ_METHODS
from groundswell.web.syndication.csv import write_chart

router = APIRouter(include_in_schema=False)
PNG_TYPE = "image/png"
EMBEDDABLE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # other sites may embed these images


@router.api_route("/card.png", methods=READ_METHODS)
def index_card(backend: BackendDep, as_of: AsOfDep) -> Response:
    return _card_response(social_card.build_index_card(backend.index_page(as_of)))


@router.api_route("/hubs/{slug}/card.png", methods=READ_METHODS)
def hub_card(slug: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    return _card_response(social_card.build_hub_card(backend.hub_page(slug, as_of, limit=1)))


@router.api_route("/stories/{story_id}/card.png", methods=READ_METHODS)
def story_card(story_id: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    return _card_response(social_card.build_story_card(backend.story_page(story_id, as_of)))


@router.api_route("/claims/{hub}/{claim_id}/card.png", methods=READ_METHODS)
def claim_card(hub: str, claim_id: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    return _card_response(social_card.build_claim_card(backend.claim_page(hub, claim_id, as_of)))


@router.api_route("/hubs/{slug}/charts/{chart}.csv", methods=READ_METHODS)
def chart_values(slug: str, chart: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    """The values of a chart."""
    found_chart = _find_chart(backend, slug, chart, as_of)
    disposition = {"Content-Disposition": f'attachment; filename="{slug}-{found_chart.spec.id}.csv"'}
    return Response(write_chart(found_chart), media_type="text/csv", headers=disposition)


@router.api_route("/hubs/{slug}/charts/{chart}.png", methods=READ_METHODS)
def chart_picture(slug: str, chart: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    return Response(
        drawing.draw_line_png(_find_chart(backend, slug, chart, as_of)), media_type=PNG_TYPE, headers=EMBEDDABLE
    )


@router.api_route("/hubs/{slug}/charts/{chart}.vl.json", methods=READ_METHODS)
def chart_specification(slug: str, chart: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    """The chart as a Vega-Lite specification with its data, in the colours of the light scheme."""
    return JSONResponse(drawing.build_line_specification(_find_chart(backend, slug, chart, as_of)))


def _find_chart(backend: Backend, slug: str, chart_id: str, as_of: date | None) -> Chart:
    page = backend.hub_page(slug, as_of, limit=1)
    charts = {chart.spec.id: chart for chart in page.charts}
    if chart_id not in charts:
        raise NotFoundError(f"the hub {slug} has no chart {chart_id[:80]!r}; {suggest(chart_id, charts)}")
    return charts[chart_id]


def _card_response(card: social_card.Card) -> Response:
    return Response(
        social_card.draw_png(card), media_type=PNG_TYPE, headers=EMBEDDABLE | {"Cache-Control": "max-age=300"}
    )
