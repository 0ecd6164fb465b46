"""Cross-origin reads: scripts of any site may read the API, its description and the feeds, and nothing else."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.schemas.addresses import API_ROOT

PUBLIC_SUFFIXES = (".json", ".atom", ".opml", ".csv")


def is_public(path: str) -> bool:
    """Whether scripts of other sites may read this path."""
    return path.startswith(API_ROOT) or path.endswith(PUBLIC_SUFFIXES)


class PublicPathsCORSMiddleware:
    """ASGI middleware that applies Starlette's ``CORSMiddleware`` to public paths. No credentials are allowed.

    It wraps the response cache: a cached response may go to a site that did not ask for it first.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=("*",),
            allow_methods=("GET", "HEAD"),
            allow_headers=("If-None-Match",),
            expose_headers=("ETag", "Retry-After"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflight requests and add the CORS headers on public paths; pass all other requests on."""
        if scope["type"] == "http" and is_public(scope["path"]):
            await self._cors(scope, receive, send)
        else:
            await self.app(scope, receive, send)
