"""A kept response: made and compressed once, and sent compressed, plain or as 304, as each reader asks."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Message, Scope

from groundswell.web.caching.tags import is_named

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """A response as it is sent to a reader who takes gzip."""

    status: int
    headers: RawHeaders
    body: bytes

    @classmethod
    def join(cls, messages: Sequence[Message]) -> KeptResponse:
        """Join the messages of a response."""
        start, *parts = messages
        return cls(start["status"], list(start["headers"]), b"".join(part.get("body", b"") for part in parts))

    def answer(self, scope: Scope) -> Iterable[Message]:
        """Return the answer to a request: 304 if it names the page's tag, else the body as the reader takes it."""
        asked, own = Headers(scope=scope), Headers(raw=self.headers)
        if self.status == 200 and is_named(own.get("etag", ""), asked.get("if-none-match", "")):
            return _write(304, self._leave_out("content-length", "content-type", "content-encoding"), b"")
        if own.get("content-encoding") != "gzip" or "gzip" in asked.get("accept-encoding", ""):
            return _write(self.status, self.headers, self.body)
        body = gzip.decompress(self.body)
        length = (b"content-length", str(len(body)).encode())
        return _write(self.status, [*self._leave_out("content-length", "content-encoding"), length], body)

    def _leave_out(self, *names: str) -> RawHeaders:
        return [(name, value) for name, value in self.headers if name.decode("latin-1") not in names]


def _write(status: int, headers: RawHeaders, body: bytes) -> Iterable[Message]:
    """Write the messages of a response. Its headers are copied, because others add to them."""
    yield {"type": "http.response.start", "status": status, "headers": list(headers)}
    yield {"type": "http.response.body", "body": body, "more_body": False}
