"""No page, API answer, list, metric, log line or error shows a secret, wherever it stands and whatever fails."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.app import build_services
from groundswell.app.cycle import CycleRunner
from groundswell.errors import BadInputError, GroundswellError
from groundswell.feeds.opml import Outline
from groundswell.fetch.client import HttpRetriever
from groundswell.log import JsonFormatter, TextFormatter
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.settings import ServiceSettings, load_settings
from groundswell.storage.engine.store import Store
from groundswell.testing.fakes import FixedClock
from groundswell.web.app import create_app

from ..app.conftest import NOW
from ..commands import run

CANARY = "canary7f3a9c5e1d2b4a6f"
ITEM = b"<rss version='2.0'><channel><item><title>Rates are cut</title><guid>1</guid></item></channel></rss>"
PAGES = ["/", "/status", "/api/v1/status", "/api/v1/feeds", "/api/v1/data", "/feeds.opml", "/metrics", "/healthz"]
PAGES += ["/readyz", "/feed.atom", "/feed.json", "/hubs/fomc/", "/api/v1/hubs/fomc", "/sitemap.xml", "/llms.txt"]

PLACES = {
    "query": "?key={}",
    "odd query": "?{}",
    "fragment": "#{}",
    "path": "/{}",
    "path with ending": "/{}.xml",
}
KINDS = {
    "fine": (200, ITEM, {}),
    "moved": (301, b"", {"Location": f"/moved/again?key={CANARY}"}),
    "page": (200, f"<html><link rel=alternate type=application/rss+xml href='/a?key={CANARY}'>".encode(), {}),
    "refused": (403, b"", {}),
    "failing": (500, CANARY.encode(), {}),
    "gone": (410, b"", {}),
    "damaged": (200, gzip.compress(ITEM)[:30], {"Content-Encoding": "gzip"}),
    "unknown": (200, b"\x1f\x9d", {"Content-Encoding": "compress"}),
    "empty": (200, b"", {}),
    "words": (200, f"no feed for key {CANARY}".encode(), {}),
    "large": (200, bytes(5_000_001), {}),
    "elsewhere": (302, b"", {"Location": f"file:///{CANARY}?key={CANARY}"}),
    "inside": (302, b"", {"Location": f"http://10.0.0.1/{CANARY}?key={CANARY}"}),
}


class Handler(BaseHTTPRequestHandler):
    """Fails in the way that the first part of the path names, and repeats the request in every place of the answer."""

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        status, body, headers = KINDS.get(self.path.split("/")[1].partition("?")[0], KINDS["refused"])
        self.send_response(status, f"no {self.path}")
        for name, value in {**headers, "X-Request": self.path, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Retriever:
    """Requests this machine by HTTP; any other request raises an error that repeats it."""

    def __init__(self) -> None:
        self._http = HttpRetriever(CANARY, [ip_network("127.0.0.0/8")])

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        if "raising.example" in url:
            raise RuntimeError(f"cannot read {url}")
        if "127.0.0.1" in url or "unknown.invalid" in url:
            return self._http.retrieve(url, etag, last_modified, max_bytes)
        return Retrieved(Outcome.UNREACHABLE, "not asked in this test")


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.daemon_threads = [], True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def list_feeds(root: str) -> list[str]:
    roots = [*(f"{root}/{kind}" for kind in KINDS), "http://raising.example", "http://unknown.invalid"]
    return [address + place.format(CANARY) for address in (*roots, "http://127.0.0.1:9") for place in PLACES.values()]


def test_no_secret_is_shown_whatever_fails(tmp_path: Path, server: ThreadingHTTPServer, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    root = f"http://127.0.0.1:{server.server_port}"
    names = ("fred", "tiingo")
    services = build_services(
        {name: ServiceSettings(address=f"{root}/refused/{name}", key=CANARY) for name in names}, f"{CANARY}@a.example"
    )
    clock = FixedClock(NOW)
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock, services=services) as groundswell:
        for address in list_feeds(root):  # one by one, so that all are due at once
            groundswell.add_feeds([Outline(address, "", "")])
        groundswell.register_sources()
        runner = CycleRunner(groundswell, Retriever(), clock, pause=lambda seconds: None)
        for _ in range(3):
            runner.run_once()
            clock.now = clock.now.replace(day=clock.now.day + 3)
        with TestClient(create_app(groundswell, "http://site.example")) as client:
            shown = {path: client.get(path, headers={"Host": "site.example"}) for path in PAGES}
        outcomes = {state.outcome for state in groundswell.status_page().feeds}
        full = {feed.url for feed in groundswell.feeds()}
    assert outcomes >= {Outcome.OK, Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.MALFORMED, Outcome.TOO_LARGE}
    assert set(list_feeds(root)) <= full, "the owner still sees them"
    assert {what for what in KINDS if any(path.startswith(f"/{what}") for path in server.seen)} == set(KINDS)
    assert any("/refused/fred" in path and CANARY in path for path in server.seen)
    for path, answer in shown.items():
        assert CANARY not in answer.text, (path, answer.text[max(0, answer.text.index(CANARY) - 200) :][:300])
    assert shown["/status"].status_code == 200
    lines = [formatter.format(record) for formatter in (JsonFormatter(), TextFormatter()) for record in own(caplog)]
    assert any("raising-example" in line for line in lines)
    assert [line for line in lines if CANARY in line] == []


def own(caplog) -> list[logging.LogRecord]:
    """The records that the program writes: it quietens those of its libraries."""
    return [record for record in caplog.records if record.name.startswith("groundswell")]


@pytest.mark.parametrize("name", ["groundswell", "httpx2", "uvicorn.error"])
def test_the_log_knows_the_secrets_of_the_settings(tmp_path: Path, monkeypatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "groundswell.toml").write_text(
        f'db = "postgresql://me:{CANARY}1@h/db"\nproxy = "http://me:{CANARY}%212@h:1"\n'
        f'[services.fred]\nkey = "{CANARY}3"\n'
    )
    settings = load_settings()
    try:
        raise ValueError(f"bare {CANARY}1, {CANARY}!2 and {CANARY}%212; {settings.proxy} {settings.db}")
    except ValueError as error:
        record = logging.LogRecord(name, 40, "", 0, "%s", (error,), (ValueError, error, error.__traceback__))
    record.fields = {"key": f"{CANARY}3"}
    for formatter in (JsonFormatter(settings.secrets()), TextFormatter(settings.secrets())):
        assert CANARY not in formatter.format(record)


@pytest.mark.parametrize(
    "text",
    [
        f'proxy = "https://me:{CANARY}@h"',
        f'proxy = "{CANARY}"',
        f'proxy = "http://me:{CANARY}@h:x"',
        f'proxy = ["{CANARY}"]',
        f'db = ["{CANARY}"]',
        f'contact = ["{CANARY}"]',
        f'fred_kee = "{CANARY}"',
        f'[service.fred]\nkey = "{CANARY}"',
        f'[services.fred]\nkey = ["{CANARY}"]',
        f'[services.fred]\nkye = "{CANARY}"',
        f'[services]\nfred = "{CANARY}"',
        f'key = "{CANARY}',
    ],
)
def test_no_wrong_setting_is_repeated(tmp_path: Path, monkeypatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "groundswell.toml").write_text(text)
    with pytest.raises(BadInputError) as raised:
        load_settings()
    assert CANARY not in "\n".join((str(raised.value), *raised.value.mistakes))


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{CANARY}@127.0.0.1:9/db?password={CANARY}&connect_timeout=1",
        f"postgresql+psycopg://me:{CANARY}@127.0.0.1:9/db?password={CANARY}",
        f"mysql://me:{CANARY}@127.0.0.1:9/db",
        f"nonsense://me:{CANARY}@127.0.0.1/db?password={CANARY}",
        f"postgresql://me:{CANARY}@127.0.0.1:port/db",
    ],
)
def test_no_address_of_a_store_is_repeated_with_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(GroundswellError) as raised:
        Store.open(address)
    assert CANARY not in str(raised.value)
    done = run(tmp_path, "feeds", "list", "--db", address)
    assert done.returncode == 2
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("feeds", "add", f"https://me:{CANARY}@news.example/rss"),
        ("feeds", "add", f"ftp://news.example/rss?key={CANARY}"),
        ("feeds", "remove", f"https://news.example/rss?key={CANARY}"),
        ("feeds", "remove", f"https://me:{CANARY}@news.example/rss"),
        ("feeds", "check", f"https://me:{CANARY}@news.example/rss"),
    ],
)
def test_no_refused_address_is_repeated_with_its_secret(tmp_path: Path, command: tuple[str, ...]) -> None:
    Store.open(str(tmp_path / "groundswell.db")).close()
    done = run(tmp_path, *command)
    assert done.returncode == 2
    assert CANARY not in done.stdout + done.stderr


def test_a_list_may_be_imported_without_its_secrets_being_repeated(tmp_path: Path) -> None:
    Store.open(str(tmp_path / "groundswell.db")).close()
    outlines = (f"https://me:{CANARY}@a.example/", f"ftp://a.example/?{CANARY}", f"https://a.example/?key={CANARY}")
    body = "".join(f'<outline xmlUrl="{address}"/>' for address in outlines)
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{body}</body></opml>")
    done = run(tmp_path, "feeds", "import", "feeds.opml")
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert f"https://a.example/?key={CANARY}" in run(tmp_path, "feeds", "export").stdout, "the owner's own list"
