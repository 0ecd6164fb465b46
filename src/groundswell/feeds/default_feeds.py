"""The feeds that are there from the start, from the packaged table."""

from __future__ import annotations

import csv
from importlib.resources import files

from groundswell.model import FeedSpec


def default_feeds() -> tuple[FeedSpec, ...]:
    """Return the packaged feeds. ``enabled`` is off where the publisher's terms are for the owner to weigh."""
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
        )
        for row in csv.DictReader(table.splitlines())
    )
