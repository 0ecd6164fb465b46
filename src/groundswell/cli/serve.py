"""The running program: it serves the pages while threads poll the sources and draw charts."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import uvicorn

from groundswell.app import Groundswell, build_services, read_data, utc_now
from groundswell.app.cycle import CycleRunner
from groundswell.cli.options import site_of
from groundswell.errors import StoreLostError, UsageError
from groundswell.fetch.client import HttpRetriever
from groundswell.hubs.file.load import load_hubs
from groundswell.log import start_log
from groundswell.schemas.addresses import Site
from groundswell.settings import Settings, describe_exposed_keys
from groundswell.web.app import create_app
from groundswell.web.middleware.rate_limit import RateLimit
from groundswell.web.routes.pages import cache_claim_charts, cache_hub_charts
from groundswell.web.server.config import build_server_config, lengthen_backlog
from groundswell.web.server.connections import ConnectionLimit

log = logging.getLogger("groundswell")

SECONDS_BETWEEN_STORE_CHECKS = 1.0


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until the process gets SIGINT or SIGTERM.

    Raises ``UsageError``, before anything is stored, if the address and port cannot be listened on.
    """
    start_log(settings.log_json, settings.secrets())
    if exposed := describe_exposed_keys():
        log.warning("%s", exposed)
    with _listen(settings.host, settings.port) as listener:
        hubs = load_hubs(settings.hubs)
        loaded = read_data(settings.data, hubs) if settings.data else None
        services = build_services(settings.services, settings.contact) if settings.live else ()
        with Groundswell.open(
            settings.db, hubs, dense=settings.dense, services=services, companies=settings.companies
        ) as groundswell:
            if exposed := groundswell.describe_exposure():
                log.warning("%s", exposed)
            say("Loading evidence …")
            groundswell.load(loaded)
            _run(settings, site_of(settings), listener, groundswell, say)


def _run(
    settings: Settings, site: Site, listener: socket.socket, groundswell: Groundswell, say: Callable[[str], None]
) -> None:
    stop = threading.Event()
    # Charts are drawn while the claims are evaluated, so that the first reader need not wait for them.
    with _run_in_threads(stop, partial(cache_hub_charts, groundswell, stop)):
        _prepare(groundswell, say)
        rate_limit = RateLimit(settings.requests_per_minute, settings.reverse_proxies)
        pages = create_app(
            groundswell,
            site.base_url,
            site.websub,
            rate_limit,
            allowed_hosts=(settings.host, *settings.allowed_hosts),
            cors_origins=settings.cors_origins,
            behind=True,
        )
        limit = ConnectionLimit(settings.connections_per_client, proxies=settings.reverse_proxies)
        config = build_server_config(pages, limit)
        server = _Server(config, lambda: say(f"Groundswell is at {site.base_url}/ (Ctrl-C stops it)"))
        lost: list[StoreLostError] = []
        tasks = (
            partial(_poll, groundswell, settings, stop),
            partial(cache_claim_charts, groundswell, stop),
            partial(_watch_store, groundswell, stop, server, lost),
        )
        with _run_in_threads(stop, *tasks):
            server.run([listener])
        if lost:
            raise lost[0]


def _prepare(groundswell: Groundswell, say: Callable[[str], None]) -> None:
    """Register the sources, fill an empty store with demonstration headlines, and evaluate the claims."""
    for notice in groundswell.register_sources():
        say(notice)
    demonstration = groundswell.add_demonstration()
    if demonstration.new:
        say("The store is empty: demonstration headlines are shown until real articles arrive.")
    groundswell.record(utc_now().date())


@contextmanager
def _run_in_threads(stop: threading.Event, *tasks: Callable[[], None]) -> Iterator[None]:
    """Run each task in a thread of its own; at the end, set ``stop`` and wait for all of them."""
    threads = [threading.Thread(target=_run_until_store_is_lost, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _run_until_store_is_lost(task: Callable[[], None]) -> None:
    with suppress(StoreLostError):  # the thread that watches the store reports it, once
        task()


def _watch_store(
    groundswell: Groundswell, stop: threading.Event, server: uvicorn.Server, lost: list[StoreLostError]
) -> None:
    """Stop the server once files of the store are removed or replaced, and add why to ``lost``."""
    while not stop.wait(SECONDS_BETWEEN_STORE_CHECKS):
        try:
            groundswell.check_store()
        except StoreLostError as error:
            lost.append(error)
            server.should_exit = True
            return


def _poll(groundswell: Groundswell, settings: Settings, stop: threading.Event) -> None:
    """Tag stored articles again if rules changed, then poll feeds and data services until ``stop`` is set."""
    if checked := groundswell.retag(stop):
        log.info("tagged %d stored articles by changed rules", checked)
    if not settings.live:
        return
    retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy)
    CycleRunner(groundswell, retriever, utc_now).run(stop, settings.cycle_seconds)


class _Server(uvicorn.Server):
    """Uvicorn that calls ``ready`` once it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Shut down cleanly on a signal, and return: uvicorn would raise the signal again and end the process."""
        handled = (signal.SIGINT, signal.SIGTERM)
        previous = {kind: signal.signal(kind, self.handle_exit) for kind in handled}
        try:
            yield
        finally:
            for kind, handler in previous.items():
                signal.signal(kind, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            lengthen_backlog(listener)
        if self.started:
            self._ready()


def _listen(host: str, port: int) -> socket.socket:
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
                f"port {port} of {host} is in use; stop the program that uses it, or choose another with --port"
            ) from None
        raise UsageError(
            f"cannot serve on {host}:{port}: {error.strerror}; choose another with --host and --port"
        ) from None
    return listener
