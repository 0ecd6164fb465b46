"""Feed documents: the stories and verdict changes of a hub, all stories, all verdict changes, and archives.

The formats are Atom (RFC 4287) with archives (RFC 5005), and JSON Feed 1.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from groundswell.hubs.spec import HubSpec
from groundswell.model import Story, VerdictChange
from groundswell.pages.hub import HubPage
from groundswell.schemas.addresses import (
    Site,
    path_of_claim,
    path_of_feed,
    path_of_hub,
    path_of_index,
    path_of_story,
    path_of_verdict_feed,
    with_query,
)
from groundswell.web import formats
from groundswell.web.xml import remove_invalid_characters
from groundswell.wording.plurals import write_count
from groundswell.wording.verdicts import write_state, write_votes

ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
HISTORY_NAMESPACE = "http://purl.org/syndication/history/1.0"
JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
MAX_VERDICT_CHANGES = 200
EMPTY_FEED_UPDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Time of the last update of a feed without items, so that it does not change between requests."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed. ``id`` never changes; ``external_url`` is the address of a story's first article."""

    id: str
    url: str
    external_url: str | None
    title: str
    text: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed or one of its archives, with the addresses of its page and of its documents."""

    id: str
    title: str
    summary: str
    home: str
    atom: str
    json: str
    updated: datetime
    items: tuple[Item, ...]
    hub: str = ""  # a WebSub hub
    before: int | None = None  # of an archive: the number of the article before which it ends
    older: int | None = None  # ``before`` of the next older archive, None for the oldest
    newer: int | None = None  # ``before`` of the next newer archive, None where that is the feed itself


def create_hub_feed(hub: HubSpec, site: Site) -> Feed:
    """Return the feed of a hub without items."""
    home = site.url(path_of_hub(hub.slug))
    files = (site.url(path_of_feed("atom", hub.slug)), site.url(path_of_feed("json", hub.slug)))
    name = _build_tag(site, f"hubs/{hub.slug}")
    return Feed(name, hub.title, hub.summary, home, *files, EMPTY_FEED_UPDATED, (), site.websub)


def create_site_feed(site: Site) -> Feed:
    """Return the feed of all stories without items."""
    title, summary = "Groundswell: all stories", "Every story, including stories that belong to no hub."
    files = (site.url(path_of_index()), site.url(path_of_feed("atom")), site.url(path_of_feed("json")))
    return Feed(_build_tag(site, "stories"), title, summary, *files, EMPTY_FEED_UPDATED, (), site.websub)


def build_hub_feed(page: HubPage, changes: Iterable[VerdictChange], site: Site, recent: Iterable[Story] = ()) -> Feed:
    """Return the hub's stories and verdict changes, newest first. ``recent`` are the stories since the last archive."""
    items = [_build_change_item(change, site) for change in changes]
    feed = add_items(create_hub_feed(page.hub, site), (*page.stories, *recent), page.hub.slug, site, items)
    return feed if feed.items else replace(feed, updated=datetime.combine(page.day, time(), UTC))


def add_items(feed: Feed, stories: Iterable[Story], hub: str | None, site: Site, more: Iterable[Item] = ()) -> Feed:
    """Return the feed with items, newest first. It was updated when its newest item was."""
    by_id = {story.id: story for story in stories}
    unsorted = [*(_build_story_item(story, hub, site) for story in by_id.values()), *more]
    items = tuple(sorted(unsorted, key=lambda item: item.updated, reverse=True))
    return replace(feed, items=items, updated=items[0].updated if items else EMPTY_FEED_UPDATED)


def build_verdict_feed(changes: Sequence[VerdictChange], hub: str | None, site: Site) -> Feed:
    """Return the verdict changes of all hubs or of one, in the given order."""
    items = tuple(
        replace(item, title=f"{change.hub} {item.title}")
        for change in changes[:MAX_VERDICT_CHANGES]
        for item in [_build_change_item(change, site)]
    )
    place = f"hubs/{hub}/verdicts" if hub else "verdicts"
    return Feed(
        id=_build_tag(site, place),
        title=f"Verdict changes: {hub}" if hub else "Verdict changes",
        summary="Claims whose confirmed verdict changed between two evaluations, and why.",
        home=site.url(path_of_hub(hub) if hub else path_of_index()),
        atom=site.url(path_of_verdict_feed("atom", hub)),
        json=site.url(path_of_verdict_feed("json", hub)),
        updated=items[0].updated if items else EMPTY_FEED_UPDATED,
        items=items,
    )


def write_atom(feed: Feed) -> bytes:
    """Write the feed as an Atom 1.0 document (RFC 4287) in UTF-8."""
    root = ET.Element("feed", {"xmlns": ATOM_NAMESPACE, "xml:lang": "en"})
    _add_text(root, "id", feed.id)
    _add_text(root, "title", feed.title)
    _add_text(root, "subtitle", feed.summary)
    _add_text(root, "updated", _format_time(feed.updated))
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.home})
    for rel, href in _list_links(feed):
        ET.SubElement(root, "link", {"rel": rel, "type": "application/atom+xml", "href": href})
    if feed.before is not None:
        root.set("xmlns:fh", HISTORY_NAMESPACE)
        ET.SubElement(root, "fh:archive")
    elif feed.hub:
        ET.SubElement(root, "link", {"rel": "hub", "href": feed.hub})
    _add_text(ET.SubElement(root, "author"), "name", feed.title)
    _add_text(root, "generator", "Groundswell")
    for item in feed.items:
        entry = ET.SubElement(root, "entry")
        _add_text(entry, "id", item.id)
        _add_text(entry, "title", item.title)
        _add_text(entry, "published", _format_time(item.published))
        _add_text(entry, "updated", _format_time(item.updated))
        for name in item.authors:
            _add_text(ET.SubElement(entry, "author"), "name", name)
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": item.url})
        if item.external_url:
            ET.SubElement(entry, "link", {"rel": "related", "href": remove_invalid_characters(item.external_url)})
        _add_text(entry, "summary", item.text)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def write_json_feed(feed: Feed) -> dict[str, Any]:
    """Write the feed as a JSON Feed 1.1 object."""
    document: dict[str, Any] = {
        "version": JSON_FEED_VERSION,
        "title": feed.title,
        "description": feed.summary,
        "home_page_url": feed.home,
        "feed_url": _address_of(feed.json, feed.before),
        "language": "en",
        "items": [_write_json_item(item) for item in feed.items],
    }
    if feed.older is not None:
        document["next_url"] = _address_of(feed.json, feed.older)
    if feed.hub and feed.before is None:
        document["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    return document


def _address_of(file: str, before: int | None) -> str:
    return with_query(file, before=before)


def _list_links(feed: Feed) -> list[tuple[str, str]]:
    """List the links of RFC 5005 from the document: itself and its neighbours."""
    links = [("self", _address_of(feed.atom, feed.before))]
    if feed.older is not None:
        links.append(("prev-archive", _address_of(feed.atom, feed.older)))
    if feed.before is not None:
        links.append(("current", feed.atom))
        if feed.newer is not None:
            links.append(("next-archive", _address_of(feed.atom, feed.newer)))
    return links


def _write_json_item(item: Item) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.text,
        "date_published": _format_time(item.published),
        "date_modified": _format_time(item.updated),
        "authors": [{"name": name} for name in item.authors],
    }
    return document | ({"external_url": item.external_url} if item.external_url else {})


def _build_story_item(story: Story, hub: str | None, site: Site) -> Item:
    url = story.members[0].article.url
    reasons = [reason for tag in story.tags if tag.hub == hub for reason in tag.reasons]
    text = f"{write_count(len(story.members), 'article')} from {', '.join(story.publishers)}."
    if reasons:
        text += f" Included because: {reasons[0]}."
    return Item(
        id=_build_tag(site, f"stories/{story.id}"),
        url=site.url(path_of_story(story.id)),
        external_url=url if formats.is_web_address(url) else None,
        title=f"Demonstration: {story.headline}" if story.demonstration else story.headline,
        text=text,
        published=story.first_at,
        updated=story.last_at,
        authors=story.publishers,
    )


def _build_change_item(change: VerdictChange, site: Site) -> Item:
    """Build the item of a change: the claim, how its readings vote, and why the verdict changed."""
    path = f"claims/{change.hub}/{change.claim}"
    at = datetime.combine(change.as_of, time(), UTC)
    votes, why = write_votes(change.readings_judged), f"Why the verdict changed: {change.why}" if change.why else ""
    now, then = write_state(change.after, change.confirmed), write_state(change.before, change.was_confirmed)
    return Item(
        id=_build_tag(site, f"{path}/{change.as_of}"),
        url=site.url(path_of_claim(change.hub, change.claim, change.as_of)),
        external_url=None,
        title=f"{change.claim} is now {now} (was {then})",
        text=" ".join(formats.write_sentence(part) for part in (change.text, votes, why) if part),
        published=at,
        updated=at,
        authors=("Groundswell",),
    )


def _build_tag(site: Site, path: str) -> str:
    """Return a permanent id (RFC 4151) without scheme and port, since those may change."""
    return f"tag:{urlsplit(site.base_url).hostname},2026:{path}"


def _format_time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _add_text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = remove_invalid_characters(text)
