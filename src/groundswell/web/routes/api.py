"""The JSON routes, below ``/api/v1``. Lists always stand inside an object."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from typing import Annotated, Any

from fastapi import APIRouter, Query

from groundswell.schemas import hubs as hub_schemas
from groundswell.schemas import pages as page_schemas
from groundswell.schemas import stories as story_schemas
from groundswell.schemas.addresses import API_PREFIX
from groundswell.web.dependencies import NO_PAST_DATES, AsOfDep, BackendDep, SiteDep
from groundswell.web.html.methodology import Methodology, build_methodology

FAILURES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": hub_schemas.ErrorAnswer, "description": "Unknown thing (404) or wrong request (400)."}
}
router = APIRouter(prefix=API_PREFIX, responses=FAILURES)

Limit = Annotated[int, Query(ge=1, le=1000, description="How many stories to list, newest first.")]

OfHub = Annotated[str | None, Query(description="The slug of a hub; all hubs unless given.")]


@router.get("/hubs", summary="All hubs", tags=["hubs"])
def list_hubs(hubs: BackendDep, site: SiteDep, as_of: AsOfDep) -> hub_schemas.HubList:
    return page_schemas.index(hubs.index_page(as_of), site)


@router.get("/hubs/{slug}", summary="One hub", tags=["hubs"])
def get_hub(slug: str, hubs: BackendDep, site: SiteDep, as_of: AsOfDep, limit: Limit = 50) -> hub_schemas.HubAnswer:
    return page_schemas.hub(hubs.hub_page(slug, as_of, limit), site)


@router.get("/stories/{story_id}", summary="One story", tags=["stories"])
def get_story(story_id: str, hubs: BackendDep, site: SiteDep, as_of: AsOfDep) -> story_schemas.StoryAnswer:
    return page_schemas.story(hubs.story_page(story_id, as_of), site)


@router.get("/claims/{hub}", summary="All claims of a hub", tags=["claims"])
def list_claims(hub: str, hubs: BackendDep, as_of: AsOfDep) -> hub_schemas.ClaimList:
    return page_schemas.claims(hubs.hub_page(hub, as_of, 1))


@router.get("/claims/{hub}/{claim_id}", summary="One claim", tags=["claims"])
def get_claim(hub: str, claim_id: str, hubs: BackendDep, as_of: AsOfDep) -> hub_schemas.ClaimDetail:
    return page_schemas.claim_detail(hubs.claim_page(hub, claim_id, as_of))


@router.get("/verdict-changes", summary="Changes of verdicts", tags=["claims"])
def list_verdict_changes(hubs: BackendDep, as_of: AsOfDep, hub: OfHub = None) -> hub_schemas.VerdictChangeList:
    return page_schemas.verdict_changes(hubs.verdict_changes(hub, as_of=as_of))


@router.get("/status", summary="Feeds and data sources", tags=["status"], dependencies=NO_PAST_DATES)
def get_status(hubs: BackendDep) -> hub_schemas.StatusAnswer:
    return page_schemas.status(hubs.status_page())


@router.get("/methodology", summary="How verdicts, readings, stories and tags are produced", tags=["status"])
def get_methodology() -> Methodology:
    return build_methodology()
