"""The feeds that ship with the package."""

from __future__ import annotations

import csv
from importlib.resources import files

from groundswell.model import FeedSpec


def load_default_feeds() -> tuple[FeedSpec, ...]:
    """Return the packaged feeds. A feed is disabled if the owner must first weigh the publisher's terms."""
    table = files("groundswell.feeds").joinpath("default_feeds.csv").read_text(encoding="utf-8")
    return tuple(
        FeedSpec(
            slug=row["slug"],
            publisher=row["publisher"],
            url=row["url"],
            topic=row["topic"],
            enabled=row["enabled"] == "true",
            minutes=int(row["minutes"]),
            note=row["note"],
            aggregator=row["aggregator"] == "true",
        )
        for row in csv.DictReader(table.splitlines())
    )
