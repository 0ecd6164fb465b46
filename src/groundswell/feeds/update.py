"""The pure step of one feed: turn what was retrieved into offers of articles and the feed's new state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from groundswell.feeds.discovery import describe_page, find_feeds_named_by
from groundswell.feeds.offers import build_offers
from groundswell.feeds.parsing.parse import MAX_PROBLEMS_SHOWN, parse_feed
from groundswell.feeds.standing import judge_feed
from groundswell.fetch.refresh_hints import read_max_age_minutes, read_retry_minutes
from groundswell.fetch.schedule import Interval, choose_interval, schedule_next_request
from groundswell.model import FeedSpec, Offer, Origin, Outcome, UpstreamState
from groundswell.ports import Retrieved
from groundswell.wording.plurals import write_count


def update_feed(
    state: UpstreamState, feed: FeedSpec, retrieved: Retrieved, now: datetime
) -> tuple[UpstreamState, tuple[Offer, ...]]:
    """Return the feed's state after the request at ``now``, and the articles it offers, in the feed's order.

    Each article occurs once, and may already be stored. Validators (ETag and Last-Modified) are adopted only from a
    body that could be parsed, so that a bad body is requested again.
    """
    outcome, detail = retrieved.outcome, retrieved.detail
    offers: tuple[Offer, ...] = ()
    usual = Interval(state.interval_minutes or feed.minutes, state.interval_reason or "as set")
    if outcome is Outcome.OK:
        parsed = parse_feed(retrieved.body, retrieved.content_type, feed)
        if parsed.malformed:
            outcome = Outcome.MALFORMED
            detail = describe_page(parsed.malformed, find_feeds_named_by(retrieved, state.request_address))
        else:
            standing = judge_feed(feed, state.request_address)
            offers = build_offers(parsed.entries, now, Origin.LIVE, standing)
            detail = "; ".join((write_count(len(offers), "item"), *parsed.problems[:MAX_PROBLEMS_SHOWN]))
            said = [offer.sighting for offer in offers]
            dates = [one.published_at for one in said if one.published_at and not one.day_only]
            usual = choose_interval(
                feed.minutes, dates, max(parsed.hint, read_max_age_minutes(retrieved.cache_control)), now
            )
            state = replace(state, etag=retrieved.etag, last_modified=retrieved.last_modified, last_body_at=now)
    failures = state.failures + 1 if outcome.failed else 0
    asked = read_retry_minutes(retrieved.retry_after, now)
    due, reason = schedule_next_request(usual, outcome, failures, asked=asked, slug=feed.slug, now=now)
    state = replace(state, interval_minutes=usual.minutes, interval_reason=usual.reason, due_reason=reason)
    state = state.record_redirect(None if outcome.failed else retrieved.moved_to, outcome.failed)
    return state.after(outcome, detail, len(offers), now, due), offers
