"""The metrics have the numbers of the status page, and cost little however often they are asked."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from groundswell.errors import StoreError
from groundswell.web.metrics import SECONDS_KEPT, MetricsPage


def test_metrics_have_the_numbers_of_the_status_page(client: TestClient, hubs) -> None:
    page = hubs.status_page()
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["groundswell_articles_stored"].samples[0].value == page.coverage.articles_stored
    for name, field in (("consecutive_failures", "failures"), ("items", "items")):
        values = {sample.labels["source"]: sample.value for sample in families[f"groundswell_source_{name}"].samples}
        assert values == {sample.name: getattr(sample, field) for sample in (*page.feeds, *page.data)}
    failing = {sample.labels["source"] for sample in families["groundswell_source_failing"].samples if sample.value}
    assert failing == {sample.name for sample in page.feeds if sample.outcome.failed}
    assert failing
    tried = {
        sample.labels["source"]: sample.value
        for sample in families["groundswell_source_last_try_timestamp_seconds"].samples
    }
    assert tried == {
        sample.name: sample.last_tried_at.timestamp()
        for sample in (*page.feeds, *page.data)
        if sample.enabled and sample.last_tried_at
    }


def test_metrics_are_made_once_a_second_however_many_ask(hubs) -> None:
    now, made, fails = 0.0, 0, False

    def read():
        nonlocal made
        made += 1
        if fails:
            raise StoreError("locked")
        return hubs.status_page()

    async def crowd() -> None:
        nonlocal now, fails
        page = MetricsPage(read, lambda: now)
        texts = await asyncio.gather(*(page.get() for _ in range(90)))
        assert (made, len(set(texts))) == (1, 1)
        now = SECONDS_KEPT
        await page.get()
        assert made == 2
        now, fails = 2 * SECONDS_KEPT, True
        with pytest.raises(StoreError):
            await page.get()
        fails = False
        assert await page.get() == texts[0], "a failure is not kept"
        assert made == 4

    asyncio.run(crowd())
