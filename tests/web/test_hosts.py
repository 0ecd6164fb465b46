"""The server answers to its own names alone, redirects within itself, and lets other sites read if the owner does."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.testclient import TestClient
from starlette.types import Message

from groundswell.web.app import create_app
from groundswell.web.middleware.hosts import can_be_rebound, is_public, parse_host

BASE = "https://hubs.example"
ELSEWHERE = {"Origin": "https://elsewhere.example"}
OWN = ["hubs.example", "HUBS.example:443", "hubs.example.", "127.0.0.1:80", "[::1]:8000", "192.168.1.20", "10.0.0.5:80"]
PLAIN = ["localhost", "localhost:8000", "raspberry", "groundswell:8000", "hub.localhost"]
NAMED = ["news.lan:8000", "a.desk.example", "b.a.desk.example", "xn--bcher-kva.example"]
FOREIGN = [
    "evil.example",
    "hubs.example.evil.example",
    "127.0.0.1.evil.example",
    "xhubs.example",
    "desk.example",
    "news.local",
]
MALFORMED = ["", "a b", "a.example/", "user@a.example", "a.example:port", "[::1", "::1", "a.example#", "[::1]x"]


@pytest.fixture
def site(hubs) -> TestClient:
    app = create_app(hubs, BASE, allowed_hosts=("news.lan:9000", ".desk.example", "bücher.example"))
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/api/v1/hubs", "/hubs/small-caps.json"])
@pytest.mark.parametrize("host", [*OWN, *PLAIN, *NAMED])
def test_the_server_answers_to_its_names_and_to_addresses(site: TestClient, path: str, host: str) -> None:
    answer = site.get(path, headers={"Host": host}, follow_redirects=False)
    assert answer.status_code == (307 if path.endswith(".json") else 200)


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/api/v1/hubs", "/static/groundswell.css", "/nothing/"])
@pytest.mark.parametrize("host", FOREIGN)
def test_the_server_answers_to_no_other_name(site: TestClient, path: str, host: str) -> None:
    answer = site.get(path, headers={"Host": host, **ELSEWHERE}, follow_redirects=False)
    assert answer.status_code == 421
    assert "allowed_hosts" in answer.text
    assert "access-control-allow-origin" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", MALFORMED)
def test_a_malformed_host_is_a_bad_request(site: TestClient, host: str) -> None:
    for path in ("/", "/api/v1/hubs", "/hubs/small-caps.json", "/nothing"):
        assert site.get(path, headers={"Host": host}).status_code == 400, path


@given(st.text(st.characters(max_codepoint=255), max_size=60) | st.from_regex(r"[A-Z.]{1,9}(:[0-9]{0,6})?"))
def test_any_host_is_a_name_or_malformed(header: str) -> None:
    name = parse_host(header)
    if name is not None:
        assert name == name.lower()
        assert not set(name) & set("/?#@\\ ")


@pytest.mark.parametrize(
    ("target", "status", "location"),
    [
        ("http://hubs.example/robots.txt", 200, None),
        ("HTTP://hubs.example:80/api/v1/hubs", 200, None),
        ("http://hubs.example", 200, None),
        ("http://hubs.example/hubs/", 307, "/hubs"),
        ("http://hubs.example//evil.example/", 307, "/evil.example"),
        ("http://hubs.example/robots%2Etxt", 200, None),
        ("http://evil.example/robots.txt", 421, None),
        ("http://user@hubs.example/robots.txt", 400, None),
        ("http:///robots.txt", 400, None),
        ("/http://hubs.example/robots.txt", 404, None),
    ],
)
def test_a_request_line_with_a_whole_address_is_read_as_its_path(site: TestClient, target, status, location) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(target),
        "raw_path": target.encode(),
        "query_string": b"",
        "headers": [(b"host", b"raspberry")],  # which the host in the address overrides
        "client": ("127.0.0.1", 1),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(site.app(scope, receive, send))
    assert (sent[0]["status"], Headers(raw=sent[0]["headers"]).get("location")) == (status, location)


def test_any_name_may_be_allowed(hubs) -> None:
    site = TestClient(create_app(hubs, BASE, allowed_hosts=("*",)))
    assert site.get("/", headers={"Host": "evil.example"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "expected"), [("localhost", False), ("a.example", True), ("10.0.0.1", False), ("::1", False)]
)
def test_only_names_of_the_public_dns_can_be_rebound(name: str, expected: bool) -> None:
    assert can_be_rebound(name) is expected


@pytest.mark.parametrize("host", ["hubs.example", "10.0.0.5", "raspberry"])
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/hubs/small-caps/?limit=5&as_of=2024-09-18", "/hubs/small-caps?limit=5&as_of=2024-09-18"),
        ("/api/v1/hubs/", "/api/v1/hubs"),
        ("/hubs//", "/hubs"),
        ("/hubs", "/"),
        ("/claims/small-caps", "/hubs/small-caps"),
        ("/hubs/small-caps.json?q=a%20b", "/api/v1/hubs/small-caps?q=a%20b"),
        ("/hubs/small-caps/stories.json?q=a", "/api/v1/stories?hub=small-caps&q=a"),
    ],
)
def test_redirects_are_paths_whatever_the_host(site: TestClient, host: str, path: str, target: str) -> None:
    answer = site.get(path, headers={"Host": host}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, target)


@pytest.mark.parametrize(
    "path", ["/", "/hubs/small-caps", "/hubs/small-caps/feed.atom", "/api/v1/hubs/small-caps", "/sitemap.xml"]
)
def test_links_lead_to_the_base_address_whatever_the_host(site: TestClient, path: str) -> None:
    text = site.get(path, headers={"Host": "10.9.8.7"}).text
    assert "10.9.8.7" not in text
    assert BASE in text


PUBLIC = ["https://hubs.example", "http://203.0.113.5.example:80/x", "http://8.8.8.8:80"]
PRIVATE = [
    "http://127.0.0.1:80",
    "http://localhost",
    "http://[::1]:80",
    "http://10.1.1.5",
    "http://nas.local",
    "http://nas",
]


@pytest.mark.parametrize("path", ["/api/v1/hubs", "/openapi.json", "/hubs/small-caps/feed.atom"])
@pytest.mark.parametrize("base", [*PUBLIC, *PRIVATE])
def test_other_sites_read_a_public_site_only(hubs, base: str, path: str) -> None:
    assert is_public(base) is (base in PUBLIC)
    site = TestClient(create_app(hubs, base))
    allowed = site.get(path, headers=ELSEWHERE).headers.get("access-control-allow-origin")
    assert allowed == ("*" if base in PUBLIC else None)
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET"}
    assert (site.options(path, headers=asked).status_code == 200) is (base in PUBLIC)


@pytest.mark.parametrize("base", [PUBLIC[0], PRIVATE[0]])
def test_the_owner_chooses_which_sites_may_read(hubs, base: str) -> None:
    some = TestClient(create_app(hubs, base, cors_origins=("https://elsewhere.example/",)))
    assert some.get("/api/v1/hubs", headers=ELSEWHERE).headers["access-control-allow-origin"] == ELSEWHERE["Origin"]
    other = some.get("/api/v1/hubs", headers={"Origin": "https://third.example"})
    assert "access-control-allow-origin" not in other.headers
    assert "Origin" in other.headers["vary"]
    nobody = TestClient(create_app(hubs, base, cors_origins=()))
    assert "access-control-allow-origin" not in nobody.get("/api/v1/hubs", headers=ELSEWHERE).headers
