"""The pure step of one feed: turn what was retrieved into offers of articles and the feed's new state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from groundswell.feeds.discovery import describe_page, find_feeds_named_by
from groundswell.feeds.offers import build_offers
from groundswell.feeds.parsing.items import ParsedFeed
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.standing import judge_feed
from groundswell.fetch.refresh_hints import read_max_age_minutes, read_retry_minutes
from groundswell.fetch.schedule import Interval, choose_interval, schedule_next_request
from groundswell.model import FeedSpec, Offer, Origin, Outcome, UpstreamState
from groundswell.ports import Retrieved
from groundswell.wording.plurals import write_count

MAX_TIME_WITHOUT_ITEMS = timedelta(days=1)


def update_feed(
    state: UpstreamState, feed: FeedSpec, retrieved: Retrieved, now: datetime
) -> tuple[UpstreamState, tuple[Offer, ...]]:
    """Return the feed's state after the request at ``now``, and the articles it offers, in the feed's order.

    Each article occurs once, and may already be stored. Validators (ETag and Last-Modified) are adopted only from a
    body with items, so that any other body is requested again. The last success is the last body with items, or the
    first one that was sound.
    """
    outcome, detail = retrieved.outcome, retrieved.detail
    offers: tuple[Offer, ...] = ()
    usual = Interval(state.interval_minutes or feed.minutes, state.interval_reason or "as set")
    if outcome is Outcome.OK:
        answering = replace(feed, url=retrieved.answered_at or state.request_address)  # where relative links start
        parsed = parse_feed(retrieved.body, retrieved.content_type, answering)
        standing = judge_feed(feed, state.request_address, retrieved.answered_at)
        offers = build_offers(parsed.entries, now, Origin.LIVE, standing)
        outcome, detail = _judge(parsed, retrieved, state, len(offers), now)
        if offers:
            said = [offer.sighting for offer in offers]
            dates = [one.published_at for one in said if one.published_at and not one.day_only]
            hint = max(parsed.hint, read_max_age_minutes(retrieved.cache_control))
            usual = choose_interval(feed.minutes, dates, hint, now)
            state = replace(state, etag=retrieved.etag, last_modified=retrieved.last_modified, last_body_at=now)
        elif not outcome.failed or outcome is Outcome.EMPTY:
            state = replace(state, etag=None, last_modified=None, last_body_at=now)
    failures = state.failures + 1 if outcome.failed else 0
    asked = read_retry_minutes(retrieved.retry_after, now)
    due, reason = schedule_next_request(usual, outcome, failures, asked=asked, slug=feed.slug, now=now)
    state = replace(state, interval_minutes=usual.minutes, interval_reason=usual.reason, due_reason=reason)
    state = state.record_redirect(None if outcome.failed else retrieved.moved_to, outcome.failed)
    after = state.after(outcome, detail, len(offers), now, due)
    if retrieved.outcome is Outcome.OK and not offers:
        after = replace(after, last_ok_at=state.last_ok_at or after.last_ok_at)
    return after, offers


def _judge(
    parsed: ParsedFeed, retrieved: Retrieved, state: UpstreamState, count: int, now: datetime
) -> tuple[Outcome, str]:
    """Return the outcome of a body and its description. A feed without items is sound for a day, and then empty."""
    if parsed.is_program_error:
        return Outcome.PROGRAM_ERROR, parsed.malformed
    if parsed.malformed:
        named = find_feeds_named_by(retrieved, state.request_address)
        return Outcome.MALFORMED, describe_page(parsed.malformed, named)
    detail = "; ".join((write_count(count, "item"), *parsed.notes))
    is_empty = not count and state.last_ok_at is not None and now - state.last_ok_at >= MAX_TIME_WITHOUT_ITEMS
    return Outcome.EMPTY if is_empty else Outcome.OK, detail
