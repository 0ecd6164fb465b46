"""The JSON routes, below ``/api/v1``. Lists always stand inside an object."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from typing import Annotated, Any

from fastapi import APIRouter, Query

from groundswell.web import answers, models, storymodels
from groundswell.web.method import Method, method
from groundswell.web.requests import PRESENT, DayGiven, HubsGiven, SiteGiven

FAILURES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": models.ErrorAnswer, "description": "Unknown thing (404) or wrong request (400)."}
}
router = APIRouter(prefix="/api/v1", responses=FAILURES)

Limit = Annotated[int, Query(ge=1, le=1000, description="How many stories to list, newest first.")]

OfHub = Annotated[str | None, Query(description="The slug of a hub; all hubs unless given.")]


@router.get("/hubs", summary="All hubs", tags=["hubs"])
def list_hubs(hubs: HubsGiven, site: SiteGiven, as_of: DayGiven) -> models.HubList:
    return answers.index(hubs.index_page(as_of), site)


@router.get("/hubs/{slug}", summary="One hub", tags=["hubs"])
def get_hub(slug: str, hubs: HubsGiven, site: SiteGiven, as_of: DayGiven, limit: Limit = 50) -> models.HubAnswer:
    return answers.hub(hubs.hub_page(slug, as_of, limit), site)


@router.get("/stories/{story_id}", summary="One story", tags=["stories"])
def get_story(story_id: str, hubs: HubsGiven, site: SiteGiven, as_of: DayGiven) -> storymodels.StoryAnswer:
    return answers.story(hubs.story_page(story_id, as_of), site)


@router.get("/claims/{hub}", summary="All claims of a hub", tags=["claims"])
def list_claims(hub: str, hubs: HubsGiven, as_of: DayGiven) -> models.ClaimList:
    return answers.claims(hubs.hub_page(hub, as_of, 1))


@router.get("/claims/{hub}/{claim_id}", summary="One claim", tags=["claims"])
def get_claim(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> models.ClaimDetail:
    return answers.claim_detail(hubs.claim_page(hub, claim_id, as_of))


@router.get("/flips", summary="Changes of verdicts", tags=["claims"])
def list_flips(hubs: HubsGiven, as_of: DayGiven, hub: OfHub = None) -> models.FlipList:
    return answers.flips(hubs.flips(hub, as_of=as_of))


@router.get("/status", summary="Feeds and data sources", tags=["status"], dependencies=PRESENT)
def get_status(hubs: HubsGiven) -> models.StatusAnswer:
    return answers.status(hubs.status_page())


@router.get("/methodology", summary="How verdicts, readings, stories and tags are made", tags=["status"])
def get_method() -> Method:
    return method()
