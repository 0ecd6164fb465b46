"""The tags that a client names in ``If-None-Match``."""

from __future__ import annotations

import re

_TAG = re.compile(r'(?:W/)?("[^"]*")|(\*)')
# Proxies that compress add a suffix to the tag (nginx and Apache "-gzip", others "--gzip" or ";gzip").
_ENCODING_SUFFIX = re.compile(r'(?:--?|;)(?:gzip|br|zstd|deflate)(?=")')


def drop_encoding_suffixes(if_none_match: str) -> str:
    """Return the header as before a proxy added to its tags."""
    return _ENCODING_SUFFIX.sub("", if_none_match)


def is_named(tag: str, if_none_match: str) -> bool:
    """Whether the header names a tag: its sender has the current version.

    Comparison is weak (RFC 9110, 8.8.3.2): a prefix ``W/`` does not count.
    """
    if not tag or not if_none_match:
        return False
    named = {quoted or star for quoted, star in _TAG.findall(drop_encoding_suffixes(if_none_match))}
    return not named.isdisjoint((tag.removeprefix("W/"), "*"))
