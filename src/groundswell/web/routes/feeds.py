"""The routes of files: feeds for subscribers, rows for spreadsheets."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from groundswell.feeds.opml import write_opml
from groundswell.model import FeedSpec
from groundswell.web.dependencies import PRESENT, DayGiven, HubsGiven, SiteGiven
from groundswell.web.html.templating import READ
from groundswell.web.syndication import archives, documents
from groundswell.web.syndication.csv import events_csv, series_csv

router = APIRouter(include_in_schema=False)
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json; charset=utf-8"

Before = Annotated[int | None, Query(ge=1, description="The archive that ends before this article's arrival.")]


@router.api_route("/hubs/{slug}/feed.atom", methods=READ, dependencies=PRESENT)
def atom(slug: str, hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _kept(documents.atom(archives.hub_document(hubs, site, slug, before)), ATOM)


@router.api_route("/hubs/{slug}/feed.json", methods=READ, dependencies=PRESENT)
def json_feed(slug: str, hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _kept(_json(documents.json_feed(archives.hub_document(hubs, site, slug, before))), JSON)


@router.api_route("/feed.atom", methods=READ, dependencies=PRESENT)
def site_atom(hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _kept(documents.atom(archives.site_document(hubs, site, before)), ATOM)


@router.api_route("/feed.json", methods=READ, dependencies=PRESENT)
def site_json(hubs: HubsGiven, site: SiteGiven, before: Before = None) -> Response:
    return _kept(_json(documents.json_feed(archives.site_document(hubs, site, before))), JSON)


@router.api_route("/feeds.opml", methods=READ, dependencies=PRESENT)
def sources(hubs: HubsGiven) -> Response:
    """The feeds that are on, to be taken over by a feed reader."""
    on = sorted((one for one in hubs.status_page().feeds if one.enabled), key=lambda one: (one.topic, one.title))
    feeds = (FeedSpec(one.name, one.title, one.address, one.topic, enabled=True, minutes=0, note="") for one in on)
    return _kept(write_opml(feeds).encode(), "text/x-opml; charset=utf-8")


@router.api_route("/verdicts.atom", methods=READ, dependencies=PRESENT)
@router.api_route("/hubs/{slug}/verdicts.atom", methods=READ, dependencies=PRESENT)
def verdicts_atom(hubs: HubsGiven, site: SiteGiven, slug: str | None = None) -> Response:
    return _kept(documents.atom(documents.verdict_feed(hubs.verdict_changes(slug), slug, site)), ATOM)


@router.api_route("/verdicts.json", methods=READ, dependencies=PRESENT)
@router.api_route("/hubs/{slug}/verdicts.json", methods=READ, dependencies=PRESENT)
def verdicts_json(hubs: HubsGiven, site: SiteGiven, slug: str | None = None) -> Response:
    return _kept(_json(documents.json_feed(documents.verdict_feed(hubs.verdict_changes(slug), slug, site))), JSON)


@router.api_route("/claims/{hub}/{claim_id}.series.csv", methods=READ)
def claim_series(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    page = hubs.claim_page(hub, claim_id, as_of)
    return _download(series_csv(page.inputs), f"{page.evaluation.hub}-{page.evaluation.id}-series.csv")


@router.api_route("/claims/{hub}/{claim_id}.csv", methods=READ)
def claim_rows(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    evaluation = hubs.claim_page(hub, claim_id, as_of).evaluation
    return _download(events_csv(evaluation), f"{evaluation.hub}-{evaluation.id}.csv")


def _download(text: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv", headers=disposition)


def _kept(body: bytes, media_type: str) -> Response:
    """An answer that a subscriber may keep for five minutes without asking again."""
    return Response(body, media_type=media_type, headers={"Cache-Control": "max-age=300"})


def _json(feed: dict[str, Any]) -> bytes:
    return json.dumps(feed, ensure_ascii=False).encode()
