"""Identify articles: decide which entries are the same article, and build articles from entries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from groundswell.model import Article, Entry, Origin

_TRACKING_PARAMETER = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hs\w+|guccounter|guce_\w+"
    r"|cmpid|ncid|__source|smid|sr_share|xtor|at_(?:medium|campaign|link_\w+))(?:=|$)",
    re.IGNORECASE,
)
_BASE32_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_DIGIT_PAIRS = [first + second for first in _BASE32_DIGITS for second in _BASE32_DIGITS]  # 3 times as fast as base64
_PAIR_SHIFTS = range(70, -1, -10)
MIN_TITLES_OF_SHARED_ADDRESS = 3
MIN_TITLES_OF_SHARED_ADDRESS_WITH_GUIDS = 2
_DEFAULT_PORTS = (None, 80, 443)


def canonicalize_address(url: str) -> str:
    """Return the form of ``url`` by which articles are compared; it is never opened.

    Scheme, default port, fragment, trailing slash and tracking parameters are dropped, the host is in lower case, and
    the query is sorted. ``www.`` stays, because some sites answer differently without it.
    """
    parts = urlsplit(url)
    port = "" if parts.port in _DEFAULT_PORTS else f":{parts.port}"
    query = "&".join(
        sorted(piece for piece in parts.query.split("&") if piece and not _TRACKING_PARAMETER.match(piece))
    )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname  # so that a port is recognisable
    return f"{host}{port}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def compute_article_id(entry: Entry, has_own_address: bool = True, has_own_guid: bool = True) -> str:
    """Return the permanent id of the article that ``entry`` links to: 16 characters of lower-case base32.

    The id is a digest of the canonical address. Without one, or if the address is a mere front page, it is a digest of
    feed and guid; without a guid, of feed, title and day. An address or guid that other items share is not used.
    """
    canonical = canonicalize_address(entry.url) if entry.url else ""
    if has_own_address and ("/" in canonical or "?" in canonical):
        basis: tuple[str, ...] = ("address", canonical)
    elif has_own_guid and entry.guid:
        basis = ("guid", entry.feed, entry.guid)
    else:
        day = entry.published_at.date().isoformat() if entry.published_at else ""
        basis = ("title", entry.feed, entry.title, day)
    digest = hashlib.blake2b("\x1f".join(basis).encode(), digest_size=10).digest()
    number = int.from_bytes(digest)
    return "".join([_DIGIT_PAIRS[number >> shift & 0x3FF] for shift in _PAIR_SHIFTS])


def build_article(entry: Entry, first_seen_at: datetime, origin: Origin) -> Article:
    """Return the article of ``entry``, first seen at ``first_seen_at`` (aware UTC)."""
    return _build_article(entry, compute_article_id(entry), first_seen_at, origin)


def build_articles(entries: Sequence[Entry], first_seen_at: datetime, origin: Origin) -> tuple[Article, ...]:
    """Return the articles of one feed's entries, in the feed's order, each once.

    Some feeds link every item to one page, or give every item one guid. An address with three titles, or with two
    titles of different guids, does not identify articles, and neither does a guid with several titles. An edited title
    at the same address in a later answer is the same article.
    """
    titles_at: dict[str, set[str]] = {}
    guids_at: dict[str, set[str]] = {}
    titles_of: dict[str, set[str]] = {}
    for entry in entries:
        canonical = canonicalize_address(entry.url) if entry.url else ""
        titles_at.setdefault(canonical, set()).add(entry.title)
        guids_at.setdefault(canonical, set()).add(entry.guid)
        titles_of.setdefault(entry.guid, set()).add(entry.title)
    articles: dict[str, Article] = {}
    for entry in entries:
        canonical = canonicalize_address(entry.url) if entry.url else ""
        has_guids = len(guids_at[canonical]) > 1
        min_titles = MIN_TITLES_OF_SHARED_ADDRESS_WITH_GUIDS if has_guids else MIN_TITLES_OF_SHARED_ADDRESS
        is_shared = len(titles_at[canonical]) >= min_titles
        article_id = compute_article_id(entry, not is_shared, len(titles_of[entry.guid]) == 1)
        articles.setdefault(article_id, _build_article(entry, article_id, first_seen_at, origin))
    return tuple(articles.values())


def _build_article(entry: Entry, article_id: str, first_seen_at: datetime, origin: Origin) -> Article:
    return Article(
        id=article_id,
        feed=entry.feed,
        title=entry.title,
        text=entry.text,
        publisher=entry.source or entry.publisher,
        url=entry.url,
        published_at=entry.published_at,
        first_seen_at=first_seen_at,
        day_only=entry.day_only,
        origin=origin,
    )
