"""Reading from other sites: scripts anywhere may read what is meant for programs, and nothing else."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

ENDINGS = (".json", ".atom", ".opml", ".csv")


class Readable:
    """ASGI middleware that lets any site's scripts GET the API, its description and feeds. No credentials are used."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD"],
            allow_headers=["If-None-Match"],
            expose_headers=["ETag"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, by way of the sharing headers where its path is for programs."""
        path = scope.get("path", "")
        shared = path.startswith("/api/") or path.endswith(ENDINGS)
        await (self._shared if shared else self.app)(scope, receive, send)
