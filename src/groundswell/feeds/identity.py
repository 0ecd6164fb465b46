"""Identify articles: canonical addresses, and the keys by which articles are known."""

from __future__ import annotations

import hashlib
import re
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


def has_own_address(canonical: str) -> bool:
    """Whether a canonical address is more than a front page, which many items may link to."""
    return "/" in canonical or "?" in canonical


def compute_digest(*parts: str) -> str:
    """Return a digest of texts: 16 characters of lower-case base32."""
    number = int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).digest())
    return "".join([_DIGIT_PAIRS[number >> shift & 0x3FF] for shift in _PAIR_SHIFTS])


def compute_address_key(canonical: str) -> str:
    """Return the key of a canonical address, which is the same for all feeds."""
    return compute_digest("address", canonical)


def compute_guid_key(feed: str, guid: str) -> str:
    """Return the key of a guid, which a feed has chosen."""
    return compute_digest("guid", feed, guid)


def compute_title_key(feed: str, title: str, published_at: datetime | None) -> str:
    """Return the key of an item without address and guid."""
    return compute_digest("title", feed, title, published_at.date().isoformat() if published_at else "")


def compute_article_id(entry: Entry) -> str:
    """Return the permanent id of a new article: a digest of its first key.

    That is the canonical address; without one, or if the address is a mere front page, feed and guid; without a guid,
    feed, title and day.
    """
    canonical = canonicalize_address(entry.url) if entry.url else ""
    if has_own_address(canonical):
        return compute_address_key(canonical)
    if entry.guid:
        return compute_guid_key(entry.feed, entry.guid)
    return compute_title_key(entry.feed, entry.title, entry.published_at)


def build_article(entry: Entry, first_seen_at: datetime, origin: Origin) -> Article:
    """Return the article of an entry that is known by its id alone, first seen at ``first_seen_at`` (aware UTC)."""
    return Article(
        id=compute_article_id(entry),
        feed=entry.feed,
        title=entry.title,
        text=entry.text,
        publisher=entry.publisher,
        url=entry.url,
        published_at=entry.published_at,
        first_seen_at=first_seen_at,
        day_only=entry.day_only,
        origin=origin,
    )
