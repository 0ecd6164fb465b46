"""The page of a hub, assembled: everything a renderer needs and nothing it must look up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from groundswell.hubs.charts import Chart, MissingChart
from groundswell.hubs.gauges.state import HubState
from groundswell.hubs.spec import HubSpec
from groundswell.model import Evaluation, Facets, Story, UpstreamState


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked for news and what came back, as of the page: the answer to "why is this list short?"."""

    feeds_on: int
    feeds_answered: int
    feeds_failed: int
    feeds_untried: int
    last_asked_at: dt.datetime | None
    articles_stored: int
    newest_at: dt.datetime | None
    demonstration: bool = False  # whether those held are the demonstration's


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related hub and the stories it shares with this one (of those listed)."""

    slug: str
    title: str
    summary: str
    shared: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class EventNews:
    """What was written on the day of an event and the day after: the stories with the most
    independent publishers, of equal ones those with the most articles.

    ``claim_id`` is the claim that counts the event, None where only the charts mark it.
    """

    date: dt.date
    claim_id: str | None
    stories: tuple[Story, ...]


@dataclass(frozen=True, eq=False)
class HubPage:
    """``as_of`` is the past day asked for, or None for the present; ``day`` is the day the numbers are as of.

    ``facets`` tells of each of ``stories``, by id.
    """

    hub: HubSpec
    as_of: dt.date | None
    day: dt.date
    made_at: dt.datetime
    stories: tuple[Story, ...]
    story_count: int
    evaluations: tuple[Evaluation, ...]
    lines: tuple[Chart, ...]
    missing_charts: tuple[MissingChart, ...]
    coverage: Coverage
    failing: tuple[UpstreamState, ...]
    neighbours: tuple[Neighbour, ...]
    event_news: tuple[EventNews, ...] = ()
    state: HubState | None = None
    facets: Mapping[str, Facets] = field(default_factory=dict)

    @property
    def demonstration(self) -> bool:
        return any(story.demonstration for story in self.stories)

    def evaluation(self, claim_id: str) -> Evaluation:
        return next(found for found in self.evaluations if found.id == claim_id)
