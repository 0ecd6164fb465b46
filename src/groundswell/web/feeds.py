"""The routes of files: feeds for subscribers, rows for spreadsheets."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
import hashlib
import json

from fastapi import APIRouter, Request, Response

from groundswell.web import syndication
from groundswell.web.requests import DayGiven, HubsGiven, SiteGiven
from groundswell.web.tables import events_csv

router = APIRouter(include_in_schema=False)
READ = ["GET", "HEAD"]


@router.api_route("/hubs/{slug}/feed.atom", methods=READ)
def atom(slug: str, request: Request, hubs: HubsGiven, site: SiteGiven) -> Response:
    body = syndication.atom(syndication.hub_feed(hubs.hub_page(slug), site))
    return unless_known(request, body, "application/atom+xml; charset=utf-8")


@router.api_route("/hubs/{slug}/feed.json", methods=READ)
def json_feed(slug: str, request: Request, hubs: HubsGiven, site: SiteGiven) -> Response:
    feed = syndication.json_feed(syndication.hub_feed(hubs.hub_page(slug), site))
    return unless_known(request, json.dumps(feed, ensure_ascii=False).encode(), "application/feed+json; charset=utf-8")


@router.api_route("/verdicts.atom", methods=READ)
@router.api_route("/hubs/{slug}/verdicts.atom", methods=READ)
def verdicts_atom(request: Request, hubs: HubsGiven, site: SiteGiven, slug: str | None = None) -> Response:
    body = syndication.atom(syndication.verdict_feed(hubs.flips(slug), slug, site))
    return unless_known(request, body, "application/atom+xml; charset=utf-8")


@router.api_route("/verdicts.json", methods=READ)
@router.api_route("/hubs/{slug}/verdicts.json", methods=READ)
def verdicts_json(request: Request, hubs: HubsGiven, site: SiteGiven, slug: str | None = None) -> Response:
    feed = syndication.json_feed(syndication.verdict_feed(hubs.flips(slug), slug, site))
    return unless_known(request, json.dumps(feed, ensure_ascii=False).encode(), "application/feed+json; charset=utf-8")


@router.api_route("/claims/{hub}/{claim_id}.csv", methods=READ)
def claim_rows(hub: str, claim_id: str, hubs: HubsGiven, as_of: DayGiven) -> Response:
    evaluation = hubs.claim_page(hub, claim_id, as_of).evaluation
    name = f"{evaluation.hub}-{evaluation.id}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(events_csv(evaluation), media_type="text/csv", headers=disposition)


def unless_known(request: Request, body: bytes, media_type: str) -> Response:
    """The body with its ETag, or 304 where the subscriber holds the same already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "max-age=300"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
