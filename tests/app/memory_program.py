"""Take in thirty feeds that cost as much memory as they can, with readers meanwhile; print the peak in megabytes.

Usage: python memory_program.py STORE. It is run by test_memory_ceiling.py, in a process of its own.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.app.cycle import CycleRunner
from groundswell.feeds.opml import Outline
from groundswell.model import Outcome
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FakeRetriever, FixedClock
from groundswell.web.app import create_app
from groundswell.web.middleware.rate_limit import RateLimit
from groundswell.web.server.memory import keep_little_memory

DATE = "Tue, 01 Oct 2024 08:00:00 GMT"


def write_large(number: int) -> str:
    """A thousand items of one time, in nearly 5 MB: the hourly repair compares them all."""
    return "".join(
        f"<item><title>Fed cuts rates, says bank {number} of {place}</title><link>https://f{number}.example/{place}</link>"
        f"<pubDate>{DATE}</pubDate><description>{'words ' * 700}</description></item>"
        for place in range(1_000)
    )


def write_body(number: int) -> bytes:
    kinds = itertools.cycle(
        (
            lambda: write_large(number),
            lambda: f"<item><title>{'long ' * 900_000}</title></item>",
            lambda: "<item><title>One</title></item>" * 150_000,
            lambda: f"<item><title>Nested {'<b>' * 1_000_000}</title></item>",
            lambda: f"<item><title>Escaped {'&amp;lt;b&amp;gt;' * 250_000}</title></item>",
            lambda: f"<item {' '.join(f'a{place}=&quot;&quot;' for place in range(200_000))}><title>T</title></item>",
        )
    )
    write = next(itertools.islice(kinds, number % 6, None))
    return f"<rss version='2.0'><channel><title>F</title>{write()}</channel></rss>".encode()[:4_990_000]


class LargeAnswers(FakeRetriever):
    """Writes each body when it is asked for, so that only the program under test keeps it."""

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        found = re.fullmatch(r"https://f(\d+)\.example/rss", url)
        if found is None:
            return super().retrieve(url, etag, last_modified, max_bytes)
        return Retrieved(Outcome.OK, "HTTP 200", write_body(int(found[1])), "application/xml", None)


def read_pages(groundswell: Groundswell, stop: threading.Event, failures: list[str]) -> None:
    paths = itertools.cycle(("/", "/hubs/fomc", "/claims/fomc/F1", "/search?q=fed+cuts", "/api/v1/stories", "/status"))
    with TestClient(create_app(groundswell, rate_limit=RateLimit(0))) as client:
        while not stop.wait(0.02):
            if (answer := client.get(next(paths))).status_code != 200:
                failures.append(f"{answer.status_code} {answer.url}")


def measure_peak_mb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]


def main() -> None:
    keep_little_memory()
    clock = FixedClock(datetime(2024, 10, 1, 9, tzinfo=UTC))
    stop, failures = threading.Event(), list[str]()
    with Groundswell.open(sys.argv[1], clock=clock) as groundswell:
        for feed in groundswell.feeds():
            if feed.enabled:
                groundswell.remove_feed(feed.slug)
        for number in range(30):  # one by one, so that all are due at once
            groundswell.add_feeds([Outline(f"https://f{number}.example/rss", f"F{number}", "")])
        reader = threading.Thread(target=read_pages, args=(groundswell, stop, failures))
        reader.start()
        report = CycleRunner(groundswell, LargeAnswers({}), clock, pause=lambda seconds: None).run_once()
        stop.set()
        reader.join()
    print(json.dumps({"peak_mb": measure_peak_mb(), "asked": report.requested, "failures": failures}))


if __name__ == "__main__":
    main()
