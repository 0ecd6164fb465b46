"""The routes of pages on which a reader looks for stories and claims."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from fastapi import APIRouter, Request, Response

from groundswell.app import find_hub
from groundswell.schemas.addresses import path_of_hub_stories, path_of_search
from groundswell.web import cursors
from groundswell.web.dependencies import DayGiven, HubsGiven
from groundswell.web.html.templating import READ, render
from groundswell.web.story_filter import Asked, AskedGiven, PlaceGiven

router = APIRouter(include_in_schema=False)
LISTED = 20  # stories a page


@router.api_route("/search", methods=READ)
def search(request: Request, asked: AskedGiven, hubs: HubsGiven, place: PlaceGiven, as_of: DayGiven) -> Response:
    results = hubs.search(asked.wanted(hubs), as_of, place, LISTED) if asked.any else None
    claims = () if place or as_of else hubs.search_claims(asked.q)
    return render(
        request,
        "search.html",
        asked=asked,
        hubs=hubs.hubs(),
        results=results,
        claims=claims,
        first=place is None,
        as_of=as_of,
        older=_older(asked, path_of_search(), cursors.write(results.next) if results else None, as_of),
    )


@router.api_route("/hubs/{slug}/stories", methods=READ)
def stories(
    request: Request, slug: str, *, asked: AskedGiven, hubs: HubsGiven, place: PlaceGiven, as_of: DayGiven
) -> Response:
    hub = find_hub(hubs.hubs(), slug)
    asked = Asked(asked.q, hub.slug, asked.publisher, asked.instrument, asked.since, asked.until)
    results = hubs.search(asked.wanted(hubs), as_of, place, LISTED)
    return render(
        request,
        "hub_stories.html",
        asked=asked,
        hub=hub,
        results=results,
        first=place is None,
        as_of=as_of,
        older=_older(asked, path_of_hub_stories(hub.slug), cursors.write(results.next), as_of),
    )


def _older(asked: Asked, path: str, cursor: str | None, as_of: DayGiven) -> str | None:
    """The path of the next page, None where this is the last."""
    return asked.carry(path, as_of=as_of, cursor=cursor) if cursor else None
