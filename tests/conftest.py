"""Fixtures for all tests: no network but loopback, made data, and the measuring data where they are available."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from groundswell.claims.binding import list_needs
from groundswell.claims.registry import ESTIMANDS
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.gauges.gauge import gauge_refs
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Measure, SeriesRef
from groundswell.sources.folder import load_folder
from groundswell.sources.loaded import Loaded
from groundswell.sources.services.registry import DATA_SERVICES
from groundswell.sources.shipped.french import load_french_factors
from groundswell.sources.shipped.par_bonds import load_par_bonds

from .golden import made

os.environ["GROUNDSWELL_CACHE"] = ""  # no test takes or leaves anything in the caches of who runs it
settings.register_profile("groundswell", deadline=None)  # a busy machine fails no test
settings.load_profile("groundswell")

SHARED = Path(os.environ.get("GROUNDSWELL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SHARED_FIXTURES = {"market_data", "news_data", "loaded_market", "market_book"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that needs the measuring data and names no twin that proves the same rule without them."""
    for item in items:
        used = SHARED_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if used and item.get_closest_marker("shared") is None:
            raise pytest.UsageError(f"{item.nodeid} uses {', '.join(used)}: mark it with pytest.mark.shared(twin=...)")


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    marker = item.get_closest_marker("shared")
    if marker and not SHARED.is_dir():
        pytest.skip(f"{SHARED} does not exist; without it the same rule is tested by {marker.kwargs['twin']}")


@pytest.fixture(scope="session", autouse=True)
def _no_name_servers() -> Iterator[None]:
    """Resolve no name but localhost: asking a name server leaves the machine, and may take seconds to fail."""
    resolve = socket.getaddrinfo

    def resolve_local(host: Any, *arguments: Any, **options: Any) -> Any:
        if host and host != "localhost":
            try:
                ip_address(host.decode() if isinstance(host, bytes) else host)
            except ValueError:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
        return resolve(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve_local)
        yield


@pytest.fixture(scope="session")
def market_data() -> Path:
    """The folder of the measuring data with prices and rates."""
    return SHARED / "data/market"


@pytest.fixture(scope="session")
def news_data() -> Path:
    """The folder of the measuring data with recorded streams."""
    return SHARED / "data/news"


@pytest.fixture(scope="session")
def loaded_market(market_data: Path) -> Loaded:
    """The whole market folder, loaded once a worker; series computed from members are not among its series."""
    return load_folder(market_data)


@pytest.fixture(scope="session")
def market_book(market_data: Path) -> SeriesBook:
    """The series that the packaged hubs need and a few more, loaded once a worker."""
    return _book(market_data)


@pytest.fixture(scope="session")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of made data: ``docs.jsonl``, ``pairs.jsonl`` and the folder ``market``."""
    folder = tmp_path_factory.mktemp("made")
    rows, events = made.stream()
    made.write_lines(folder / "docs.jsonl", rows)
    made.write_lines(folder / "pairs.jsonl", made.pairs(rows, events))
    made.write_market(folder / "market")
    return folder


@pytest.fixture(scope="session")
def made_market(made_data: Path) -> Path:
    """A made folder of prices, rates, members, accounts and futures."""
    return made_data / "market"


@pytest.fixture(scope="session")
def made_news(made_data: Path) -> Path:
    """A made folder with a stream of headlines, ``docs.jsonl``, and labelled pairs of them, ``pairs.jsonl``."""
    return made_data


@pytest.fixture(scope="session")
def made_book(made_market: Path) -> SeriesBook:
    """The series of the made folder that the packaged hubs need, loaded once a worker."""
    return _book(made_market)


@pytest.fixture(
    scope="session", params=["made", pytest.param("measured", marks=pytest.mark.shared(twin="its own case [made]"))]
)
def each_book(request: pytest.FixtureRequest) -> SeriesBook:
    """The made book, and where they are available that of the measuring data: laws that hold for both."""
    book: SeriesBook = request.getfixturevalue("made_book" if request.param == "made" else "market_book")
    return book


def _book(folder: Path) -> SeriesBook:
    hubs = load_catalog()
    refs = {ref for hub in hubs for ref in list_needs(hub.claims)}
    refs |= {ref for hub in hubs for gauge in hub.gauges for ref in gauge_refs(gauge)}
    refs |= {SeriesRef(name, measure) for name in ("IWM", "SPY", "^GSPC", "^RUT", "DGS2") for measure in Measure}
    return SeriesBook.of([*load_folder(folder, refs).series, *load_french_factors(), *load_par_bonds()])


@pytest.fixture
def install_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], None]]:
    """Install a module as a plug-in for the length of a test: its entry-point group, its name and its source."""

    def install(group: str, module: str, source: str) -> None:
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        metadata = tmp_path / f"{module}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
        (metadata / "entry_points.txt").write_text(f"[{group}]\n{module} = {module}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        installed.append(module)
        _refresh_registries()

    installed: list[str] = []
    yield install
    monkeypatch.undo()
    for module in installed:
        sys.modules.pop(module, None)
    _refresh_registries()


@pytest.fixture
def lower_floor(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Lower the smallest number of observations of an estimand, for made data that are few; no claim can do that."""

    def lower(name: str, minimum: int) -> None:
        declared = {**ESTIMANDS, name: replace(ESTIMANDS[name], minimum=minimum)}
        monkeypatch.setitem(ESTIMANDS.__dict__, "_declarations", declared)

    return lower


def _refresh_registries() -> None:
    ESTIMANDS.refresh()
    EVENT_LISTS.refresh()
    DATA_SERVICES.refresh()
