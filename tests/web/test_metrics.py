"""Metrics: what the status page tells, for a monitor."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient


def test_metrics_tell_what_the_status_page_tells(client: TestClient, hubs) -> None:
    page = hubs.status_page()
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["groundswell_articles_stored"].samples[0].value == page.coverage.articles_stored
    for name, field in (("consecutive_failures", "failures"), ("items", "items")):
        told = {one.labels["source"]: one.value for one in families[f"groundswell_source_{name}"].samples}
        assert told == {one.name: getattr(one, field) for one in (*page.feeds, *page.data)}
    failing = {one.labels["source"] for one in families["groundswell_source_failing"].samples if one.value}
    assert failing == {one.name for one in page.feeds if one.outcome.failed}
    assert failing
    tried = {
        one.labels["source"]: one.value for one in families["groundswell_source_last_try_timestamp_seconds"].samples
    }
    assert tried == {
        one.name: one.last_tried_at.timestamp()
        for one in (*page.feeds, *page.data)
        if one.enabled and one.last_tried_at
    }
