"""Every path of the site, so that no page, feed, file or answer spells one out.

A path starts with ``/``; slugs and ids in it are quoted. ``as_of`` adds the past date that a reader has chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

API_ROOT = "/api/"
API_PREFIX = f"{API_ROOT}v1"
STATIC_ROOT = "/static/"
HEALTH_PATH = "/healthz"
READY_PATH = "/readyz"
METRICS_PATH = "/metrics"
MONITORING_PATHS = (HEALTH_PATH, READY_PATH, METRICS_PATH)
"""Paths that the operator's monitoring polls."""
SEARCH_TEMPLATE = "/search?q={search_term_string}"
"""The address of a search, for programs that fill in the words themselves."""


@dataclass(frozen=True, slots=True)
class Site:
    """The address at which readers reach this program.

    ``base_url`` has no slash at its end. ``websub`` is the address of a WebSub hub, empty where there is none.
    """

    base_url: str
    websub: str = ""

    def url(self, path: str) -> str:
        """Return the absolute address of a path of this site."""
        return self.base_url + path


def with_query(path: str, **parameters: object) -> str:
    """Add parameters to a path. Those that are None or empty are left out."""
    given = {name: str(value) for name, value in parameters.items() if value not in {None, ""}}
    query = urlencode(given, quote_via=quote)
    return f"{path}?{query}" if query else path


# Pages


def path_of_index(as_of: date | None = None) -> str:
    """Return the path of the list of hubs."""
    return with_query("/", as_of=as_of)


def path_of_hub(slug: str, as_of: date | None = None, *, limit: int | None = None) -> str:
    """Return the path of a hub's page. ``limit`` is the number of stories to list."""
    return with_query(_join("hubs", slug), limit=limit, as_of=as_of)


def path_of_hub_stories(slug: str, as_of: date | None = None) -> str:
    """Return the path of the list of all stories of a hub."""
    return with_query(_join("hubs", slug, "stories"), as_of=as_of)


def path_of_story(story_id: str, as_of: date | None = None) -> str:
    """Return the path of a story's page."""
    return with_query(_join("stories", story_id), as_of=as_of)


def path_of_claim(hub: str, claim_id: str, as_of: date | None = None) -> str:
    """Return the path of a claim's page."""
    return with_query(_join("claims", hub, claim_id), as_of=as_of)


def path_of_claims(hub: str, as_of: date | None = None) -> str:
    """Return the path of all claims of a hub. The API lists them; the site redirects to the hub's page."""
    return with_query(_join("claims", hub), as_of=as_of)


def path_of_search(as_of: date | None = None, **question: str) -> str:
    """Return the path of the search page. ``question`` holds the parameters of the search."""
    return with_query("/search", **question, as_of=as_of)


def path_of_status() -> str:
    """Return the path of the page on feeds and data services."""
    return "/status"


def path_of_forecasts(as_of: date | None = None) -> str:
    """Return the path of the page on the forecasts of events, and how they turned out."""
    return with_query("/forecasts", as_of=as_of)


def path_of_methodology() -> str:
    """Return the path of the page on how verdicts and stories are made."""
    return "/methodology"


def path_of_demo() -> str:
    """Return the path of the page with invented headlines."""
    return "/demo"


# Files of a page


def path_of_json(page: str) -> str:
    """Return the path of a page's JSON: the page's own path with ``.json`` at its end."""
    return _extend("/index" if page.partition("?")[0] == "/" else page, ".json", page)


def path_of_card(page: str) -> str:
    """Return the path of a page's social card."""
    return _extend("" if page.partition("?")[0] == "/" else page, "/card.png", page)


def path_of_api(page: str) -> str:
    """Return the path of the API's answer with the same content as a page."""
    return API_PREFIX + (_extend("/hubs", "", page) if page.partition("?")[0] == "/" else page)


def path_of_claim_rows(hub: str, claim_id: str, as_of: date | None = None) -> str:
    """Return the path of the rows of all readings of a claim, as CSV."""
    return _extend(path_of_claim(hub, claim_id), ".csv", path_of_claim(hub, claim_id, as_of))


def path_of_claim_bundle(hub: str, claim_id: str, as_of: date | None = None) -> str:
    """Return the path of the bundle that computes the figure of a claim again."""
    return _extend(path_of_claim(hub, claim_id), "/bundle.zip", path_of_claim(hub, claim_id, as_of))


def path_of_claim_series(hub: str, claim_id: str, as_of: date | None = None) -> str:
    """Return the path of the values of the series that a claim uses, as CSV."""
    return _extend(path_of_claim(hub, claim_id), ".series.csv", path_of_claim(hub, claim_id, as_of))


def path_of_chart(slug: str, chart: str, suffix: str, as_of: date | None = None) -> str:
    """Return the path of a file of a chart: its values (``csv``), picture (``png``) or specification (``vl.json``)."""
    return with_query(f"{_join('hubs', slug, 'charts', chart)}.{suffix}", as_of=as_of)


# Feeds


def path_of_feed(suffix: str, slug: str | None = None, before: int | None = None) -> str:
    """Return the path of the feed of stories, of a hub or of all: ``atom`` or ``json``.

    ``before`` is the number of the article before which an archive ends.
    """
    return with_query(f"{_join('hubs', slug) if slug else ''}/feed.{suffix}", before=before)


def path_of_verdict_feed(suffix: str, slug: str | None = None) -> str:
    """Return the path of the feed of changed verdicts, of a hub or of all: ``atom`` or ``json``."""
    return f"{_join('hubs', slug) if slug else ''}/verdicts.{suffix}"


def path_of_opml() -> str:
    """Return the path of the list of feeds in use, as OPML."""
    return "/feeds.opml"


# For programs


def path_of_event_lists() -> str:
    """Return the path of the event lists in the API."""
    return f"{API_PREFIX}/events"


def path_of_story_list(slug: str | None = None) -> str:
    """Return the path of the list of stories in the API, of a hub or of all."""
    return with_query(f"{API_PREFIX}/stories", hub=slug)


def path_of_openapi() -> str:
    """Return the path of the description of the API."""
    return "/openapi.json"


def path_of_sitemap(part: str | None = None) -> str:
    """Return the path of the index of sitemaps, or of one of them: ``pages``, ``news`` or ``stories-1``."""
    return f"{_join('sitemaps', part)}.xml" if part else "/sitemap.xml"


def path_of_static(name: str, version: str | None = None) -> str:
    """Return the path of a file that is served as it is. ``version`` changes with its content."""
    return with_query(_join("static", name), v=version)


def _join(*parts: str) -> str:
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _extend(path: str, suffix: str, page: str) -> str:
    """Put a suffix behind a path, before the query that ``page`` has."""
    query = page.partition("?")[2]
    return path.partition("?")[0] + suffix + (f"?{query}" if query else "")
