"""Adding a feed by its address or by that of its site, over loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ..commands import run

FEED = (
    "<rss version='2.0'><channel><title>News</title><item><title>Rates are cut</title>"
    "<pubDate>Wed, 18 Sep 2024 18:00:00 GMT</pubDate></item></channel></rss>"
)
EMPTY = "<rss version='2.0'><channel><title>News</title></channel></rss>"


def page(*addresses: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{address}">' for address in addresses)
    return f"<!doctype html><html><head><title>News</title>{links}</head><body>Welcome</body></html>"


ANSWERS = {
    "/feed": FEED,
    "/empty": EMPTY,
    "/site": page("/feed"),
    "/silent": page(),
    "/comments": page("/comments/feed"),
    "/several": page("/words", "/feed", "/empty", "http://10.0.0.1/feed"),
    "/broken": page("/words", "/silent"),
    "/inside": page("http://10.0.0.1/feed"),
    "/deep/site": page("../feed"),
    "/words": "no feed",
}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        body = ANSWERS.get(self.path, "").encode()
        self.send_response(302 if self.path == "/old" else 200 if body else 404)
        self.send_header("Location", "/deep/site")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.feeds.probe.SECONDS_BETWEEN_REQUESTS", 0.0)


@pytest.fixture
def root(server: ThreadingHTTPServer, tmp_path: Path) -> str:
    server.seen = []
    (tmp_path / "groundswell.toml").write_text('networks = ["127.0.0.0/8"]\n')
    return f"http://127.0.0.1:{server.server_port}"


def added(folder: Path) -> list[str]:
    listed = json.loads(run(folder, "feeds", "list", "--json").stdout)["feeds"]
    return [feed["url"] for feed in listed if feed["note"] == "Added by the owner."]


@pytest.mark.parametrize(
    ("path", "feed", "note"),
    [
        ("/feed", "/feed", "{root}/feed has 1 item, the newest of 2024-09-18."),
        ("/empty", "/empty", "{root}/empty has no items yet."),
        (
            "/site",
            "/feed",
            "{root}/site is a web page; added the feed it names: {root}/feed, with 1 item, the newest of 2024-09-18.",
        ),
        ("/several", "/feed", "The page also names: {root}/words, {root}/empty, http://10.0.0.1/feed."),
        ("/old", "/feed", "{root}/old is a web page; added the feed it names: {root}/feed,"),
        (
            "/nothing",
            "/nothing",
            "{root}/nothing could not be read now (refused: HTTP 404 Not Found); it is added as given.",
        ),
    ],
)
def test_the_feed_at_an_address_is_added(tmp_path: Path, root: str, path: str, feed: str, note: str) -> None:
    done = run(tmp_path, "feeds", "add", root + path)
    assert done.returncode == 0, done.stderr
    assert note.format(root=root) in done.stdout
    assert done.stdout.endswith("Feeds added: 1; turned on: 0; on already: 0.\n")
    assert added(tmp_path) == [root + feed]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "/silent",
            "/silent is a web page that names no feed; give the address of a feed, or add it as it is with --no-check",
        ),
        ("/comments", "is a web page that names no feed"),
        ("/words", "/words is no feed: the body is not a feed; give"),
        ("/broken", "/broken is a web page, and no feed that it names can be read: "),
        ("/inside", "/inside is a web page, and no feed that it names can be read: http://10.0.0.1/feed"),
    ],
)
def test_what_is_no_feed_is_not_added(tmp_path: Path, root: str, path: str, words: str) -> None:
    done = run(tmp_path, "feeds", "add", root + path)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.db")), "no store is created"


def test_an_address_that_does_not_answer_is_added_as_given(tmp_path: Path, root: str) -> None:
    done = run(tmp_path, "feeds", "add", "http://127.0.0.1:9/feed")
    assert "could not be read now (unreachable: connection refused); it is added as given." in done.stdout
    assert added(tmp_path) == ["http://127.0.0.1:9/feed"]


@pytest.mark.parametrize(("option", "setting"), [("--no-check", ""), ("--check", "live = false\n")])
def test_nothing_is_requested_unless_wanted(
    tmp_path: Path, root: str, server: ThreadingHTTPServer, option: str, setting: str
) -> None:
    with (tmp_path / "groundswell.toml").open("a") as file:
        file.write(setting)
    assert run(tmp_path, "feeds", "add", f"{root}/silent", option).returncode == 0
    assert server.seen == []
    assert added(tmp_path) == [f"{root}/silent"]


def test_a_site_whose_feed_is_known_changes_that_feed(tmp_path: Path, root: str) -> None:
    run(tmp_path, "feeds", "add", f"{root}/feed")
    done = run(tmp_path, "feeds", "add", f"{root}/site", "--minutes", "60", "--json")
    document = json.loads(done.stdout)
    assert [feed["url"] for feed in document["changed"]] == [f"{root}/feed"]
    assert document["notes"][0].startswith(f"{root}/site is a web page")
    assert added(tmp_path) == [f"{root}/feed"]


def test_a_check_names_the_feed_of_a_page(tmp_path: Path, root: str) -> None:
    done = run(tmp_path, "feeds", "check", f"{root}/site", "--json")
    assert done.returncode == 1
    (probe,) = json.loads(done.stdout)["feeds"]
    assert probe["detail"] == f"the body is an HTML page, not a feed; it names the feed {root}/feed"
    assert probe["named_feeds"] == [f"{root}/feed"]
    shown = run(tmp_path, "feeds", "check", f"{root}/site", f"{root}/feed").stdout
    assert f"To add the feed that {root}/site names: groundswell feeds add {root}/feed\n" in shown
    assert "2024-09-18" in shown
