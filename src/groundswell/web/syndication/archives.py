"""The documents of a feed: the newest items, and archives back to the first story (RFC 5005).

An archive contains the stories that began within one block of received articles. Blocks are numbered over the whole
store, so the address and the stories of an archive do not change, except by repairs. The feed itself contains the
stories since the last full block, so there is no gap.
"""

from __future__ import annotations

from dataclasses import replace

from groundswell.app import find_hub
from groundswell.errors import NotFoundError
from groundswell.model import StoryFilter
from groundswell.schemas.addresses import Site
from groundswell.web.backend import Backend
from groundswell.web.syndication import documents
from groundswell.web.syndication.documents import Feed

ARTICLES_PER_SITE_BLOCK, ARTICLES_PER_HUB_BLOCK = 200, 2000  # only a small share of articles belongs to a hub
MIN_STORIES_PER_FEED = 50


def build_hub_document(backend: Backend, site: Site, slug: str, before: int | None) -> Feed:
    """Return the feed of a hub, or the archive that ends before an article. Raises ``NotFoundError``."""
    if before is not None:
        feed = documents.create_hub_feed(find_hub(backend.hubs(), slug), site)
        return _build_archive(backend, feed, before, site, slug)
    page = backend.hub_page(slug, None, MIN_STORIES_PER_FEED)
    first, last_number = _find_open_block(backend, ARTICLES_PER_HUB_BLOCK)
    block = backend.archive_block(slug, first, last_number + 1, ARTICLES_PER_HUB_BLOCK)
    feed = documents.build_hub_feed(page, backend.verdict_changes(slug), site, block.stories)
    return replace(feed, older=block.before)


def build_site_document(backend: Backend, site: Site, before: int | None) -> Feed:
    """Return the feed of all stories, or the archive that ends before an article. Raises ``NotFoundError``."""
    feed = documents.create_site_feed(site)
    if before is not None:
        return _build_archive(backend, feed, before, site)
    first, last_number = _find_open_block(backend, ARTICLES_PER_SITE_BLOCK)
    block = backend.archive_block(None, first, last_number + 1, ARTICLES_PER_SITE_BLOCK)
    newest = backend.search(StoryFilter(), limit=MIN_STORIES_PER_FEED).stories
    return replace(documents.add_items(feed, (*newest, *block.stories), None, site), older=block.before)


def _build_archive(backend: Backend, feed: Feed, before: int, site: Site, slug: str | None = None) -> Feed:
    size = ARTICLES_PER_HUB_BLOCK if slug else ARTICLES_PER_SITE_BLOCK
    last, _ = _find_open_block(backend, size)
    if before % size or before > last:
        raise NotFoundError(f"there is no archive before {before}; follow the links of the feed")
    block = backend.archive_block(slug, before - size, before, size)
    newer = before + size if before + size <= last else None
    return replace(documents.add_items(feed, block.stories, slug, site), before=before, older=block.before, newer=newer)


def _find_open_block(backend: Backend, size: int) -> tuple[int, int]:
    """Return the number of the first article of the block that is not full yet, and that of the last article."""
    last_number = backend.last_article_number()
    return (last_number + 1) // size * size, last_number
