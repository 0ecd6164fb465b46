"""The feeds that ship with the package, and the publishers that answer only programs with a contact."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from groundswell.fetch.domains import find_registered_domain
from groundswell.model import FeedSpec

WAITS_FOR_CONTACT = "answers only programs that name a contact, to be set as contact"


def load_default_feeds() -> tuple[FeedSpec, ...]:
    """Return the packaged feeds. A feed is disabled if the owner must first weigh the publisher's terms."""
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
        for row in _read_catalogue()
    )


def needs_contact(url: str) -> bool:
    """Whether a feed is asked only with a contact: its publisher has a packaged feed that says so."""
    return find_registered_domain(url) in _list_domains_with_contact()


@cache
def _list_domains_with_contact() -> frozenset[str]:
    return frozenset(find_registered_domain(row["url"]) for row in _read_catalogue() if row["needs_contact"] == "true")


def _read_catalogue() -> list[dict[str, str]]:
    table = files("groundswell.feeds").joinpath("default_feeds.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(table.splitlines()))
