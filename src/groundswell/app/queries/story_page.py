"""The page of a story, now or as of the end of a past day."""

from __future__ import annotations

from datetime import date, datetime

from groundswell.app.queries.claims import read_claims
from groundswell.app.queries.common import PageSource
from groundswell.errors import NotFoundError
from groundswell.hubs.price_reaction import PriceReaction, measure_price_reaction
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Story, list_listings
from groundswell.pages.models import MentionedClaim, StoryPage
from groundswell.storage.news import articles, lineage
from groundswell.stories.compose import compose
from groundswell.stories.profile.facets import build_facets


def find_present_story(source: PageSource, story_id: str, as_of: date | None) -> str:
    """Return the id of the story that a story was merged into; its own if it was not, or if there is no such story.

    Raises ``UsageError``.
    """
    until = source.resolve_instant(as_of)
    with source.store.read() as connection:
        return lineage.find_successor(connection, story_id, until) or story_id


def build_story_page(source: PageSource, story_id: str, as_of: date | None) -> StoryPage:
    """Build the page of a story; of one that was merged, the page of the story it was merged into.

    Raises ``NotFoundError`` and ``UsageError``.
    """
    until = source.resolve_instant(as_of)
    with source.store.read() as connection:
        present = lineage.find_successor(connection, story_id, until) or story_id
        members = articles.read_members(connection, [present], until).get(present)
        repairs = lineage.read_lineage(connection, present, until)
    if not members:
        when = f" as of {as_of}" if as_of else ""
        raise NotFoundError(f"there is no story {story_id!r}{when}; see groundswell stories list HUB")
    story, now = compose(present, members), source.clock()
    return StoryPage(
        story,
        build_facets(story, until or now),
        {hub.slug: hub.title for hub in source.hubs.values()},
        as_of,
        now,
        repairs,
        mentioned_claims=_find_mentioned_claims(source, story, as_of),
        prices=None if story.demonstration else _read_prices(source, story, until),
        listings={one.article.id: list_listings(one.sightings) for one in story.members if one.sightings},
    )


def _find_mentioned_claims(source: PageSource, story: Story, as_of: date | None) -> tuple[MentionedClaim, ...]:
    mentions = source.claim_mentions.find(story)
    claims = {
        (claim.hub, claim.id): claim
        for slug in {mention.hub for mention in mentions}
        for claim in read_claims(source, slug, as_of)
    }
    return tuple(MentionedClaim(claims[mention.hub, mention.claim_id], mention.reason) for mention in mentions)


def _read_prices(source: PageSource, story: Story, until: datetime | None) -> PriceReaction | None:
    """Measure how the instruments of the story's hubs moved around it, from what was known by ``until``.

    Instruments with data issues that withhold verdicts are left out.
    """
    issues = source.evidence.data_issues()
    book = SeriesBook.of(
        series
        for series in source.evidence.book()
        if not any(issue.withholds for issue in issues.get(str(series.ref), ()))
    )
    hubs = [source.hubs[tag.hub] for tag in story.tags if tag.hub in source.hubs]
    return measure_price_reaction(story, hubs, book if until is None else book.known_by(until))
