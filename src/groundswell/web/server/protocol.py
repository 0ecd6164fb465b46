"""Uvicorn's protocol of one connection, with the deadlines and limits that it lacks itself.

Uvicorn closes a connection that is idle after a response. It waits without end for the first request, for the rest of
a request that has begun, and for a client that does not read its response.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from groundswell.web.server.connections import ConnectionTable

CHECK_SECONDS = 1.0
"""How often a connection looks at its deadlines, at most; a shorter deadline is checked more often."""
REFUSED_SECONDS = 1.0
_REFUSAL_TEXT = b"Too many connections are open; close some, or try again in ten seconds.\n"
REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 10\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%b"
) % (len(_REFUSAL_TEXT), _REFUSAL_TEXT)


class LimitedProtocol(H11Protocol):
    """One connection. It is dropped when a deadline of ``ConnectionLimit`` passes."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        table: ConnectionTable,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._table = table
        self._address = ""
        self._since = 0.0
        self._idle_seconds = table.limit.head_seconds
        self._progress: tuple[float, int] | None = None  # when bytes were last seen to leave, and how many were left
        self._is_refused = False
        self._check_handle: asyncio.TimerHandle | None = None

    @property
    def waiting_since(self) -> float | None:
        """The time since which the next request has been awaited; None while one is being answered."""
        is_answering = self.cycle is not None and not self.cycle.response_complete
        return None if is_answering or self.transport.get_write_buffer_size() else self._since

    def drop(self) -> None:
        """Close at once, without sending what is left to send."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._since = self.loop.time()
        if self._table.is_proxy(self._address):
            self._idle_seconds = self._table.limit.proxy_idle_seconds
        self.timeout_keep_alive = self._idle_seconds  # type: ignore[assignment]
        if self._table.add(self, self._address):
            self._check()
        else:
            self._refuse()

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._check_handle is not None:
            self._check_handle.cancel()
        self._table.remove(self, self._address)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()

    def _refuse(self) -> None:
        """Say that there is no room, and close a moment later: closed at once, what was said would be lost."""
        self._is_refused = True
        if len(self.connections) > self._table.limit.total:  # too many to be polite
            self.drop()
            return
        self.transport.write(REFUSAL)
        self.transport.write_eof()
        self._check_handle = self.loop.call_later(REFUSED_SECONDS, self.drop)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._mark_progress()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._mark_progress()

    def _check(self) -> None:
        """Drop the connection if a deadline has passed; otherwise look again in a moment."""
        now, since, limit = self.loop.time(), self.waiting_since, self._table.limit
        if since is None:
            self._since = now
        if (since is not None and now - since > self._idle_seconds) or not self._is_sending(now):
            self.drop()
            return
        pause = min(CHECK_SECONDS, limit.head_seconds / 4, limit.send_seconds / 4)
        self._check_handle = self.loop.call_later(pause, self._check)

    def _is_sending(self, now: float) -> bool:
        """Whether nothing is left to send, or the client has read enough of it lately."""
        unsent, limit = self.transport.get_write_buffer_size(), self._table.limit
        if not unsent:
            self._progress = None
        elif self._progress is None or unsent <= self._progress[1] - limit.min_sent_bytes:
            self._progress = now, unsent
        return self._progress is None or now - self._progress[0] <= limit.send_seconds

    def _mark_progress(self) -> None:
        # The transport calls both hooks only after much was read: a client cannot cause them without reading.
        self._progress = self.loop.time(), self.transport.get_write_buffer_size()
