"""Take secrets out of addresses and messages before a log, a page or a terminal shows them.

The address of a private feed is a password: whoever has it reads the feed. Keys stand in queries, in user names, and in
long random parts of paths. What may be one is replaced by "…".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, quote_plus, unquote, urlsplit

MIN_SECRET_CHARACTERS = 4
"""A shorter text is no secret, and taking it out would spoil others."""

_HIDDEN = "…"
_MIN_QUERY_VALUE_CHARACTERS = 6  # "json", "true" and "atom" are no secrets
_ADDRESS = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]{0,30}://\S+")
_AFTER_ADDRESS = "\"')>],.;:!*`}"
_NAMED_SECRET = re.compile(
    r"(?i)\b((?:[a-z]{1,20}[_-])?(?:key|apikey|token|secret|password|passwd|pwd|auth|sig|signature)=)[^\s&;,\"']+"
)
_MIXED = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]{16,}")  # a word of digits and letters
_MIXED_CASE = re.compile(r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_=~-]{20,}")
_HEX = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f-]{16,}", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:xml|rss|rdf|atom|json)$", re.IGNORECASE)


def redact_address(address: str) -> str:
    """Return ``address`` without user name, query, fragment and the parts of the path that look random.

    ``https://news.example/rss?key=1`` becomes ``https://news.example/rss?…``.
    """
    scheme, separator, rest = address.partition("://")
    end = min((rest.find(sign) for sign in "?#" if sign in rest), default=len(rest))
    place, cut = rest[:end], rest[end:]
    # A user name ends at the last "@" before the path. In addresses of databases, a password may contain "/".
    before_path = place.partition("/")[0] if scheme.lower() in ("http", "https") else place
    user = f"{_HIDDEN}@" if "@" in before_path else ""
    host, *parts = place[before_path.rfind("@") + 1 :].split("/")
    shown = "/".join((host, *(_HIDDEN if _looks_random(part) else part for part in parts)))
    return f"{scheme}{separator}{user}{shown}" + (f"{cut[0]}{_HIDDEN}" if cut else "")


def is_redacted(address: str) -> bool:
    """Whether ``redact_address`` has taken something out, so that the address leads nowhere."""
    return address.endswith((f"?{_HIDDEN}", f"#{_HIDDEN}")) or f"/{_HIDDEN}" in address


def redact_text(text: str, secrets: Collection[str] = ()) -> str:
    """Return a message with every address in it redacted, and without ``secrets`` and values named as such."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = _take_out(text, secret)
    return _NAMED_SECRET.sub(rf"\1{_HIDDEN}", _ADDRESS.sub(_redact_match, text))


def redact_repeated(text: str, address: str) -> str:
    """Return a message without the secrets of ``address``: a server may repeat in its answer what it was sent."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return redact_text(text)
    user = parts.netloc.rpartition("@")[0]
    values = (parts.query, parts.fragment, *(piece.partition("=")[2] for piece in parts.query.split("&")))
    secrets = [value for value in values if len(value) >= _MIN_QUERY_VALUE_CHARACTERS]
    return redact_text(text, [user, *user.split(":"), *secrets, *filter(_looks_random, parts.path.split("/"))])


def _redact_match(found: re.Match[str]) -> str:
    address = found[0].rstrip(_AFTER_ADDRESS)
    return redact_address(address) + found[0][len(address) :]


def _take_out(text: str, secret: str) -> str:
    for form in {secret, quote(secret, safe=""), quote_plus(secret), unquote(secret)}:
        if len(form) >= MIN_SECRET_CHARACTERS:
            text = text.replace(form, _HIDDEN)
    return text


def _looks_random(part: str) -> bool:
    """Whether a part of a path is long, and of digits and letters that make no words."""
    stem = _ENDING.sub("", part)
    if _HEX.fullmatch(stem) or _MIXED_CASE.fullmatch(stem):
        return True
    return any(_MIXED.fullmatch(word) for word in re.split(r"[^A-Za-z0-9]", stem))
