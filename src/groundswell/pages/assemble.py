"""Assemble: the page of a hub from its parts, without looking anything up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from groundswell.hubs.charts import Chart, MissingChart, SeriesSource, draw_chart
from groundswell.hubs.gauges.state import HubState
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Evaluation, Story, UpstreamState
from groundswell.pages.hub import Coverage, EventNews, HubPage, Neighbour
from groundswell.stories.profile.facets import build_facets


def assemble(
    hub: HubSpec,
    hubs: Iterable[HubSpec],
    *,
    stories: Sequence[Story],
    story_count: int,
    evaluations: Sequence[Evaluation],
    drawn: Sequence[Chart | MissingChart],
    coverage: Coverage,
    failing: Sequence[UpstreamState],
    as_of: dt.date | None,
    day: dt.date,
    made_at: dt.datetime,
    event_news: Sequence[EventNews] = (),
    state: HubState | None = None,
) -> HubPage:
    """Put a page together.

    ``hubs`` are all hubs there are (the related ones are picked from them), ``stories`` the listed ones, newest
    first, out of ``story_count``; ``drawn`` are its charts (``draw_all``) and ``state`` its gauges, as known at the
    moment of the page; ``day`` is the last day that numbers come from.
    """
    return HubPage(
        hub=hub,
        as_of=as_of,
        day=day,
        made_at=made_at,
        stories=tuple(stories),
        story_count=story_count,
        evaluations=tuple(evaluations),
        lines=tuple(found for found in drawn if isinstance(found, Chart)),
        missing_charts=tuple(found for found in drawn if isinstance(found, MissingChart)),
        coverage=coverage,
        failing=tuple(failing),
        neighbours=neighbours(hub, hubs, stories),
        event_news=tuple(event_news),
        state=state,
        facets={story.id: build_facets(story, end_of_day(as_of) if as_of else made_at) for story in stories},
    )


def draw_all(
    hub: HubSpec, series: SeriesSource, marks: Sequence[dt.date], day: dt.date
) -> tuple[Chart | MissingChart, ...]:
    """Draw each chart of the hub, in the order of its file; instruments lend their names to the findings."""
    names = {instrument.symbol: instrument.name for instrument in hub.instruments}
    return tuple(draw_chart(spec, series, marks, names, day) for spec in hub.charts)


def neighbours(hub: HubSpec, hubs: Iterable[HubSpec], stories: Sequence[Story]) -> tuple[Neighbour, ...]:
    """Give the related hubs that exist, each with those of ``stories`` that are tagged to it too."""
    known = {other.slug: other for other in hubs}
    return tuple(
        Neighbour(slug, known[slug].title, known[slug].summary, _tagged(stories, slug))
        for slug in hub.related
        if slug in known
    )


def _tagged(stories: Sequence[Story], slug: str) -> tuple[Story, ...]:
    return tuple(story for story in stories if any(tag.hub == slug for tag in story.tags))
