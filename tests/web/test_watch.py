"""Monitoring: the last 24 hours on the status page, and one log line for each failed request."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from groundswell.fetch.stalled import Stall
from groundswell.model.upstreams import Received
from groundswell.pages.status import DayReport, StalledSource
from groundswell.web.app import create_app

from .conftest import HARBOR, LEDGER, NOW


def watched(hubs) -> TestClient:
    silence = Stall(NOW - timedelta(days=3), timedelta(hours=9))
    report = DayReport(Received(120, 40, 8, 1, 0), (LEDGER,) * 12, (StalledSource(HARBOR, silence),))
    page = replace(hubs.status_page(), report=report)
    hubs.status_page = lambda: page
    return TestClient(create_app(hubs))


def test_the_status_page_opens_with_the_last_day(hubs) -> None:
    client = watched(hubs)
    page = " ".join(client.get("/status").text.split())
    assert (
        "120 new articles: 40 began a story, 8 belong to a hub. 1 edited title. 0 new values from data services."
        in page
    )
    assert "12 sources failed at the last request" in page
    assert "And 2 more, in the tables below." in page
    assert "1 source has stalled" in page
    assert "the longest gap before was 9 hours" in page
    report = client.get("/api/v1/status").json()["report"]
    assert report["received"] == {"articles": 120, "founded": 40, "tagged": 8, "edited": 1, "values": 0}
    assert (len(report["failing"]), report["stalled"][0]["source"]) == (12, HARBOR.name)
    assert report["stalled"][0]["longest_seconds"] == 9 * 3600
    families = {family.name: family for family in text_string_to_metric_families(client.get("/metrics").text)}
    stalled = {one.labels["source"] for one in families["groundswell_source_stalled"].samples if one.value}
    assert stalled == {HARBOR.name}


def test_a_day_without_failures_says_so(client: TestClient) -> None:
    assert "No source failed at the last request, and none has stalled." in client.get("/status").text


def test_a_failed_request_is_logged_in_one_line_with_its_path_only(hubs, caplog) -> None:
    def broken() -> None:
        raise ZeroDivisionError("somebody@example.org")

    hubs.status_page = broken
    caplog.set_level(logging.INFO, "groundswell")
    answer = TestClient(create_app(hubs), raise_server_exceptions=False).get("/status?q=somebody@example.org")
    assert answer.status_code == 500
    (line,) = [record for record in caplog.records if record.name == "groundswell"]
    assert line.getMessage() == "GET /status failed: ZeroDivisionError"
    assert line.fields == {"method": "GET", "path": "/status", "status": 500, "error": "ZeroDivisionError"}
