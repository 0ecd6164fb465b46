"""The JSON of lists: each inside an object, with the cursor of its next page; null at the end."""

# Annotations are evaluated here: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import Field

from groundswell.schemas.hubs import ClaimAnswer
from groundswell.schemas.state import Model
from groundswell.schemas.stories import StorySummary

NEXT = Field(description="Cursor of the next page, to be given back as it is; null at the end.")


class StoryList(Model):
    stories: list[StorySummary]
    next: str | None = NEXT


class SearchAnswer(StoryList):
    query: str
    claims: list[ClaimAnswer] = Field(
        description="As they stand now, at most `limit`: on the first page, and not in a search as of a past day."
    )


class ListedArticle(Model):
    id: str
    story: str = Field(description="Id of its story.")
    title: str
    publisher: str
    url: str | None
    published_at: dt.datetime | None = Field(description="The publisher's word.")
    first_seen_at: dt.datetime = Field(description="Our own clock.")
    day_only: bool = Field(description="Whether published_at names a day without a time.")
    origin: str


class ArticleList(Model):
    """Articles, last arrivals first."""

    articles: list[ListedArticle]
    next: str | None = NEXT


class SeriesOut(Model):
    id: str
    measure: str
    frequency: str
    source: str
    revised: bool = Field(description="Whether it is kept in its latest vintage only.")
    first: dt.date
    last: dt.date
    n: int


class SeriesList(Model):
    as_of: dt.date | None
    series: list[SeriesOut]


class ObservationOut(Model):
    date: dt.date
    value: float
    known_at: dt.datetime


class ObservationList(Model):
    """Values by date, oldest first: total returns and prices in their own base, rates in percent."""

    series: SeriesOut
    as_of: dt.date | None
    observations: list[ObservationOut]
    next: str | None = NEXT


class MarketEventOut(Model):
    date: dt.date
    known: dt.date = Field(description="The day from which one could know that it is one.")
    scheduled: bool


class EventListOut(Model):
    name: str
    title: str
    rule: str


class EventLists(Model):
    lists: list[EventListOut]


class EventAnswer(EventListOut):
    as_of: dt.date | None
    events: list[MarketEventOut] = Field(description="Oldest first.")
