"""Monitoring: the last 24 hours on the status page, and one log line for each failed request."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from datetime import timedelta
from unittest import mock

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from groundswell.fetch.stalled import Stall
from groundswell.model import Outcome, UpstreamKind, UpstreamState
from groundswell.model.upstreams import Received
from groundswell.pages.status import CalendarStatus, DayReport, StalledSource, group_unreachable
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


def test_feeds_that_cannot_be_reached_are_one_line(hubs) -> None:
    lost = tuple(
        replace(LEDGER, name=f"f{n}", title=f"Feed {n}", enabled=True, outcome=Outcome.UNREACHABLE, last_tried_at=NOW)
        for n in range(10)
    )
    refused = replace(lost[0], name="r", title="Refusing", outcome=Outcome.REFUSED)

    def show(*states: UpstreamState) -> str:
        report = DayReport(failing=states, unreachable=group_unreachable(states))
        page = replace(hubs.status_page(), report=report)
        with mock.patch.object(hubs, "status_page", return_value=page):
            return " ".join(TestClient(create_app(hubs)).get("/status").text.split())

    offline = show(*lost)
    assert "10 of 10 feeds unreachable: no network</span></summary>" in offline
    assert "failed at the last request" not in offline
    assert "No source failed" not in offline
    shipped = replace(refused, kind=UpstreamKind.DATA, address="a table in the program", outcome=Outcome.OK)
    assert "10 of 10 feeds unreachable: no network" in show(*lost, shipped)
    mixed = show(*lost, refused)
    assert "10 of 11 feeds unreachable</span></summary>" in mixed
    assert "1 other source failed at the last request: </p>" in mixed.replace(":</p>", ": </p>")
    assert "unreachable: no network" not in mixed
    assert "<details>" not in show(*lost[:3], refused), "three are named singly"


def test_calendars_say_how_far_they_are_known(hubs) -> None:
    known = CalendarStatus("us-cpi", "Consumer prices", "An agency", dt.date(2024, 10, 10), dt.date(2024, 12, 11))
    unknown = CalendarStatus("us-gdp", "Gross domestic product", "An agency", None, None)
    page = replace(hubs.status_page(), calendars=(known, unknown))
    hubs.status_page = lambda: page
    client = TestClient(create_app(hubs))
    text = client.get("/status").text
    assert "11 December 2024" in text
    assert text.count("none known") == 2
    listed = client.get("/api/v1/status").json()["calendars"]
    assert [(one["name"], one["next"], one["known_until"]) for one in listed] == [
        ("us-cpi", "2024-10-10", "2024-12-11"),
        ("us-gdp", None, None),
    ]


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
