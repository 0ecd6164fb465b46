"""What an owner asks first: is everything in place, what is measured, and what would measure more."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from groundswell.app.data_folder import read_data
from groundswell.app.queries.onboarding import build_onboarding
from groundswell.app.reader import Reader, utc_now
from groundswell.claims.evaluate import evaluate_claims
from groundswell.errors import GroundswellError, NotFoundError
from groundswell.hubs.file.load import load_hubs
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.pages.onboarding import Onboarding
from groundswell.settings import FILE, Settings
from groundswell.sources.services.base import DataService
from groundswell.sources.services.registry import build_services
from groundswell.sources.shipped.load import load_shipped

MAX_HOSTS = 3
"""So many hosts of data services are tried before the network counts as missing."""

SECONDS_TO_CONNECT = 3.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``state`` is ok, note (nothing to fix) or problem."""

    name: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Examination:
    checks: tuple[Check, ...]
    onboarding: Onboarding

    @property
    def has_problem(self) -> bool:
        return any(check.state == "problem" for check in self.checks)


def examine(settings: Settings) -> Examination:
    """Look at settings, store, data folder, network, contact, keys and port; change and store nothing.

    Raises ``BadInputError`` for hub files and settings of services that are wrong.
    """
    hubs = load_hubs(settings.hubs)
    services = build_services(settings.services, settings.contact)
    store, onboarding = _check_store(settings, hubs, services)
    checks = (
        _check_settings_file(),
        store,
        _try("data folder", lambda: _check_data_folder(settings, hubs)),
        _check_network(settings, services),
        _check_contact(settings, onboarding),
        _check_keys(services),
        _check_port(settings),
    )
    return Examination(checks, onboarding)


def _try(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except GroundswellError as error:
        return Check(name, "problem", str(error))


def _check_settings_file() -> Check:
    if Path(FILE).is_file():
        return Check("settings", "ok", f"read from {FILE}")
    return Check("settings", "note", f"there is no {FILE} here: defaults and variables count")


def _check_store(
    settings: Settings, hubs: tuple[HubSpec, ...], services: Sequence[DataService]
) -> tuple[Check, Onboarding]:
    """Return the check of the store, and the panel: of the store, or of the shipped numbers where there is none."""
    try:
        with Reader.open(settings.db, hubs) as reader:
            return Check("store", "ok", "it can be read"), reader.describe_onboarding(services)
    except NotFoundError as error:
        check = Check("store", "note", str(error))
    except GroundswellError as error:
        check = Check("store", "problem", str(error))
    book, today = SeriesBook.of(load_shipped()), utc_now().date()
    evaluations = {hub.slug: evaluate_claims(hub.slug, hub.claims, book, today) for hub in hubs}
    return check, build_onboarding(hubs, evaluations, book, today, services)


def _check_data_folder(settings: Settings, hubs: tuple[HubSpec, ...]) -> Check:
    if settings.data is None:
        return Check("data folder", "note", "none is set: --data DIR, or data in groundswell.toml")
    loaded = read_data(settings.data, hubs)
    return Check("data folder", "ok", f"{settings.data}: {len(loaded.series)} series in use")


def _check_network(settings: Settings, services: Sequence[DataService]) -> Check:
    if not settings.live:
        return Check("network", "note", "not asked: live is off")
    tried = list(_list_hosts(settings, services))[:MAX_HOSTS]
    for host, port in tried:
        try:
            socket.create_connection((host, port), SECONDS_TO_CONNECT).close()
        except OSError:
            continue
        return Check("network", "ok", f"{host} can be reached")
    names = ", ".join(host for host, _ in tried) or "no data service is on"
    return Check("network", "problem", f"no network: {names} cannot be reached")


def _list_hosts(settings: Settings, services: Sequence[DataService]) -> Iterator[tuple[str, int]]:
    """Yield the hosts that requests go to first: the proxy's, or those of data services that can be asked."""
    addresses = [settings.proxy] if settings.proxy else [service.base_address for service in services]
    for address in dict.fromkeys(addresses):
        parts = urlsplit(address)
        if parts.hostname:
            yield parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _check_contact(settings: Settings, onboarding: Onboarding) -> Check:
    if settings.contact:
        return Check("contact", "ok", "set; it is sent with each request")
    waiting = "; ".join(onboarding.waiting)
    return Check("contact", "note", f"not set: contact in groundswell.toml{f' ({waiting})' if waiting else ''}")


def _check_keys(services: Sequence[DataService]) -> Check:
    with_keys = [service for service in services if "key" in service.required_settings | service.optional_settings]
    missing = [service.title for service in with_keys if not service.key]
    if not missing:
        return Check("keys", "ok", "all are set")
    return Check("keys", "note", f"not set: {', '.join(missing)}")


def _check_port(settings: Settings) -> Check:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            return Check("port", "problem", f"{settings.port} of {settings.host}: {error.strerror}; choose with --port")
    return Check("port", "ok", f"{settings.port} of {settings.host} is free")
