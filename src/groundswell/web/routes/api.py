"""The JSON routes below ``/api/v1`` that answer with the content of a page. Lists always stand inside an object."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from typing import Annotated, Any

from fastapi import APIRouter, Query

from groundswell.claims.registry import ESTIMANDS
from groundswell.feeds.public_addresses import publish_feeds
from groundswell.schemas import claims as claim_schemas
from groundswell.schemas import data as data_schemas
from groundswell.schemas import feeds as feed_schemas
from groundswell.schemas import hubs as hub_schemas
from groundswell.schemas import ledger as ledger_schemas
from groundswell.schemas import pages as page_schemas
from groundswell.schemas import status as status_schemas
from groundswell.schemas import stories as story_schemas
from groundswell.schemas.addresses import API_PREFIX
from groundswell.schemas.base import ErrorAnswer
from groundswell.schemas.methodology import Methodology
from groundswell.web.dependencies import NO_PAST_DATES, AsOfDep, BackendDep, SiteDep, parse_day_parameter
from groundswell.web.html.methodology import build_methodology

FAILURES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorAnswer, "description": "Not found (404), a wrong request (400), or too many of them (429)."}
}
router = APIRouter(prefix=API_PREFIX, responses=FAILURES)

StoryLimit = Annotated[int, Query(ge=1, le=1000, description="The number of stories to list, newest first.")]
HubFilter = Annotated[str | None, Query(description="The slug of a hub; all hubs if left out.")]
OneHub = Annotated[str, Query(description="The slug of a hub.", examples=["small-caps"])]
FirstDay = Annotated[str | None, Query(alias="from", description="First day, YYYY-MM-DD.")]
LastDay = Annotated[str | None, Query(alias="to", description="Last day, YYYY-MM-DD.")]


@router.get("/hubs", summary="All hubs", tags=["hubs"])
def list_hubs(hubs: BackendDep, site: SiteDep, as_of: AsOfDep) -> hub_schemas.HubList:
    return hub_schemas.build_hub_list(hubs.index_page(as_of), site)


@router.get("/hubs/{slug}", summary="One hub", tags=["hubs"])
def get_hub(slug: str, hubs: BackendDep, site: SiteDep, as_of: AsOfDep, limit: StoryLimit = 50) -> hub_schemas.HubOut:
    return page_schemas.build_hub(hubs.hub_page(slug, as_of, limit), site, hub_schemas.map_hub_titles(hubs.hubs()))


@router.get("/stories/{story_id}", summary="One story", tags=["stories"])
def get_story(story_id: str, hubs: BackendDep, site: SiteDep, as_of: AsOfDep) -> story_schemas.StoryOut:
    return story_schemas.build_story(hubs.story_page(story_id, as_of), site)


@router.get("/claims/{hub}", summary="All claims of a hub", tags=["claims"])
def list_claims(hub: str, hubs: BackendDep, as_of: AsOfDep) -> claim_schemas.ClaimList:
    page = hubs.hub_page(hub, as_of, 1)
    return claim_schemas.build_claim_list(page.hub.slug, page.day, page.evaluations)


@router.get("/claims/{hub}/{claim_id}", summary="One claim", tags=["claims"])
def get_claim(hub: str, claim_id: str, hubs: BackendDep, as_of: AsOfDep) -> claim_schemas.ClaimDetail:
    page = hubs.claim_page(hub, claim_id, as_of)
    return claim_schemas.build_claim_detail(page.evaluation, page.verdict_changes)


@router.get("/verdict-changes", summary="Changes of verdicts", tags=["claims"])
def list_verdict_changes(hubs: BackendDep, as_of: AsOfDep, hub: HubFilter = None) -> claim_schemas.VerdictChangeList:
    return claim_schemas.build_verdict_change_list(hubs.verdict_changes(hub, as_of=as_of))


@router.get("/verdict-history", summary="Recorded verdicts of a hub's claims", tags=["claims"])
def get_verdict_history(
    hub: OneHub, *, hubs: BackendDep, as_of: AsOfDep, first: FirstDay = None, last: LastDay = None
) -> claim_schemas.VerdictHistory:
    since, until = parse_day_parameter(first, "from"), parse_day_parameter(last, "to")
    evaluations = hubs.hub_page(hub, as_of, 1).evaluations
    changes = hubs.verdict_changes(hub, as_of=as_of)
    return claim_schemas.build_verdict_history(hub, evaluations, changes, first=since, last=until)


@router.get("/forecasts", summary="Forecasts of events, and how they turned out", tags=["claims"])
def list_forecasts(hubs: BackendDep, as_of: AsOfDep, hub: HubFilter = None) -> ledger_schemas.ForecastList:
    return ledger_schemas.build_forecast_list(hubs.forecasts(hub, as_of))


@router.get("/estimands", summary="What claims can be measured by", tags=["claims"])
def list_estimands() -> claim_schemas.EstimandList:
    return claim_schemas.build_estimand_list(ESTIMANDS.values())


@router.get("/status", summary="Feeds and data services", tags=["status"], dependencies=NO_PAST_DATES)
def get_status(hubs: BackendDep) -> status_schemas.StatusOut:
    return status_schemas.build_status(hubs.status_page(), publish_feeds(hubs.feeds()))


@router.get("/feeds", summary="Feeds and their last requests", tags=["status"], dependencies=NO_PAST_DATES)
def list_feeds(hubs: BackendDep) -> feed_schemas.FeedList:
    states = {state.name: state for state in hubs.status_page().feeds}
    return feed_schemas.build_feed_list(publish_feeds(hubs.feeds()), states)


@router.get("/data", summary="Stored series and data services", tags=["status"], dependencies=NO_PAST_DATES)
def get_data_status(hubs: BackendDep) -> data_schemas.DataStatus:
    return data_schemas.build_data_status(hubs.series_status(), hubs.status_page())


@router.get("/methodology", summary="How verdicts, readings, stories and tags are produced", tags=["status"])
def get_methodology() -> Methodology:
    return build_methodology()
