"""Reading from other sites: scripts anywhere may read what is meant for programs, and nothing else."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDINGS = (".json", ".atom", ".opml", ".csv")
READING = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Retry-After"}
ASKING = {"Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Allow-Headers": "If-None-Match"}


def readable(path: str) -> bool:
    """Whether what stands at a path is meant for programs."""
    return path.startswith("/api/") or path.endswith(ENDINGS)


class Readable:
    """ASGI middleware that lets any site's scripts GET the API, its description and feeds. No credentials are used.

    The headers are the same for whoever asks, so that an answer may be kept and sent to another.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer; tell who asks beforehand what is allowed."""
        if scope["type"] != "http" or not readable(scope["path"]):
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=READING | ASKING)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(READING)
            await send(message)

        await self.app(scope, receive, send_with_headers)
