"""Cross-origin reads: scripts of the sites that the owner allows may read the API, its description and the feeds."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.schemas.addresses import API_ROOT
from groundswell.web.middleware.hosts import is_public

PUBLIC_SUFFIXES = (".json", ".atom", ".opml", ".csv")


def is_public_path(path: str) -> bool:
    """Whether scripts of other sites may read this path."""
    return path.startswith(API_ROOT) or path.endswith(PUBLIC_SUFFIXES)


def choose_origins(base_url: str, origins: Collection[str] | None) -> tuple[str, ...]:
    """Return the origins whose scripts may read: ``origins``, or, if that is None, all of a public site and none else.

    A site on the reader's own machine or network shows what its owner follows, which is nobody else's business.
    """
    if origins is not None:
        return tuple(origin.rstrip("/") for origin in origins)
    return ("*",) if is_public(base_url) else ()


class PublicPathsCORSMiddleware:
    """ASGI middleware that applies Starlette's ``CORSMiddleware`` to public paths. No credentials are allowed.

    Without any origin nothing is added, and no preflight request is answered.

    It wraps the response cache: a cached response may go to a site that did not ask for it first.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self.app = app
        self._has_origins = bool(origins)
        self._cors = CORSMiddleware(
            app,
            allow_origins=tuple(origins),
            allow_methods=("GET", "HEAD"),
            allow_headers=("If-None-Match",),
            expose_headers=("ETag", "Retry-After"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflight requests and add the CORS headers on public paths; pass all other requests on."""
        if scope["type"] == "http" and self._has_origins and is_public_path(scope["path"]):
            await self._cors(scope, receive, send)
        else:
            await self.app(scope, receive, send)
