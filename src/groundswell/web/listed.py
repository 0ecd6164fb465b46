"""The JSON routes of lists, below ``/api/v1``: what is looked for, and all that is kept, page by page."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
import datetime as dt
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from groundswell.markets.events import EVENT_LISTS
from groundswell.types import Article, Place, Series
from groundswell.web import answers, cursors, list_models
from groundswell.web.api import FAILURES
from groundswell.web.filters import AskedGiven, PlaceGiven
from groundswell.web.requests import DayGiven, HubsGiven, SiteGiven, parse_day

router = APIRouter(prefix="/api/v1", responses=FAILURES)

Stories = Annotated[int, Query(ge=1, le=100, description="How many stories a page holds.")]
Found = Annotated[
    int, Query(ge=1, le=100, description="How many stories a page holds, and how many claims at the most stand there.")
]
Rows = Annotated[int, Query(ge=1, le=1000, description="How many rows a page holds.")]
FirstDay = Annotated[str | None, Query(alias="from", description="First day, YYYY-MM-DD.")]
LastDay = Annotated[str | None, Query(alias="to", description="Last day, YYYY-MM-DD.")]


@router.get("/search", summary="Stories and claims by their words", tags=["search"])
def search(
    *, asked: AskedGiven, hubs: HubsGiven, site: SiteGiven, place: PlaceGiven, as_of: DayGiven, limit: Found = 20
) -> list_models.SearchAnswer:
    found = hubs.listings.stories(asked.wanted(hubs), as_of, place, limit) if asked.any else None
    return list_models.SearchAnswer(
        query=asked.q,
        claims=[] if place or as_of else [answers.claim(one) for one in hubs.listings.claims(asked.q, limit)],
        stories=[answers.story_summary(story, site) for story in found.stories] if found else [],
        next=cursors.write(found.next) if found else None,
    )


@router.get("/stories", summary="Stories, newest first", tags=["stories"])
def list_stories(
    *, asked: AskedGiven, hubs: HubsGiven, site: SiteGiven, place: PlaceGiven, as_of: DayGiven, limit: Stories = 20
) -> list_models.StoryList:
    found = hubs.listings.stories(asked.wanted(hubs), as_of, place, limit)
    stories = [answers.story_summary(story, site) for story in found.stories]
    return list_models.StoryList(stories=stories, next=cursors.write(found.next))


@router.get("/articles", summary="Articles, last arrivals first", tags=["articles"])
def list_articles(hubs: HubsGiven, place: PlaceGiven, as_of: DayGiven, limit: Rows = 100) -> list_models.ArticleList:
    found = hubs.listings.articles(as_of, place, limit)
    return list_models.ArticleList(
        articles=[_article(article, story) for article, story in found.articles], next=cursors.write(found.next)
    )


@router.get("/series", summary="The series that claims rest on", tags=["numbers"])
def list_series(hubs: HubsGiven, as_of: DayGiven) -> list_models.SeriesList:
    return list_models.SeriesList(as_of=as_of, series=[_series(one) for one in hubs.listings.series(as_of)])


@router.get("/series/{ident}/observations", summary="Values of a series", tags=["numbers"])
def list_observations(
    ident: str,
    *,
    hubs: HubsGiven,
    place: PlaceGiven,
    as_of: DayGiven,
    measure: Annotated[str, Query(description="What the values are.", examples=["total return"])] = "total return",
    first: FirstDay = None,
    last: LastDay = None,
    limit: Rows = 1000,
) -> list_models.ObservationList:
    series = hubs.listings.one_series(ident, measure, as_of)
    since, until = parse_day(first, "from"), parse_day(last, "to")
    start = 0 if since is None else int(np.searchsorted(series.dates, np.datetime64(since)))
    end = len(series) if until is None else int(np.searchsorted(series.dates, np.datetime64(until), side="right"))
    # A series only grows at its end, save by a new load; a page goes on by the number of values already given.
    start = start + (place.skip if place else 0)
    stop = min(start + limit, end)
    following = Place(end, (place.skip if place else 0) + limit) if stop < end else None
    return list_models.ObservationList(
        series=_series(series), as_of=as_of, observations=_values(series, start, stop), next=cursors.write(following)
    )


@router.get("/events", summary="The lists of events that claims are measured on", tags=["numbers"])
def list_event_lists() -> list_models.EventLists:
    return list_models.EventLists(lists=[list_models.EventListOut.model_validate(one) for one in EVENT_LISTS.values()])


@router.get("/events/{name}", summary="One list of events", tags=["numbers"])
def list_events(name: str, hubs: HubsGiven, as_of: DayGiven) -> list_models.EventAnswer:
    rule, found = hubs.listings.events(name, as_of)
    events = [list_models.MarketEventOut.model_validate(event) for event in found]
    return list_models.EventAnswer(name=rule.name, title=rule.title, rule=rule.rule, as_of=as_of, events=events)


def _article(article: Article, story: str) -> list_models.ListedArticle:
    return list_models.ListedArticle(
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


def _series(series: Series) -> list_models.SeriesOut:
    return list_models.SeriesOut(
        id=series.ref.id,
        measure=series.ref.measure,
        frequency=series.frequency,
        source=series.source,
        revised=series.revised,
        first=series.dates[0].item(),
        last=series.dates[-1].item(),
        n=len(series),
    )


def _values(series: Series, start: int, stop: int) -> list[list_models.ObservationOut]:
    columns = (series.dates, series.values, series.known_at.astype("datetime64[us]"))
    return [
        list_models.ObservationOut(date=day, value=value, known_at=known_at.replace(tzinfo=dt.UTC))
        for day, value, known_at in zip(*(column[start:stop].tolist() for column in columns), strict=True)
    ]
