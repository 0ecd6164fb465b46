"""The response cache: never older than the store, and one rendering for concurrent requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx2
import pytest
from starlette.testclient import TestClient

from groundswell.app import Groundswell
from groundswell.web.app import create_app
from groundswell.web.middleware import response_cache
from groundswell.web.middleware.response_cache import (
    OVERHEAD_BYTES,
    CachedResponse,
    ResponseCache,
    ResponseCacheMiddleware,
)


class Counting:
    """An application that counts requests and answers with the count."""

    def __init__(self, status: int = 200, during: Callable[[], None] = lambda: None) -> None:
        self.asked = 0
        self.status = status
        self.during = during

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        body = str(self.asked).encode()
        self.during()
        await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": body})


class Store:
    """A store version and a clock that are set by hand."""

    def __init__(self) -> None:
        self.mark, self.now = 1, 0.0

    def changes(self) -> str:
        return str(self.mark)

    def clock(self) -> float:
        return self.now

    def write(self) -> None:
        self.mark += 1


def client(app: Counting, store: Store) -> TestClient:
    return TestClient(ResponseCacheMiddleware(app, store.changes, store.clock))


def test_a_page_is_rendered_once_until_the_store_changes():
    app, store = Counting(), Store()
    site = client(app, store)
    assert [site.get("/a").text for _ in range(3)] == ["1", "1", "1"]
    store.write()
    assert [site.get("/a").text for _ in range(2)] == ["2", "2"]


def test_a_write_during_rendering_leaves_no_stale_response():
    store = Store()
    app = Counting(during=store.write)
    site = client(app, store)
    assert [site.get("/a").text for _ in range(2)] == ["1", "2"]


def test_a_response_is_reused_for_less_than_a_minute():
    app, store = Counting(), Store()
    site = client(app, store)
    site.get("/a")
    store.now = 59.9
    assert site.get("/a").text == "1"
    store.now = 60.0
    assert site.get("/a").text == "2"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/a?as_of=2024-01-02", {}, 200),
        ("/b", {}, 200),
        ("/a", {"accept-encoding": "identity"}, 200),
        ("/a", {"if-none-match": '"x"'}, 200),
    ],
)
def test_other_requests_get_their_own_responses(path, headers, status):
    app, store = Counting(), Store()
    site = client(app, store)
    site.get("/a")
    assert site.get(path, headers=headers).text == "2"
    assert site.get(path, headers=headers).text == "2"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/static/x.css", 200),
        ("POST", "/a", 200),
        ("GET", "/a", 404),
        ("GET", "/a", 301),
    ],
)
def test_uncacheable_requests_are_not_cached(method, path, status):
    app = Counting(status)
    site = client(app, Store())
    for _ in range(2):
        site.request(method, path, follow_redirects=False)
    assert app.asked == 2


def test_concurrent_requests_share_one_rendering():
    app, store = Counting(), Store()
    site = ResponseCacheMiddleware(app, store.changes, store.clock)

    async def ask() -> list[str]:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://site") as reader:
            return [answer.text for answer in await asyncio.gather(*(reader.get("/a") for _ in range(20)))]

    assert asyncio.run(ask()) == ["1"] * 20


def test_a_failed_page_is_rendered_again_for_the_next_reader():
    calls = iter([RuntimeError("no"), None])

    def breaks() -> None:
        if (error := next(calls)) is not None:
            raise error

    app = Counting(during=breaks)
    site = client(app, Store())
    with pytest.raises(RuntimeError, match="no"):
        site.get("/a")
    assert site.get("/a").text == "2"


def test_the_cache_is_bounded(monkeypatch):
    monkeypatch.setattr(response_cache, "MAX_CACHE_BYTES", 3 * OVERHEAD_BYTES)
    cache = ResponseCache()
    for name in "abcd":
        cache.put((name,), CachedResponse("1", 0.0, (), OVERHEAD_BYTES))
        cache.get(("a",))
    assert list(cache.by_key) == [("c",), ("d",), ("a",)] or list(cache.by_key) == [("c",), ("a",), ("d",)]
    cache.put(("c",), CachedResponse("2", 0.0, (), OVERHEAD_BYTES))
    assert cache.size == 3 * OVERHEAD_BYTES


def test_a_large_response_is_not_cached(monkeypatch):
    monkeypatch.setattr(response_cache, "MAX_RESPONSE_BYTES", OVERHEAD_BYTES)
    app = Counting()
    site = client(app, Store())
    assert [site.get("/a").text for _ in range(2)] == ["1", "2"]


FEED = """<rss version="2.0"><channel><title>Wire</title>
<item><title>{title}</title><link>https://wire.example/{n}</link><guid>{n}</guid></item>
</channel></rss>"""


def test_no_page_of_a_real_store_is_older_than_the_last_write(tmp_path):
    """Each new article appears at once on the hub, in its feed and in the API, whichever process stored it."""
    address = str(tmp_path / "hubs.db")
    with Groundswell.open(address) as writing, Groundswell.open(address) as reading:
        site = TestClient(create_app(reading))
        paths = ["/hubs/small-caps", "/hubs/small-caps/feed.atom", "/api/v1/hubs/small-caps", "/"]
        for n, title in enumerate(("Russell 2000 climbs to a record", "Regional banks slump on office loans")):
            assert not any(title in site.get(path).text for path in paths)
            saved = tmp_path / f"{n}.xml"
            saved.write_text(FEED.format(n=n, title=title), encoding="utf-8")
            writing.read_feed(saved)
            assert [path for path in paths if title not in site.get(path).text] == []
