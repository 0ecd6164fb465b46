"""What each page reads from the store, by its path: the one place that says which changes a page shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from groundswell.errors import UsageError
from groundswell.hubs.spec import HubSpec
from groundswell.model.changes import (
    EVIDENCE,
    NEWS,
    PAST,
    SOURCES,
    name_hub_topic,
    name_story_topic,
)
from groundswell.schemas.addresses import API_PREFIX, MONITORING_PATHS, STATIC_ROOT
from groundswell.web.dependencies import parse_day_parameter

UNCACHED_PREFIXES = (STATIC_ROOT, *MONITORING_PATHS)
MAX_AGE = 60.0
"""Seconds after which a page is made again without a change: the date, a story's momentum and the line on the feeds."""
MAX_AGE_OF_STATUS = 5.0
MAX_AGE_OF_PAST = 600.0
MAX_AGE_OF_TEXT = 86_400.0
TIME_TO_BECOME_PAST = timedelta(days=2)
"""A page as of a day at least so long ago shows none of the articles that arrive now."""

ANYTHING = "any"
"""A topic of pages alone: it changes with every other one."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a page reads.

    A change of ``now`` is shown at once; one of ``later`` once the page is older than ``seconds``, as is what changes
    with time alone. ``ahead`` is whether a page that was read lately is made again before a reader asks for it.
    """

    now: frozenset[str]
    later: frozenset[str] = frozenset()
    seconds: float = MAX_AGE
    ahead: bool = False


_UNKNOWN = Reads(frozenset({ANYTHING}))
_TEXT = Reads(frozenset(), seconds=MAX_AGE_OF_TEXT)
_EVIDENCE = Reads(frozenset({EVIDENCE}), ahead=True)
_FEED = Reads(frozenset({NEWS}), ahead=True)
_LISTS = Reads(frozenset({NEWS, EVIDENCE}))
_STATUS = Reads(frozenset(), frozenset({NEWS, EVIDENCE, SOURCES}), MAX_AGE_OF_STATUS)
_PAST = Reads(frozenset({PAST, EVIDENCE}), frozenset({NEWS, SOURCES}), MAX_AGE_OF_PAST)


class PageReads:
    """Knows what the page at any path reads."""

    def __init__(self, hubs: Iterable[HubSpec]) -> None:
        self.topics_of_related = {
            hub.slug: frozenset(name_hub_topic(slug) for slug in (hub.slug, *hub.related)) for hub in hubs
        }

    def find(self, path: str, query: str) -> Reads | None:
        """Return what the page at a decoded path reads; None if it is not to be kept."""
        if path.startswith(UNCACHED_PREFIXES):
            return None
        if _is_past(query):
            return _PAST
        for pattern, find in _RULES:
            if found := pattern.fullmatch(path):
                reads = find(self, *found.groups())
                return replace(reads, ahead=False) if query else reads
        return _UNKNOWN


def _find_index(reads: PageReads) -> Reads:
    hubs = {name_hub_topic(slug) for slug in reads.topics_of_related}
    return Reads(frozenset({*hubs, EVIDENCE}), frozenset({NEWS, SOURCES}), ahead=True)


def _find_hub(reads: PageReads, slug: str) -> Reads:
    """The line on the feeds, and the news of events, which may be that of related hubs, may be shown later."""
    now = frozenset({name_hub_topic(slug), EVIDENCE})
    return Reads(now, reads.topics_of_related.get(slug, frozenset()) | {NEWS, SOURCES}, ahead=True)


def _find_hub_stories(_reads: PageReads, slug: str) -> Reads:
    return Reads(frozenset({name_hub_topic(slug)}), frozenset({NEWS}))


def _find_story(_reads: PageReads, story_id: str) -> Reads:
    return Reads(frozenset({name_story_topic(story_id), EVIDENCE}), ahead=True)


def _find_claim(reads: PageReads, slug: str) -> Reads:
    """The news of events may be shown later than the numbers."""
    return Reads(frozenset({EVIDENCE}), reads.topics_of_related.get(slug, frozenset()), ahead=True)


def _always(reads: Reads) -> Callable[..., Reads]:
    return lambda *_: reads


_RULES: tuple[tuple[re.Pattern[str], Callable[..., Reads]], ...] = tuple(
    (re.compile(pattern), find)
    for pattern, find in (
        (rf"/|/card\.png|{API_PREFIX}/hubs", _find_index),
        (rf"(?:{API_PREFIX})?/hubs/([^/]+)", _find_hub),
        (r"/hubs/([^/]+)/(?:card\.png|feed\.atom|feed\.json)", _find_hub),
        (r"/hubs/([^/]+)/stories", _find_hub_stories),
        (r"/stories/([^/]+)", _find_story),
        # The page of a story that was merged is a redirect; these show the one that it was merged into.
        (rf"{API_PREFIX}/stories/[^/]+|/stories/[^/]+/card\.png", _always(_LISTS)),
        (rf"(?:{API_PREFIX})?/claims/([^/]+)/[^/]+(?:/card\.png)?", _find_claim),  # and its CSV files
        (r"/claims/[^/]+/[^/]+/bundle\.zip", _always(replace(_EVIDENCE, ahead=False))),  # made when asked for
        (rf"{API_PREFIX}/claims/[^/]+|{API_PREFIX}/verdict-(?:changes|history)", _always(_EVIDENCE)),
        (rf"(?:{API_PREFIX})?/forecasts", _always(_EVIDENCE)),
        (r"/hubs/[^/]+/charts/[^/]+|(?:/hubs/[^/]+)?/verdicts\.(?:atom|json)", _always(_EVIDENCE)),
        (rf"{API_PREFIX}/(?:series|events)(?:/.*)?", _always(_EVIDENCE)),
        (r"/feed\.(?:atom|json)", _always(_FEED)),
        (rf"(?:{API_PREFIX})?/search|{API_PREFIX}/(?:stories|articles)", _always(_LISTS)),
        (r"/sitemap\.xml|/sitemaps/(?:news|stories-\d+)\.xml", _always(_LISTS)),
        (rf"(?:{API_PREFIX})?/status|{API_PREFIX}/(?:feeds|data)|/feeds\.opml", _always(_STATUS)),
        (rf"/sitemaps/pages\.xml|/robots\.txt|/llms\.txt|/style|/openapi\.json|{API_PREFIX}/estimands", _always(_TEXT)),
        (rf"(?:{API_PREFIX})?/methodology|/demo", _always(_TEXT)),
    )
)


def _is_past(query: str) -> bool:
    """Whether a query names one day, so long ago that nothing that arrives now is shown as of it."""
    days = parse_qs(query, keep_blank_values=True).get("as_of", [])
    try:
        day = parse_day_parameter(days[0]) if len(days) == 1 else None
    except UsageError:
        return False
    return day is not None and day <= datetime.now(UTC).date() - TIME_TO_BECOME_PAST
