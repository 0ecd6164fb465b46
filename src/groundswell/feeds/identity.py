"""What makes two entries the same article, and the article made of an entry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from groundswell.model import Article, Entry, Origin

_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hs\w+|guccounter|guce_\w+"
    r"|cmpid|ncid|__source|smid|sr_share|xtor|at_(?:medium|campaign|link_\w+))(?:=|$)",
    re.IGNORECASE,
)
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _BASE32 for other in _BASE32]  # the standard library's coding takes thrice as long
_SHIFTS = range(70, -1, -10)
_DEFAULT_PORTS = (None, 80, 443)


def canonical_address(url: str) -> str:
    """Return the form of ``url`` by which articles are told apart; it is compared, never opened.

    Scheme, default port, fragment, trailing slash and tracking parameters are dropped, the host is in lower case and
    the query sorted. ``www.`` is kept: some sites answer differently without it.
    """
    parts = urlsplit(url)
    port = "" if parts.port in _DEFAULT_PORTS else f":{parts.port}"
    query = "&".join(sorted(piece for piece in parts.query.split("&") if piece and not _TRACKING.match(piece)))
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname  # else a port would look like it
    return f"{host}{port}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def article_id(entry: Entry, address_tells: bool = True, guid_tells: bool = True) -> str:
    """Return the permanent id of what ``entry`` links to: 16 characters of lower-case base32.

    It rests on the canonical address; without one, or with a mere front page for address, on feed and guid; without
    a guid on feed, title and day. An address or guid that many items share does not tell.
    """
    canonical = canonical_address(entry.url) if entry.url else ""
    if address_tells and ("/" in canonical or "?" in canonical):
        basis: tuple[str, ...] = ("address", canonical)
    elif guid_tells and entry.guid:
        basis = ("guid", entry.feed, entry.guid)
    else:
        day = entry.published_at.date().isoformat() if entry.published_at else ""
        basis = ("title", entry.feed, entry.title, day)
    digest = hashlib.blake2b("\x1f".join(basis).encode(), digest_size=10).digest()
    number = int.from_bytes(digest)
    return "".join([_PAIRS[number >> shift & 0x3FF] for shift in _SHIFTS])


def article_from(entry: Entry, first_seen_at: datetime, origin: Origin) -> Article:
    """Return the article of ``entry``, first seen by us at ``first_seen_at`` (aware UTC)."""
    return _article(entry, article_id(entry), first_seen_at, origin)


def articles_from(entries: Sequence[Entry], first_seen_at: datetime, origin: Origin) -> tuple[Article, ...]:
    """Return the articles of one feed's entries, in its order, each once.

    Some feeds link every item to one page, or give every item one guid: an address under which three titles stand, or
    two of different guids, does not tell articles apart, nor does a guid of several titles. An edited title under the
    same address, in a later try, stays the same article.
    """
    titles_at: dict[str, set[str]] = {}
    guids_at: dict[str, set[str]] = {}
    titles_of: dict[str, set[str]] = {}
    for entry in entries:
        at = canonical_address(entry.url) if entry.url else ""
        titles_at.setdefault(at, set()).add(entry.title)
        guids_at.setdefault(at, set()).add(entry.guid)
        titles_of.setdefault(entry.guid, set()).add(entry.title)
    found: dict[str, Article] = {}
    for entry in entries:
        at = canonical_address(entry.url) if entry.url else ""
        shared = len(titles_at[at]) >= (2 if len(guids_at[at]) > 1 else 3)
        ident = article_id(entry, not shared, len(titles_of[entry.guid]) == 1)
        found.setdefault(ident, _article(entry, ident, first_seen_at, origin))
    return tuple(found.values())


def _article(entry: Entry, ident: str, first_seen_at: datetime, origin: Origin) -> Article:
    return Article(
        id=ident,
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
