"""The routes of the search page and of a hub's list of stories."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from groundswell.app import find_hub
from groundswell.schemas.addresses import path_of_hub_stories, path_of_search
from groundswell.web import cursors
from groundswell.web.dependencies import AsOfDep, BackendDep
from groundswell.web.html.templating import READ_METHODS, render
from groundswell.web.story_filter import CursorDep, StoryQuery, StoryQueryDep

router = APIRouter(include_in_schema=False)
STORIES_PER_PAGE = 20


@router.api_route("/search", methods=READ_METHODS)
def search(request: Request, query: StoryQueryDep, backend: BackendDep, cursor: CursorDep, as_of: AsOfDep) -> Response:
    results = (
        backend.search(query.build_filter(backend), as_of, cursor, STORIES_PER_PAGE) if query.has_criteria else None
    )
    claims = () if cursor or as_of else backend.search_claims(query.q)
    return render(
        request,
        "search.html",
        query=query,
        hubs=backend.hubs(),
        results=results,
        claims=claims,
        is_first_page=cursor is None,
        as_of=as_of,
        older=_build_next_path(query, path_of_search(), cursors.encode(results.next) if results else None, as_of),
    )


@router.api_route("/hubs/{slug}/stories", methods=READ_METHODS)
def stories(
    request: Request, slug: str, *, query: StoryQueryDep, backend: BackendDep, cursor: CursorDep, as_of: AsOfDep
) -> Response:
    hub = find_hub(backend.hubs(), slug)
    query = replace(query, hub=hub.slug)
    results = backend.search(query.build_filter(backend), as_of, cursor, STORIES_PER_PAGE)
    return render(
        request,
        "hub_stories.html",
        query=query,
        hub=hub,
        results=results,
        is_first_page=cursor is None,
        as_of=as_of,
        older=_build_next_path(query, path_of_hub_stories(hub.slug), cursors.encode(results.next), as_of),
    )


def _build_next_path(query: StoryQuery, path: str, cursor: str | None, as_of: AsOfDep) -> str | None:
    """Return the path of the next page, None on the last page."""
    return query.add_to(path, as_of=as_of, cursor=cursor) if cursor else None
