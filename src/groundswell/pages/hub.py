"""The page of a hub: everything that a renderer needs, so that it looks nothing up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from groundswell.hubs.charts import Chart, MissingChart
from groundswell.hubs.gauges.state import HubState
from groundswell.hubs.spec import HubSpec
from groundswell.model import Evaluation, Facets, Story, UpstreamState
from groundswell.model.evaluation import find_data_day


@dataclass(frozen=True, slots=True)
class Coverage:
    """The feeds that were asked and the articles that are stored: the answer to "why is this list short?"."""

    feeds_on: int
    feeds_answered: int
    feeds_failed: int
    feeds_untried: int
    feeds_waiting: int
    last_asked_at: dt.datetime | None
    articles_stored: int
    newest_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related hub, and the listed stories that belong to both hubs."""

    slug: str
    title: str
    summary: str
    shared: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class EventNews:
    """The stories of the day of an event and the day after, those with the most independent publishers first.

    Among stories with equally many, those with the most articles come first. ``claim_id`` is the claim that counts the
    event, or None if only the charts mark it.
    """

    date: dt.date
    claim_id: str | None
    stories: tuple[Story, ...]


@dataclass(frozen=True, eq=False)
class HubPage:
    """The page of a hub.

    ``as_of`` is the past date of the page, or None for the present. ``day`` is the day of its evaluations. ``facets``
    describe each of ``stories``, by id.
    """

    hub: HubSpec
    as_of: dt.date | None
    day: dt.date
    made_at: dt.datetime
    stories: tuple[Story, ...]
    story_count: int
    evaluations: tuple[Evaluation, ...]
    charts: tuple[Chart, ...]
    missing_charts: tuple[MissingChart, ...]
    coverage: Coverage
    failing: tuple[UpstreamState, ...]
    neighbours: tuple[Neighbour, ...]
    event_news: tuple[EventNews, ...] = ()
    state: HubState | None = None
    facets: Mapping[str, Facets] = field(default_factory=dict)

    @property
    def data_as_of(self) -> dt.date | None:
        """The newest day of the data that the claims rest on; None where none has data."""
        return find_data_day(self.evaluations)

    def evaluation(self, claim_id: str) -> Evaluation:
        """Return the evaluation of a claim of the hub."""
        return next(evaluation for evaluation in self.evaluations if evaluation.id == claim_id)
