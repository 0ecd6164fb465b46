"""The application: routes, failures and headers around one facade."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from groundswell.schemas.addresses import Site
from groundswell.web.assets import STATIC
from groundswell.web.backend import Hubs
from groundswell.web.middleware import errors
from groundswell.web.middleware.as_of_queue import PastDays
from groundswell.web.middleware.cors import Readable
from groundswell.web.middleware.etag import Conditional
from groundswell.web.middleware.rate_limit import Limits, RequestLimits
from groundswell.web.middleware.response_cache import KeptAnswers
from groundswell.web.middleware.security_headers import SecurityHeaders
from groundswell.web.routes import about, api, api_lists, crawlers, feeds, images, pages, search


def create_app(
    hubs: Hubs, base_url: str = "http://127.0.0.1:8000", websub: str = "", limits: Limits | None = None
) -> FastAPI:
    """Wrap the facade in pages, feeds and JSON. ``base_url`` is where readers reach it: feeds and links name it.

    ``websub`` is the address of a WebSub hub that feeds shall name; ``limits`` are those of requests, the usual ones
    unless given.
    """
    app = FastAPI(
        title="Groundswell",
        version=version("groundswell"),
        summary="Living pages about investment theses, every number checked against data.",
        docs_url=None,  # the stock pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.hubs = hubs
    app.state.site = Site(base_url.rstrip("/"), websub)
    app.add_middleware(Conditional)  # innermost: it looks at what is said, before that is packed
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(Readable)
    app.add_middleware(PastDays)  # what is kept needs no turn; what is refused has the headers
    app.add_middleware(SecurityHeaders)
    app.add_middleware(KeptAnswers, changes=hubs.changes)  # what is kept is ready to be sent
    app.add_middleware(RequestLimits, limits=limits or Limits())  # outermost: what is refused costs nothing more
    errors.install(app)
    # Files before pages: /claims/HUB/ID.csv also has the form of a claim's page. Lists before single things.
    for module in (feeds, crawlers, images, search, pages, about, api_lists, api):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
