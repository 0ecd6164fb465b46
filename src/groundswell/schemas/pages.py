"""From the values of a page to the answers of the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from groundswell.hubs.answers import FilledFigure, fill_figures
from groundswell.hubs.charts import Chart
from groundswell.hubs.gauges.gauge import Gauge
from groundswell.hubs.gauges.state import HubState
from groundswell.model import Evaluation, Facets, Member, Story, VerdictChange
from groundswell.pages.hub import HubPage, Neighbour
from groundswell.pages.models import ClaimPage, HubCard, IndexPage, MentionedClaim, StatusPage, StoryPage
from groundswell.pages.status import DayReport
from groundswell.schemas import hubs as hub_schemas
from groundswell.schemas import state as state_schemas
from groundswell.schemas import stories as story_schemas
from groundswell.schemas.addresses import Site, path_of_hub, path_of_story
from groundswell.schemas.claims import as_json, data_issue_json, verdict_change_json


def index(page: IndexPage, site: Site) -> hub_schemas.HubList:
    """All hubs, each with its newest story and its verdicts counted."""
    return hub_schemas.HubList(
        hubs=[_card(card, site) for card in page.cards],
        coverage=hub_schemas.CoverageOut.model_validate(page.coverage),
        made_at=page.made_at,
    )


def hub(page: HubPage, site: Site) -> hub_schemas.HubAnswer:
    """A hub's page without its data points."""
    spec = page.hub
    by_id = {found.id: found for found in page.evaluations}
    return hub_schemas.HubAnswer(
        slug=spec.slug,
        url=site.url(path_of_hub(spec.slug)),
        title=spec.title,
        summary=spec.summary,
        as_of=page.as_of,
        day=page.day,
        made_at=page.made_at,
        demonstration=page.demonstration,
        thesis=list(spec.thesis),
        state=None if page.state is None else _state(page.state),
        story_count=page.story_count,
        stories=[story_summary(story, site) for story in page.stories],
        claims=[claim(found) for found in page.evaluations],
        questions=[
            hub_schemas.AnswerOut(question=asked.question, answer=plain_answer(asked.answer, by_id))
            for asked in spec.questions
        ],
        charts=[_chart(line) for line in page.charts],
        missing_charts=[
            hub_schemas.MissingChartOut(id=missing.spec.id, title=missing.spec.title, reason=missing.reason)
            for missing in page.missing_charts
        ],
        instruments=[hub_schemas.InstrumentOut.model_validate(instrument) for instrument in spec.instruments],
        neighbours=[_neighbour(neighbour, site) for neighbour in page.neighbours],
        coverage=hub_schemas.CoverageOut.model_validate(page.coverage),
    )


def story(page: StoryPage, site: Site) -> story_schemas.StoryAnswer:
    """A story with its articles, oldest first."""
    summary = story_summary(page.story, site).model_dump()
    articles = [_article(member) for member in page.story.members]
    return story_schemas.StoryAnswer(
        **summary,
        **_facets(page.facets),
        articles=articles,
        hubs=page.hub_titles,
        lineage=[story_schemas.LineageOut.model_validate(repair) for repair in page.lineage],
        claims=[_echo(one) for one in page.mentioned_claims],
        prices=None if page.prices is None else story_schemas.PricesOut.model_validate(page.prices),
        as_of=page.as_of,
    )


def _echo(one: MentionedClaim) -> story_schemas.MentionedClaimOut:
    found = one.evaluation
    return story_schemas.MentionedClaimOut(
        hub=found.hub,
        claim=found.id,
        text=found.text,
        verdict=found.verdict.value,
        as_of=found.as_of,
        reason=one.reason,
    )


def _facets(found: Facets) -> dict[str, Any]:
    return {
        "summary": [story_schemas.SentenceOut.model_validate(one) for one in found.summary],
        "organisations": [story_schemas.MentionOut.model_validate(one) for one in found.organisations],
        "tickers": [story_schemas.MentionOut.model_validate(one) for one in found.tickers],
        "places": [story_schemas.MentionOut.model_validate(one) for one in found.places],
        "independent_publishers": found.independent_publishers,
        "momentum": found.momentum,
        "status": found.status.value,
    }


def story_summary(story: Story, site: Site) -> story_schemas.StorySummary:
    """A story without its articles."""
    return story_schemas.StorySummary(
        id=story.id,
        url=site.url(path_of_story(story.id)),
        headline=story.headline,
        first_at=story.first_at,
        last_at=story.last_at,
        day_only=story.day_only,
        publishers=list(story.publishers),
        article_count=len(story.members),
        demonstration=story.demonstration,
        tags=[story_schemas.TagOut(hub=tag.hub, reasons=list(tag.reasons)) for tag in story.tags],
    )


def claim(evaluation: Evaluation) -> hub_schemas.ClaimAnswer:
    """A claim by the contract that commands and files keep too."""
    return hub_schemas.ClaimAnswer.model_validate(as_json(evaluation))


def claim_detail(page: ClaimPage) -> hub_schemas.ClaimDetail:
    """A claim with the changes of its verdict."""
    return hub_schemas.ClaimDetail.model_validate(
        as_json(page.evaluation) | {"verdict_changes": verdict_changes(page.verdict_changes).verdict_changes}
    )


def verdict_changes(found: Iterable[VerdictChange]) -> hub_schemas.VerdictChangeList:
    """Changes of verdicts, in the order given."""
    return hub_schemas.VerdictChangeList(
        verdict_changes=[hub_schemas.VerdictChangeOut.model_validate(verdict_change_json(one)) for one in found]
    )


def claims(page: HubPage) -> hub_schemas.ClaimList:
    """All claims of a hub."""
    return hub_schemas.ClaimList(hub=page.hub.slug, as_of=page.day, claims=[claim(found) for found in page.evaluations])


def status(page: StatusPage) -> hub_schemas.StatusAnswer:
    """The state of feeds and data sources."""
    return hub_schemas.StatusAnswer(
        version=page.version,
        store=page.store,
        made_at=page.made_at,
        coverage=hub_schemas.CoverageOut.model_validate(page.coverage),
        report=_report(page.report),
        feeds=[hub_schemas.UpstreamOut.model_validate(state) for state in page.feeds],
        data=[hub_schemas.UpstreamOut.model_validate(state) for state in page.data],
        data_issues=[state_schemas.DataIssueOut.model_validate(data_issue_json(one)) for one in page.data_issues],
    )


def _report(report: DayReport) -> hub_schemas.ReportOut:
    return hub_schemas.ReportOut(
        received=hub_schemas.CameOut.model_validate(report.received),
        failing=[one.name for one in report.failing],
        stalled=[
            hub_schemas.QuietOut(
                source=one.source.name, since=one.stall.since, longest_seconds=one.stall.longest.total_seconds()
            )
            for one in report.stalled
        ],
    )


def plain_answer(answer: str, by_id: dict[str, Evaluation]) -> str:
    """An answer as one line of text, its figures filled in."""
    filled = "".join(part.text if isinstance(part, FilledFigure) else part for part in fill_figures(answer, by_id))
    return " ".join(filled.split())


def _card(card: HubCard, site: Site) -> hub_schemas.HubSummary:
    return hub_schemas.HubSummary(
        slug=card.hub.slug,
        url=site.url(path_of_hub(card.hub.slug)),
        title=card.hub.title,
        summary=card.hub.summary,
        story_count=card.story_count,
        latest=None if card.latest is None else story_summary(card.latest, site),
        verdicts=dict(card.verdicts),
    )


def _state(state: HubState) -> state_schemas.StateOut:
    return state_schemas.StateOut(
        day=state.day,
        since=state.since,
        gauges=[_gauge(gauge) for gauge in state.gauges],
        missing=[
            state_schemas.MissingGaugeOut(id=one.spec.id, title=one.spec.title, reason=one.reason)
            for one in state.missing
        ],
        changes=[state_schemas.ChangeOut.model_validate(change) for change in state.changes],
    )


def _gauge(gauge: Gauge) -> state_schemas.GaugeOut:
    return state_schemas.GaugeOut(
        id=gauge.spec.id,
        title=gauge.spec.title,
        kind=gauge.spec.kind,
        phase=gauge.phase,
        phase_before=gauge.phase_before,
        detail=gauge.detail,
        figures=[state_schemas.FigureOut.model_validate(figure) for figure in gauge.figures],
        age=gauge.age,
        sources=[state_schemas.SourceOut.model_validate(use) for use in gauge.sources],
        data_issues=[state_schemas.DataIssueOut.model_validate(data_issue_json(one)) for one in gauge.data_issues],
    )


def _chart(line: Chart) -> hub_schemas.ChartOut:
    return hub_schemas.ChartOut(
        id=line.spec.id,
        title=line.spec.title,
        finding=line.finding,
        marks=list(line.marks),
        sources=[state_schemas.SourceOut.model_validate(use) for use in line.sources],
    )


def _neighbour(neighbour: Neighbour, site: Site) -> hub_schemas.NeighbourOut:
    return hub_schemas.NeighbourOut(
        slug=neighbour.slug,
        title=neighbour.title,
        url=site.url(path_of_hub(neighbour.slug)),
        shared=[story_summary(story, site) for story in neighbour.shared],
    )


def _article(member: Member) -> story_schemas.ArticleOut:
    article = member.article
    return story_schemas.ArticleOut(
        id=article.id,
        title=article.title,
        publisher=article.publisher,
        url=article.url,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        day_only=article.day_only,
        origin=article.origin,
        joined_because=list(member.assignment.reasons),
        earlier_titles=[story_schemas.EditionOut.model_validate(one) for one in member.earlier],
    )
