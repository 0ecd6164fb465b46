"""The JSON routes of lists, below ``/api/v1``: what is looked for, and all that is kept, page by page."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
import datetime as dt
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Article, Cursor, Series
from groundswell.schemas import lists as list_schemas
from groundswell.schemas import pages as page_schemas
from groundswell.schemas.addresses import API_PREFIX
from groundswell.web import cursors
from groundswell.web.dependencies import AsOfDep, BackendDep, SiteDep, parse_day
from groundswell.web.routes.api import FAILURES
from groundswell.web.story_filter import CursorDep, StoryQueryDep

router = APIRouter(prefix=API_PREFIX, responses=FAILURES)

Stories = Annotated[int, Query(ge=1, le=100, description="How many stories a page holds.")]
Found = Annotated[
    int, Query(ge=1, le=100, description="How many stories a page holds, and how many claims at the most stand there.")
]
Rows = Annotated[int, Query(ge=1, le=1000, description="How many rows a page holds.")]
FirstDay = Annotated[str | None, Query(alias="from", description="First day, YYYY-MM-DD.")]
LastDay = Annotated[str | None, Query(alias="to", description="Last day, YYYY-MM-DD.")]


@router.get("/search", summary="Stories and claims by their words", tags=["search"])
def search(
    *, asked: StoryQueryDep, hubs: BackendDep, site: SiteDep, place: CursorDep, as_of: AsOfDep, limit: Found = 20
) -> list_schemas.SearchAnswer:
    found = hubs.search(asked.build_filter(hubs), as_of, place, limit) if asked.has_criteria else None
    return list_schemas.SearchAnswer(
        query=asked.q,
        claims=[] if place or as_of else [page_schemas.claim(one) for one in hubs.search_claims(asked.q, limit)],
        stories=[page_schemas.story_summary(story, site) for story in found.stories] if found else [],
        next=cursors.encode(found.next) if found else None,
    )


@router.get("/stories", summary="Stories, newest first", tags=["stories"])
def list_stories(
    *, asked: StoryQueryDep, hubs: BackendDep, site: SiteDep, place: CursorDep, as_of: AsOfDep, limit: Stories = 20
) -> list_schemas.StoryList:
    found = hubs.search(asked.build_filter(hubs), as_of, place, limit)
    stories = [page_schemas.story_summary(story, site) for story in found.stories]
    return list_schemas.StoryList(stories=stories, next=cursors.encode(found.next))


@router.get("/articles", summary="Articles, last arrivals first", tags=["articles"])
def list_articles(hubs: BackendDep, place: CursorDep, as_of: AsOfDep, limit: Rows = 100) -> list_schemas.ArticleList:
    found = hubs.articles(as_of, place, limit)
    return list_schemas.ArticleList(
        articles=[_article(article, story) for article, story in found.articles], next=cursors.encode(found.next)
    )


@router.get("/series", summary="The series that claims rest on", tags=["numbers"])
def list_series(hubs: BackendDep, as_of: AsOfDep) -> list_schemas.SeriesList:
    return list_schemas.SeriesList(as_of=as_of, series=[_series(one) for one in hubs.series(as_of)])


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
    limit: Rows = 1000,
) -> list_schemas.ObservationList:
    series = hubs.find_series(ident, measure, as_of)
    since, until = parse_day(first, "from"), parse_day(last, "to")
    start = 0 if since is None else int(np.searchsorted(series.dates, np.datetime64(since)))
    end = len(series) if until is None else int(np.searchsorted(series.dates, np.datetime64(until), side="right"))
    # A series only grows at its end, save by a new load; a page goes on by the number of values already given.
    start = start + (place.skip if place else 0)
    stop = min(start + limit, end)
    following = Cursor(end, (place.skip if place else 0) + limit) if stop < end else None
    return list_schemas.ObservationList(
        series=_series(series), as_of=as_of, observations=_values(series, start, stop), next=cursors.encode(following)
    )


@router.get("/events", summary="The lists of events that claims are measured on", tags=["numbers"])
def list_event_lists() -> list_schemas.EventLists:
    return list_schemas.EventLists(
        lists=[list_schemas.EventListOut.model_validate(one) for one in EVENT_LISTS.values()]
    )


@router.get("/events/{name}", summary="One list of events", tags=["numbers"])
def list_events(name: str, hubs: BackendDep, as_of: AsOfDep) -> list_schemas.EventAnswer:
    rule, found = hubs.event_list(name, as_of)
    events = [list_schemas.MarketEventOut.model_validate(event) for event in found]
    return list_schemas.EventAnswer(name=rule.name, title=rule.title, rule=rule.rule, as_of=as_of, events=events)


def _article(article: Article, story: str) -> list_schemas.ListedArticle:
    return list_schemas.ListedArticle(
        id=article.id,
        story=story,
        title=article.title,
        publisher=article.publisher,
        url=article.url,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        day_only=article.day_only,
        origin=article.origin,
    )


def _series(series: Series) -> list_schemas.SeriesOut:
    return list_schemas.SeriesOut(
        id=series.ref.id,
        measure=series.ref.measure,
        frequency=series.frequency,
        source=series.source,
        revised=series.revised,
        first=series.dates[0].item(),
        last=series.dates[-1].item(),
        n=len(series),
    )


def _values(series: Series, start: int, stop: int) -> list[list_schemas.ObservationOut]:
    columns = (series.dates, series.values, series.known_at.astype("datetime64[us]"))
    return [
        list_schemas.ObservationOut(date=day, value=value, known_at=known_at.replace(tzinfo=dt.UTC))
        for day, value, known_at in zip(*(column[start:stop].tolist() for column in columns), strict=True)
    ]
