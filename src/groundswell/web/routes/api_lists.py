"""The JSON routes below ``/api/v1`` of searches and of lists that are read page by page."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Cursor
from groundswell.schemas import data as data_schemas
from groundswell.schemas import lists as list_schemas
from groundswell.schemas.addresses import API_PREFIX
from groundswell.schemas.base import fill_schema
from groundswell.schemas.hubs import map_hub_titles
from groundswell.web import cursors
from groundswell.web.dependencies import AsOfDep, BackendDep, SiteDep, parse_day_parameter
from groundswell.web.routes.api import FAILURES, FirstDay, LastDay
from groundswell.web.story_filter import CursorDep, StoryQueryDep

router = APIRouter(prefix=API_PREFIX, responses=FAILURES)

StoriesPerPage = Annotated[int, Query(ge=1, le=100, description="The number of stories of a page.")]
ResultsPerPage = Annotated[
    int,
    Query(ge=1, le=100, description="The number of stories of a page, and the most claims that the first page has."),
]
RowsPerPage = Annotated[int, Query(ge=1, le=1000, description="The number of rows of a page.")]


@router.get("/search", summary="Stories and claims by their words", tags=["search"])
def search(
    *,
    asked: StoryQueryDep,
    hubs: BackendDep,
    site: SiteDep,
    place: CursorDep,
    as_of: AsOfDep,
    limit: ResultsPerPage = 20,
) -> list_schemas.SearchResults:
    results = hubs.search(asked.build_filter(hubs), as_of, place, limit) if asked.has_criteria else None
    stories = list_schemas.build_story_list(
        results.stories if results else (),
        cursors.encode(results.next) if results else None,
        site,
        map_hub_titles(hubs.hubs()),
    )
    claims = () if place or as_of else hubs.search_claims(asked.q, limit)
    return list_schemas.build_search_results(asked.q, stories, claims)


@router.get("/stories", summary="Stories, newest first", tags=["stories"])
def list_stories(
    *,
    asked: StoryQueryDep,
    hubs: BackendDep,
    site: SiteDep,
    place: CursorDep,
    as_of: AsOfDep,
    limit: StoriesPerPage = 20,
) -> list_schemas.StoryList:
    results = hubs.search(asked.build_filter(hubs), as_of, place, limit)
    return list_schemas.build_story_list(
        results.stories, cursors.encode(results.next), site, map_hub_titles(hubs.hubs())
    )


@router.get("/articles", summary="Articles, the last received first", tags=["articles"])
def list_articles(
    hubs: BackendDep, place: CursorDep, as_of: AsOfDep, limit: RowsPerPage = 100
) -> list_schemas.ArticleList:
    results = hubs.articles(as_of, place, limit)
    return list_schemas.build_article_list(results.articles, cursors.encode(results.next))


@router.get("/series", summary="The series that claims use", tags=["numbers"])
def list_series(hubs: BackendDep, as_of: AsOfDep) -> data_schemas.SeriesList:
    return data_schemas.SeriesList(
        as_of=as_of, series=[data_schemas.build_series(series) for series in hubs.series(as_of)]
    )


@router.get("/series/{ident}/observations", summary="Values of a series", tags=["numbers"])
def list_observations(
    ident: str,
    *,
    hubs: BackendDep,
    place: CursorDep,
    as_of: AsOfDep,
    measure: Annotated[str, Query(description="What the values are.", examples=["total return"])] = "total return",
    first: FirstDay = None,
    last: LastDay = None,
    limit: RowsPerPage = 1000,
) -> data_schemas.ObservationList:
    series = hubs.find_series(ident, measure, as_of)
    since, until = parse_day_parameter(first, "from"), parse_day_parameter(last, "to")
    start = 0 if since is None else int(np.searchsorted(series.dates, np.datetime64(since)))
    end = len(series) if until is None else int(np.searchsorted(series.dates, np.datetime64(until), side="right"))
    # Only a new load inserts earlier values; otherwise the number of values already sent is the next page's offset.
    start += place.skip if place else 0
    stop = min(start + limit, end)
    following = Cursor(end, (place.skip if place else 0) + limit) if stop < end else None
    return data_schemas.ObservationList(
        series=data_schemas.build_series(series),
        as_of=as_of,
        observations=data_schemas.build_observations(series, start, stop),
        next=cursors.encode(following),
    )


@router.get("/events", summary="The event lists that claims are measured on", tags=["numbers"])
def list_event_lists() -> data_schemas.EventLists:
    lists = [data_schemas.EventListOut.model_validate(event_list) for event_list in EVENT_LISTS.values()]
    return data_schemas.EventLists(lists=lists)


@router.get("/events/{name}", summary="The dates of an event list", tags=["numbers"])
def list_events(name: str, hubs: BackendDep, as_of: AsOfDep) -> data_schemas.EventDates:
    event_list, events = hubs.event_list(name, as_of)
    return fill_schema(data_schemas.EventDates, event_list, as_of=as_of, events=list(events))
