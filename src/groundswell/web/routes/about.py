"""The routes of pages about the site."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from fastapi import APIRouter, Request, Response

from groundswell.model import Verdict
from groundswell.web.dependencies import BackendDep
from groundswell.web.html.methodology import build_methodology
from groundswell.web.html.templating import READ_METHODS, render

router = APIRouter(include_in_schema=False)


@router.api_route("/methodology", methods=READ_METHODS)
def methodology(request: Request) -> Response:
    """Explain how verdicts, readings, stories and tags are produced."""
    return render(request, "methodology.html", methodology=build_methodology(), verdicts=tuple(Verdict))


@router.api_route("/demo", methods=READ_METHODS)
def demo(request: Request, backend: BackendDep) -> Response:
    """Show invented headlines as stories, for a first look without a network."""
    titles = {hub.slug: hub.title for hub in backend.hubs()}
    return render(request, "demo.html", stories=backend.demonstration(), titles=titles)


@router.api_route("/style", methods=READ_METHODS)
def style(request: Request) -> Response:
    """Show all components of the pages in one place."""
    return render(request, "style.html", verdicts=tuple(Verdict))
