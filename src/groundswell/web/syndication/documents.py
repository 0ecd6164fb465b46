"""Feeds: a hub's stories and the days on which a verdict changed, all stories, and archives of both.

Atom (RFC 4287) with archives (RFC 5005), and JSON Feed 1.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from groundswell.claims.verdict_changes import turns
from groundswell.hubs.spec import HubSpec
from groundswell.model import Evaluation, Story, Verdict, VerdictAt, VerdictChange
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
from groundswell.web.xml import NOT_XML
from groundswell.wording.plurals import write_count

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
JSON_FEED = "https://jsonfeed.org/version/1.1"
MOST_FLIPS = 200
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without items was last changed: an instant that does not move."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell subscribers. ``id`` never changes; ``outside`` is the first article's address."""

    id: str
    url: str
    outside: str | None
    title: str
    text: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    id: str
    title: str
    summary: str
    home: str
    atom: str
    json: str
    updated: datetime
    items: tuple[Item, ...]
    hub: str = ""  # a WebSub hub
    before: int | None = None  # of an archive: the article before whose arrival it ends
    older: int | None = None  # the next older archive, None where there is none
    newer: int | None = None  # the next newer archive, None where that is the feed itself


def of_hub(hub: HubSpec, site: Site) -> Feed:
    """The feed of a hub, without items yet."""
    home = site.url(path_of_hub(hub.slug))
    files = (site.url(path_of_feed("atom", hub.slug)), site.url(path_of_feed("json", hub.slug)))
    name = _tag(site, f"hubs/{hub.slug}")
    return Feed(name, hub.title, hub.summary, home, *files, NEVER, (), site.websub)


def of_site(site: Site) -> Feed:
    """The feed of all stories, without items yet."""
    title, summary = "Groundswell: all stories", "Every story, whether it belongs to a hub or not."
    files = (site.url(path_of_index()), site.url(path_of_feed("atom")), site.url(path_of_feed("json")))
    return Feed(_tag(site, "stories"), title, summary, *files, NEVER, (), site.websub)


def hub_feed(page: HubPage, site: Site, begun: Iterable[Story] = ()) -> Feed:
    """The hub's stories and changed verdicts, newest first, with the stories ``begun`` since the last archive."""
    changes = [item for evaluation in page.evaluations for item in _change_items(evaluation, site)]
    feed = filled(of_hub(page.hub, site), (*page.stories, *begun), page.hub.slug, site, changes)
    return feed if feed.items else replace(feed, updated=datetime.combine(page.day, time(), UTC))


def filled(feed: Feed, stories: Iterable[Story], hub: str | None, site: Site, more: Iterable[Item] = ()) -> Feed:
    """The feed with items, newest first. Its instant is the newest item's, so it is repeatable."""
    told = {story.id: story for story in stories}
    found = [*(_story_item(story, hub, site) for story in told.values()), *more]
    items = tuple(sorted(found, key=lambda item: item.updated, reverse=True))
    return replace(feed, items=items, updated=items[0].updated if items else NEVER)


def verdict_feed(verdict_changes: Sequence[VerdictChange], hub: str | None, site: Site) -> Feed:
    """The changes of verdicts of all hubs or of one, in the order given."""
    items = tuple(_flip_item(verdict_change, site) for verdict_change in verdict_changes[:MOST_FLIPS])
    place = f"hubs/{hub}/verdicts" if hub else "verdicts"
    return Feed(
        id=_tag(site, place),
        title=f"Changed verdicts of {hub}" if hub else "Changed verdicts",
        summary="Claims whose verdict changed from one evaluation to the next, and why.",
        home=site.url(path_of_hub(hub) if hub else path_of_index()),
        atom=site.url(path_of_verdict_feed("atom", hub)),
        json=site.url(path_of_verdict_feed("json", hub)),
        updated=items[0].updated if items else NEVER,
        items=items,
    )


def atom(feed: Feed) -> bytes:
    """The feed as an Atom 1.0 document (RFC 4287) in UTF-8."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.summary)
    _add(root, "updated", _stamp(feed.updated))
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.home})
    for rel, href in _neighbours(feed):
        ET.SubElement(root, "link", {"rel": rel, "type": "application/atom+xml", "href": href})
    if feed.before is not None:
        root.set("xmlns:fh", HISTORY)
        ET.SubElement(root, "fh:archive")
    elif feed.hub:
        ET.SubElement(root, "link", {"rel": "hub", "href": feed.hub})
    _add(ET.SubElement(root, "author"), "name", feed.title)
    _add(root, "generator", "Groundswell")
    for item in feed.items:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "published", _stamp(item.published))
        _add(entry, "updated", _stamp(item.updated))
        for name in item.authors:
            _add(ET.SubElement(entry, "author"), "name", name)
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": item.url})
        if item.outside:
            ET.SubElement(entry, "link", {"rel": "related", "href": NOT_XML.sub("", item.outside)})
        _add(entry, "summary", item.text)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def json_feed(feed: Feed) -> dict[str, Any]:
    """The feed as a JSON Feed 1.1 object."""
    told: dict[str, Any] = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.summary,
        "home_page_url": feed.home,
        "feed_url": _archive(feed.json, feed.before),
        "language": "en",
        "items": [_json_item(item) for item in feed.items],
    }
    if feed.older is not None:
        told["next_url"] = _archive(feed.json, feed.older)
    if feed.hub and feed.before is None:
        told["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    return told


def _archive(file: str, before: int | None) -> str:
    return with_query(file, before=before)


def _neighbours(feed: Feed) -> list[tuple[str, str]]:
    """The document itself and the links of RFC 5005 that lead from it."""
    links = [("self", _archive(feed.atom, feed.before))]
    if feed.older is not None:
        links.append(("prev-archive", _archive(feed.atom, feed.older)))
    if feed.before is not None:
        links.append(("current", feed.atom))
        if feed.newer is not None:
            links.append(("next-archive", _archive(feed.atom, feed.newer)))
    return links


def _json_item(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.text,
        "date_published": _stamp(item.published),
        "date_modified": _stamp(item.updated),
        "authors": [{"name": name} for name in item.authors],
    }
    return told | ({"external_url": item.outside} if item.outside else {})


def _story_item(story: Story, hub: str | None, site: Site) -> Item:
    url = story.members[0].article.url
    reasons = [reason for tag in story.tags if tag.hub == hub for reason in tag.reasons]
    told = f"{write_count(len(story.members), 'article')} from {', '.join(story.publishers)}."
    if reasons:
        told += f" Here because: {reasons[0]}."
    return Item(
        id=_tag(site, f"stories/{story.id}"),
        url=site.url(path_of_story(story.id)),
        outside=url if formats.is_web_address(url) else None,
        title=f"Demonstration: {story.headline}" if story.demonstration else story.headline,
        text=told,
        published=story.first_at,
        updated=story.last_at,
        authors=story.publishers,
    )


def _change_items(evaluation: Evaluation, site: Site) -> list[Item]:
    """One item for each day on which the verdict differs from the one recorded before it."""
    return [
        _change_item((evaluation.hub, evaluation.id), before.verdict, after, evaluation.text, site)
        for before, after in turns(evaluation.history)
    ]


def _flip_item(verdict_change: VerdictChange, site: Site) -> Item:
    text = (
        f"{verdict_change.text} Why the verdict changed: {formats.sentence(verdict_change.why)}"
        if verdict_change.why
        else verdict_change.text
    )
    item = _change_item(
        (verdict_change.hub, verdict_change.claim),
        verdict_change.before,
        VerdictAt(verdict_change.as_of, verdict_change.after),
        text,
        site,
    )
    return replace(item, title=f"{verdict_change.hub} {item.title}")


def _change_item(claim: tuple[str, str], before: Verdict, after: VerdictAt, text: str, site: Site) -> Item:
    path = f"claims/{'/'.join(claim)}"
    at = datetime.combine(after.as_of, time(), UTC)
    return Item(
        id=_tag(site, f"{path}/{after.as_of}"),
        url=site.url(path_of_claim(*claim, after.as_of)),
        outside=None,
        title=f"{claim[1]} is now {after.verdict}, no longer {before}",
        text=text,
        published=at,
        updated=at,
        authors=("Groundswell",),
    )


def _tag(site: Site, path: str) -> str:
    """A permanent name (RFC 4151) that holds no port and no scheme: those may change."""
    return f"tag:{urlsplit(site.base_url).hostname},2026:{path}"


def _stamp(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = NOT_XML.sub("", text)
