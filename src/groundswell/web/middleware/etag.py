"""Conditional requests: a client that has the current version gets status 304 and no body."""

from __future__ import annotations

import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.web.caching.tags import drop_encoding_suffixes, is_named

# The time at which a page was rendered does not change its content, so the tag is weak and ignores that time.
_RENDER_TIME = re.compile(rb'"made_at":"[^"]*"|Page generated <time[^<]*</time>')


class ETagMiddleware:
    """ASGI middleware that tags each response of status 200 and answers 304 to a client that sends the same tag.

    It buffers the whole response. Files with an ETag of their own pass through.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tag the response to a GET or HEAD request.

        HEAD is passed on as GET, so that every readable address answers it; the server drops the body.
        """
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = MutableHeaders(raw=list(scope["headers"]))
        if "if-none-match" in headers:  # files that answer conditional requests by themselves get the plain tags too
            headers["if-none-match"] = drop_encoding_suffixes(headers["if-none-match"])
        named = headers.get("if-none-match", "")
        start: Message | None = None
        body = bytearray()

        async def buffer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _needs_tag(message):
                start = message
            elif start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _send_tagged(start, bytes(body), named, send)

        await self.app({**scope, "method": "GET", "headers": headers.raw}, receive, buffer)


def compute_etag(body: bytes) -> str:
    """Return the weak tag of a body: equal for two bodies that differ only in their render time."""
    return f'W/"{hashlib.sha256(_RENDER_TIME.sub(b"", body)).hexdigest()[:32]}"'


async def _send_tagged(start: Message, body: bytes, named: str, send: Send) -> None:
    headers = MutableHeaders(scope=start)
    tag = compute_etag(body)
    headers["ETag"] = tag
    headers.setdefault("Cache-Control", "no-cache")  # clients may store the response but must revalidate it
    if is_named(tag, named):
        start["status"] = 304
        for name in ("Content-Length", "Content-Type"):
            del headers[name]
        body = b""
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _needs_tag(start: Message) -> bool:
    return start["status"] == 200 and "etag" not in MutableHeaders(raw=start["headers"])
