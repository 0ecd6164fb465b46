"""The routes for crawlers and programs: sitemaps, robots.txt, llms.txt, and the JSON of each page."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from groundswell.errors import NotFoundError
from groundswell.schemas.addresses import (
    API_ROOT,
    path_of_api,
    path_of_claim,
    path_of_forecasts,
    path_of_hub,
    path_of_index,
    path_of_methodology,
    path_of_search,
    path_of_sitemap,
    path_of_status,
    path_of_story,
    path_of_story_list,
)
from groundswell.web.dependencies import BackendDep, SiteDep
from groundswell.web.html.templating import READ_METHODS, get_environment
from groundswell.web.syndication import sitemap

router = APIRouter(include_in_schema=False)
XML_TYPE = "application/xml; charset=utf-8"
STANDALONE_PAGES = (path_of_index(), path_of_status(), path_of_search(), path_of_forecasts(), path_of_methodology())


@router.api_route("/robots.txt", methods=READ_METHODS)
def robots(site: SiteDep) -> Response:
    """Allow crawlers everything except the API and searches, which are unlimited in number."""
    disallowed = (API_ROOT, f"{path_of_search()}?")
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in disallowed), f"Sitemap: {site.url(path_of_sitemap())}")
    return PlainTextResponse("\n".join(lines) + "\n")


@router.api_route("/llms.txt", methods=READ_METHODS)
def llms(backend: BackendDep, site: SiteDep) -> Response:
    """A guide to the site in Markdown for language models."""
    return PlainTextResponse(get_environment().get_template("llms.txt").render(site=site, hubs=backend.hubs()))


@router.api_route("/sitemap.xml", methods=READ_METHODS)
def sitemap_index(backend: BackendDep, site: SiteDep) -> Response:
    """List the sitemaps, without the news sitemap if it would be empty, which the protocol does not allow."""
    blocks = range(1, -(-backend.last_article_number() // sitemap.MAX_ADDRESSES) + 1)
    news = ["news"] if backend.has_recent_stories() else []
    names = ["pages", *news, *(f"stories-{number}" for number in blocks)]
    return Response(sitemap.write_index(site.url(path_of_sitemap(name)) for name in names), media_type=XML_TYPE)


@router.api_route("/sitemaps/pages.xml", methods=READ_METHODS)
def sitemap_pages(backend: BackendDep, site: SiteDep) -> Response:
    pages = [(site.url(path), None) for path in STANDALONE_PAGES]
    for hub in backend.hubs():
        paths = (path_of_hub(hub.slug), *(path_of_claim(hub.slug, claim.id) for claim in hub.claims))
        pages += [(site.url(path), None) for path in paths]
    return Response(sitemap.write_pages(pages), media_type=XML_TYPE)


@router.api_route("/sitemaps/news.xml", methods=READ_METHODS)
def sitemap_news(backend: BackendDep, site: SiteDep) -> Response:
    stories = ((site.url(path_of_story(story.id)), story) for story in backend.recent_stories())
    return Response(sitemap.write_news(stories, "Groundswell"), media_type=XML_TYPE)


@router.api_route("/sitemaps/stories-{number:int}.xml", methods=READ_METHODS)
def sitemap_stories(number: int, backend: BackendDep, site: SiteDep) -> Response:
    """List the stories that began within one block of articles; a full sitemap changes only by repairs."""
    first = (number - 1) * sitemap.MAX_ADDRESSES
    if not 0 <= first <= backend.last_article_number():
        raise NotFoundError(f"there is no sitemap of stories {number}; see {path_of_sitemap()}")
    ids = backend.founded_story_ids(first, first + sitemap.MAX_ADDRESSES)
    return Response(
        sitemap.write_pages((site.url(path_of_story(story_id)), None) for story_id in ids), media_type=XML_TYPE
    )


@router.api_route("/index.json", methods=READ_METHODS)
@router.api_route("/status.json", methods=READ_METHODS)
@router.api_route("/search.json", methods=READ_METHODS)
@router.api_route("/methodology.json", methods=READ_METHODS)
@router.api_route("/forecasts.json", methods=READ_METHODS)
@router.api_route("/hubs/{slug}.json", methods=READ_METHODS)
@router.api_route("/stories/{story_id}.json", methods=READ_METHODS)
@router.api_route("/claims/{hub}/{claim_id}.json", methods=READ_METHODS)
def page_json(request: Request) -> Response:
    """Redirect the address of a page with ``.json`` at its end to the same content in the API."""
    path = request.scope["path"].removesuffix(".json")
    page = path_of_index() if path == "/index" else path
    query = _read_query(request, "?")
    return RedirectResponse(path_of_api(page + query), 307)


@router.api_route("/hubs/{slug}/stories.json", methods=READ_METHODS)
def hub_stories_json(slug: str, request: Request) -> Response:
    return RedirectResponse(path_of_story_list(slug) + _read_query(request, "&"), 307)


def _read_query(request: Request, joint: str) -> str:
    """Return the query of a request as it was sent, after ``joint``; empty if there is none."""
    query = request.scope["query_string"].decode("latin-1")
    return joint + query if query else ""
