"""The routes that the operator's monitoring polls, whom no limit counts. The first two answer without a thread."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from groundswell.schemas.addresses import HEALTH_PATH, METRICS_PATH, READY_PATH
from groundswell.schemas.status import build_readiness
from groundswell.web.backend import Backend
from groundswell.web.health import HealthWatch
from groundswell.web.html.templating import READ_METHODS
from groundswell.web.metrics import MEDIA_TYPE, MetricsPage

router = APIRouter(include_in_schema=False)


@router.api_route(HEALTH_PATH, methods=READ_METHODS)
async def healthz(request: Request) -> Response:
    """Answer whether pages can be made now."""
    if await _watch(request).is_healthy():
        return PlainTextResponse("ok\n")
    return PlainTextResponse("not healthy\n", 503)


@router.api_route(READY_PATH, methods=READ_METHODS)
async def readyz(request: Request) -> Response:
    """Answer whether news and numbers keep coming in: the last complete cycle, and what is stuck."""
    # No dependency: FastAPI runs those in a thread.
    backend = cast(Backend, request.app.state.backend)
    answer = build_readiness(backend.cycle_status(), healthy=await _watch(request).is_healthy())
    return Response(answer.model_dump_json(), 200 if answer.ready else 503, media_type="application/json")


@router.api_route(METRICS_PATH, methods=READ_METHODS)
async def metrics(request: Request) -> Response:
    """Write the numbers of the status page for a monitor."""
    return Response(await cast(MetricsPage, request.app.state.metrics).get(), media_type=MEDIA_TYPE)


def _watch(request: Request) -> HealthWatch:
    return cast(HealthWatch, request.app.state.health)
