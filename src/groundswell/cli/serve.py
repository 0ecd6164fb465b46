"""The running program: the store, the pages, and the cycle beside them in a thread of its own."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from groundswell.app import Groundswell, build_services, read_data, utc_now
from groundswell.app.cycle import CycleRunner
from groundswell.errors import UsageError
from groundswell.fetch.client import HttpRetriever
from groundswell.hubs.file.load import load_hubs
from groundswell.log import start_log
from groundswell.settings import Settings
from groundswell.web.app import create_app
from groundswell.web.middleware.rate_limit import RateLimit
from groundswell.web.routes.pages import draw_claim_charts, draw_hub_charts


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until told to stop. Raises ``UsageError`` where the port cannot be had, before anything is stored."""
    start_log(settings.log_json)
    address = settings.base_url or f"http://{settings.host}:{settings.port}"
    with _listening(settings.host, settings.port) as listener:
        hubs = load_hubs(settings.hubs)
        loaded = read_data(settings.data, hubs) if settings.data else None
        services = build_services(settings.services, settings.contact) if settings.live else ()
        with Groundswell.open(
            settings.db, hubs, dense=settings.dense, services=services, companies=settings.companies
        ) as groundswell:
            say("Loading evidence …")
            groundswell.load(loaded)
            _run(settings, address, listener, groundswell, say)


def _run(
    settings: Settings, address: str, listener: socket.socket, groundswell: Groundswell, say: Callable[[str], None]
) -> None:
    stop = threading.Event()
    # Charts are drawn while the claims are evaluated, so that the first reader need not wait for them.
    with _beside(stop, partial(draw_hub_charts, groundswell, stop)):
        _prepare(groundswell, say)
        rate_limit = RateLimit(settings.requests_per_minute, settings.reverse_proxies)
        pages = create_app(groundswell, address, settings.websub, rate_limit)
        server = _Server(pages, lambda: say(f"Groundswell is at {address}/ (Ctrl-C stops it)"))
        works = (partial(_cycles, groundswell, settings, stop), partial(draw_claim_charts, groundswell, stop))
        with _beside(stop, *works):
            server.run([listener])


def _prepare(groundswell: Groundswell, say: Callable[[str], None]) -> None:
    for notice in groundswell.register_sources():
        say(notice)
    shown = groundswell.add_demonstration()
    if shown.new:
        say("The store is empty: demonstration headlines stand in until real articles come.")
    groundswell.record(utc_now().date())


@contextmanager
def _beside(stop: threading.Event, *works: Callable[[], None]) -> Iterator[None]:
    """Run works in threads of their own; at the end they are told to stop and waited for."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _cycles(groundswell: Groundswell, settings: Settings, stop: threading.Event) -> None:
    if looked_at := groundswell.retag(stop):
        logging.getLogger("groundswell").info("tagged %d stored articles by changed rules", looked_at)
    if not settings.live:
        return
    retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy)
    CycleRunner(groundswell, retriever, utc_now).run(stop, settings.cycle_seconds)


class _Server(uvicorn.Server):
    """Uvicorn, telling when it can be reached."""

    def __init__(self, app: object, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]
                log_level="warning",
                log_config=None,  # its faults go where our log goes, in the same form
                access_log=False,
                timeout_graceful_shutdown=5,
                proxy_headers=False,  # uvicorn would believe any client on this machine
                server_header=False,
                h11_max_incomplete_event_size=32 * 1024,
            )
        )
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in good order when told to, and return: uvicorn would raise the signal again and end the process."""
        told_to = (signal.SIGINT, signal.SIGTERM)
        before = {kind: signal.signal(kind, self.handle_exit) for kind in told_to}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} of {host} is in use; stop what uses it, or choose another with --port"
            ) from None
        raise UsageError(
            f"cannot serve on {host}:{port}: {error.strerror}; choose another with --host and --port"
        ) from None
    return listener
