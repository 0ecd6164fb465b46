"""The routes of pages for people. Useful without scripts: there are none."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
import threading
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from groundswell.claims.reading_axes import choices
from groundswell.claims.readings import count_agreement
from groundswell.hubs.answers import fill_figures
from groundswell.pages.models import ClaimPage
from groundswell.schemas.addresses import path_of_card, path_of_claim, path_of_hub, path_of_index, path_of_story
from groundswell.web.backend import Hubs
from groundswell.web.charts import article_counts, drawing, evidence
from groundswell.web.charts.sparkline import draw_sparkline
from groundswell.web.dependencies import PRESENT, DayGiven, HubsGiven, SiteGiven
from groundswell.web.html import contexts, json_ld
from groundswell.web.html.templating import READ, render
from groundswell.web.metrics import MEDIA_TYPE, write_metrics
from groundswell.web.story_filter import Asked
from groundswell.wording.quality import group_issues

router = APIRouter(include_in_schema=False)
LISTED = 12  # stories on a hub's page until more are asked for
MOST = 1000
PAUSE = 0.2  # seconds

Limit = Annotated[int, Query(ge=1, le=MOST)]


def draw_hub_charts(hubs: Hubs, stop: threading.Event) -> None:
    """Draw the charts of every hub's present page and keep them, so that no reader waits for a first drawing."""
    for spec in hubs.hubs():
        for line in hubs.hub_charts(spec.slug):
            if not stop.is_set():
                drawing.draw_line_chart(line)


def draw_claim_charts(hubs: Hubs, stop: threading.Event) -> None:
    """The same for every claim, once they are evaluated; with pauses, since readers may have come by then."""
    for spec in hubs.hubs():
        for claim_spec in spec.claims:
            if not stop.wait(PAUSE):
                _claim_pictures(hubs.claim_page(spec.slug, claim_spec.id))


@router.api_route("/", methods=READ)
def index(request: Request, hubs: HubsGiven, site: SiteGiven, as_of: DayGiven) -> Response:
    page = hubs.index_page(as_of)
    return render(
        request,
        "index.html",
        page=page,
        metadata=json_ld.describe_index(page, site),
        card=site.url(path_of_card(path_of_index(as_of))),
        as_of=as_of,
    )


@router.api_route("/hubs", methods=READ)
@router.api_route("/claims/{hub}", methods=READ)
def cut_short(as_of: DayGiven, hub: str | None = None) -> Response:
    """The address of a page with its end cut off leads to what lists that page."""
    return RedirectResponse(path_of_hub(hub, as_of) if hub else path_of_index(as_of), 307)


@router.api_route("/hubs/{slug}", methods=READ)
def hub(
    request: Request, slug: str, *, hubs: HubsGiven, site: SiteGiven, as_of: DayGiven, limit: Limit = LISTED
) -> Response:
    page = hubs.hub_page(slug, as_of, limit)
    by_id = {found.id: found for found in page.evaluations}
    return render(
        request,
        "hub.html",
        page=page,
        metadata=json_ld.describe_hub(page, site),
        card=site.url(path_of_card(path_of_hub(slug, as_of))),
        gauges=[(gauge, draw_sparkline(gauge)) for gauge in page.state.gauges] if page.state else [],
        cases=contexts.group_claims(page),
        answers=[(asked.question, fill_figures(asked.answer, by_id)) for asked in page.hub.questions],
        lines=[(line, drawing.draw_line_chart(line), contexts.list_yearly_values(line)) for line in page.lines],
        more=min(limit + 50, MOST),
        asked=Asked(hub=slug),
        as_of=as_of,
    )


@router.api_route("/stories/{story_id}", methods=READ)
def story(request: Request, story_id: str, hubs: HubsGiven, site: SiteGiven, as_of: DayGiven) -> Response:
    page = hubs.story_page(story_id, as_of)
    if page.story.id != story_id:  # it was merged; its address leads on for ever
        return RedirectResponse(path_of_story(page.story.id, as_of), 301)
    counts = article_counts.count_articles(page.story)
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


@router.api_route("/claims/{hub}/{claim_id}", methods=READ)
def claim(request: Request, hub: str, claim_id: str, *, hubs: HubsGiven, site: SiteGiven, as_of: DayGiven) -> Response:
    page = hubs.claim_page(hub, claim_id, as_of)
    return render(
        request,
        "claim.html",
        page=page,
        metadata=json_ld.describe_claim(page, site),
        card=site.url(path_of_card(path_of_claim(hub, claim_id, as_of))),
        affecting_issues=contexts.group_affecting_issues(page.evaluation),
        as_of=as_of,
        **_claim_pictures(page),
    )


def _claim_pictures(page: ClaimPage) -> dict[str, Any]:
    """The pictures of a claim's page with what each shows in words and in rows; empty where there is none."""
    found = page.evaluation
    claimed = page.claim.measure.range if page.claim.measure else None
    agreement = count_agreement(found)
    finding = evidence.describe_curve(found, agreement) if agreement.estimated else ""
    return {
        "claimed": claimed,
        "chart": drawing.draw_events_chart(found, claimed) if found.events else "",
        "events_finding": drawing.describe_events(found) if found.events else "",
        "agreement": agreement,
        "finding": finding,
        "curve": evidence.draw_curve(found, choices(page.claim), finding),
        "fan": evidence.draw_fan(found, page.fan) if page.fan else "",
        "fan_finding": evidence.describe_fan(page.fan) if page.fan else "",
        "fan_rows": evidence.list_fan_rows(page.fan) if page.fan else (),
        "rolling": evidence.draw_rolling(found, page.rolling) if page.rolling else "",
        "rolling_finding": evidence.describe_rolling(page.rolling, found.unit) if page.rolling else "",
        "rolling_rows": evidence.list_rolling_rows(page.rolling) if page.rolling else (),
    }


@router.api_route("/status", methods=READ, dependencies=PRESENT)
def status(request: Request, hubs: HubsGiven) -> Response:
    page = hubs.status_page()
    return render(request, "status.html", page=page, data_issues=group_issues(page.data_issues))


@router.api_route("/healthz", methods=READ)
def healthz(hubs: HubsGiven) -> Response:
    return PlainTextResponse("ok\n") if hubs.is_healthy() else PlainTextResponse("not healthy\n", 503)


@router.api_route("/metrics", methods=READ)
def metrics(hubs: HubsGiven) -> Response:
    return Response(write_metrics(hubs.status_page()), media_type=MEDIA_TYPE)
