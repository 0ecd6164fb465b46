"""The JSON of stories."""

# Annotations are evaluated here: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import Field

from groundswell.schemas.state import Model


class TagOut(Model):
    hub: str
    reasons: list[str] = Field(description="Why the story belongs to the hub.")


class EditionOut(Model):
    title: str
    seen_at: dt.datetime = Field(description="When the article was first seen with it.")


class ArticleOut(Model):
    id: str
    title: str
    publisher: str
    url: str | None
    published_at: dt.datetime | None = Field(description="The publisher's word.")
    first_seen_at: dt.datetime = Field(description="Our own clock.")
    day_only: bool = Field(description="Whether published_at names a day without a time.")
    origin: str
    joined_because: list[str]
    earlier_titles: list[EditionOut] = Field(description="Titles it had before, oldest first.")


class StorySummary(Model):
    id: str
    url: str = Field(description="Permanent address.")
    headline: str
    first_at: dt.datetime
    last_at: dt.datetime
    day_only: bool
    publishers: list[str]
    article_count: int
    demonstration: bool
    tags: list[TagOut]


class SentenceOut(Model):
    text: str
    article_id: str
    publisher: str
    url: str | None


class MentionOut(Model):
    name: str
    articles: int = Field(description="How many of the story's articles hold the name.")


class LineageOut(Model):
    at: dt.datetime
    kind: str = Field(description="merge or split")
    source: str = Field(description="The story that the articles left.")
    target: str = Field(description="The story that they came to.")
    articles: int
    reason: str


class MentionedClaimOut(Model):
    """A claim that the story touches."""

    hub: str
    claim: str
    text: str
    verdict: str
    as_of: dt.date
    reason: str = Field(description="What in a headline says so.")


class MoveOut(Model):
    """What an instrument did from the close before the first session; returns are fractions."""

    symbol: str
    name: str
    series: str
    source: str
    day: float
    rank: float | None = Field(description="Share of the 252 daily moves before that were smaller in size.")
    week: float | None = Field(description="Over five sessions; null until they are over.")
    since: float | None
    last: dt.date = Field(description="Last day of its prices, up to which `since` goes.")


class PricesOut(Model):
    session: dt.date = Field(description="The first session that could answer the first report.")
    moves: list[MoveOut]
    missing: list[str] = Field(description="Instruments without a price around that session.")


class StoryAnswer(StorySummary):
    summary: list[SentenceOut] = Field(description="At most three sentences, word for word from the articles named.")
    organisations: list[MentionOut]
    tickers: list[MentionOut]
    places: list[MentionOut]
    independent_publishers: int = Field(description="Publishers with a text of their own; copies count once.")
    momentum: float = Field(description="Arrivals against the story's own past, 0 to 1; a steady flow gives 0.5.")
    status: str = Field(description="emerging, active, fading or closed", examples=["emerging"])
    articles: list[ArticleOut]
    hubs: dict[str, str] = Field(description="Titles of the hubs it belongs to, by slug.")
    lineage: list[LineageOut] = Field(description="Merges and splits that the story took part in, oldest first.")
    claims: list[MentionedClaimOut] = Field(description="Claims that a third of its headlines touch.")
    prices: PricesOut | None = Field(description="Of the hubs' instruments, around the first report.")
    as_of: dt.date | None
