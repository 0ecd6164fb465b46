"""The only module of these tests that imports the program: when the program changes, only this file follows."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.web.app import create_app
from groundswell.web.middleware.rate_limit import RateLimit

from .. import commands

NOW = dt.datetime(2025, 1, 2, 9, tzinfo=dt.UTC)
HALFWAY = dt.date(2024, 12, 18)
BASE = "https://hubs.example"


def run(folder: Path, *arguments: str) -> str:
    """Run a command and return what it prints."""
    done = commands.run(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def site(folder: Path) -> Iterator[TestClient]:
    """Serve a store that received the made data in two steps, so that it has verdicts of two days."""
    with Groundswell.open(str(folder / "store.db"), clock=lambda: NOW) as opened:
        opened.replay(folder / "docs.jsonl", folder / "market", HALFWAY)
        opened.replay(folder / "docs.jsonl")
        opened.record_months("fomc", dt.date(2024, 8, 1), dt.date(2024, 11, 30))
        app = create_app(opened, BASE, rate_limit=RateLimit(per_minute=0))
        with TestClient(app, base_url=BASE, follow_redirects=False) as client:
            yield client


def first_documents(news: Path, name: str, count: int) -> list[dict[str, Any]]:
    """Read the first documents of a recorded stream, without the program."""
    with gzip.open(news / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(count), lines, strict=False)]
