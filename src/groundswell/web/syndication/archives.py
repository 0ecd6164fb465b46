"""Documents of a feed: the newest items, and archives that lead back to the first story (RFC 5005).

An archive holds the stories that began while one block of articles arrived. Blocks are numbered through the whole
store, so that an archive's address and stories stay, but for repairs. The feed itself holds what began since the last
full block, so that nothing lies between.
"""

from __future__ import annotations

from dataclasses import replace

from groundswell.app import find_hub
from groundswell.errors import NotFoundError
from groundswell.model import StoryFilter
from groundswell.schemas.addresses import Site
from groundswell.web.backend import Hubs
from groundswell.web.syndication import documents
from groundswell.web.syndication.documents import Feed

SITE_BLOCK, HUB_BLOCK = 200, 2000  # articles; one in some tens belongs to a hub
NEWEST = 50  # stories in a feed at the least


def hub_document(hubs: Hubs, site: Site, slug: str, before: int | None) -> Feed:
    """The feed of a hub, or the archive that ends before an article. Raises ``NotFoundError``."""
    if before is not None:
        feed = documents.create_hub_feed(find_hub(hubs.hubs(), slug), site)
        return _archive(hubs, feed, before, site, slug)
    page = hubs.hub_page(slug, None, NEWEST)
    first, arrived = _open(hubs, HUB_BLOCK)
    block = hubs.archive_block(slug, first, arrived + 1, HUB_BLOCK)
    return replace(documents.build_hub_feed(page, site, block.stories), older=block.before)


def site_document(hubs: Hubs, site: Site, before: int | None) -> Feed:
    """The feed of all stories, or the archive that ends before an article. Raises ``NotFoundError``."""
    feed = documents.create_site_feed(site)
    if before is not None:
        return _archive(hubs, feed, before, site)
    first, arrived = _open(hubs, SITE_BLOCK)
    block = hubs.archive_block(None, first, arrived + 1, SITE_BLOCK)
    newest = hubs.search(StoryFilter(), limit=NEWEST).stories
    return replace(documents.add_items(feed, (*newest, *block.stories), None, site), older=block.before)


def _archive(hubs: Hubs, feed: Feed, before: int, site: Site, slug: str | None = None) -> Feed:
    size = HUB_BLOCK if slug else SITE_BLOCK
    last, _ = _open(hubs, size)
    if before % size or before > last:
        raise NotFoundError(f"there is no archive before {before}; the feed's links lead to those there are")
    block = hubs.archive_block(slug, before - size, before, size)
    newer = before + size if before + size <= last else None
    return replace(documents.add_items(feed, block.stories, slug, site), before=before, older=block.before, newer=newer)


def _open(hubs: Hubs, size: int) -> tuple[int, int]:
    """The first number of the block that is not full yet, and the number of the last article."""
    arrived = hubs.last_article_number()
    return (arrived + 1) // size * size, arrived
