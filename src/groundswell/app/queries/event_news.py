"""News of events: what was written when the events that claims count, or charts mark, took place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from groundswell.claims.registry import is_by_events
from groundswell.hubs.spec import NO_EVENTS, HubSpec
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Evaluation, Member, Reading
from groundswell.pages.hub import EventNews
from groundswell.storage.news import articles
from groundswell.stories.compose import compose
from groundswell.stories.profile.publishers import count_independent_publishers

NEWS_SPAN = timedelta(days=2)  # the day of the event and the day after
MAX_STORIES_SHOWN = 5
MAX_STORIES_COMPARED = 15  # those with the most articles; the ones with the most independent publishers are shown

Span = tuple[datetime, datetime]
EventDays = dict[date, str | None]
"""The days of events, each with the id of the claim that counts it; None where only charts mark it."""


def read_event_news(
    connection: Connection, hub: HubSpec, events: Mapping[date, str | None], visible: articles.Visibility
) -> tuple[EventNews, ...]:
    """Read the news of events from this hub and the related ones, newest event first; skip events without news."""
    hubs = (hub.slug, *hub.related)
    tagged_span = articles.read_tagged_span(connection, hubs)
    story_ids: dict[Span, list[str]] = {}
    for day in sorted(events, reverse=True):
        since = datetime.combine(day, time(), UTC)
        span = (since, since + NEWS_SPAN)
        if tagged_span and span[1] > tagged_span[0] and since <= tagged_span[1]:
            story_ids[span] = articles.list_busiest_story_ids(connection, hubs, visible, span, MAX_STORIES_COMPARED)
    every_id = {story_id for ids in story_ids.values() for story_id in ids}
    members = articles.read_members(connection, every_id, visible.until)
    news = []
    for span, ids in story_ids.items():
        publishers = {story_id: _count_publishers(members[story_id], span) for story_id in ids}
        most_independent = sorted(ids, key=publishers.__getitem__, reverse=True)[:MAX_STORIES_SHOWN]  # ties keep order
        stories = tuple(compose(story_id, members[story_id]) for story_id in most_independent)
        day = span[0].date()
        news += [EventNews(day, events[day], stories)] if stories else []
    return tuple(news)


def collect_claim_events(evaluations: Iterable[Evaluation]) -> EventDays:
    """Collect the days of the events that claims count, measured or not, in the main measurement or another reading.

    An event of several claims belongs to the first of them.
    """
    days: EventDays = {}
    for evaluation in evaluations:
        measurements: list[Evaluation | Reading] = [evaluation, *evaluation.readings]
        for measurement in measurements:
            if is_by_events(measurement.estimand or evaluation.estimand):
                events = measurement.events + measurement.absent
                days |= {event.date: evaluation.id for event in events if event.date not in days}
    return days


def collect_marked_events(hub: HubSpec, day: date, book: SeriesBook) -> EventDays:
    """Collect the days that the hub's charts mark, from what was known by the end of ``day``."""
    marks = {chart.mark for chart in hub.charts if chart.mark != NO_EVENTS}
    known = book.known_by(end_of_day(day)) if marks else book
    return {event.date: None for mark in sorted(marks) for event in EVENT_LISTS[mark].find(day, known)}


def _count_publishers(members: Sequence[Member], span: Span) -> int:
    """Count the independent publishers within the span, so that copies of one release do not make an event's news."""
    since, before = span
    return count_independent_publishers([member.article for member in members if since <= member.article.at < before])
