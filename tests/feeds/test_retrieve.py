"""The contract of every retriever, over the real one (loopback) and the fake; then what only HTTP can do."""

import gzip
import socket
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from groundswell.feeds.retrieve import BYTE_LIMIT, HttpRetriever
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever
from groundswell.types import Outcome

BODY = b"<rss/>"


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says, and keeps the request's headers."""

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        _, what, *rest = self.path.split("/")
        getattr(self, f"do_{what}")(*rest)

    def do_feed(self):
        same = self.headers.get("If-None-Match") == '"v1"' or self.headers.get("If-Modified-Since") == "yesterday"
        if same:
            self.reply(304)
        else:
            self.reply(200, BODY, ETag='"v1"', Last_Modified="yesterday", Content_Type="application/rss+xml")

    def do_status(self, code):
        self.reply(int(code), b"no")

    def do_gzip(self):
        self.reply(200, gzip.compress(BODY), Content_Encoding="gzip")

    def do_bomb(self):
        self.reply(200, gzip.compress(bytes(BYTE_LIMIT + 1)), Content_Encoding="gzip")

    def do_large(self):
        self.reply(200, bytes(BYTE_LIMIT + 1))

    def do_damaged(self):
        self.reply(200, b"not gzip", Content_Encoding="gzip")

    def do_cut(self):
        self.reply(200, gzip.compress(BODY)[:-9], Content_Encoding="gzip")

    def do_brotli(self):
        self.reply(200, b"x", Content_Encoding="br")

    def do_hop(self, left):
        self.reply(302, Location=f"/hop/{int(left) - 1}" if int(left) else "/feed", Set_Cookie="a=b")

    def do_elsewhere(self):
        self.reply(301, Location="file:///etc/hostname")

    def do_short(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x")

    def do_nonsense(self):
        self.wfile.write(b"nonsense\r\n\r\n")

    def do_slow(self):
        self.server.release.wait(5)

    def do_drip(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"x")
            self.wfile.flush()
            if self.server.release.wait(0.1):
                return


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.seen, server.release = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def root(server):
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def retriever(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with HttpRetriever("owner@site.example") as retriever:
        yield retriever


def fake(root):
    held = Retrieved(Outcome.OK, "HTTP 200", BODY, "application/rss+xml", '"v1"', "yesterday")
    return FakeRetriever({f"{root}/feed": held, f"{root}/status/403": Retrieved(Outcome.REFUSED, "HTTP 403 Forbidden")})


@pytest.fixture(params=["real", "fake"])
def either(request, retriever, root):
    return retriever if request.param == "real" else fake(root)


def test_a_feed_comes_with_its_validators(either, root):
    got = either.retrieve(f"{root}/feed", None, None)
    assert got == Retrieved(Outcome.OK, "HTTP 200", BODY, "application/rss+xml", '"v1"', "yesterday")


@pytest.mark.parametrize("validators", [('"v1"', None), (None, "yesterday"), ('"v1"', "yesterday")])
def test_an_unchanged_feed_is_not_sent_again(either, root, validators):
    got = either.retrieve(f"{root}/feed", *validators)
    assert (got.outcome, got.body) == (Outcome.NOT_MODIFIED, b"")


def test_a_refusal_is_an_outcome(either, root):
    got = either.retrieve(f"{root}/status/403", None, None)
    assert (got.outcome, got.detail, got.body) == (Outcome.REFUSED, "HTTP 403 Forbidden", b"")


def test_an_unknown_host_is_an_outcome(either):
    got = either.retrieve("http://nowhere.invalid/", None, None)
    assert (got.outcome, got.body) == (Outcome.UNREACHABLE, b"")
    assert "DNS failure" in got.detail


@pytest.mark.parametrize(
    ("path", "outcome", "detail"),
    [
        ("/status/404", Outcome.REFUSED, "HTTP 404 Not Found"),
        ("/status/429", Outcome.REFUSED, "HTTP 429"),
        ("/status/503", Outcome.REFUSED, "HTTP 503"),
        ("/gzip", Outcome.OK, "HTTP 200"),
        ("/bomb", Outcome.TOO_LARGE, "larger than 10 MB"),
        ("/large", Outcome.TOO_LARGE, "larger than 10 MB"),
        ("/damaged", Outcome.MALFORMED, "damaged"),
        ("/cut", Outcome.MALFORMED, "incomplete"),
        ("/brotli", Outcome.MALFORMED, "'br' was not asked for"),
        ("/hop/4", Outcome.OK, "HTTP 200"),
        ("/hop/5", Outcome.REFUSED, "more than 5 redirects"),
        ("/elsewhere", Outcome.REFUSED, "not http or https"),
        ("/short", Outcome.MALFORMED, "broke off"),
        ("/nonsense", Outcome.MALFORMED, "not valid HTTP"),
    ],
)
def test_each_fault_has_its_name(retriever, root, path, outcome, detail):
    got = retriever.retrieve(root + path, None, None)
    assert got.outcome is outcome
    assert detail in got.detail
    assert (got.body == BODY) is (outcome is Outcome.OK)


@pytest.mark.parametrize("url", ["", "file:///etc/hostname", "ftp://a.example/", "http://", "not an address"])
def test_other_addresses_are_refused(retriever, url):
    assert retriever.retrieve(url, None, None).outcome is Outcome.REFUSED


def test_a_closed_port_is_refused_connection(retriever):
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        got = retriever.retrieve(f"http://127.0.0.1:{held.getsockname()[1]}/", None, None)
    assert (got.outcome, got.detail) == (Outcome.UNREACHABLE, "connection refused")


def test_a_plain_server_asked_for_tls_is_told(retriever, root):
    got = retriever.retrieve(root.replace("http:", "https:") + "/feed", None, None)
    assert got.outcome is Outcome.UNREACHABLE
    assert "TLS" in got.detail


@pytest.mark.parametrize(("path", "timeout", "total"), [("/slow", 0.1, 60), ("/drip", 5, 0.2)])
def test_slow_servers_time_out(root, path, timeout, total):
    with HttpRetriever("me", timeout=timeout, total=total) as retriever:
        got = retriever.retrieve(root + path, None, None)
    assert got.outcome is Outcome.UNREACHABLE
    assert got.detail.startswith("timeout")


def test_requests_are_honest_and_conditional(retriever, root, server):
    server.seen.clear()
    retriever.retrieve(f"{root}/hop/0", '"x"', "some day")
    retriever.retrieve(f"{root}/feed", "not äscii", None)
    (_, first), (_, second), (_, third) = server.seen
    assert first["User-Agent"].startswith("Groundswell/")
    assert first["User-Agent"].endswith("(+owner@site.example)")
    assert (second["If-None-Match"], second["If-Modified-Since"]) == ('"x"', "some day")
    assert second["Accept-Encoding"] == "gzip"
    assert "If-None-Match" not in third
    assert "Cookie" not in third
