"""What pages say to machines in the words of schema.org, as JSON-LD.

A block of data: browsers do not run it, so the page's policy need not allow scripts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup

from groundswell.model import Article, Evaluation, Verdict
from groundswell.pages.hub import HubPage
from groundswell.pages.models import ClaimPage, IndexPage, StoryPage
from groundswell.schemas import pages as page_schemas
from groundswell.schemas.addresses import (
    SEARCH_TEMPLATE,
    Site,
    path_of_api,
    path_of_claim,
    path_of_claim_rows,
    path_of_claims,
    path_of_hub,
    path_of_index,
    path_of_story,
)
from groundswell.web import formats

Node = dict[str, Any]

RATINGS = {Verdict.REFUTED: 1, Verdict.INCONCLUSIVE: 3, Verdict.SUPPORTED: 5}  # of 1 to 5; other verdicts rate nothing
_BREAKERS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}  # could end the block or the string


def block(*nodes: Node) -> Markup:
    """The nodes as the content of a ``script`` element of type ``application/ld+json``, whatever texts they hold."""
    written = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, default=str)
    return Markup(written.translate(_BREAKERS))  # noqa: S704  (no sign is left that could end the element)


def index(page: IndexPage, site: Site) -> Markup:
    """The site with its search, and its hubs."""
    home = site.url(path_of_index())
    find = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": site.url(SEARCH_TEMPLATE)},
        "query-input": "required name=search_term_string",
    }
    pages = [(card.hub.title, site.url(path_of_hub(card.hub.slug))) for card in page.cards]
    return block(
        {"@type": "WebSite", "@id": f"{home}#site", "url": home, "name": "Groundswell", "potentialAction": find},
        {"@type": "CollectionPage", "@id": home, "url": home, "name": "Hubs", "mainEntity": _list(pages)},
    )


def hub(page: HubPage, site: Site) -> Markup:
    """A hub: its stories, its questions with their answers as filled in, and what its claims came to as data."""
    spec, url = page.hub, site.url(path_of_hub(page.hub.slug))
    collection: Node = {
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": spec.title,
        "description": spec.summary,
        "inLanguage": "en",
        "dateModified": max([page.day, *(story.last_at.date() for story in page.stories)]),
        "isPartOf": {"@id": f"{site.url(path_of_index())}#site"},
        "mainEntity": _list((story.headline, site.url(path_of_story(story.id))) for story in page.stories),
    }
    by_id = {found.id: found for found in page.evaluations}
    questions = [
        {
            "@type": "Question",
            "name": asked.question,
            "acceptedAnswer": {"@type": "Answer", "text": page_schemas.plain_answer(asked.answer, by_id)},
        }
        for asked in spec.questions
    ]
    faq: Node = {"@type": "FAQPage", "@id": f"{url}#questions", "url": f"{url}#questions", "mainEntity": questions}
    nodes: list[Node] = [collection, *([faq] if questions else [])]
    if page.evaluations:
        title = f"{spec.title}: claims and their evidence"
        text = "Each claim with its verdict, estimate, events and sources."
        forms = [("application/json", site.url(path_of_api(path_of_claims(spec.slug))))]
        nodes.append(_dataset(title, text, url, forms, page.evaluations))
    return block(*nodes)


def story(page: StoryPage, site: Site) -> Markup:
    """A story as an aggregate: what it says is in the articles that it is based on."""
    told = page.story
    url = site.url(path_of_story(told.id))
    names = (*page.facets.organisations, *page.facets.places)
    node = {
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": told.headline,
        "datePublished": _at(told.first_at, told.day_only),
        "dateModified": _at(told.last_at, told.day_only),
        "author": _publisher(site),
        "publisher": _publisher(site),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "isBasedOn": [_source(member.article) for member in told.members],
        "about": [{"@type": "Thing", "name": one.name} for one in names],
    }
    if page.facets.summary:
        node["abstract"] = " ".join(formats.sentence(one.text) for one in page.facets.summary)
    return block(node)


def claim(page: ClaimPage, site: Site) -> Markup:
    """A claim as a review of it, and the rows it was measured on."""
    found = page.evaluation
    path = path_of_claim(found.hub, found.id)
    url = site.url(path)
    rating: Node = {"@type": "Rating", "alternateName": found.verdict.value, "bestRating": 5, "worstRating": 1}
    if found.verdict in RATINGS:
        rating["ratingValue"] = RATINGS[found.verdict]
    review = {
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "claimReviewed": found.text,
        "datePublished": found.as_of,
        "author": _publisher(site),
        "reviewBody": formats.sentence(found.reason),
        "reviewRating": rating,
        "itemReviewed": {"@type": "Claim", "text": found.text, "appearance": site.url(path_of_hub(found.hub))},
    }
    rows = path_of_claim_rows(found.hub, found.id)
    forms = [("text/csv", site.url(rows)), ("application/json", site.url(path_of_api(path)))]
    title = f"{page.hub.title}, claim {found.id}: rows of the measurement"
    return block(review, *([_dataset(title, found.text, url, forms, [found])] if found.events else []))


def _list(pages: Iterable[tuple[str, str]]) -> Node:
    items = [
        {"@type": "ListItem", "position": place, "name": name, "url": url} for place, (name, url) in enumerate(pages, 1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def _dataset(name: str, text: str, url: str, forms: Iterable[tuple[str, str]], found: Iterable[Evaluation]) -> Node:
    """Measured rows to be had in several forms; the span is that of the events behind them."""
    measured = tuple(found)
    days = [day for one in measured for event in one.events for day in (event.start, event.end)]
    node: Node = {
        "@type": "Dataset",
        "@id": f"{url}#data",
        "name": name,
        "description": text,
        "url": url,
        "dateModified": max(one.as_of for one in measured),
        "isBasedOn": sorted({f"{use.series}, {use.source}" for one in measured for use in one.sources}),
        "distribution": [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": at} for kind, at in forms],
    }
    return node | ({"temporalCoverage": f"{min(days)}/{max(days)}"} if days else {})


def _source(article: Article) -> Node:
    node: Node = {
        "@type": "CreativeWork",
        "headline": article.title,
        "datePublished": _at(article.at, article.day_only),
        "publisher": {"@type": "Organization", "name": article.publisher},
    }
    return node | ({"url": article.url} if formats.is_web_address(article.url) else {})


def _at(instant: datetime, day_only: bool) -> str:
    return (instant.date() if day_only else instant).isoformat()


def _publisher(site: Site) -> Node:
    return {"@type": "Organization", "name": "Groundswell", "url": site.url(path_of_index())}
