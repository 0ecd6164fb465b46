"""A small demonstration corpus: invented headlines of invented publishers, for a first look without a network."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from importlib.resources import files

from groundswell.model import Entry

DEMO_FEED = "demonstration"


def build_demo_entries(base: datetime) -> tuple[Entry, ...]:
    """Return the demonstration entries, oldest first, published in the three days before ``base`` (aware UTC).

    Every publisher's name says that it is a demonstration. Entries have no address, because nothing exists to link to.
    """
    lines = files("groundswell.feeds").joinpath("demo.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(
        Entry(
            feed=DEMO_FEED,
            guid=row["id"],
            title=row["title"],
            text="",
            publisher=row["publisher"],
            url=None,
            published_at=base - timedelta(hours=row["hours_ago"]),
        )
        for row in map(json.loads, lines)
    )
