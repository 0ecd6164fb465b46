"""Conditional requests: what a reader holds already is not sent again."""

from __future__ import annotations

import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# When a page was made does not make it another page: the tag is weak, of what is said.
_MADE = re.compile(rb'"made_at":"[^"]*"|Page made <time[^<]*</time>')
_TAG = re.compile(r'(?:W/)?("[^"]*")|(\*)')


class Conditional:
    """ASGI middleware that gives each good answer a weak ETag of its content, and answers 304 to who holds it.

    An answer is held in memory until it is whole; files, which have tags of their own, are passed on.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; gather the answer to GET and HEAD, tag it and send it, or say that it is known.

        HEAD is passed on as GET, so that each address that can be read answers it; the server leaves the body out.
        """
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        known = _tags(Headers(scope=scope).get("if-none-match", ""))
        head: Message | None = None
        body = bytearray()

        async def gather(message: Message) -> None:
            nonlocal head
            if message["type"] == "http.response.start" and _to_tag(message):
                head = message
            elif head is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _send(head, bytes(body), known, send)

        await self.app({**scope, "method": "GET"}, receive, gather)


def etag(body: bytes) -> str:
    """The weak tag of a body: the same for two that differ in nothing but when they were made."""
    return f'W/"{hashlib.sha256(_MADE.sub(b"", body)).hexdigest()[:32]}"'


async def _send(head: Message, body: bytes, known: set[str], send: Send) -> None:
    headers = MutableHeaders(scope=head)
    tag = etag(body)
    headers["ETag"] = tag
    headers.setdefault("Cache-Control", "no-cache")  # may be kept, is to be asked for again each time
    if tag.removeprefix("W/") in known or "*" in known:
        head["status"] = 304
        for name in ("Content-Length", "Content-Type"):
            del headers[name]
        body = b""
    await send(head)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _to_tag(head: Message) -> bool:
    return head["status"] == 200 and "etag" not in Headers(raw=head["headers"])


def _tags(header: str) -> set[str]:
    """The tags of an If-None-Match header, weak or not, for weak comparison (RFC 9110, 8.8.3.2)."""
    return {tag or star for tag, star in _TAG.findall(header)}
