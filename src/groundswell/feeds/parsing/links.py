"""Resolve the links of feeds as browsers do, and choose the one that leads to an item's article."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

from groundswell.fetch.urls import safe_address

_ESCAPED_BY_BROWSERS = re.compile('[\x00-\x20"<>`\x7f-\U0010ffff]')
_ORIGIN = re.compile(r"(https?://[^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_WITHOUT_SCHEME = re.compile(r"www\.[^\s/]+\.", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


def join_address(base: str, link: str | None) -> str:
    """Resolve ``link`` against ``base``; ``base`` itself where there is no link or it cannot be resolved."""
    try:
        return urljoin(base, link.strip()) if link else base
    except ValueError:
        return base


def resolve_address(base: str, link: str) -> str:
    """Return the address that a browser opens for ``link`` in a document at ``base``, or "" if it is not safe.

    Line breaks are removed; spaces, quotes and letters beyond ASCII in path and query are percent-encoded. A link that
    starts with ``www.`` lost its ``http://``.
    """
    link = re.sub(r"[\t\r\n]+\s*", "", link.strip()).replace("&amp;", "&")
    if not link:
        return ""
    if _WITHOUT_SCHEME.match(link):
        link = f"http://{link}"
    try:
        address = urljoin(base, link)
    except ValueError:
        return ""
    origin = _ORIGIN.fullmatch(address)
    if not origin:
        return ""
    return safe_address(origin[1] + _ESCAPED_BY_BROWSERS.sub(_escape, origin[2])) or ""


def is_absolute(link: str) -> bool:
    """Return whether ``link`` is a web address with its host."""
    return bool(_ABSOLUTE.match(link.strip()))


def have_same_host(one: str, other: str) -> bool:
    """Return whether two addresses have the same host and port; an address that cannot be read has none."""
    try:
        return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower()
    except ValueError:
        return False


def _escape(character: re.Match[str]) -> str:
    return quote(character.group(), safe="", errors="ignore")
