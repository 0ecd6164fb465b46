"""Assemble the page of a hub from its parts, without looking anything up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from groundswell.hubs.charts import Chart, MissingChart, build_chart, find_marks
from groundswell.hubs.gauges.state import HubState
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Evaluation, Story, UpstreamState
from groundswell.pages.hub import Coverage, EventNews, HubPage, Neighbour
from groundswell.stories.profile.facets import build_facets


def assemble_hub_page(
    hub: HubSpec,
    hubs: Iterable[HubSpec],
    *,
    stories: Sequence[Story],
    story_count: int,
    evaluations: Sequence[Evaluation],
    charts: Sequence[Chart | MissingChart],
    coverage: Coverage,
    failing: Sequence[UpstreamState],
    as_of: dt.date | None,
    day: dt.date,
    made_at: dt.datetime,
    event_news: Sequence[EventNews] = (),
    state: HubState | None = None,
) -> HubPage:
    """Assemble the page of a hub.

    ``hubs`` are all hubs, among them the related ones. ``stories`` are the listed ones, newest first, out of
    ``story_count``. ``charts`` come from ``build_charts`` and ``state`` from its gauges, both as known at the time of
    the page. ``day`` is the last day of the data.
    """
    return HubPage(
        hub=hub,
        as_of=as_of,
        day=day,
        made_at=made_at,
        stories=tuple(stories),
        story_count=story_count,
        evaluations=tuple(evaluations),
        charts=tuple(chart for chart in charts if isinstance(chart, Chart)),
        missing_charts=tuple(chart for chart in charts if isinstance(chart, MissingChart)),
        coverage=coverage,
        failing=tuple(failing),
        neighbours=find_neighbours(hub, hubs, stories),
        event_news=tuple(event_news),
        state=state,
        facets={story.id: build_facets(story, end_of_day(as_of) if as_of else made_at) for story in stories},
    )


def build_charts(hub: HubSpec, book: SeriesBook, day: dt.date) -> tuple[Chart | MissingChart, ...]:
    """Draw each chart of the hub, in the order of its file, from what was known by the end of ``day``.

    Findings use the names of the hub's instruments.
    """
    return tuple(build_chart(spec, book.get, find_marks(spec, book, day), hub.names, day) for spec in hub.charts)


def find_neighbours(hub: HubSpec, hubs: Iterable[HubSpec], stories: Sequence[Story]) -> tuple[Neighbour, ...]:
    """Return the related hubs that exist, each with those of ``stories`` that belong to it too."""
    by_slug = {other.slug: other for other in hubs}
    return tuple(
        Neighbour(slug, by_slug[slug].title, by_slug[slug].summary, _select_tagged(stories, slug))
        for slug in hub.related
        if slug in by_slug
    )


def _select_tagged(stories: Sequence[Story], slug: str) -> tuple[Story, ...]:
    return tuple(story for story in stories if any(tag.hub == slug for tag in story.tags))
