"""News of events: what was written when the events that claims count, or charts mark, took place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from groundswell.claims.registry import ESTIMANDS
from groundswell.hubs.spec import HubSpec
from groundswell.markets.events.fed import first_cuts
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Member, Reading
from groundswell.pages.hub import EventNews
from groundswell.storage.news import articles
from groundswell.stories.compose import compose
from groundswell.stories.profile.publishers import count_independent_publishers

SPAN = timedelta(days=2)  # the day of the event and the day after
SHOWN = 5
COMPARED = 15  # the busiest by articles, of which those with the most voices are shown

Span = tuple[datetime, datetime]


def event_news(
    connection: Connection, hub: HubSpec, events: Mapping[date, str | None], visible: articles.Visibility
) -> tuple[EventNews, ...]:
    """News of the events, newest event first, of this hub and the related ones; events without any are left out."""
    hubs = (hub.slug, *hub.related)
    held = articles.read_tagged_span(connection, hubs)
    found: dict[Span, list[str]] = {}
    for day in sorted(events, reverse=True):
        since = datetime.combine(day, time(), UTC)
        span = (since, since + SPAN)
        if held and span[1] > held[0] and since <= held[1]:
            found[span] = articles.list_busiest_story_ids(connection, hubs, visible, span, COMPARED)
    members = articles.read_members(connection, {one for ids in found.values() for one in ids}, visible.until)
    news = []
    for span, ids in found.items():
        voices = {story_id: _voices(members[story_id], span) for story_id in ids}
        loudest = sorted(ids, key=voices.__getitem__, reverse=True)[:SHOWN]  # equals stay in order
        day = span[0].date()
        stories = tuple(compose(story_id, members[story_id]) for story_id in loudest)
        news += [EventNews(day, events[day], stories)] if stories else []
    return tuple(news)


def _voices(members: Sequence[Member], span: Span) -> int:
    """How many publishers spoke for themselves within the span: copies of one release do not make an event's news."""
    since, before = span
    return count_independent_publishers([member.article for member in members if since <= member.article.at < before])


def counted(found: Iterable[Evaluation]) -> dict[date, str | None]:
    """The days of claims' events, measured or not, in a main measurement or another reading; each with its claim."""
    counted: dict[date, str | None] = {}
    for evaluation in found:
        if evaluation.estimand is None or ESTIMANDS[evaluation.estimand].rows != "Events":
            continue
        measured: list[Evaluation | Reading] = [evaluation, *evaluation.readings]
        for days in (one.events + one.absent for one in measured):
            counted |= {event.date: evaluation.id for event in days if event.date not in counted}
    return counted


def marked(hub: HubSpec, day: date, book: SeriesBook) -> dict[date, str | None]:
    """The days that the hub's charts mark."""
    marks = any(chart.mark == "first_cuts" for chart in hub.charts)
    return {event.date: None for event in first_cuts(day, book)} if marks else {}
