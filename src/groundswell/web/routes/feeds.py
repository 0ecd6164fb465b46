"""The routes of feeds, CSV files and bundles."""

# No postponed annotations: FastAPI reads them when the routes are defined.
import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from groundswell.feeds.opml import write_opml
from groundswell.model import FeedSpec
from groundswell.redaction import is_redacted
from groundswell.web.dependencies import NO_PAST_DATES, AsOfDep, BackendDep, SiteDep
from groundswell.web.html.templating import READ_METHODS
from groundswell.web.syndication import archives, documents
from groundswell.web.syndication.csv import write_events, write_series

router = APIRouter(include_in_schema=False)
ATOM_TYPE = "application/atom+xml; charset=utf-8"
JSON_FEED_TYPE = "application/feed+json; charset=utf-8"

Before = Annotated[int | None, Query(ge=1, description="Return the archive before the article of this number.")]


@router.api_route("/hubs/{slug}/feed.atom", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def hub_atom(slug: str, backend: BackendDep, site: SiteDep, before: Before = None) -> Response:
    return _atom_response(archives.build_hub_document(backend, site, slug, before))


@router.api_route("/hubs/{slug}/feed.json", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def hub_json(slug: str, backend: BackendDep, site: SiteDep, before: Before = None) -> Response:
    return _json_response(archives.build_hub_document(backend, site, slug, before))


@router.api_route("/feed.atom", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def site_atom(backend: BackendDep, site: SiteDep, before: Before = None) -> Response:
    return _atom_response(archives.build_site_document(backend, site, before))


@router.api_route("/feed.json", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def site_json(backend: BackendDep, site: SiteDep, before: Before = None) -> Response:
    return _json_response(archives.build_site_document(backend, site, before))


@router.api_route("/feeds.opml", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def opml(backend: BackendDep) -> Response:
    """The feeds that are on, for import into a feed reader; without private ones, whose addresses are not shown."""
    enabled = [feed for feed in backend.status_page().feeds if feed.enabled and not is_redacted(feed.address)]
    specs = (
        FeedSpec(feed.name, feed.title, feed.address, feed.topic, enabled=True, minutes=0, note="")
        for feed in sorted(enabled, key=lambda feed: (feed.topic, feed.title))
    )
    return _cacheable_response(write_opml(specs).encode(), "text/x-opml; charset=utf-8")


@router.api_route("/verdicts.atom", methods=READ_METHODS, dependencies=NO_PAST_DATES)
@router.api_route("/hubs/{slug}/verdicts.atom", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def verdicts_atom(backend: BackendDep, site: SiteDep, slug: str | None = None) -> Response:
    return _atom_response(documents.build_verdict_feed(backend.verdict_changes(slug), slug, site))


@router.api_route("/verdicts.json", methods=READ_METHODS, dependencies=NO_PAST_DATES)
@router.api_route("/hubs/{slug}/verdicts.json", methods=READ_METHODS, dependencies=NO_PAST_DATES)
def verdicts_json(backend: BackendDep, site: SiteDep, slug: str | None = None) -> Response:
    return _json_response(documents.build_verdict_feed(backend.verdict_changes(slug), slug, site))


@router.api_route("/claims/{hub}/{claim_id}.series.csv", methods=READ_METHODS)
def claim_series(hub: str, claim_id: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    page = backend.claim_page(hub, claim_id, as_of)
    return _csv_response(write_series(page.inputs), f"{page.evaluation.hub}-{page.evaluation.id}-series.csv")


@router.api_route("/claims/{hub}/{claim_id}.csv", methods=READ_METHODS)
def claim_rows(hub: str, claim_id: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    evaluation = backend.claim_page(hub, claim_id, as_of).evaluation
    return _csv_response(write_events(evaluation), f"{evaluation.hub}-{evaluation.id}.csv")


@router.api_route("/claims/{hub}/{claim_id}/bundle.zip", methods=READ_METHODS)
def claim_bundle(hub: str, claim_id: str, backend: BackendDep, as_of: AsOfDep) -> Response:
    """What computes the figure of a claim again."""
    bundle = backend.claim_bundle(hub, claim_id, as_of)
    disposition = {"Content-Disposition": f'attachment; filename="{bundle.name}"'}
    return Response(bundle.content, media_type="application/zip", headers=disposition)


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
