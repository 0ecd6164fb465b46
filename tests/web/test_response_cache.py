"""The response cache: nothing is sent that a write has changed, or, behind the readers, only for a stated time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest
from starlette.testclient import TestClient

from groundswell.app import Groundswell
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import HubSpec
from groundswell.model import StoryResults
from groundswell.model.changes import NEWS, SOURCES, ChangeMark, Changes, name_hub_topic
from groundswell.web.app import create_app
from groundswell.web.caching import behind, keeper, pages
from groundswell.web.caching.pages import PAGE_OVERHEAD, Address, Page, Pages
from groundswell.web.caching.reads import MAX_AGE, Reads
from groundswell.web.caching.responses import KeptResponse
from groundswell.web.middleware import response_cache
from groundswell.web.middleware.response_cache import ResponseCacheMiddleware

HUBS = load_catalog()
HUB = f"/hubs/{HUBS[0].slug}"
HUB_NEWS = name_hub_topic(HUBS[0].slug)


class Counting:
    """An application that counts requests and answers with the count."""

    def __init__(self, status: int = 200, during: Callable[[], None] = lambda: None) -> None:
        self.asked = 0
        self.paths: list[str] = []
        self.status = status
        self.during = during
        self.seconds = 0.01

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "lifespan":
            for _ in ("startup", "shutdown"):
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
            return
        self.asked += 1
        self.paths.append(scope["path"])
        body = str(self.asked).encode()
        self.during()
        await asyncio.sleep(self.seconds)
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"etag", b'W/"' + body + b'"')]})
        await send({"type": "http.response.body", "body": body})


class Backend:
    """A store that changes, and a clock that is set, by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.written: list[set[str]] = []

    def hubs(self) -> tuple[HubSpec, ...]:
        return HUBS

    def search(self, *_: object, **__: object) -> StoryResults:
        return StoryResults((), None)

    def read_changes(self, since: ChangeMark | None = None) -> Changes:
        topics = set().union(*self.written[since.number if since else 0 :])
        return Changes(ChangeMark("", len(self.written)), frozenset(topics))

    def clock(self) -> float:
        return self.now

    def write(self, *topics: str) -> None:
        self.written.append(set(topics or (NEWS, HUB_NEWS)))


def client(app: Counting, store: Backend) -> TestClient:
    return TestClient(ResponseCacheMiddleware(app, store, clock=store.clock))


def test_a_page_is_made_once_until_something_that_it_reads_changes():
    app, store = Counting(), Backend()
    site = client(app, store)
    assert [site.get(HUB).text for _ in range(3)] == ["1", "1", "1"]
    store.write()
    assert [site.get(HUB).text for _ in range(2)] == ["2", "2"]
    store.write(name_hub_topic("another"))
    assert site.get(HUB).text == "2"


def test_a_write_during_the_making_leaves_no_old_response():
    store = Backend()
    app = Counting(during=store.write)
    site = client(app, store)
    assert [site.get(HUB).text for _ in range(2)] == ["1", "2"]


def test_a_response_is_sent_again_for_less_than_a_minute():
    app, store = Counting(), Backend()
    site = client(app, store)
    site.get(HUB)
    store.now = 59.9
    assert site.get(HUB).text == "1"
    store.now = 60.0
    assert site.get(HUB).text == "2"


@pytest.mark.parametrize("address", ["/a?as_of=2024-01-02", "/b", "/a?"])
def test_other_addresses_get_their_own_responses(address):
    app, store = Counting(), Backend()
    site = client(app, store)
    site.get("/a")
    expected = "1" if address == "/a?" else "2"
    assert [site.get(address).text for _ in range(2)] == [expected] * 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/static/x.css", 200),
        ("POST", "/a", 200),
        ("GET", "/a", 404),
        ("GET", "/a", 301),
        ("GET", "/a", 503),
    ],
)
def test_uncacheable_responses_are_not_kept(method, path, status):
    app = Counting(status)
    site = client(app, Backend())
    for _ in range(2):
        assert site.request(method, path, follow_redirects=False).status_code == status
    assert app.asked == 2


def test_one_making_answers_every_kind_of_request(tmp_path):
    """HEAD and GET, readers with and without gzip, and readers who have the page already."""
    with Groundswell.open(str(tmp_path / "hubs.db")) as groundswell:
        calls = []
        real = groundswell.hub_page
        groundswell.hub_page = lambda *wanted: (calls.append(wanted), real(*wanted))[1]  # type: ignore[method-assign]
        site = TestClient(create_app(groundswell))
        compressed = site.get(HUB, headers={"accept-encoding": "gzip"})
        plain = site.get(HUB, headers={"accept-encoding": "identity"})
        assert len(calls) == 1
        assert compressed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert compressed.text == plain.text
        assert int(plain.headers["content-length"]) == len(plain.content)
        assert compressed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        tag = plain.headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            answer = site.get(HUB, headers={"if-none-match": known})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert site.get(HUB, headers={"if-none-match": '"other"'}).status_code == 200
        assert site.head(HUB).status_code == 200
        assert len(calls) == 1


def test_concurrent_requests_share_one_making():
    app, store = Counting(), Backend()
    site = ResponseCacheMiddleware(app, store, clock=store.clock)
    assert asyncio.run(ask_at_once(site, 20)) == ["1"] * 20


def test_a_request_after_a_write_does_not_share_what_was_begun_before_it():
    store = Backend()
    app = Counting(during=lambda: app.asked == 1 and store.write())
    site = ResponseCacheMiddleware(app, store, clock=store.clock)
    assert asyncio.run(ask_at_once(site, 5)) == ["1", "2", "2", "2", "2"]


async def ask_at_once(site: ResponseCacheMiddleware, count: int) -> list[str]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://site") as reader:
        return [answer.text for answer in await asyncio.gather(*(reader.get(HUB) for _ in range(count)))]


def test_a_failed_page_is_made_again_for_the_next_reader():
    calls = iter([RuntimeError("no"), None])

    def breaks() -> None:
        if (error := next(calls)) is not None:
            raise error

    app = Counting(during=breaks)
    site = client(app, Backend())
    with pytest.raises(RuntimeError, match="no"):
        site.get(HUB)
    assert site.get(HUB).text == "2"


def make_page(name: str, topics: tuple[str, ...] = (NEWS,), body: bytes = b"") -> Page:
    page = Page(Address(name), Reads(frozenset(topics), frozenset({SOURCES})), 0.0)
    page.response = KeptResponse(200, [], body)
    return page


def test_the_kept_pages_are_bounded_and_the_one_read_longest_ago_goes_first(monkeypatch):
    monkeypatch.setattr(pages, "MAX_BYTES", 3 * PAGE_OVERHEAD)
    kept = Pages(exact=True)
    for name in "abcd":
        page = make_page(name)
        kept.watch(page)
        assert kept.put(page)
        kept.get(Address("a"))
    assert [name for name in "abcd" if kept.peek(Address(name))] == ["a", "c", "d"]
    assert kept.size == 3 * PAGE_OVERHEAD
    for name in "acd":
        kept.drop(Address(name))
    assert (len(kept), kept.size, kept._by_topic) == (0, 0, {})


def test_a_large_response_is_not_kept(monkeypatch):
    monkeypatch.setattr(pages, "MAX_PAGE_BYTES", PAGE_OVERHEAD)
    app = Counting()
    site = client(app, Backend())
    assert [site.get("/a").text for _ in range(2)] == ["1", "2"]


@pytest.mark.parametrize(("exact", "marked"), [(True, True), (False, False)])
def test_what_may_be_shown_later_marks_a_page_only_if_exact(exact, marked):
    kept = Pages(exact=exact)
    page = make_page("a")
    kept.watch(page)
    kept.mark({SOURCES}, 1.0)
    assert (page.changed_at is not None) == marked


# Behind the readers


@contextmanager
def serve_behind(
    app: Counting, store: Backend, monkeypatch: pytest.MonkeyPatch, *, main: tuple[str, ...] = (), pause: float = 0.0
) -> Iterator[TestClient]:
    for name in ("SECONDS_BETWEEN_LOOKS", "SECONDS_BETWEEN_LISTS"):
        monkeypatch.setattr(behind, name, 0.01)
    monkeypatch.setattr(behind, "SECONDS_BETWEEN_MAKINGS", pause)
    monkeypatch.setattr(response_cache, "list_main_pages", lambda _: [Address(path) for path in main])
    with TestClient(ResponseCacheMiddleware(app, store, behind=True, clock=time.monotonic)) as site:
        yield site


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def test_the_last_answer_is_sent_while_the_next_is_made(monkeypatch):
    app, store = Counting(), Backend()
    with serve_behind(app, store, monkeypatch) as site:
        assert site.get(HUB).text == "1"
        app.seconds = 0.5
        store.write()
        assert wait_for(lambda: app.asked == 2), "a page that was read lately is made again before it is asked for"
        assert site.get(HUB).text == "1"
        assert wait_for(lambda: site.get(HUB).text == "2")


def test_the_main_pages_are_made_before_anyone_asks(monkeypatch):
    app, store = Counting(), Backend()
    with serve_behind(app, store, monkeypatch, main=("/", HUB)) as site:
        assert wait_for(lambda: {"/", HUB} <= set(app.paths))
        before = app.asked
        assert site.get(HUB).text <= str(before)
        store.write()
        assert wait_for(lambda: app.paths[before:].count(HUB) == 1)


def test_a_poll_and_idle_time_make_no_page_again(monkeypatch):
    app, store = Counting(), Backend()
    with serve_behind(app, store, monkeypatch, main=("/", HUB)) as site:
        site.get("/stories/abc")
        assert wait_for(lambda: app.asked == 3)
        for _ in range(20):
            store.write(SOURCES)
            time.sleep(0.01)
        assert app.asked == 3


def test_many_changes_make_a_page_again_once(monkeypatch):
    app, store = Counting(), Backend()
    with serve_behind(app, store, monkeypatch, main=(HUB,), pause=1.0):
        assert wait_for(lambda: app.asked == 1)
        for _ in range(30):
            store.write()
            time.sleep(0.01)
        assert wait_for(lambda: app.asked == 2)
        time.sleep(0.1)
        assert app.asked == 2


def test_a_page_that_cannot_be_made_behind_the_readers_is_made_for_the_next_one(monkeypatch, caplog):
    app, store = Counting(), Backend()
    with serve_behind(app, store, monkeypatch) as site:
        site.get(HUB)

        def fail() -> None:
            raise RuntimeError("password=hunter2")

        app.during = fail
        store.write()
        assert wait_for(lambda: app.asked == 2)
        app.during = lambda: None
        assert wait_for(lambda: site.get(HUB).text == "3")
    assert [record.getMessage() for record in caplog.records] == ["could not make a page again: RuntimeError"]


def test_how_old_a_page_may_be_that_is_sent_while_the_next_one_is_made():
    """Nothing works behind the readers here, as when it cannot keep up."""
    app, store = Counting(), Backend()
    site = TestClient(ResponseCacheMiddleware(app, store, behind=True, clock=store.clock))
    answers = {}
    site.get(HUB)
    for store.now in (59.0, 61.0, 659.0, 660.0):
        answers[store.now] = site.get(HUB).text
    assert answers == {59.0: "1", 61.0: "1", 659.0: "1", MAX_AGE + keeper.MAX_SECONDS_OVERDUE: "2"}
    store.write()
    for store.now in (661.0, 662.0, 720.9, 721.0):
        answers[store.now] = site.get(HUB).text
    assert [answers[at] for at in (661.0, 662.0, 720.9, 721.0)] == ["2", "2", "2", "3"]


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
