"""Addresses with a slash at their end, which readers type and other sites link to."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class TrailingSlashMiddleware:
    """ASGI middleware that redirects to the address without slashes at its end.

    Starlette's own redirect repeats the Host header, which may name another site. This one is a path of this site: it
    begins with one slash.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect a GET or HEAD request for an address that ends with a slash; pass all other requests on."""
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not is_read or scope["path"] == "/" or not scope["path"].endswith("/"):
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        path = "/" + quote(scope["path"].strip("/").lstrip("/\\"))
        await RedirectResponse(path + (f"?{query}" if query else ""), 307)(scope, receive, send)
