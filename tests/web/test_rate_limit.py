"""Limits for one client: rate, sizes, and its identity behind a proxy."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from groundswell.web.app import create_app
from groundswell.web.clients import identify_client
from groundswell.web.middleware import work
from groundswell.web.middleware.rate_limit import MAX_TRACKED_CLIENTS, RateLimit, TokenBuckets

PROXIES = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1"))


def test_a_client_over_the_limit_learns_when_to_retry(hubs, monkeypatch) -> None:
    monkeypatch.setattr(work, "UNIT_SECONDS", 1e9)  # however busy this machine is, each page counts one
    site = TestClient(create_app(hubs, "https://hubs.example", rate_limit=RateLimit(per_minute=3)))
    assert [site.get("/robots.txt").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = site.get("/api/v1/hubs", headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert "3 simple pages a minute" in refused.json()["error"]["message"]
    assert "default-src 'none'" in refused.headers["content-security-policy"]
    assert refused.headers["access-control-allow-origin"] == "*", "a script of another site must be able to read it"
    assert "access-control-allow-origin" not in site.get("/").headers
    assert "Too many requests" in site.get("/").text
    assert site.get("/healthz").status_code == 200, "the operator's monitoring is not limited"


@pytest.mark.parametrize(
    ("peer", "headers", "named"),
    [
        ("127.0.0.1", {"X-Forwarded-For": "198.51.100.1"}, "127.0.0.1"),
        ("::ffff:192.168.1.5", {"X-Forwarded-For": "198.51.100.1"}, "192.168.1.5"),
        ("127.0.0.1", {}, None),
        ("10.1.1.1", {"X-Forwarded-For": "198.51.100.1"}, None),  # named already
        ("8.8.8.8", {"X-Forwarded-For": "198.51.100.1"}, None),  # a stranger, who must not be named by the owner
    ],
)
def test_the_owner_learns_of_a_reverse_proxy_that_counts_as_one_client(hubs, caplog, peer, headers, named) -> None:
    limit = RateLimit(per_minute=3, proxies=(ip_network("10.0.0.0/8"),))
    site = TestClient(create_app(hubs, rate_limit=limit), client=(peer, 1))
    assert [site.get("/robots.txt", headers=headers).status_code for _ in range(4)] == [200, 200, 200, 429]
    lines = [record.getMessage() for record in caplog.records if "reverse_proxies" in record.getMessage()]
    assert len(lines) == (named is not None)
    assert all(f'reverse_proxies = ["{named}"]' in line for line in lines)


def test_without_a_limit_no_request_is_refused(hubs) -> None:
    site = TestClient(create_app(hubs, rate_limit=RateLimit(per_minute=0)))
    assert {site.get("/robots.txt").status_code for _ in range(700)} == {200}


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/search?q=" + "x" * 5_000, {}, 414, "address_too_long"),
        ("/hubs/" + "%2e" * 2_000, {}, 414, "address_too_long"),
        ("/", {"X-Long": "x" * 20_000}, 431, "headers_too_large"),
        ("/", {"Content-Length": "70000"}, 413, "body_too_large"),
        ("/", {"Content-Length": "1" * 5_000}, 413, "body_too_large"),
        ("/", {"Content-Length": "-1"}, 413, "body_too_large"),
    ],
)
def test_oversized_requests_get_the_usual_error_response(hubs, path: str, headers, status: int, code: str) -> None:
    site = TestClient(create_app(hubs))
    assert site.get(path, headers=headers).status_code == status
    answer = site.get(f"/api/v1{path}", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # not a trusted proxy
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.2.3.4", "198.51.100.1"),  # a client can forge entries on the left
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "", "198.51.100.7"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),  # as a socket for both families reports a proxy
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"),
        ("127.0.0.1", "[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2::4711", "2001:db8:1:2::/64"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1:4711, 10.2.3.4:80", "198.51.100.1"),
        ("127.0.0.1", "[]", "[]"),
        ("127.0.0.1", ":80", ":80"),
        ("testclient", "", "testclient"),
    ],
)
def test_only_trusted_proxies_name_the_client(peer: str, forwarded: str, expected: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert identify_client({"type": "http", "client": (peer, 1), "headers": headers}, PROXIES) == expected


@given(st.integers(1, 120), st.lists(st.floats(0, 90), max_size=200))
def test_no_client_gets_more_than_its_bucket_and_the_refill(per_minute: int, pauses: list[float]) -> None:
    now = 0.0
    buckets = TokenBuckets(per_minute, lambda: now)
    passed = 0
    for pause in pauses:
        now += pause
        wait = buckets.take("a")
        passed += wait == 0
        assert 0 <= wait <= 60 / per_minute
        assert passed <= per_minute + now * per_minute / 60 + 1e-6


@given(st.integers(1, 120), st.lists(st.tuples(st.floats(0, 90), st.floats(0, 100)), max_size=200))
def test_no_client_gets_more_work_than_its_bucket_and_the_refill(per_minute: int, asked) -> None:
    now, done = 0.0, 0.0
    buckets = TokenBuckets(per_minute, lambda: now)
    for pause, units in asked:
        now += pause
        wait = buckets.take("a")
        assert 0 <= wait <= 60 * (1 + 1 / per_minute) + 1e-6
        if wait == 0:
            assert done <= per_minute + now * per_minute / 60 + 1e-6
            done += min(units, per_minute)
            buckets.charge("a", units - 1)
        else:
            now += wait + 1e-6
            assert buckets.take("a") == 0, "it has waited long enough"
            done += 1


def test_the_number_of_tracked_clients_is_bounded() -> None:
    buckets = TokenBuckets(1, lambda: 0.0)
    assert all(buckets.take(str(place)) == 0 for place in range(MAX_TRACKED_CLIENTS + 1))
    assert buckets.take(str(MAX_TRACKED_CLIENTS)) > 0
    assert buckets.take("0") == 0, "the dropped client starts with a full bucket"
