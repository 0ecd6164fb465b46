"""The running program: it serves the pages while threads poll the sources and draw charts."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import uvicorn

from groundswell.app import Groundswell, build_services, read_all_aside, utc_now
from groundswell.app.cycle import EVALUATION_STEP, CycleRunner
from groundswell.cli.options import site_of
from groundswell.errors import StoreError, StoreLostError, UsageError
from groundswell.fetch.client import HttpRetriever
from groundswell.hubs.file.load import load_hubs
from groundswell.log import log_program_error, start_log
from groundswell.pages.onboarding import write_onboarding
from groundswell.settings import Settings, describe_exposed_keys
from groundswell.web.app import create_app
from groundswell.web.middleware.rate_limit import RateLimit
from groundswell.web.routes.pages import cache_claim_charts, cache_hub_charts
from groundswell.web.server.config import build_server_config, lengthen_backlog
from groundswell.web.server.connections import ConnectionLimit
from groundswell.web.server.memory import keep_little_memory, trim_memory
from groundswell.web.server.shutdown import Shutdown
from groundswell.wording.plurals import choose_verb, write_count

log = logging.getLogger("groundswell")

SECONDS_BETWEEN_STORE_CHECKS = 1.0
SECONDS_BETWEEN_RETRIES = 10.0


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until the process gets SIGINT or SIGTERM; it ends within five seconds then.

    Raises ``UsageError``, before anything is stored, if the address and port cannot be listened on.
    """
    keep_little_memory()
    start_log(settings.log_json, settings.secrets())
    if exposed := describe_exposed_keys():
        log.warning("%s", exposed)
    shutdown = Shutdown()
    with shutdown.handle_signals(), _listen(settings.host, settings.port) as listener:
        hubs = load_hubs(settings.hubs)
        shipped, loaded = read_all_aside(settings.data, settings.hubs, settings.cache)
        services = build_services(settings.services, settings.contact) if settings.live else ()
        with Groundswell.open(
            settings.db,
            hubs,
            dense=settings.dense,
            services=services,
            companies=settings.companies,
            contact=settings.contact,
            shipped=lambda: shipped,
        ) as groundswell:
            shutdown.close = groundswell.close
            if exposed := groundswell.describe_exposure():
                log.warning("%s", exposed)
            say("Loading evidence …")
            groundswell.load(loaded)
            _run(settings, listener, groundswell, shutdown, say)


def _run(
    settings: Settings,
    listener: socket.socket,
    groundswell: Groundswell,
    shutdown: Shutdown,
    say: Callable[[str], None],
) -> None:
    stop = shutdown.stop
    charts = {"hub charts": partial(cache_hub_charts, groundswell, stop)}
    # Charts are drawn while the claims are evaluated, so that the first reader need not wait for them.
    with shutdown.run_in_threads(_guard(charts, stop)):
        _prepare(groundswell, say)
        server = _build_server(settings, groundswell, say)
        shutdown.server = server
        lost: list[StoreLostError] = []
        tasks = {
            "tagging": partial(_retag, groundswell, stop),
            "polling": partial(_poll, groundswell, settings, stop),
            "memory": partial(trim_memory, stop),
            "claim charts": partial(cache_claim_charts, groundswell, stop),
            "store watch": partial(_watch_store, groundswell, stop, server, lost),
        }
        with shutdown.run_in_threads(_guard(tasks, stop)):
            server.run([listener])
        if lost:
            raise lost[0]


def _build_server(settings: Settings, groundswell: Groundswell, say: Callable[[str], None]) -> _Server:
    site = site_of(settings)
    pages = create_app(
        groundswell,
        site.base_url,
        site.websub,
        RateLimit(settings.requests_per_minute, settings.reverse_proxies),
        allowed_hosts=(settings.host, *settings.allowed_hosts),
        cors_origins=settings.cors_origins,
        behind=True,
        polled=settings.live,
    )
    limit = ConnectionLimit(settings.connections_per_client, proxies=settings.reverse_proxies)
    config = build_server_config(pages, limit)
    return _Server(config, lambda: say(f"Groundswell is at {site.base_url}/ (Ctrl-C stops it)"))


def _prepare(groundswell: Groundswell, say: Callable[[str], None]) -> None:
    """Register the sources, and evaluate the claims."""
    if notices := groundswell.register_sources():
        services = f"{write_count(len(notices), 'data service')} {choose_verb(len(notices))}"
        say(f"{services} asked for numbers for the first time; the status page has the terms.")

    run_step = partial(groundswell.heartbeat().run_step, passes=(StoreError,))
    run_step(EVALUATION_STEP, lambda: groundswell.record(utc_now().date()))
    run_step("onboarding", lambda: say("\n".join(write_onboarding(groundswell.onboarding()))))


def _guard(tasks: Mapping[str, Callable[[], None]], stop: threading.Event) -> dict[str, Callable[[], None]]:
    """Return tasks of which none raises: an exception is logged, unless the program is stopping."""

    def run(name: str, task: Callable[[], None]) -> None:
        try:
            task()
        except StoreLostError:
            return  # the thread that watches the store reports it, once
        except Exception as error:
            if not stop.is_set():  # the store may be closed already
                log_program_error(name, error)

    return {name: partial(run, name, task) for name, task in tasks.items()}


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


def _retag(groundswell: Groundswell, stop: threading.Event) -> None:
    """Tag stored articles again if rules changed; after an error, again until it succeeds."""

    def retag() -> None:
        if checked := groundswell.retag(stop):
            log.info("tagged %d stored articles by changed rules", checked)

    while not stop.is_set():
        groundswell.heartbeat().run_step("tagging", retag, (StoreLostError,))
        if groundswell.heartbeat().progress.find_stuck("tagging") is None:
            return
        stop.wait(SECONDS_BETWEEN_RETRIES)


def _poll(groundswell: Groundswell, settings: Settings, stop: threading.Event) -> None:
    """Poll feeds and data services until ``stop`` is set."""
    if settings.live:
        groundswell.heartbeat().start(settings.cycle_seconds)
        retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy, stop=stop)
        CycleRunner(groundswell, retriever, utc_now).run(stop, settings.cycle_seconds)


class _Server(uvicorn.Server):
    """Uvicorn that calls ``ready`` once it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to ``Shutdown``: uvicorn would raise them again at its end."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            lengthen_backlog(listener)
        if self.started:
            self._ready()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio sends answers without delay on sockets that say they are TCP; others wait 40 ms for the reader's receipt.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
