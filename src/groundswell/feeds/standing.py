"""The standing of a feed: whose articles it may speak for, and whom it may credit."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.fetch.domains import find_owner, find_registered_domain
from groundswell.model import Entry, FeedSpec, Rank


@dataclass(frozen=True, slots=True)
class Standing:
    """``domains`` are the registered domains of the feed's addresses; ``aggregator`` is the owner's mark."""

    domains: frozenset[str] = frozenset()
    aggregator: bool = False

    def rank(self, url: str | None) -> Rank:
        """Return how much the feed's word counts for the article at ``url``.

        An aggregator owns no article, not even at its own address: it shows what others wrote.
        """
        if self.aggregator:
            return Rank.AGGREGATOR
        return Rank.OWNER if self.domains and find_owner(url) in self.domains else Rank.OTHER

    def credit(self, entry: Entry) -> tuple[str, str | None]:
        """Return the publisher of an entry and its registered domain; None stands for that of the address.

        Who a feed says published an item is believed of marked aggregators alone.
        """
        if self.aggregator and entry.source:
            return entry.source, find_registered_domain(entry.source_url)
        return entry.publisher, None


NO_STANDING = Standing()
"""Of a feed whose address is not known, such as one saved to a file."""


def judge_feed(feed: FeedSpec, *addresses: str) -> Standing:
    """Return the standing of a feed that is subscribed to at its address; ``addresses`` were asked, or answered."""
    owners = {find_owner(address) for address in (feed.url, *addresses)}
    return Standing(frozenset(filter(None, owners)), feed.aggregator)
