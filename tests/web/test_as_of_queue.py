"""Requests for past dates wait in a queue and do not block other requests."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from groundswell.web.middleware.as_of_queue import MAX_CONCURRENT_REQUESTS, MAX_OPEN_REQUESTS, AsOfQueueMiddleware


class Site:
    """An application that answers past dates only after ``go`` and counts concurrent requests."""

    def __init__(self) -> None:
        self.go, self.inside, self.most = asyncio.Event(), 0, 0

    async def __call__(self, scope, receive, send) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if b"as_of=" in scope["query_string"]:
            await self.go.wait()
        self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"made"})


@pytest.mark.parametrize("asked", [1, MAX_CONCURRENT_REQUESTS + 1, MAX_OPEN_REQUESTS + 5])
def test_past_dates_wait_in_a_queue_and_other_requests_do_not(asked: int) -> None:
    async def crowd() -> None:
        site = Site()
        guarded = AsOfQueueMiddleware(site)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(guarded), base_url="http://site") as client:
            past = [asyncio.create_task(client.get(f"/api/v1/x?as_of=2020-01-{n}")) for n in range(asked)]
            await asyncio.sleep(0.05)
            assert (await client.get("/?q=as_of")).text == "made"
            assert site.most <= MAX_CONCURRENT_REQUESTS + 1
            site.go.set()
            found = [answer.status_code for answer in await asyncio.gather(*past)]
            assert found.count(503) == max(0, asked - MAX_OPEN_REQUESTS)
            assert (await client.get("/?as_of=2020-01-01")).text == "made"

    asyncio.run(crowd())
