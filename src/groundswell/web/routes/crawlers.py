"""The routes for crawlers and programs: maps of the site, what they may read, and JSON beside each page."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from groundswell.errors import NotFoundError
from groundswell.schemas.addresses import (
    API_ROOT,
    path_of_api,
    path_of_claim,
    path_of_hub,
    path_of_index,
    path_of_methodology,
    path_of_search,
    path_of_sitemap,
    path_of_status,
    path_of_story,
    path_of_story_list,
)
from groundswell.web.dependencies import HubsGiven, SiteGiven
from groundswell.web.html.templating import READ, get_environment
from groundswell.web.syndication import sitemap

router = APIRouter(include_in_schema=False)
XML = "application/xml; charset=utf-8"
PLACES = (path_of_index(), path_of_status(), path_of_search(), path_of_methodology())


@router.api_route("/robots.txt", methods=READ)
def robots(site: SiteGiven) -> Response:
    """Crawlers may read everything but the API and searches, which are without end."""
    closed = (API_ROOT, f"{path_of_search()}?")
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {site.url(path_of_sitemap())}")
    return PlainTextResponse("\n".join(lines) + "\n")


@router.api_route("/llms.txt", methods=READ)
def llms(hubs: HubsGiven, site: SiteGiven) -> Response:
    """What the site holds and where, in Markdown, for language models that read it on somebody's behalf."""
    return PlainTextResponse(get_environment().get_template("llms.txt").render(site=site, hubs=hubs.hubs()))


@router.api_route("/sitemap.xml", methods=READ)
def sitemap_index(hubs: HubsGiven, site: SiteGiven) -> Response:
    """The maps there are; by the protocol none may be empty, so that the one of news is left out in quiet times."""
    blocks = range(1, -(-hubs.last_article_number() // sitemap.MAX_ADDRESSES) + 1)
    news = ["news"] if hubs.recent_stories() else []
    maps = ["pages", *news, *(f"stories-{number}" for number in blocks)]
    return Response(sitemap.write_index(site.url(path_of_sitemap(name)) for name in maps), media_type=XML)


@router.api_route("/sitemaps/pages.xml", methods=READ)
def sitemap_pages(hubs: HubsGiven, site: SiteGiven) -> Response:
    found = [(site.url(path), None) for path in PLACES]
    for hub in hubs.hubs():
        paths = (path_of_hub(hub.slug), *(path_of_claim(hub.slug, claim.id) for claim in hub.claims))
        found += [(site.url(path), None) for path in paths]
    return Response(sitemap.write_pages(found), media_type=XML)


@router.api_route("/sitemaps/news.xml", methods=READ)
def sitemap_news(hubs: HubsGiven, site: SiteGiven) -> Response:
    stories = ((site.url(path_of_story(story.id)), story) for story in hubs.recent_stories())
    return Response(sitemap.write_news(stories, "Groundswell"), media_type=XML)


@router.api_route("/sitemaps/stories-{number:int}.xml", methods=READ)
def sitemap_stories(number: int, hubs: HubsGiven, site: SiteGiven) -> Response:
    """The stories that began with the articles of one block, so that a full map never changes but by merges."""
    first = (number - 1) * sitemap.MAX_ADDRESSES
    if not 0 <= first <= hubs.last_article_number():
        raise NotFoundError(f"there is no map of stories {number}; {path_of_sitemap()} lists those there are")
    ids = hubs.founded_story_ids(first, first + sitemap.MAX_ADDRESSES)
    return Response(sitemap.write_pages((site.url(path_of_story(ident)), None) for ident in ids), media_type=XML)


@router.api_route("/index.json", methods=READ)
@router.api_route("/status.json", methods=READ)
@router.api_route("/search.json", methods=READ)
@router.api_route("/methodology.json", methods=READ)
@router.api_route("/hubs/{slug}.json", methods=READ)
@router.api_route("/stories/{story_id}.json", methods=READ)
@router.api_route("/claims/{hub}/{claim_id}.json", methods=READ)
def beside(request: Request) -> Response:
    """The JSON of a page stands at its address with ``.json`` behind it, and leads to the same in the API."""
    path = request.url.path.removesuffix(".json")
    page = path_of_index() if path == "/index" else path
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path_of_api(page + query), 307)


@router.api_route("/hubs/{slug}/stories.json", methods=READ)
def stories_beside(slug: str, request: Request) -> Response:
    query = f"&{request.url.query}" if request.url.query else ""
    return RedirectResponse(path_of_story_list(slug) + query, 307)
