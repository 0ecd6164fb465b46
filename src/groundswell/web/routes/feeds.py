"""The routes of feeds and CSV files."""

# No postponed annotations: FastAPI reads them when the routes are defined.
import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from groundswell.feeds.opml import write_opml
from groundswell.model import FeedSpec
from groundswell.web.dependencies import PRESENT, DayGiven, HubsGiven, SiteGiven
from groundswell.web.html.templating import READ
from groundswell.web.syndication import archives, documents
from groundswell.web.syndication.csv import write_events, write_series

router = APIRouter(include_in_schema=False)
ATOM_TYPE = "application/atom+xml; charset=utf-8"
JSON_FEED_TYPE = "application/feed+json; charset=utf-8"

Before = Annotated[int | None, Query(ge=1, description="Return the archive before the article of this number.")]


@router.api_route("/hubs/{slug}/feed.atom", methods=READ, dependencies=PRESENT)
def hub_atom(slug: str, hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _atom_response(archives.hub_document(hubs, site, slug, before))


@router.api_route("/hubs/{slug}/feed.json", methods=READ, dependencies=PRESENT)
def hub_json(slug: str, hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _json_response(archives.hub_document(hubs, site, slug, before))


@router.api_route("/feed.atom", methods=READ, dependencies=PRESENT)
def site_atom(hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _atom_response(archives.site_document(hubs, site, before))


@router.api_route("/feed.json", methods=READ, dependencies=PRESENT)
def site_json(hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _json_response(archives.site_document(hubs, site, before))


@router.api_route("/feeds.opml", methods=READ, dependencies=PRESENT)
def opml(hubs: HubsGiven) -> Response:
    """The feeds that are on, for import into a feed reader."""
    enabled = [feed for feed in hubs.status_page().feeds if feed.enabled]
    specs = (
        FeedSpec(feed.name, feed.title, feed.address, feed.topic, enabled=True, minutes=0, note="")
        for feed in sorted(enabled, key=lambda feed: (feed.topic, feed.title))
    )
    return _cacheable_response(write_opml(specs).encode(), "text/x-opml; charset=utf-8")


@router.api_route("/verdicts.atom", methods=READ, dependencies=PRESENT)
@router.api_route("/hubs/{slug}/verdicts.atom", methods=READ, dependencies=PRESENT)
def verdicts_atom(hubs: HubsGiven, site: SiteGiven, slug: str | None = None) -> Response:
    return _atom_response(documents.build_verdict_feed(hubs.verdict_changes(slug), slug, site))


@router.api_route("/verdicts.json", methods=READ, dependencies=PRESENT)
@router.api_route("/hubs/{slug}/verdicts.json", methods=READ, dependencies=PRESENT)
def verdicts_json(hubs: HubsGiven, site: SiteGiven, slug: str | None = None) -> Response:
    return _json_response(documents.build_verdict_feed(hubs.verdict_changes(slug), slug, site))


@router.api_route("/claims/{hub}/{claim_id}.series.csv", methods=READ)
def claim_series(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    page = hubs.claim_page(hub, claim_id, as_of)
    return _csv_response(write_series(page.inputs), f"{page.evaluation.hub}-{page.evaluation.id}-series.csv")


@router.api_route("/claims/{hub}/{claim_id}.csv", methods=READ)
def claim_rows(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    evaluation = hubs.claim_page(hub, claim_id, as_of).evaluation
    return _csv_response(write_events(evaluation), f"{evaluation.hub}-{evaluation.id}.csv")


def _csv_response(text: str, filename: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(text, media_type="text/csv", headers=disposition)


def _atom_response(feed: documents.Feed) -> Response:
    return _cacheable_response(documents.write_atom(feed), ATOM_TYPE)


def _json_response(feed: documents.Feed) -> Response:
    return _cacheable_response(json.dumps(documents.write_json_feed(feed), ensure_ascii=False).encode(), JSON_FEED_TYPE)


def _cacheable_response(body: bytes, media_type: str) -> Response:
    """Return a response that a subscriber may reuse for five minutes without a request."""
    return Response(body, media_type=media_type, headers={"Cache-Control": "max-age=300"})
