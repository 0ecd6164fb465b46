"""Registered domains of addresses: who owns a site, and which hosts serve the sites of many."""

from __future__ import annotations

from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

PLATFORMS = frozenset(("blogspot.com", "medium.com", "substack.com", "tumblr.com", "wordpress.com"))
"""Domains whose sites belong to different publishers, and that the public suffix list does not name."""

TRACKERS = frozenset(
    (
        "feedburner.com",
        "feedproxy.google.com",
        "feeds.feedblitz.com",
        "news.google.com",
        "pheedo.com",
        "rss.feedsportal.com",
    )
)
"""Hosts, with all below them, whose addresses lead to articles on other sites. They own no article."""

_TRACKER_ENDINGS = tuple(TRACKERS)
_BELOW_TRACKERS = tuple(f".{tracker}" for tracker in TRACKERS)


@lru_cache(maxsize=4_096)
def find_registered_domain(url: str | None) -> str:
    """Return the domain that a publisher registered, in ASCII ("example.co.uk"), or an empty string if it has none.

    The public suffix list decides, including its private rules and ``PLATFORMS``: "ann.github.io" and
    "ann.substack.com" are publishers of their own. A host that is itself a public suffix ("gob.mx") is its own
    publisher. IP addresses and single labels have no domain.
    """
    host = _read_host(url)
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or ":" in host or labels[-1].isdigit():
        return ""
    domain: str = _load_public_suffixes().privatesuffix(host) or host
    return ".".join(labels[-domain.count(".") - 2 :]) if domain in PLATFORMS else domain


@lru_cache(maxsize=4_096)
def find_owner(url: str | None) -> str:
    """Return the registered domain that owns what is at ``url``; empty where the host serves the sites of many.

    A tracker owns nothing, and neither does a platform's own host ("medium.com/@ann"). An IP address or a single label
    owns what is at its own port.
    """
    if is_tracker(url):
        return ""
    domain = find_registered_domain(url)
    if not domain and (host := _read_host(url)):
        return f"{host} {_read_port(url)}"
    return "" if domain in PLATFORMS or (domain and _is_shared_suffix(domain)) else domain


def is_tracker(url: str | None) -> bool:
    """Whether the address leads through a counter of clicks or an aggregator to an article on another site."""
    host = _read_host(url)
    return host.endswith(_TRACKER_ENDINGS) and f".{host}".endswith(_BELOW_TRACKERS)


@lru_cache(maxsize=4_096)
def _read_host(url: str | None) -> str:
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
    return host


def _read_port(url: str | None) -> int:
    """Return the port of an address with a host."""
    parts = urlsplit(url or "")
    try:
        return parts.port or {"https": 443}.get(parts.scheme.lower(), 80)
    except ValueError:
        return 0


def _is_shared_suffix(domain: str) -> bool:
    """Whether a domain is a suffix by the list's private rules alone ("github.io"), under which anyone has a site."""
    return (
        _load_public_suffixes().privatesuffix(domain) is None and _load_registries().privatesuffix(domain) is not None
    )


@cache
def _load_public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - reads its list for a tenth of a second

    return PublicSuffixList()


@cache
def _load_registries() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - as above

    return PublicSuffixList(only_icann=True)
