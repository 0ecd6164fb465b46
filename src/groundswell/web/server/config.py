"""How uvicorn is set up, and how many files the process may open."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from dataclasses import replace
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from groundswell.web.server.connections import ConnectionLimit, ConnectionTable
from groundswell.web.server.protocol import LimitedProtocol

if sys.platform != "win32":  # which has no such limit
    import resource

ACCEPTED_AT_ONCE = 1
"""How often asyncio tries to accept a connection in one turn. When no file may be opened any more, each try is logged
and makes another turn, so that only one try a turn is safe."""
GRACE_SECONDS = 2
"""How long answers that are being sent may take once the program is stopped."""
LISTEN_BACKLOG = 1024
MAX_OPEN_FILES = 65_536
RESERVED_FILES = 256
"""Files for everything but connections: the store, requests to feeds, files of the site."""


def build_server_config(app: ASGIApp, limit: ConnectionLimit) -> uvicorn.Config:
    """Set uvicorn up for ``app``, with limits and deadlines for connections.

    The process may open as many files as the system allows from then on; if those are too few for all connections of
    ``limit``, fewer are accepted.
    """
    logging.getLogger("uvicorn.error").addFilter(_is_for_the_owner)
    limit = replace(limit, total=_fit_total(limit.total, raise_file_limit()))
    return uvicorn.Config(
        app,
        loop="asyncio",  # the one that the limits are tested with
        http=partial(LimitedProtocol, table=ConnectionTable(limit)),  # type: ignore[arg-type]  # made as a class is
        ws="none",
        log_level="warning",
        log_config=None,  # its errors go to our log, in the same format
        access_log=False,
        backlog=ACCEPTED_AT_ONCE,
        limit_concurrency=limit.total + RESERVED_FILES if limit.total else None,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,  # uvicorn would trust any client on this machine
        server_header=False,
        h11_max_incomplete_event_size=32 * 1024,
    )


def lengthen_backlog(listener: socket.socket) -> None:
    """Let the system keep more connections waiting than are accepted at once; asyncio has one number for both."""
    listener.listen(LISTEN_BACKLOG)


def raise_file_limit() -> int:
    """Raise the number of files that the process may open as far as the system allows; return it."""
    if sys.platform == "win32":
        return MAX_OPEN_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_OPEN_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft if soft > 0 else MAX_OPEN_FILES
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # the system refuses: we go on with what there is
        return soft
    return wanted


def _is_for_the_owner(record: logging.LogRecord) -> bool:
    """Whether the owner can do something about what uvicorn says.

    Not about traces of answers that were cut off at the stop, of which one line says how many there were, nor about
    clients that ask for web sockets.
    """
    kind = record.exc_info[0] if record.exc_info else None
    is_cut_off = kind is not None and issubclass(kind, asyncio.CancelledError)
    return not is_cut_off and not record.getMessage().startswith(("Unsupported upgrade", "No supported WebSocket"))


def _fit_total(total: int, open_files: int) -> int:
    """Return how many connections may be open in total, so that other files can still be opened."""
    room = max(open_files - RESERVED_FILES, open_files // 2)
    return min(total, room) if total else room
