"""Which addresses of feeds every reader may see: the address of a private feed is a password."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.model import FeedSpec
from groundswell.redaction import redact_address


def publish_address(address: str) -> str:
    """Return ``address`` without what may be a secret; packaged feeds are public as they are."""
    return address if address in _packaged_addresses() else redact_address(address)


def publish_feeds(feeds: Iterable[FeedSpec]) -> tuple[FeedSpec, ...]:
    """Return feeds as every reader may see them."""
    return tuple(replace(feed, url=publish_address(feed.url)) for feed in feeds)


@cache
def _packaged_addresses() -> frozenset[str]:
    return frozenset(feed.url for feed in load_default_feeds())
