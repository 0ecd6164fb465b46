"""The routes of pages about the site."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from fastapi import APIRouter, Request, Response

from groundswell.model import Verdict
from groundswell.schemas.ledger import build_forecast_list
from groundswell.web.dependencies import AsOfDep, BackendDep
from groundswell.web.html.methodology import build_methodology
from groundswell.web.html.templating import READ_METHODS, render

router = APIRouter(include_in_schema=False)
CLOSED_SHOWN = 25


@router.api_route("/methodology", methods=READ_METHODS)
def methodology(request: Request) -> Response:
    """Explain how verdicts, readings, stories and tags are produced."""
    return render(request, "methodology.html", methodology=build_methodology(), verdicts=tuple(Verdict))


@router.api_route("/forecasts", methods=READ_METHODS)
def forecasts(request: Request, backend: BackendDep, as_of: AsOfDep) -> Response:
    """Show how forecasts of events turned out, next to a coin and to what is usual, and those that are open."""
    found = build_forecast_list(backend.forecasts(as_of=as_of))
    titles = {hub.slug: hub.title for hub in backend.hubs()}
    closed = [forecast for forecast in found.forecasts if forecast.status != "open"]
    return render(request, "forecasts.html", found=found, closed=closed[:CLOSED_SHOWN], titles=titles, as_of=as_of)


@router.api_route("/demo", methods=READ_METHODS)
def demo(request: Request, backend: BackendDep) -> Response:
    """Show invented headlines as stories, for a first look without a network."""
    titles = {hub.slug: hub.title for hub in backend.hubs()}
    return render(request, "demo.html", stories=backend.demonstration(), titles=titles)


@router.api_route("/style", methods=READ_METHODS)
def style(request: Request) -> Response:
    """Show all components of the pages in one place."""
    return render(request, "style.html", verdicts=tuple(Verdict))
