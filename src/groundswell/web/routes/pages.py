"""The routes of the pages. They use no scripts."""

# No postponed annotations: FastAPI reads them when the routes are defined.
import threading
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from groundswell.claims.reading_axes import compare_readings
from groundswell.claims.readings import count_agreement
from groundswell.hubs.answers import fill_figures
from groundswell.pages.models import ClaimPage
from groundswell.schemas.addresses import (
    path_of_card,
    path_of_claim,
    path_of_hub,
    path_of_index,
    path_of_story,
)
from groundswell.web.backend import Backend
from groundswell.web.charts import article_counts, drawing, evidence
from groundswell.web.charts.sparkline import draw_sparkline
from groundswell.web.dependencies import NO_PAST_DATES, AsOfDep, BackendDep, SiteDep
from groundswell.web.html import contexts, json_ld
from groundswell.web.html.templating import READ_METHODS, render
from groundswell.web.story_filter import StoryQuery
from groundswell.wording.quality import group_issues

router = APIRouter(include_in_schema=False)
STORIES_PER_HUB_PAGE = 12  # unless the reader asks for more
MORE_STORIES = 50  # added by each "Show more"
MAX_STORIES_PER_HUB_PAGE = 1000
SECONDS_BETWEEN_CHARTS = 0.2

Limit = Annotated[int, Query(ge=1, le=MAX_STORIES_PER_HUB_PAGE)]


def cache_hub_charts(backend: Backend, stop: threading.Event) -> None:
    """Draw the charts of all hubs into the cache, so that no reader waits for them."""
    for spec in backend.hubs():
        for chart in backend.hub_charts(spec.slug):
            if not stop.is_set():
                drawing.draw_line_chart(chart)


def cache_claim_charts(backend: Backend, stop: threading.Event) -> None:
    """Draw the charts of all claims into the cache, with pauses that leave time for readers' requests."""
    for spec in backend.hubs():
        for claim_spec in spec.claims:
            if not stop.wait(SECONDS_BETWEEN_CHARTS):
                _draw_claim_charts(backend.claim_page(spec.slug, claim_spec.id))


@router.api_route("/", methods=READ_METHODS)
def index(request: Request, backend: BackendDep, site: SiteDep, as_of: AsOfDep) -> Response:
    page = backend.index_page(as_of)
    return render(
        request,
        "index.html",
        page=page,
        onboarding=None if as_of else backend.onboarding(),
        metadata=json_ld.describe_index(page, site),
        card=site.url(path_of_card(path_of_index(as_of))),
        as_of=as_of,
    )


@router.api_route("/hubs", methods=READ_METHODS)
@router.api_route("/claims/{hub}", methods=READ_METHODS)
def redirect_shortened(as_of: AsOfDep, hub: str | None = None) -> Response:
    """Redirect a shortened address to the page that lists what was there."""
    return RedirectResponse(path_of_hub(hub, as_of) if hub else path_of_index(as_of), 307)


@router.api_route("/hubs/{slug}", methods=READ_METHODS)
def hub(
    request: Request,
    slug: str,
    *,
    backend: BackendDep,
    site: SiteDep,
    as_of: AsOfDep,
    limit: Limit = STORIES_PER_HUB_PAGE,
) -> Response:
    page = backend.hub_page(slug, as_of, limit)
    by_id = {evaluation.id: evaluation for evaluation in page.evaluations}
    return render(
        request,
        "hub.html",
        page=page,
        onboarding=None if as_of else backend.onboarding(slug),
        metadata=json_ld.describe_hub(page, site),
        card=site.url(path_of_card(path_of_hub(slug, as_of))),
        gauges=[(gauge, draw_sparkline(gauge)) for gauge in page.state.gauges] if page.state else [],
        claim_groups=contexts.group_claims(page),
        answers=[(question.question, fill_figures(question.answer, by_id)) for question in page.hub.questions],
        charts=[(chart, drawing.draw_line_chart(chart), contexts.list_yearly_values(chart)) for chart in page.charts],
        more=min(limit + MORE_STORIES, MAX_STORIES_PER_HUB_PAGE),
        query=StoryQuery(hub=slug),
        as_of=as_of,
    )


@router.api_route("/stories/{story_id}", methods=READ_METHODS)
def story(request: Request, story_id: str, backend: BackendDep, site: SiteDep, as_of: AsOfDep) -> Response:
    present = backend.find_present_story(story_id, as_of)
    if present != story_id:  # the story was merged, and its address redirects permanently
        return RedirectResponse(path_of_story(present, as_of), 301)
    page = backend.story_page(story_id, as_of)
    counts = article_counts.count_articles_by_step(page.story)
    counts_finding = article_counts.describe_counts(counts, page.story) if counts else ""
    return render(
        request,
        "story.html",
        page=page,
        metadata=json_ld.describe_story(page, site),
        card=site.url(path_of_card(path_of_story(story_id, as_of))),
        days=article_counts.group_by_day(page.story),
        counts_chart=article_counts.draw_counts(counts, counts_finding) if counts else "",
        counts_finding=counts_finding,
        counts_step=article_counts.describe_step(counts) if counts else "",
        as_of=as_of,
    )


@router.api_route("/claims/{hub}/{claim_id}", methods=READ_METHODS)
def claim(request: Request, hub: str, claim_id: str, *, backend: BackendDep, site: SiteDep, as_of: AsOfDep) -> Response:
    page = backend.claim_page(hub, claim_id, as_of)
    return render(
        request,
        "claim.html",
        page=page,
        metadata=json_ld.describe_claim_review(page, site),
        card=site.url(path_of_card(path_of_claim(hub, claim_id, as_of))),
        affecting_issues=contexts.group_affecting_issues(page.evaluation),
        as_of=as_of,
        **_draw_claim_charts(page),
    )


def _draw_claim_charts(page: ClaimPage) -> dict[str, Any]:
    """Draw the charts of a claim's page, each with its finding and its table rows; empty where there is no chart."""
    evaluation = page.evaluation
    claimed = page.claim.measure.range if page.claim.measure else None
    agreement = count_agreement(evaluation)
    finding = evidence.describe_curve(evaluation, agreement) if agreement.estimated else ""
    return {
        "claimed": claimed,
        "chart": drawing.draw_events_chart(evaluation, claimed) if evaluation.events else "",
        "events_finding": drawing.describe_events(evaluation) if evaluation.events else "",
        "agreement": agreement,
        "finding": finding,
        "curve": evidence.draw_curve(evaluation, compare_readings(page.claim), finding),
        "fan": evidence.draw_fan(evaluation, page.fan) if page.fan else "",
        "fan_finding": evidence.describe_fan(page.fan) if page.fan else "",
        "fan_rows": evidence.list_fan_rows(page.fan) if page.fan else (),
        "rolling": evidence.draw_rolling(evaluation, page.rolling) if page.rolling else "",
        "rolling_finding": evidence.describe_rolling(page.rolling, evaluation.unit) if page.rolling else "",
        "rolling_rows": evidence.list_rolling_rows(page.rolling) if page.rolling else (),
    }


@router.api_route("/status", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def status(request: Request, backend: BackendDep) -> Response:
    page = backend.status_page()
    polled = request.app.state.polled
    return render(request, "status.html", page=page, data_issues=group_issues(page.data_issues), polled=polled)
