"""The contract of every retriever, over the real one (loopback) and the fake; then what only HTTP can do."""

import base64
import gzip
import socket
import ssl
import subprocess
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest

from groundswell.fetch.client import MAX_RESPONSE_BODY_BYTES, HttpRetriever
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever

BODY = b"<rss/>"
ENDED = b"<rss><channel></channel></rss>\n"
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))


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
        _, what, *rest = urlsplit(self.path).path.split("/")  # a proxy is asked for whole addresses
        getattr(self, f"do_{what}")(*rest)

    def do_feed(self):
        same = self.headers.get("If-None-Match") == '"v1"' or self.headers.get("If-Modified-Since") == "yesterday"
        if same:
            self.reply(304)
        else:
            self.reply(200, BODY, ETag='"v1"', Last_Modified="yesterday", Content_Type="application/rss+xml")

    def do_status(self, code):
        self.reply(int(code), b"no")

    def do_echo(self, *_):
        self.send_response(403, f"no feed at {self.path}")
        self.end_headers()

    def do_gzip(self):
        self.reply(200, gzip.compress(BODY), Content_Encoding="gzip")

    def do_bomb(self):
        self.reply(200, gzip.compress(bytes(MAX_RESPONSE_BODY_BYTES + 1)), Content_Encoding="gzip")

    def do_large(self):
        self.reply(200, bytes(MAX_RESPONSE_BODY_BYTES + 1))

    def do_damaged(self):
        self.reply(200, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03not gzip at all", Content_Encoding="gzip")

    def do_cut(self):
        self.reply(200, gzip.compress(BODY)[:-9], Content_Encoding="gzip")

    def do_compress(self):
        self.reply(200, b"\x1f\x9d", Content_Encoding="compress")

    def do_unlabelled(self):
        self.reply(200, gzip.compress(BODY), Content_Type="application/gzip")

    def do_mislabelled(self):
        self.reply(200, BODY, Content_Encoding="utf-8")

    def do_wall(self, *rest):
        """Ask for a cookie before anything else, by a redirect to the same address, as consent walls do."""
        if "wall=passed" in self.headers.get("Cookie", ""):
            self.reply(200, BODY)
        else:
            self.reply(301, Location=self.path, Set_Cookie=f"wall=passed; Path=/{'; '.join(['', *rest])}")

    def do_hoard(self):
        self.reply(302, Location="/feed", Set_Cookie=f"a={'x' * 5_000}")

    def do_across(self, host):
        """Set a cookie for this host, for its domain and for the host that it redirects to."""
        self.send_response(302)
        for domain in ("", "; Domain=feed.example", "; Domain=example", f"; Domain={host}"):
            self.send_header("Set-Cookie", f"a=b; Path=/{domain}")
        self.send_header("Location", f"http://{host}:{self.server.server_port}/back")
        self.end_headers()

    def do_back(self):
        self.reply(302, Location=f"http://a.feed.example:{self.server.server_port}/feed")

    def do_hop(self, left):
        self.reply(302, Location=f"/hop/{int(left) - 1}" if int(left) else "/feed", Set_Cookie="a=b")

    def do_moved(self, status, *rest):
        self.reply(int(status), Location="/" + "/".join(rest))

    def do_down(self, port):
        self.reply(301, Location=f"http://feed.example:{port}/feed")

    def do_elsewhere(self):
        self.reply(301, Location="file:///etc/hostname")

    def do_short(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x")

    def do_announced(self, what):
        """Announce more than is sent, as servers do that count before compressing, or end without the last chunk."""
        self.send_response(200)
        if what == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", "1000")
        if what == "gzip":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        body = gzip.compress(BODY) if what == "gzip" else ENDED
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) if what == "chunked" else body)

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
def retriever():
    return HttpRetriever("owner@site.example", LOOPBACK)


def fake(root):
    held = Retrieved(Outcome.OK, "HTTP 200", BODY, "application/rss+xml", '"v1"', "yesterday", status=200)
    return FakeRetriever(
        {f"{root}/feed": held, f"{root}/status/403": Retrieved(Outcome.REFUSED, "HTTP 403 Forbidden", status=403)}
    )


@pytest.fixture(params=["real", "fake"])
def either(request, retriever, root):
    return retriever if request.param == "real" else fake(root)


def test_a_feed_comes_with_its_validators(either, root):
    got = either.retrieve(f"{root}/feed", None, None)
    assert got == Retrieved(Outcome.OK, "HTTP 200", BODY, "application/rss+xml", '"v1"', "yesterday", status=200)


@pytest.mark.parametrize("validators", [('"v1"', None), (None, "yesterday"), ('"v1"', "yesterday")])
def test_an_unchanged_feed_is_not_sent_again(either, root, validators):
    got = either.retrieve(f"{root}/feed", *validators)
    assert (got.outcome, got.body) == (Outcome.NOT_MODIFIED, b"")


def test_a_refusal_is_an_outcome(either, root):
    got = either.retrieve(f"{root}/status/403", None, None)
    assert (got.outcome, got.detail, got.body, got.status) == (Outcome.REFUSED, "HTTP 403 Forbidden", b"", 403)


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
        ("/bomb", Outcome.TOO_LARGE, "larger than 5 MB"),
        ("/large", Outcome.TOO_LARGE, "larger than 5 MB"),
        ("/unlabelled", Outcome.OK, "HTTP 200"),
        ("/mislabelled", Outcome.OK, "HTTP 200"),
        ("/damaged", Outcome.MALFORMED, "damaged"),
        ("/cut", Outcome.MALFORMED, "incomplete"),
        ("/compress", Outcome.MALFORMED, "'compress' was not asked for"),
        ("/hop/4", Outcome.OK, "HTTP 200"),
        ("/hop/5", Outcome.REFUSED, "more than 5 redirects"),
        ("/elsewhere", Outcome.REFUSED, "not http or https"),
        ("/short", Outcome.MALFORMED, "broke off"),
        ("/status/304", Outcome.MALFORMED, "without conditions"),
        ("/nonsense", Outcome.MALFORMED, "not valid HTTP"),
    ],
)
def test_each_fault_has_its_name(retriever, root, path, outcome, detail):
    got = retriever.retrieve(root + path, None, None)
    assert got.outcome is outcome
    assert detail in got.detail
    assert (got.body == BODY) is (outcome is Outcome.OK)


@pytest.mark.parametrize(("what", "body"), [("plain", ENDED), ("gzip", BODY), ("chunked", ENDED)])
def test_a_whole_feed_counts_although_more_was_announced(retriever, root, what, body):
    got = retriever.retrieve(f"{root}/announced/{what}", None, None)
    assert (got.outcome, got.body) == (Outcome.OK, body)


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
    got = HttpRetriever("me", LOOPBACK, timeout=timeout, total=total).retrieve(root + path, None, None)
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
    assert second["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert "If-None-Match" not in third
    assert "Cookie" not in third


def test_a_host_that_sets_a_cookie_and_redirects_to_itself_works(retriever, root, server):
    server.seen.clear()
    got = retriever.retrieve(f"{root}/wall", None, None)
    assert (got.outcome, got.body, got.moved_to) == (Outcome.OK, BODY, None)
    assert [headers.get("Cookie") for _, headers in server.seen] == [None, "wall=passed"]
    retriever.retrieve(f"{root}/feed", None, None)  # another retrieval knows no cookie
    assert "Cookie" not in server.seen[-1][1]


@pytest.mark.parametrize("attribute", ["Secure", "Max-Age=0", "Domain=other.example"])
def test_a_cookie_that_is_not_meant_for_the_request_is_not_sent(retriever, root, attribute):
    got = retriever.retrieve(f"{root}/wall/{attribute}", None, None)
    assert (got.outcome, got.detail) == (Outcome.REFUSED, "more than 5 redirects")


def test_a_host_gets_its_own_cookies_alone(server):
    server.seen.clear()
    retriever = HttpRetriever("me", LOOPBACK, resolver=lambda host, port: ["127.0.0.1"])
    url = f"http://a.feed.example:{server.server_port}/across/b.feed.example"
    assert retriever.retrieve(url, None, None).body == BODY
    hosts = [headers["Host"].partition(":")[0] for _, headers in server.seen]
    assert hosts == ["a.feed.example", "b.feed.example", "a.feed.example"]
    assert [headers.get("Cookie") for _, headers in server.seen][:2] == [None, None]
    assert "a=b" in server.seen[2][1]["Cookie"]


def test_a_host_cannot_make_requests_large(retriever, root, server):
    server.seen.clear()
    assert retriever.retrieve(f"{root}/hoard", None, None).body == BODY
    assert "Cookie" not in server.seen[-1][1]


@pytest.mark.parametrize(
    ("path", "moved_to"),
    [
        ("/feed", None),
        ("/moved/301/feed", "/feed"),
        ("/moved/308/moved/301/feed", "/feed"),
        ("/moved/302/feed", None),
        ("/moved/301/moved/307/feed", None),
        ("/moved/302/moved/301/feed", None),
    ],
)
def test_only_redirects_that_are_all_for_good_tell_of_a_move(retriever, root, path, moved_to):
    got = retriever.retrieve(root + path, None, None)
    assert got.outcome is Outcome.OK
    assert got.moved_to == (moved_to and root + moved_to)


def test_an_address_that_is_not_public_is_not_asked(root, server):
    server.seen.clear()
    got = HttpRetriever("me").retrieve(f"{root}/feed", None, None)
    assert (got.outcome, got.detail) == (Outcome.REFUSED, "not asked: the address 127.0.0.1 is this machine itself")
    assert server.seen == []


def named(answers):
    """A retriever for which every host has the next of ``answers``, the last of them for good; and those it gave."""
    given = []

    def resolver(host, port):
        given.append(answers[min(len(given), len(answers) - 1)])
        return given[-1]

    return HttpRetriever("me", LOOPBACK, resolver=resolver), given


def test_a_name_is_resolved_once_and_its_checked_address_used(server):
    server.seen.clear()
    retriever, given = named([["10.0.0.1", "127.0.0.1"], ["10.0.0.1"]])
    url = f"http://feed.example:{server.server_port}/feed"
    assert retriever.retrieve(url, None, None).outcome is Outcome.OK
    assert len(given) == 1
    assert server.seen[0][1]["Host"] == f"feed.example:{server.server_port}"
    again = retriever.retrieve(url, None, None)  # the name now leads into a private network
    assert (again.outcome, again.detail) == (
        Outcome.REFUSED,
        "not asked: the address 10.0.0.1 is in a private network",
    )
    assert len(server.seen) == 1


def test_the_second_address_is_tried_where_the_first_does_not_answer(server):
    retriever, _ = named([["::1", "127.0.0.1"]])
    url = f"http://feed.example:{server.server_port}/feed"
    assert retriever.retrieve(url, None, None).outcome is Outcome.OK


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1"])
def test_odd_spellings_are_refused_even_where_their_network_is_allowed(retriever, server, host):
    got = retriever.retrieve(f"http://{host}:{server.server_port}/feed", None, None)
    assert got.outcome is Outcome.REFUSED
    assert "unusual spelling" in got.detail


def test_a_proxy_gets_its_user_name_and_password(server):
    server.seen.clear()
    proxy = f"http://me:p%40ss@127.0.0.1:{server.server_port}"
    retriever = HttpRetriever("me", proxy=proxy, resolver=lambda host, port: ["8.8.8.8"])
    assert retriever.retrieve("http://outside.example/feed", None, None).body == BODY
    login = server.seen[0][1]["Proxy-Authorization"].removeprefix("Basic ")
    assert base64.b64decode(login) == b"me:p@ss"


@pytest.mark.parametrize("path", ["/echo/feed", "/echo/%s" % ("x" * 200)])
def test_no_detail_repeats_a_secret_of_the_address(retriever, root, path):
    got = retriever.retrieve(f"{root}{path}?key=canary-12345#canary-12345", None, None)
    assert got.outcome is Outcome.REFUSED
    assert "canary" not in got.detail


def test_a_proxy_is_asked_for_every_public_host_and_for_no_other(server, root):
    server.seen.clear()

    def resolver(host, port):
        if host.endswith(".invalid"):
            raise socket.gaierror
        return ["10.0.0.1"] if host == "inside.example" else ["8.8.8.8"]

    retriever = HttpRetriever("me", proxy=root, resolver=resolver)
    for host in ("outside.example", "unknown.invalid"):
        assert retriever.retrieve(f"http://{host}/feed", None, None).body == BODY
    assert "private" in retriever.retrieve("http://inside.example/feed", None, None).detail
    assert [path for path, _ in server.seen] == ["http://outside.example/feed", "http://unknown.invalid/feed"]


@pytest.fixture
def encrypted(tmp_path, root):
    """A TLS server for feed.example that redirects to plain HTTP, and a retriever that trusts it."""
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -addext subjectAltName=DNS:feed.example"
    command = [*made.split(), "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.seen, server.daemon_threads = [], True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    retriever = HttpRetriever("me", LOOPBACK, resolver=lambda host, port: ["127.0.0.1"])
    retriever._tls = ssl.create_default_context(cafile=tmp_path / "certificate")
    yield server, retriever
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_certificate_counts_for_the_name_and_not_for_the_address(encrypted):
    server, retriever = encrypted
    port = server.server_port
    assert retriever.retrieve(f"https://feed.example:{port}/feed", None, None).body == BODY
    assert "TLS failure" in retriever.retrieve(f"https://other.example:{port}/feed", None, None).detail


def test_no_redirect_leads_from_https_to_http(encrypted, server):
    encrypted_server, retriever = encrypted
    server.seen.clear()
    got = retriever.retrieve(
        f"https://feed.example:{encrypted_server.server_port}/down/{server.server_port}", None, None
    )
    assert (got.outcome, got.detail) == (Outcome.REFUSED, "a redirect from https to http is not followed")
    assert server.seen == []


def test_an_answer_may_be_as_large_as_it_is_asked_for(retriever, root):
    limit = 2 * MAX_RESPONSE_BODY_BYTES
    for path in ("/large", "/bomb"):
        got = retriever.retrieve(root + path, None, None, limit)
        assert (got.outcome, len(got.body)) == (Outcome.OK, MAX_RESPONSE_BODY_BYTES + 1)
        assert retriever.retrieve(root + path, None, None, MAX_RESPONSE_BODY_BYTES).outcome is Outcome.TOO_LARGE
    got = retriever.retrieve(f"{root}/large", None, None, 3_000_000)
    assert (got.outcome, got.detail) == (Outcome.TOO_LARGE, "the body is larger than 3 MB")
