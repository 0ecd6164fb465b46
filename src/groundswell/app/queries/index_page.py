"""The index: every hub with its newest story and the verdicts of its claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from groundswell.app.queries.claims import read_claims
from groundswell.app.queries.common import PageSource, choose_visible, compose_stories, read_coverage
from groundswell.hubs.spec import HubSpec
from groundswell.model import Evaluation, Verdict
from groundswell.model.evaluation import add_votes, find_data_day
from groundswell.pages.models import HubCard, IndexPage
from groundswell.storage.news import articles
from groundswell.storage.upstreams import states as upstream_states


def build_index_page(source: PageSource, as_of: date | None) -> IndexPage:
    """Build the index, now or as of the end of a past day. Raises ``UsageError``."""
    evaluations = {slug: read_claims(source, slug, as_of) for slug in source.hubs}
    with source.store.read() as connection:
        visible = choose_visible(as_of)
        return IndexPage(
            cards=tuple(_build_card(connection, hub, visible, evaluations[hub.slug]) for hub in source.hubs.values()),
            coverage=read_coverage(connection, visible, upstream_states.list_states(connection)),
            made_at=source.clock(),
            as_of=as_of,
        )


def _build_card(
    connection: Connection, hub: HubSpec, visible: articles.Visibility, evaluations: Sequence[Evaluation]
) -> HubCard:
    latest = compose_stories(
        connection, articles.list_hub_story_ids(connection, hub.slug, visible, 1), visible, hub.slug
    )
    counts = Counter(evaluation.verdict for evaluation in evaluations if not evaluation.stand_in)
    stand_ins = sum(evaluation.stand_in is not None for evaluation in evaluations)
    verdicts = tuple((verdict.value, counts[verdict]) for verdict in Verdict if counts[verdict])
    count = articles.count_hub_stories(connection, hub.slug, visible)
    return HubCard(
        hub=hub,
        story_count=count,
        latest=latest[0] if latest else None,
        verdicts=verdicts,
        stand_ins=stand_ins,
        data_as_of=find_data_day(evaluations),
        readings_judged=add_votes(evaluations),
    )
