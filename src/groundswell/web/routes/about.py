"""The routes of pages about the site itself."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from fastapi import APIRouter, Request, Response

from groundswell.model import Verdict
from groundswell.web.html.methodology import method
from groundswell.web.html.templating import READ, render

router = APIRouter(include_in_schema=False)


@router.api_route("/methodology", methods=READ)
def methodology(request: Request) -> Response:
    """How verdicts, readings, stories and tags are made."""
    return render(request, "methodology.html", method=method(), verdicts=tuple(Verdict))


@router.api_route("/style", methods=READ)
def style(request: Request) -> Response:
    """Every part that pages are built of, to look at in one place."""
    return render(request, "style.html", verdicts=tuple(Verdict))
