"""Addresses from feeds and services: which are safe to link to, and how relative ones are resolved."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

# Control, zero-width and bidirectional characters, lone surrogates, tags and the two non-characters: they hide or
# reorder text, or cannot be stored. White space is not among them: it is folded elsewhere.
UNSEEN_CHARACTERS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

MAX_ADDRESS_CHARACTERS = 2_000

_ADDRESS = re.compile(r"https?://[^\s/?#\\@<>\"]+(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
_ASCII_HOST = re.compile(r"[a-z0-9._-]+")
_MAX_HOST_CHARACTERS = 253


def safe_address(text: str | None) -> str | None:
    """Return ``text`` if it is an absolute http or https address that is safe to link to, else None.

    The host is returned in ASCII: ``xn--`` forms look like no other host. Addresses with a user name, a backslash or
    per cent sign in the host, unseen characters or over 2,000 characters are refused.
    """
    text = text.strip() if text else ""
    if not text or len(text) > MAX_ADDRESS_CHARACTERS or UNSEEN_CHARACTERS.search(text) or not _ADDRESS.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        is_usable = bool(parts.hostname) and parts.port != 0 and "%" not in parts.netloc
        return (text if text.isascii() else _with_ascii_host(text, parts)) if is_usable else None
    except ValueError:
        return None


def _with_ascii_host(text: str, parts: SplitResult) -> str:
    """Return an address with its host in the ASCII form that browsers ask for. Raises ``ValueError``."""
    host = parts.hostname or ""
    if parts.netloc.isascii():
        return text
    if len(host) > _MAX_HOST_CHARACTERS:
        raise ValueError("the host is too long")
    encoded = idna.encode(host, uts46=True).decode("ascii")
    if not _ASCII_HOST.fullmatch(encoded):
        raise ValueError("the host is no name")
    start = text.index("//") + 2
    port = "" if parts.port is None else f":{parts.port}"
    address = f"{text[:start]}{encoded}{port}{text[start + len(parts.netloc) :]}"
    if len(address) > MAX_ADDRESS_CHARACTERS:
        raise ValueError("the address is too long")
    return address


def resolve_link(base: str, link: str) -> str:
    """Resolve a link against the address of its feed; "" where there is no link or it cannot be resolved."""
    try:
        return urljoin(base, link.strip()) if link else ""
    except ValueError:
        return ""
