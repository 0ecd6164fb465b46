"""Structured data of pages for search engines: JSON-LD with the vocabulary of schema.org.

Browsers do not run such a block of data, so the content security policy need not allow scripts.
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
from groundswell.wording.verdicts import write_verdict, write_votes

Node = dict[str, Any]

RATINGS = {
    Verdict.REFUTED: 1,
    Verdict.INCONCLUSIVE: 3,
    Verdict.SUPPORTED: 5,
}  # of 1 to 5; other verdicts have no rating
_ESCAPES = {
    ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"
}  # characters that could end the block or a string


def write_block(*nodes: Node) -> Markup:
    """Write the nodes as the content of a ``script`` element of type ``application/ld+json``, safe for any text."""
    text = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, default=str)
    return Markup(text.translate(_ESCAPES))  # noqa: S704  (no character is left that could end the element)


def describe_index(page: IndexPage, site: Site) -> Markup:
    """Describe the site with its search, and its hubs."""
    home = site.url(path_of_index())
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": site.url(SEARCH_TEMPLATE)},
        "query-input": "required name=search_term_string",
    }
    pages = [(card.hub.title, site.url(path_of_hub(card.hub.slug))) for card in page.cards]
    return write_block(
        {"@type": "WebSite", "@id": f"{home}#site", "url": home, "name": "Groundswell", "potentialAction": search},
        {"@type": "CollectionPage", "@id": home, "url": home, "name": "Hubs", "mainEntity": _build_list(pages)},
    )


def describe_hub(page: HubPage, site: Site) -> Markup:
    """Describe a hub: its stories, its questions and answers, and the results of its claims as a data set."""
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
        "mainEntity": _build_list((story.headline, site.url(path_of_story(story.id))) for story in page.stories),
    }
    by_id = {evaluation.id: evaluation for evaluation in page.evaluations}
    questions = [
        {
            "@type": "Question",
            "name": question.question,
            "acceptedAnswer": {"@type": "Answer", "text": page_schemas.write_plain_answer(question.answer, by_id)},
        }
        for question in spec.questions
    ]
    faq: Node = {"@type": "FAQPage", "@id": f"{url}#questions", "url": f"{url}#questions", "mainEntity": questions}
    nodes: list[Node] = [collection, *([faq] if questions else [])]
    if page.evaluations:
        title = f"{spec.title}: claims and their evidence"
        text = "Each claim with its verdict, estimate, events and sources."
        forms = [("application/json", site.url(path_of_api(path_of_claims(spec.slug))))]
        nodes.append(_build_dataset(title, text, url, forms, page.evaluations))
    return write_block(*nodes)


def describe_story(page: StoryPage, site: Site) -> Markup:
    """Describe a story as an aggregate of the articles that it is based on."""
    story = page.story
    url = site.url(path_of_story(story.id))
    names = (*page.facets.organisations, *page.facets.places)
    node = {
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": story.headline,
        "datePublished": _format_time(story.first_at, story.day_only),
        "dateModified": _format_time(story.last_at, story.day_only),
        "author": _build_publisher(site),
        "publisher": _build_publisher(site),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "isBasedOn": [_describe_article(member.article) for member in story.members],
        "about": [{"@type": "Thing", "name": mention.name} for mention in names],
    }
    if page.facets.summary:
        node["abstract"] = " ".join(formats.write_sentence(sentence.text) for sentence in page.facets.summary)
    return write_block(node)


def describe_claim_review(page: ClaimPage, site: Site) -> Markup:
    """Describe a claim as a review, and the rows of its measurement as a data set."""
    evaluation = page.evaluation
    path = path_of_claim(evaluation.hub, evaluation.id)
    url = site.url(path)
    rating: Node = {"@type": "Rating", "alternateName": write_verdict(evaluation), "bestRating": 5, "worstRating": 1}
    if evaluation.verdict in RATINGS and not evaluation.stand_in:  # a stand-in rates no claim
        rating["ratingValue"] = RATINGS[evaluation.verdict]
    votes = write_votes(evaluation.readings_judged)
    review = {
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "claimReviewed": evaluation.text,
        "datePublished": evaluation.as_of,
        "author": _build_publisher(site),
        "reviewBody": " ".join(formats.write_sentence(text) for text in (evaluation.reason, votes) if text),
        "reviewRating": rating,
        "itemReviewed": {
            "@type": "Claim",
            "text": evaluation.text,
            "appearance": site.url(path_of_hub(evaluation.hub)),
        },
    }
    rows = path_of_claim_rows(evaluation.hub, evaluation.id)
    forms = [("text/csv", site.url(rows)), ("application/json", site.url(path_of_api(path)))]
    title = f"{page.hub.title}, claim {evaluation.id}: rows of the measurement"
    return write_block(
        review, *([_build_dataset(title, evaluation.text, url, forms, [evaluation])] if evaluation.events else [])
    )


def _build_list(pages: Iterable[tuple[str, str]]) -> Node:
    items = [
        {"@type": "ListItem", "position": position, "name": name, "url": url}
        for position, (name, url) in enumerate(pages, 1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def _build_dataset(
    name: str, text: str, url: str, forms: Iterable[tuple[str, str]], evaluations: Iterable[Evaluation]
) -> Node:
    """Describe measured rows as a data set with its downloads; its time span is that of the events."""
    measured = tuple(evaluations)
    days = [day for evaluation in measured for event in evaluation.events for day in (event.start, event.end)]
    node: Node = {
        "@type": "Dataset",
        "@id": f"{url}#data",
        "name": name,
        "description": text,
        "url": url,
        "dateModified": max(evaluation.as_of for evaluation in measured),
        "isBasedOn": sorted({f"{use.series}, {use.source}" for evaluation in measured for use in evaluation.sources}),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address} for kind, address in forms
        ],
    }
    return node | ({"temporalCoverage": f"{min(days)}/{max(days)}"} if days else {})


def _describe_article(article: Article) -> Node:
    node: Node = {
        "@type": "CreativeWork",
        "headline": article.title,
        "datePublished": _format_time(article.at, article.day_only),
        "publisher": {"@type": "Organization", "name": article.publisher},
    }
    return node | ({"url": article.url} if formats.is_web_address(article.url) else {})


def _format_time(instant: datetime, day_only: bool) -> str:
    return (instant.date() if day_only else instant).isoformat()


def _build_publisher(site: Site) -> Node:
    return {"@type": "Organization", "name": "Groundswell", "url": site.url(path_of_index())}
