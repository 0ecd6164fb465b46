"""The JSON of feeds and of news received from them."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from groundswell.model import AddedFeeds, FeedSpec, Replayed, UpstreamKind, UpstreamState
from groundswell.schemas.base import Schema, fill_schema

if TYPE_CHECKING:
    from groundswell.feeds.probe import ProbeResult


class FeedSpecOut(Schema):
    """A feed as the owner subscribed to it."""

    slug: str
    publisher: str
    url: str = Field(description="Its address. Readers see … in place of what may be secret in it.")
    topic: str
    enabled: bool
    interval_minutes: int = Field(description="Minutes between two requests, unless the feed itself asks for more.")
    note: str
    aggregator: bool = Field(description="Whether it is believed when it says who published an item elsewhere.")


class FeedOut(FeedSpecOut):
    """A feed and the result of the last request for it."""

    outcome: str
    detail: str
    items: int = Field(description="The number of items received so far.")
    failures: int = Field(description="Failures in a row.")
    last_tried_at: dt.datetime | None
    last_ok_at: dt.datetime | None
    next_due_at: dt.datetime | None
    due_reason: str = Field(description="Why the next request is due then.")


class FeedList(Schema):
    feeds: list[FeedOut]


class AddedFeedsOut(Schema):
    """The result of adding feeds."""

    new: list[FeedSpecOut]
    turned_on: list[FeedSpecOut] = Field(description="Known feeds that were off.")
    known: list[FeedSpecOut] = Field(description="Feeds that were on already.")
    changed: list[FeedSpecOut] = Field(description="Of the known feeds, those with a new interval or mark.")
    left_out: list[str] = Field(description="Entries of a list that are no feeds, with the reason.")
    notes: list[str] = Field(description="What was found at the address of a single new feed, a line each.")


class RemovedFeed(Schema):
    removed: FeedSpecOut


class FeedProbeOut(Schema):
    """The result of probing a feed: of a request that stored nothing."""

    title: str
    url: str
    outcome: str
    detail: str
    items: int
    newest_at: dt.datetime | None
    named_feeds: list[str] = Field(description="The feeds that a web page at the address names, the likeliest first.")


class FeedProbes(Schema):
    feeds: list[FeedProbeOut]


class ReplayOut(Schema):
    """What a replay read and stored."""

    offered: int = Field(description="Headlines read.")
    new: int = Field(description="Headlines that were not stored before.")
    founded: int = Field(description="Of the new headlines, those that began a story.")
    tagged: int = Field(description="Of the new headlines, those that belong to a hub.")
    as_of: dt.date = Field(description="The day as of which the claims were evaluated.")


def build_feed_spec(feed: FeedSpec) -> FeedSpecOut:
    """Return a feed without the result of the last request."""
    return fill_schema(FeedSpecOut, feed, interval_minutes=feed.minutes)


def build_feed_list(feeds: Iterable[FeedSpec], states: Mapping[str, UpstreamState]) -> FeedList:
    """Return feeds with the results of their last requests; a feed without a state was not tried yet."""
    return FeedList(feeds=[_build_feed(feed, states.get(feed.slug)) for feed in feeds])


def build_added_feeds(added: AddedFeeds, left_out: Iterable[str], notes: Iterable[str] = ()) -> AddedFeedsOut:
    """Return the result of adding feeds."""
    groups = {
        name: [build_feed_spec(feed) for feed in getattr(added, name)]
        for name in AddedFeedsOut.model_fields.keys() - {"left_out", "notes"}
    }
    return AddedFeedsOut(**groups, left_out=list(left_out), notes=list(notes))


def build_feed_probes(results: Iterable["ProbeResult"]) -> FeedProbes:
    """Return the results of probing feeds."""
    return FeedProbes(
        feeds=[
            fill_schema(FeedProbeOut, result, newest_at=result.newest, named_feeds=list(result.named))
            for result in results
        ]
    )


def build_replay(replayed: Replayed) -> ReplayOut:
    """Return what a replay read and stored."""
    return fill_schema(ReplayOut, replayed, replayed.ingested)


def _build_feed(feed: FeedSpec, state: UpstreamState | None) -> FeedOut:
    tried = state or UpstreamState(feed.slug, UpstreamKind.FEED, feed.publisher, feed.url, feed.topic, feed.enabled)
    return fill_schema(FeedOut, feed, tried, interval_minutes=feed.minutes)
