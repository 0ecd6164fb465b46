"""What an owner asks first: is everything in place, what is measured, and what would measure more."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from groundswell.app.data_folder import read_data, report_failures
from groundswell.app.queries.onboarding import build_onboarding, list_waiting
from groundswell.app.reader import Reader, utc_now
from groundswell.claims.evaluate import evaluate_claims
from groundswell.errors import BadInputError, GroundswellError, NotFoundError
from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.hubs.file.load import load_catalog, load_hubs
from groundswell.hubs.file.toml_lines import find_line, locate_fields
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.pages.onboarding import Onboarding, Supply
from groundswell.settings import FILE, Settings, load_given_settings, load_settings
from groundswell.sources.services.base import DataService
from groundswell.sources.services.registry import build_services
from groundswell.sources.shipped.load import load_shipped
from groundswell.wording.plurals import write_count, write_first_names

MAX_HOSTS = 3
"""So many hosts of data services are tried before the network counts as missing."""

SECONDS_TO_CONNECT = 3.0
MAX_HUBS = 8

SETTING_IN_MISTAKE = re.compile(r"setting ([\w.]+):")


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


def examine(**given: Any) -> Examination:
    """Look at settings, hubs, store, data folder, network, contact, keys and port; change and store nothing.

    ``given`` are settings that win over file and variables. What is wrong is a check that failed, and the others go
    on with the defaults in its place. Raises ``BadInputError`` for settings in ``given`` that are wrong.
    """
    settings, settings_check = _check_settings(given)
    hubs, hubs_check = _check_hubs(settings)
    try:
        services = build_services(settings.services, settings.contact)
    except BadInputError as error:
        services, settings_check = build_services({}, settings.contact), _report_bad_settings(error)
    folder_check, supplies = _check_data_folder(settings, hubs)
    store_check, onboarding = _check_store(settings, hubs, services, supplies)
    checks = (
        settings_check,
        hubs_check,
        store_check,
        folder_check,
        _check_network(settings, services),
        _check_contact(settings, onboarding),
        _check_keys(services),
        _check_port(settings),
    )
    return Examination(checks, onboarding)


def _check_settings(given: Mapping[str, Any]) -> tuple[Settings, Check]:
    try:
        settings = load_settings(**given)
    except BadInputError as error:
        return load_given_settings(**given), _report_bad_settings(error)
    if Path(FILE).is_file():
        return settings, Check("settings", "ok", f"read from {FILE}")
    return settings, Check("settings", "note", f"there is no {FILE} here: defaults and variables count")


def _report_bad_settings(error: BadInputError) -> Check:
    """Name every wrong setting with its line in the file, if it stands there."""
    mistakes = [f"{_find_place(mistake)}{mistake}" for mistake in error.mistakes or (str(error),)]
    return Check("settings", "problem", f"{'; '.join(mistakes)}; until then the defaults count here")


def _find_place(mistake: str) -> str:
    name = SETTING_IN_MISTAKE.match(mistake)
    if name is None or not Path(FILE).is_file():
        return ""
    try:
        lines = locate_fields(Path(FILE).read_text(encoding="utf-8"))
    except ValueError:
        return ""
    path = tuple(name[1].split("."))
    return f"{FILE} line {find_line(lines, path)}: " if any(known[:1] == path[:1] for known in lines) else ""


def _check_hubs(settings: Settings) -> tuple[tuple[HubSpec, ...], Check]:
    try:
        hubs = load_hubs(settings.hubs)
    except GroundswellError as error:
        mistakes = error.mistakes if isinstance(error, BadInputError) else ()
        text = "; ".join((str(error), *mistakes))
        return load_catalog(), Check("hubs", "problem", f"{text}; until then the packaged hubs count here")
    return hubs, Check("hubs", "ok", write_first_names([hub.slug for hub in hubs], MAX_HUBS))


def _check_store(
    settings: Settings, hubs: tuple[HubSpec, ...], services: Sequence[DataService], supplies: Sequence[Supply]
) -> tuple[Check, Onboarding]:
    """Return the check of the store, and the panel: of the store, or of the shipped numbers where there is none."""
    try:
        with Reader.open(settings.db, hubs) as reader:
            return Check("store", "ok", "it can be read"), reader.describe_onboarding(
                services, has_contact=bool(settings.contact), supplies=supplies
            )
    except NotFoundError as error:
        check = Check("store", "note", str(error))
    except GroundswellError as error:
        check = Check("store", "problem", str(error))
    book, today = SeriesBook.of(load_shipped()), utc_now().date()
    evaluations = {
        hub.slug: evaluate_claims(hub.slug, hub.claims, book, today, report_failures(hub.slug, today)) for hub in hubs
    }
    onboarding = build_onboarding(hubs, evaluations, book, today, services, supplies=supplies)
    waiting = list_waiting(services, [] if settings.contact else load_default_feeds())
    return check, replace(onboarding, waiting=waiting)


def _check_data_folder(settings: Settings, hubs: tuple[HubSpec, ...]) -> tuple[Check, tuple[Supply, ...]]:
    """Return the check, and the series of the folder, which are loaded at the next start."""
    if settings.data is None:
        return Check("data folder", "note", "none is set: --data DIR, or data in groundswell.toml"), ()
    try:
        loaded = read_data(settings.data, hubs)
    except GroundswellError as error:
        return Check("data folder", "problem", str(error)), ()
    text = f"{settings.data}: {write_count(len(loaded.series), 'series', 'series')} in use"
    supply = Supply(
        f"The files in {settings.data}", "groundswell up loads them", frozenset(each.ref for each in loaded.series)
    )
    if loaded.faults:
        places = write_count(len(loaded.faults), "place")
        text += f", {places} left out: groundswell data check {settings.data}"
    return Check("data folder", "problem" if loaded.faults else "ok", text), (supply,)


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
