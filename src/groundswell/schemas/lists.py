"""The JSON of lists that are read page by page, and of rows that commands write."""

# No postponed annotations: FastAPI reads them for the documented schema.
from collections.abc import Iterable, Mapping

from pydantic import Field

from groundswell.model import Article, Evaluation, JudgedPair, Story, Tag
from groundswell.schemas.addresses import Site
from groundswell.schemas.base import Schema
from groundswell.schemas.claims import ClaimOut, build_claim
from groundswell.schemas.stories import ListedArticle, StorySummary, build_listed_article, build_story_summary

NEXT = Field(description="Cursor of the next page, to be sent back unchanged; null at the end.")


class StoryList(Schema):
    stories: list[StorySummary]
    next: str | None = NEXT


class SearchResults(StoryList):
    query: str
    claims: list[ClaimOut] = Field(
        description="With their present verdicts, at most `limit`; on the first page only, and not in a search as of a "
        "past day."
    )


class ArticleList(Schema):
    """Articles, the last received first."""

    articles: list[ListedArticle]
    next: str | None = NEXT


class AssignedDocument(Schema):
    """A row of ``groundswell stories cluster``."""

    id: str
    story: str


class JudgedPairOut(Schema):
    """A row of ``groundswell stories pairs``."""

    a: str
    b: str
    score: float
    same: bool


class TaggedHeadline(Schema):
    """A row of ``groundswell hubs tag``."""

    id: str
    hubs: list[str]
    why: dict[str, list[str]]


def build_story_list(
    stories: Iterable[Story], cursor: str | None, site: Site, hub_titles: Mapping[str, str]
) -> StoryList:
    """Return a page of stories; ``cursor`` is that of the next page."""
    return StoryList(stories=[build_story_summary(story, site, hub_titles) for story in stories], next=cursor)


def build_search_results(query: str, stories: StoryList, claims: Iterable[Evaluation]) -> SearchResults:
    """Return a page of stories and the claims that contain the words of a query."""
    return SearchResults(
        query=query,
        claims=[build_claim(evaluation) for evaluation in claims],
        stories=stories.stories,
        next=stories.next,
    )


def build_article_list(articles: Iterable[tuple[Article, str]], cursor: str | None) -> ArticleList:
    """Return a page of articles, each given with the id of its story; ``cursor`` is that of the next page."""
    return ArticleList(
        articles=[build_listed_article(article, story_id) for article, story_id in articles], next=cursor
    )


def build_assigned_document(document_id: str, story_id: str) -> AssignedDocument:
    """Return a document of a file with the id of its story."""
    return AssignedDocument(id=document_id, story=story_id)


def build_judged_pair(pair: JudgedPair) -> JudgedPairOut:
    """Return the judgement whether two documents report the same event."""
    return JudgedPairOut(a=pair.first, b=pair.second, score=pair.score, same=pair.same)


def build_tagged_headline(headline_id: str, tags: Iterable[Tag]) -> TaggedHeadline:
    """Return the hubs that a headline belongs to, and why."""
    why = {tag.hub: list(tag.reasons) for tag in tags}
    return TaggedHeadline(id=headline_id, hubs=list(why), why=why)
