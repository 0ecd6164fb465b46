"""Heavy pages wait for each other and for no one else, and each client pays for the work that it causes."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from types import SimpleNamespace

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.schemas.addresses import MONITORING_PATHS
from groundswell.schemas.addresses import Site as Address
from groundswell.web.middleware import work_pool
from groundswell.web.middleware.rate_limit import RateLimit, RateLimitMiddleware
from groundswell.web.middleware.work import MAX_UNITS, Work, is_free, is_heavy
from groundswell.web.middleware.work_pool import HEAVY_SLOTS, LIGHT_SLOTS, PAST_SLOTS, Pools, WorkPoolMiddleware

HEAVY = [
    "/?as_of=2020-01-01",
    "/hubs/fomc?limit=1000",
    "/hubs/fomc?limit=%D9%A1%D9%A0%D9%A0%D9%A0",
    "/api/v1/hubs/fomc?limit=100",
    "/hubs/fomc/stories?q=rates",
    "/hubs/fomc/feed.atom?before=2000",
    "/feed.json",
    "/search?q=fed",
    "/api/v1/search?instrument=IWM",
    "/api/v1/stories?publisher=Reuters",
    "/api/v1/articles?cursor=MTI",
    "/api/v1/series/IWM/observations",
    "/card.png",
    "/claims/small-caps/C1/card.png",
    "/claims/small-caps/C1.series.csv",
    "/claims/small-caps/C1.csv",
    "/claims/small-caps/C1/bundle.zip",
    "/hubs/fomc/charts/rates.png",
    "/hubs/fomc/charts/rates.vl.json",
    "/sitemaps/stories-1.xml",
]
LIGHT = ["/", "/hubs/fomc", "/hubs/fomc?limit=62", "/stories/abc", "/claims/small-caps/C1", "/status", "/api/v1/hubs"]
FREE = ["/healthz", "/metrics", "/static/groundswell.css"]


class Site:
    """An application that answers heavy requests only after ``go``, and counts those that are being answered."""

    def __init__(self) -> None:
        self.go, self.inside, self.most = asyncio.Event(), Counter[bool](), Counter[bool]()

    async def __call__(self, scope, receive, send) -> None:
        heavy = is_heavy(scope["path"], scope["query_string"].decode())
        self.inside[heavy] += 1
        self.most[heavy] = max(self.most[heavy], self.inside[heavy])
        if heavy or "slow" in scope["path"]:
            await self.go.wait()
        self.inside[heavy] -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"made"})


class Server:
    """The middleware around an application, with what error pages need, asked by clients of several addresses."""

    def __init__(self, app, per_minute: int = 0, clock=time.monotonic) -> None:
        self.pool = WorkPoolMiddleware(app, Pools(), clock)
        self._limited = RateLimitMiddleware(self.pool, RateLimit(per_minute), lambda: 0.0)

    async def __call__(self, scope, receive, send) -> None:
        app = SimpleNamespace(state=SimpleNamespace(site=Address("https://hubs.example")))
        await self._limited({**scope, "app": app}, receive, send)

    def client(self, address: str = "198.51.100.1") -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self, client=(address, 1)), base_url="http://site")


@pytest.mark.parametrize("path", HEAVY)
def test_heavy_addresses(path: str) -> None:
    assert is_heavy(*path.partition("?")[::2])
    assert not is_free(path)


@pytest.mark.parametrize("path", [*LIGHT, *FREE])
def test_light_addresses(path: str) -> None:
    assert not is_heavy(*path.partition("?")[::2])
    assert is_free(path) is (path in FREE)


def test_monitoring_is_free() -> None:
    assert all(map(is_free, MONITORING_PATHS))


@pytest.mark.parametrize("path", HEAVY)
@pytest.mark.parametrize("asked", [1, HEAVY_SLOTS + 1, work_pool.MAX_OPEN_HEAVY_PER_CLIENT + 5])
def test_heavy_requests_wait_in_a_queue_and_others_do_not(path: str, asked: int) -> None:
    room = work_pool.MAX_OPEN_PAST_PER_CLIENT if "as_of" in path else work_pool.MAX_OPEN_HEAVY_PER_CLIENT

    async def crowd() -> None:
        site = Site()
        server = Server(site)
        async with server.client("198.51.100.1") as one, server.client("198.51.100.2") as other:
            waiting = [asyncio.create_task(one.get(path)) for _ in range(asked)]
            await asyncio.sleep(0.02)
            for light in (*LIGHT, *FREE):
                assert (await one.get(light)).text == "made"
            assert site.most[True] <= HEAVY_SLOTS
            waits = asyncio.create_task(other.get(path))
            await asyncio.sleep(0.02)
            site.go.set()
            answers = await asyncio.gather(*waiting)
            assert (await waits).status_code == 200, "another client has room in the queue"
            refused = [answer for answer in answers if answer.status_code == 503]
            assert len(refused) == max(0, asked - room)
            assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
            assert (await one.get(path)).text == "made"
            assert site.most[True] <= HEAVY_SLOTS

    asyncio.run(crowd())


@pytest.mark.parametrize("path", ["/search?q=a", "/slow"])
def test_clients_take_turns(path: str) -> None:
    async def crowd() -> None:
        site, answered = Site(), []
        server = Server(site)

        async def ask(client: httpx2.AsyncClient, name: str) -> None:
            assert (await client.get(path)).text == "made"
            answered.append(name)

        async with server.client("198.51.100.1") as one, server.client("198.51.100.2") as other:
            tasks = [asyncio.create_task(ask(one, "one")) for _ in range(40)]
            await asyncio.sleep(0.02)
            tasks += [asyncio.create_task(ask(other, "other")) for _ in range(2)]
            await asyncio.sleep(0.02)
            site.go.set()
            await asyncio.gather(*tasks)
        assert max(place for place, name in enumerate(answered) if name == "other") < LIGHT_SLOTS + 6

    asyncio.run(crowd())


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 3)), max_size=40))
def test_no_slot_is_lost_or_doubled_whatever_is_cancelled(requests: list[tuple[str, bool, int]]) -> None:
    async def crowd() -> None:
        pool, inside, most = work_pool.Pool(2, 100, 100), 0, 0

        async def work(client: str, turns: int) -> None:
            nonlocal inside, most
            async with pool.take_slot(client):
                inside += 1
                most = max(most, inside)
                try:
                    for _ in range(turns):
                        await asyncio.sleep(0)
                finally:
                    inside -= 1

        tasks = []
        for client, is_cancelled, turns in requests:
            task = asyncio.create_task(work(client, turns))
            tasks.append(task)
            await asyncio.sleep(0)
            if is_cancelled:
                tasks[turns * len(tasks) // 4].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert most <= 2
        assert (pool._free, pool._waiting, pool._open.total()) == (2, {}, 0)

    asyncio.run(crowd())


def test_a_search_does_not_wait_for_pages_of_the_past() -> None:
    async def crowd() -> None:
        site = Site()
        server = Server(site)
        async with server.client("198.51.100.1") as one, server.client("198.51.100.2") as other:
            asked = [asyncio.create_task(one.get(f"/?as_of=2020-01-{day:02}")) for day in range(1, 20)]
            asked.append(asyncio.create_task(other.get("/hubs/fomc?limit=3&as_of=")))
            await asyncio.sleep(0.02)
            assert site.inside[True] == PAST_SLOTS < HEAVY_SLOTS
            search = asyncio.create_task(other.get("/search?q=a"))
            await asyncio.sleep(0.02)
            assert site.inside[True] == PAST_SLOTS + 1, "the search is being answered"
            site.go.set()
            assert {answer.status_code for answer in await asyncio.gather(search, *asked)} == {200}

    asyncio.run(crowd())


def test_all_clients_together_fill_the_queue() -> None:
    async def crowd() -> None:
        site = Site()
        server = Server(site)
        clients = [server.client(f"198.51.100.{number}") for number in range(work_pool.MAX_OPEN_HEAVY + 9)]
        asked = [asyncio.create_task(client.get("/search?q=a")) for client in clients]
        await asyncio.sleep(0.05)
        site.go.set()
        assert Counter(answer.status_code for answer in await asyncio.gather(*asked))[503] == 9

    asyncio.run(crowd())


@pytest.mark.parametrize("path", ["/search?q=a", "/?as_of=2020-01-01"])
def test_the_program_itself_is_never_refused(path: str) -> None:
    """What it is refused would be gone for all readers: pages that it makes again replace those that are kept."""

    async def crowd() -> None:
        site = Site()
        server = Server(site)
        clients = [server.client(f"198.51.100.{number}") for number in range(work_pool.MAX_OPEN_HEAVY)]
        asked = [asyncio.create_task(client.get(path)) for client in clients]
        await asyncio.sleep(0.05)
        assert (await server.client().get(path)).status_code == 503
        sent: list[int] = []

        async def send(message) -> None:
            sent.append(message.get("status", 0))

        address, _, query = path.partition("?")
        scope = {"type": "http", "path": address, "query_string": query.encode(), "headers": []}
        own = asyncio.create_task(server.pool(scope, None, send))
        await asyncio.sleep(0.02)
        site.go.set()
        await asyncio.gather(own, *asked)
        assert sent == [200, 0]

    asyncio.run(crowd())


def test_light_pages_that_hang_leave_threads_for_monitoring() -> None:
    async def crowd() -> None:
        site = Site()
        async with Server(site).client() as client:
            hanging = [asyncio.create_task(client.get("/slow")) for _ in range(2 * LIGHT_SLOTS)]
            await asyncio.sleep(0.02)
            assert site.most[False] == LIGHT_SLOTS
            assert (await client.get("/healthz")).text == "made"
            site.go.set()
            assert {answer.status_code for answer in await asyncio.gather(*hanging)} == {200}

    asyncio.run(crowd())
    assert LIGHT_SLOTS + HEAVY_SLOTS < 40


def test_a_reader_who_takes_nothing_keeps_no_other_from_being_answered() -> None:
    async def crowd() -> None:
        site, never = Site(), asyncio.Event()
        site.go.set()
        pool = WorkPoolMiddleware(site, Pools())
        scope = {"type": "http", "path": "/search", "query_string": b"q=a", "headers": []}
        stuck = [asyncio.create_task(pool(scope, never.wait, lambda _: never.wait())) for _ in range(HEAVY_SLOTS + 3)]
        await asyncio.sleep(0.02)
        sent: list[str] = []

        async def send(message) -> None:
            sent.append(message["type"])

        await pool(scope, never.wait, send)
        assert sent == ["http.response.start", "http.response.body"]
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)

    asyncio.run(crowd())


def test_a_failed_page_frees_its_slot() -> None:
    async def fail(scope, receive, send) -> None:
        raise RuntimeError

    async def crowd() -> None:
        pool = WorkPoolMiddleware(fail, Pools())
        for _ in range(3 * HEAVY_SLOTS):
            with pytest.raises(RuntimeError):
                await pool({"type": "http", "path": "/search", "query_string": b"", "headers": []}, None, None)
        assert pool._pools.heavy._open.total() == 0

    asyncio.run(crowd())


@pytest.mark.parametrize(
    ("seconds", "units"), [(None, 0.1), (0.0, 1), (0.05, 1), (0.2, 4), (2.0, 40), (900.0, MAX_UNITS)]
)
def test_a_request_counts_by_the_time_it_takes(seconds: float | None, units: float) -> None:
    assert Work("client", seconds).units == pytest.approx(units)


@pytest.mark.parametrize(
    ("path", "seconds", "allowed"),
    [("/", 0.01, 60), ("/", 0.1, 30), ("/search?q=a", 0.5, 6), ("/static/groundswell.css", 1.0, 590)],
)
def test_a_client_pays_for_the_work_it_causes(path: str, seconds: float, allowed: int) -> None:
    now = 0.0

    async def app(scope, receive, send) -> None:
        nonlocal now
        now += seconds if not is_free(scope["path"]) else 0
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"made"})

    async def crowd() -> None:
        async with Server(app, 60, lambda: now).client() as client:
            answers = [await client.get(path) for _ in range(allowed + 1)]
        assert [answer.status_code for answer in answers] == [200] * allowed + [429]

    asyncio.run(crowd())
