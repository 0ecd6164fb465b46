"""The web application: routes and middleware around the facade."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from groundswell.schemas.addresses import STATIC_ROOT, Site
from groundswell.web.assets import STATIC
from groundswell.web.backend import Backend
from groundswell.web.health import HealthWatch
from groundswell.web.metrics import MetricsPage
from groundswell.web.middleware.cors import PublicPathsCORSMiddleware, choose_origins
from groundswell.web.middleware.errors import install_error_handlers
from groundswell.web.middleware.etag import ETagMiddleware
from groundswell.web.middleware.hosts import HostMiddleware
from groundswell.web.middleware.rate_limit import RateLimit, RateLimitMiddleware
from groundswell.web.middleware.response_cache import ResponseCacheMiddleware
from groundswell.web.middleware.security_headers import SecurityHeadersMiddleware
from groundswell.web.middleware.trailing_slash import TrailingSlashMiddleware
from groundswell.web.middleware.work_pool import Pools, WorkPoolMiddleware
from groundswell.web.routes import about, api, api_lists, crawlers, feeds, images, monitoring, pages, search


def create_app(
    backend: Backend,
    base_url: str = "http://127.0.0.1:8000",
    websub: str = "",
    rate_limit: RateLimit | None = None,
    *,
    allowed_hosts: Collection[str] = (),
    cors_origins: Collection[str] | None = None,
    behind: bool = False,
    polled: bool = True,
) -> FastAPI:
    """Build the site over the program behind it: pages, feeds and the JSON API.

    ``base_url`` is the public address that feeds and links use. ``websub`` is the address of the WebSub hub that feeds
    name, if any. ``rate_limit`` is the default limit unless given. Requests that name another host than that of
    ``base_url``, an address, a name without a dot or one of ``allowed_hosts`` are refused (``middleware.hosts``).
    ``cors_origins`` are the sites whose scripts may read the API; None is all for a public ``base_url``, else none.
    Without ``polled`` the status page says that nothing is requested from feeds and data services.
    With ``behind``, changed pages are made again behind the readers; otherwise the next reader waits for them.
    """
    pools = Pools()
    health = HealthWatch(backend.is_healthy, partial(pools.light.take_slot, client=""))
    app = FastAPI(
        title="Groundswell",
        version=version("groundswell"),
        summary="Living pages on investment theses, with every number checked against data.",
        docs_url=None,  # FastAPI's own pages load scripts from other sites
        redoc_url=None,
        redirect_slashes=False,  # Starlette would redirect to whatever the Host header names
        lifespan=lambda _: health.run(),
    )
    app.state.health = health
    app.state.backend = backend
    app.state.metrics = MetricsPage(backend.status_page)
    app.state.polled = polled
    app.state.site = Site(base_url.rstrip("/"), websub)
    # Innermost first. ETags are computed on the uncompressed body; compressed responses are cached; a cached response
    # waits in no queue; a refused request is not looked up in the cache; CORS headers go on all of these; a request for
    # another host is refused before; security headers go on everything.
    app.add_middleware(ETagMiddleware)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(WorkPoolMiddleware, pools=pools)
    app.add_middleware(ResponseCacheMiddleware, backend=backend, behind=behind)
    app.add_middleware(RateLimitMiddleware, rate_limit=rate_limit or RateLimit())
    app.add_middleware(TrailingSlashMiddleware)
    app.add_middleware(PublicPathsCORSMiddleware, origins=choose_origins(base_url, cors_origins))
    app.add_middleware(HostMiddleware, base_url=base_url, allowed_hosts=allowed_hosts)
    app.add_middleware(SecurityHeadersMiddleware)
    install_error_handlers(app)
    # File routes before page routes: /claims/HUB/ID.csv also matches the page of a claim. Lists before single items.
    for module in (feeds, crawlers, images, monitoring, search, pages, about, api_lists, api):
        app.include_router(module.router)
    app.mount(STATIC_ROOT.rstrip("/"), StaticFiles(directory=STATIC), name="static")
    return app
