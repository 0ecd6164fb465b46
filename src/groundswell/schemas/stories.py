"""The JSON of stories and their articles."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Mapping, Sequence

from pydantic import Field

from groundswell.model import Article, Basis, Listing, Member, Story
from groundswell.pages.models import MentionedClaim, StoryPage
from groundswell.schemas.addresses import Site, path_of_story
from groundswell.schemas.base import Schema, fill_schema
from groundswell.schemas.robustness import VotesOut


class TagOut(Schema):
    """A hub that a story belongs to."""

    hub: str
    title: str = Field(description="The hub's title.")
    reasons: list[str] = Field(description="Why the story belongs to the hub.")


class TitleVersionOut(Schema):
    title: str
    seen_at: dt.datetime = Field(description="When the article was first seen with this title.")


class SightingOut(Schema):
    """What a feed said of an article, from when it was first seen to say so."""

    listed_by: str = Field(description="The feed's own name.")
    title: str
    publisher: str = Field(description="Who is credited.")
    source: str = Field(description="Who the feed says published it elsewhere, believed or not; may be empty.")
    url: str | None
    published_at: dt.datetime | None
    day_only: bool
    seen_at: dt.datetime
    position: int = Field(description="Place in the feed, from 0.")
    rank: str = Field(description="How much the feed's word counts: owner (of the link), aggregator or other.")
    elected: bool = Field(description="Whether it is the one that is shown.")
    shown_until: dt.datetime | None = Field(description="Until when it was shown, if it no longer is.")


class ArticleOut(Schema):
    id: str
    title: str
    publisher: str
    url: str | None
    published_at: dt.datetime | None = Field(description="As the publisher states it.")
    first_seen_at: dt.datetime = Field(description="By our own clock.")
    day_only: bool = Field(description="Whether published_at names a day without a time.")
    origin: str


class ListedArticle(ArticleOut):
    story: str = Field(description="Id of its story.")


class StoryArticle(ArticleOut):
    joined_because: list[str] = Field(description="Why it joined the story; empty for the article that began it.")
    earlier_titles: list[TitleVersionOut] = Field(
        description="Earlier titles by the feed whose word is shown, oldest first."
    )
    sightings: list[SightingOut] = Field(
        description="What feeds said of it, oldest first; empty if one feed said one thing, which is the article."
    )


class StorySummary(Schema):
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


class SentenceOut(Schema):
    text: str
    article_id: str
    publisher: str
    url: str | None


class MentionOut(Schema):
    name: str
    articles: int = Field(description="The number of the story's articles that contain the name.")


class LineageOut(Schema):
    """A merge or a split of stories."""

    at: dt.datetime
    kind: str = Field(description="merge or split")
    source: str = Field(description="The story that the articles left.")
    target: str = Field(description="The story that they joined.")
    articles: int
    reason: str


class MentionedClaimOut(Schema):
    """A claim that the story mentions."""

    hub: str
    claim: str
    text: str
    verdict: str
    basis: Basis
    readings_judged: VotesOut = Field(description="How the readings vote on the claim.")
    as_of: dt.date
    reason: str = Field(description="The words of a headline that mention it.")


class MoveOut(Schema):
    """The return of an instrument from the close before the first session; returns are fractions."""

    symbol: str
    name: str
    series: str
    source: str
    day: float
    rank: float | None = Field(description="Share of the 252 daily moves before that were smaller in size.")
    week: float | None = Field(description="Over five sessions; null until they are over.")
    since: float | None
    last: dt.date = Field(description="Last day of its prices, at which `since` ends.")


class PricesOut(Schema):
    session: dt.date = Field(description="The first session that could respond to the first report.")
    moves: list[MoveOut]
    missing: list[str] = Field(description="Instruments without a price around that session.")


class StoryOut(StorySummary):
    summary: list[SentenceOut] = Field(description="At most three sentences, word for word from the articles named.")
    organisations: list[MentionOut]
    tickers: list[MentionOut]
    places: list[MentionOut]
    independent_publishers: int = Field(description="Publishers with a text of their own; copies count once.")
    momentum: float = Field(description="Rate of new articles against the story's own past, 0 to 1; 0.5 is steady.")
    status: str = Field(description="emerging, active, fading or closed", examples=["emerging"])
    articles: list[StoryArticle] = Field(description="Oldest first.")
    lineage: list[LineageOut] = Field(description="Merges and splits of the story, oldest first.")
    claims: list[MentionedClaimOut] = Field(description="Claims that at least a third of its headlines mention.")
    prices: PricesOut | None = Field(description="Of the hubs' instruments, around the first report.")
    as_of: dt.date | None


def build_story_summary(story: Story, site: Site, hub_titles: Mapping[str, str]) -> StorySummary:
    """Return a story without its articles. ``hub_titles`` holds the title of each hub by its slug."""
    tags = [fill_schema(TagOut, tag, title=hub_titles.get(tag.hub, tag.hub)) for tag in story.tags]
    return fill_schema(
        StorySummary, story, url=site.url(path_of_story(story.id)), article_count=len(story.members), tags=tags
    )


def build_story(page: StoryPage, site: Site) -> StoryOut:
    """Return a story with its articles."""
    return fill_schema(
        StoryOut,
        build_story_summary(page.story, site, page.hub_titles),
        page.facets,
        page,
        articles=[_build_story_article(member, page.listings) for member in page.story.members],
        claims=[_build_mentioned_claim(mention) for mention in page.mentioned_claims],
    )


def build_listed_article(article: Article, story_id: str) -> ListedArticle:
    """Return an article with the id of its story."""
    return fill_schema(ListedArticle, article, story=story_id)


def _build_story_article(member: Member, listings: Mapping[str, Sequence[Listing]]) -> StoryArticle:
    return fill_schema(
        StoryArticle,
        member.article,
        joined_because=member.assignment.reasons,
        earlier_titles=member.earlier,
        sightings=[_build_sighting(listing) for listing in listings.get(member.article.id, ())],
    )


def _build_sighting(listing: Listing) -> SightingOut:
    return fill_schema(SightingOut, listing.sighting, listing, rank=listing.sighting.rank.name.lower())


def _build_mentioned_claim(mention: MentionedClaim) -> MentionedClaimOut:
    evaluation = mention.evaluation
    return fill_schema(MentionedClaimOut, evaluation, claim=evaluation.id, reason=mention.reason)
