"""The daily report on the status page and in the log: what was received, which sources fail or have stalled."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.feeds.opml import Outline
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FixedClock

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WIRE, DEAD = "https://wire.example/rss", "https://dead.example/rss"


class Wire:
    """A feed with an item an hour up to ``until``, and one that cannot be reached."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock, self.until = clock, START + timedelta(days=2)

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        if url != WIRE:
            return Retrieved(Outcome.UNREACHABLE, "no such host")
        newest = min(self.clock.now, self.until)
        items = "".join(
            f"<item><title>Fed speaker number {at:%d %H}</title><link>https://wire.example/{at:%d%H}</link>"
            f"<pubDate>{at.isoformat()}</pubDate></item>"
            for at in (newest - timedelta(hours=back) for back in range(20))
        )
        return Retrieved(Outcome.OK, "HTTP 200", f"<rss version='2.0'><channel>{items}</channel></rss>".encode())


@pytest.fixture
def running(tmp_path: Path):
    clock = FixedClock(START)
    with Groundswell.open(str(tmp_path / "report.db"), clock=clock) as groundswell:
        for feed in groundswell.feeds():
            if feed.enabled:
                groundswell.remove_feed(feed.slug)
        groundswell.add_feeds([Outline(WIRE, "Wire", ""), Outline(DEAD, "Dead", "")])
        yield groundswell, clock, CycleRunner(groundswell, Wire(clock), clock, pause=lambda _: None)


def test_a_source_that_stalls_is_logged_once(running, caplog: pytest.LogCaptureFixture) -> None:
    groundswell, clock, pipeline = running
    caplog.set_level(logging.INFO, "groundswell")
    for _ in range(3 * 24):
        pipeline.run_once()
        clock.advance(timedelta(hours=1))
    (warned,) = [record for record in caplog.records if "nothing new since" in record.getMessage()]
    assert warned.levelno == logging.WARNING
    assert warned.getMessage() == (
        "wire-example-rss: nothing new since 2026-03-04T09:00:00+00:00; the longest gap before was 60 minutes"
    )
    days = [record.fields for record in caplog.records if record.getMessage().startswith("last 24 hours")]
    assert [one["articles"] for one in days] == [20, 35, 24, 9]  # logged by the first cycle of each day
    assert [one["stalled"] for one in days] == [0, 0, 0, 1]
    report = groundswell.status_page().report
    assert report == groundswell.day_report()
    assert [one.source.title for one in report.stalled] == ["Wire"]
    assert [one.title for one in report.failing] == ["Dead"]
    assert (report.received.articles, report.received.values) == (0, 0)
