"""The page of a hub, now or as of the end of a past day."""

from __future__ import annotations

from datetime import date

from groundswell.app.queries.claims import read_claims
from groundswell.app.queries.common import PageSource, choose_visible, compose_stories, read_coverage
from groundswell.app.queries.event_news import collect_claim_events, read_event_news
from groundswell.hubs.charts import Chart
from groundswell.hubs.gauges.state import build_state
from groundswell.model import Story
from groundswell.pages.assemble import assemble_hub_page
from groundswell.pages.hub import HubPage
from groundswell.storage.news import articles
from groundswell.storage.upstreams import states as upstream_states


def build_hub_page(source: PageSource, slug: str, as_of: date | None, limit: int) -> HubPage:
    """Build the page with the newest ``limit`` stories. Raises ``NotFoundError`` and ``UsageError``."""
    hub = source.find_hub(slug)
    day = source.resolve_day(as_of)
    evaluations = read_claims(source, slug, as_of)
    measured = max((evaluation.as_of for evaluation in evaluations), default=day)
    charts, gauges = source.drawings(slug, measured)
    marks = source.marked_events(slug, day)
    with source.store.read() as connection:
        visible = choose_visible(as_of)
        states = upstream_states.list_states(connection)
        ids = articles.list_hub_story_ids(connection, slug, visible, limit)
        return assemble_hub_page(
            hub,
            source.hubs.values(),
            stories=compose_stories(connection, ids, visible, slug),
            story_count=articles.count_hub_stories(connection, slug, visible),
            evaluations=evaluations,
            charts=charts,
            coverage=read_coverage(connection, visible, states),
            # Which sources failed on a past day is not stored.
            failing=[] if as_of else [state for state in states if state.enabled and state.outcome.failed],
            as_of=as_of,
            day=measured,
            made_at=source.clock(),
            event_news=read_event_news(connection, hub, marks | collect_claim_events(evaluations), visible),
            state=build_state(gauges, evaluations, measured),
        )


def draw_hub_charts(source: PageSource, slug: str) -> tuple[Chart, ...]:
    """Draw the charts of a hub's present page, without the rest of it. Raises ``NotFoundError``."""
    charts, _ = source.drawings(source.find_hub(slug).slug, source.today())
    return tuple(chart for chart in charts if isinstance(chart, Chart))


def read_hub_stories(source: PageSource, slug: str, as_of: date | None, limit: int) -> tuple[Story, ...]:
    """Read the newest stories of a hub. Raises ``NotFoundError`` and ``UsageError``."""
    hub = source.find_hub(slug)
    day = None if as_of is None else source.resolve_day(as_of)
    with source.store.read() as connection:
        visible = choose_visible(day)
        ids = articles.list_hub_story_ids(connection, hub.slug, visible, limit)
        return compose_stories(connection, ids, visible, hub.slug)
