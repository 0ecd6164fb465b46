"""The response cache: a page is made once for all readers, and again when something that it reads has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.web.backend import Backend
from groundswell.web.caching.behind import Behind, list_main_pages
from groundswell.web.caching.keeper import Keeper
from groundswell.web.caching.pages import Address
from groundswell.web.caching.reads import PageReads, Reads
from groundswell.web.caching.responses import KeptResponse

ANSWERED_FROM_KEPT = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"})
"""Request headers that decide how a kept response is sent, and not what is made."""


class ResponseCacheMiddleware:
    """ASGI middleware that keeps responses of status 200 to GET, compressed, and answers HEAD and GET from them.

    With ``behind`` and while the application's lifespan lasts, changed pages are made again behind the readers.
    Otherwise no page is sent that was made before the last write of what it reads.
    """

    def __init__(
        self, app: ASGIApp, backend: Backend, *, behind: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self._reads = PageReads(backend.hubs())
        self._keeper = Keeper(backend.read_changes, clock, behind=behind)
        self._list_main = partial(list_main_pages, backend) if behind else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the kept pages, or pass the request on."""
        if scope["type"] == "lifespan" and self._list_main:
            make = partial(self._make, {name: scope[name] for name in ("app", "state") if name in scope})
            async with Behind(self._keeper, self._list_main, self._find_reads, make).run():
                await self.app(scope, receive, send)
            return
        address = _read_address(scope)
        reads = self._find_reads(address) if address else None
        if address is None or reads is None:
            await self.app(scope, receive, send)
            return
        response = await self._keeper.answer(address, reads, partial(self._make, scope))
        for message in response.answer(scope):
            await send(message)

    def _find_reads(self, address: Address) -> Reads | None:
        return self._reads.find(address.path, address.query)

    async def _make(self, request: Scope, address: Address) -> KeptResponse:
        """Make the page of an address as for a reader who takes gzip and knows no earlier version.

        ``request`` is the request of the reader who waits for it; where there is none, what an application adds to one.
        """
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        scope = {**_write_request(address), **request, "method": "GET"}
        headers = (pair for pair in scope["headers"] if pair[0] not in ANSWERED_FROM_KEPT)
        scope["headers"] = [*headers, (b"accept-encoding", b"gzip")]
        await self.app(scope, _receive_nothing, collect)
        return KeptResponse.join(messages)


def _read_address(scope: Scope) -> Address | None:
    """Return the address of a request to read something, None for any other."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    return Address(scope["path"], scope["query_string"].decode("latin-1"))


def _write_request(address: Address) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "path": address.path,
        "raw_path": quote(address.path).encode(),
        "query_string": address.query.encode("latin-1"),
        "root_path": "",
        "headers": [],
        "client": None,
        "server": None,
    }


async def _receive_nothing() -> Message:
    """Receive the end of an empty body: a page that is made for all readers depends on no body and no connection."""
    return {"type": "http.request", "body": b"", "more_body": False}
