"""The pages, assembled from the store: what a reader sees now, or saw on a past day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version

from sqlalchemy import Connection

from groundswell.app.evidence import Evidence
from groundswell.app.queries.activity import report
from groundswell.app.queries.common import _coverage, _known, composed, day_shown
from groundswell.app.queries.event_news import counted, event_news, marked
from groundswell.claims.evaluate import inputs_of
from groundswell.claims.paths import fan
from groundswell.claims.registry import ESTIMANDS, describe
from groundswell.claims.rolling import rolling
from groundswell.errors import NotFoundError, instead
from groundswell.hubs.charts import Line, MissingChart
from groundswell.hubs.file.load import find_hub
from groundswell.hubs.gauges.gauge import Gauge, MissingGauge
from groundswell.hubs.gauges.state import read_gauges, state_of
from groundswell.hubs.price_reaction import Prices, around
from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.claim_mentions import ClaimMentions
from groundswell.markets.events.fed import first_cuts
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Evaluation, Story, UpstreamKind, Verdict, VerdictChange
from groundswell.pages.assemble import assemble, draw_all
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, HubCard, IndexPage, MentionedClaim, StatusPage, StoryPage
from groundswell.pages.status import DayReport
from groundswell.ports import Clock
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, lineage
from groundswell.storage.upstreams import states as upstream_states
from groundswell.stories.compose import compose
from groundswell.stories.profile.facets import facets

Drawn = tuple[tuple[Line | MissingChart, ...], tuple[Gauge | MissingGauge, ...]]


class Views:
    """Builds each page from one consistent state of the store. Past days see nothing that came later."""

    def __init__(self, store: Store, hubs: Sequence[HubSpec], evidence: Evidence, clock: Clock) -> None:
        self._store = store
        self._hubs = {hub.slug: hub for hub in hubs}
        self._evidence = evidence
        self._clock = clock
        self._echoes = ClaimMentions(hubs)
        self._drawn = lru_cache(maxsize=64)(self._draw)  # they change when series are loaded and with the day alone

    def index(self, as_of: date | None = None) -> IndexPage:
        found = {slug: self.claims(slug, as_of) for slug in self._hubs}
        with self._store.read() as connection:
            known = _known(connection, as_of)
            return IndexPage(
                cards=tuple(_card(connection, hub, known, found[hub.slug]) for hub in self._hubs.values()),
                coverage=_coverage(connection, known, upstream_states.all_states(connection)),
                made_at=self._clock(),
                as_of=as_of,
            )

    def hub(self, slug: str, as_of: date | None, limit: int) -> HubPage:
        hub = find_hub(self._hubs.values(), slug)
        day = self._day(as_of)
        found = self.claims(slug, as_of)
        measured = max((one.as_of for one in found), default=day)
        drawn, read = self._drawn(slug, measured, self._evidence.version())
        marks = marked(hub, day, self._evidence.book())
        with self._store.read() as connection:
            known = _known(connection, as_of)
            states = upstream_states.all_states(connection)
            ids = articles.hub_story_ids(connection, slug, known, limit)
            return assemble(
                hub,
                self._hubs.values(),
                stories=composed(connection, ids, known, slug),
                story_count=articles.hub_story_count(connection, slug, known),
                evaluations=found,
                drawn=drawn,
                coverage=_coverage(connection, known, states),
                # Who failed on a past day is not kept.
                failing=[] if as_of else [state for state in states if state.enabled and state.outcome.failed],
                as_of=as_of,
                day=measured,
                made_at=self._clock(),
                event_news=event_news(connection, hub, marks | counted(found), known),
                state=state_of(read, found, measured),
            )

    def lines(self, slug: str) -> tuple[Line, ...]:
        drawn, _ = self._drawn(find_hub(self._hubs.values(), slug).slug, self._day(None), self._evidence.version())
        return tuple(one for one in drawn if isinstance(one, Line))

    def _draw(self, slug: str, day: date, _version: tuple[int, int]) -> Drawn:
        """The charts and gauges of a hub from what was known by the end of a day."""
        hub, book = self._hubs[slug], self._evidence.book().known_by(end_of_day(day))
        cuts = [event.date for event in first_cuts(day, book)]
        return draw_all(hub, book.get, cuts, day), read_gauges(hub, book, day, self._evidence.data_issues())

    def stories(self, slug: str, as_of: date | None, limit: int) -> tuple[Story, ...]:
        hub = find_hub(self._hubs.values(), slug)
        day = None if as_of is None else self._day(as_of)
        with self._store.read() as connection:
            known = _known(connection, day)
            return composed(connection, articles.hub_story_ids(connection, hub.slug, known, limit), known, hub.slug)

    def claims(self, slug: str, as_of: date | None) -> tuple[Evaluation, ...]:
        """As of a past day, or else as recorded last; claims that were never recorded are evaluated for today."""
        hub = find_hub(self._hubs.values(), slug)
        if as_of is not None:
            return self._evidence.evaluate(slug, self._day(as_of))
        recorded = self._evidence.recorded(slug)
        return recorded if len(recorded) == len(hub.claims) else self._evidence.evaluate(slug, self._clock().date())

    def story(self, story_id: str, as_of: date | None) -> StoryPage:
        until = None if as_of is None else end_of_day(self._day(as_of))
        with self._store.read() as connection:
            present = lineage.successor(connection, story_id, until) or story_id
            members = articles.members(connection, [present], until).get(present)
            repairs = lineage.of_story(connection, present, until)
        if not members:
            when = f" as of {as_of}" if as_of else ""
            raise NotFoundError(f"there is no story {story_id!r}{when}; the hubs list the stories there are")
        titles = {hub.slug: hub.title for hub in self._hubs.values()}
        story, now = compose(present, members), self._clock()
        return StoryPage(
            story,
            facets(story, until or now),
            titles,
            as_of,
            now,
            repairs,
            mentioned_claims=self._echoed(story, as_of),
            prices=None if story.demonstration else self._prices(story, until),
        )

    def _echoed(self, story: Story, as_of: date | None) -> tuple[MentionedClaim, ...]:
        repeats = self._echoes.of(story)
        found = {
            (one.hub, one.id): one for hub in {repeat.hub for repeat in repeats} for one in self.claims(hub, as_of)
        }
        return tuple(MentionedClaim(found[repeat.hub, repeat.claim_id], repeat.reason) for repeat in repeats)

    def _prices(self, story: Story, until: datetime | None) -> Prices | None:
        book = self._evidence.book()
        hubs = [self._hubs[tag.hub] for tag in story.tags if tag.hub in self._hubs]
        return around(story, hubs, book if until is None else book.known_by(until))

    def claim(self, slug: str, claim_id: str, as_of: date | None) -> ClaimPage:
        hub = find_hub(self._hubs.values(), slug)
        known = {claim.id: claim for claim in hub.claims}
        if claim_id not in known:
            raise NotFoundError(f"the hub {slug} has no claim {claim_id!r}; {instead(claim_id, known)}")
        evaluation = next(one for one in self.claims(slug, as_of) if one.id == claim_id)
        with self._store.read() as connection:
            news = event_news(connection, hub, counted([evaluation]), _known(connection, as_of))
        measure = known[claim_id].measure
        book = self._evidence.book().known_by(end_of_day(evaluation.as_of))
        return ClaimPage(
            hub=hub,
            claim=known[claim_id],
            evaluation=evaluation,
            estimand_title=ESTIMANDS[measure.estimand].title if measure else "",
            estimand_text=describe(measure) if measure else "",
            as_of=as_of,
            made_at=self._clock(),
            event_news=news,
            rows=ESTIMANDS[measure.estimand].rows if measure else "",
            fan=fan(known[claim_id], evaluation, book),
            rolling=rolling(known[claim_id], book, evaluation.as_of),
            verdict_changes=self.verdict_changes(slug, claim_id, as_of),
            inputs=inputs_of(evaluation, book),
        )

    def verdict_changes(self, slug: str | None, claim_id: str | None, as_of: date | None) -> tuple[VerdictChange, ...]:
        """The changes of verdicts, newest first. Raises ``NotFoundError`` for an unknown hub."""
        hubs = self._hubs.values() if slug is None else (find_hub(self._hubs.values(), slug),)
        until = self._day(as_of)
        found = [
            verdict_change
            for hub in hubs
            for claim in hub.claims
            if claim_id in (None, claim.id)
            for verdict_change in self._evidence.verdict_changes(hub.slug, claim.id, until)
        ]
        return tuple(sorted(found, key=lambda verdict_change: verdict_change.as_of, reverse=True))

    def status(self) -> StatusPage:
        with self._store.read() as connection:
            states = upstream_states.all_states(connection)
            coverage = _coverage(connection, _known(connection, None), states)
            told = report(connection, states, self._clock())
        return StatusPage(
            feeds=tuple(state for state in states if state.kind is UpstreamKind.FEED),
            data=tuple(state for state in states if state.kind is UpstreamKind.DATA),
            coverage=coverage,
            store=self._store.name,
            version=version("groundswell"),
            made_at=self._clock(),
            data_issues=tuple(issue for found in self._evidence.data_issues().values() for issue in found),
            report=told,
        )

    def day_report(self) -> DayReport:
        with self._store.read() as connection:
            return report(connection, upstream_states.all_states(connection), self._clock())

    def _day(self, as_of: date | None) -> date:
        return day_shown(as_of, self._clock().date())


def _card(connection: Connection, hub: HubSpec, known: articles.Known, found: Iterable[Evaluation]) -> HubCard:
    latest = composed(connection, articles.hub_story_ids(connection, hub.slug, known, 1), known, hub.slug)
    counts = Counter(one.verdict for one in found)
    verdicts = tuple((verdict.value, counts[verdict]) for verdict in Verdict if counts[verdict])
    count = articles.hub_story_count(connection, hub.slug, known)
    return HubCard(hub, count, latest[0] if latest else None, verdicts)
