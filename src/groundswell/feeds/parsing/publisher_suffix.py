"""Take the publisher's name off the end of a title ("Fed holds rates - BBC News"), where it is known to be one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from groundswell.fetch.domains import find_owner

MAX_SUFFIX_CHARACTERS = 80
MAX_SUFFIXES = 2  # "… - Reuters | Yahoo"

_MARKS = "-–—―|·•»"
_MARK = re.compile(rf"\s+(?:[{_MARKS}]|--)\s+(?=\S)")
_SEPARATOR = re.compile(rf"\s(?:[{_MARKS}:]|--)\s")
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset(("the", "a", "le", "la", "der", "die", "das", "el"))
_GENERIC = _ARTICLES | {"news", "online", "com", "org", "net", "gov", "co", "uk", "magazine", "newspaper", "inc"}
_MIN_INITIALS = 2


def strip_publisher_suffix(title: str, names: Iterable[str], urls: Iterable[str | None]) -> str:
    """Return a title without the name of its publisher at its end, and without anything else taken off.

    ``names`` are what the publisher may be called: the source that an item names, the feed's publisher. ``urls`` are
    addresses on the publisher's site, whose registered domain counts as a name. Names are compared without case,
    articles, brackets and words such as "News"; initials count as the name ("FT", "DOJ").
    """
    if _find_suffix(title) is None:
        return title
    known = [part for name in names for part in (name, *_SEPARATOR.split(name)) if part.strip()]
    domains = [domain for domain in map(find_owner, urls) if domain]
    for _ in range(MAX_SUFFIXES):
        start = _find_suffix(title)
        if start is None:
            break
        ending = title[start:].strip(f" {_MARKS}")
        is_known = any(_is_same_name(ending, name) for name in known)
        if not (is_known or any(_is_name_of_domain(ending, domain) for domain in domains)):
            break
        title = title[:start].rstrip()
    return title


def _find_suffix(title: str) -> int | None:
    """Return where the last part of a title begins, with the mark before it; None if it has one part only."""
    tail_start = max(0, len(title) - MAX_SUFFIX_CHARACTERS)
    start = max((mark.start() for mark in _MARK.finditer(title, tail_start)), default=0)
    return start if title[:start].strip() else None


def _is_same_name(first: str, second: str) -> bool:
    words, others = _list_words(first), _list_words(second)
    plain, other_plain = _drop(words, _ARTICLES), _drop(others, _ARTICLES)
    if not plain or not other_plain:
        return False
    if plain == other_plain or "".join(plain) == "".join(other_plain):
        return True
    core, other_core = _drop(words, _GENERIC), _drop(others, _GENERIC)
    return bool(core and core == other_core) or _are_initials(plain, others) or _are_initials(other_plain, words)


def _is_name_of_domain(ending: str, domain: str) -> bool:
    """Whether a name is a domain ("Reuters.com") or its own label ("Reuters", "The Guardian" of theguardian.com)."""
    label = domain.partition(".")[0].replace("-", "")
    words = _list_words(ending)
    forms = {"".join(words), "".join(_drop(words, _ARTICLES)), "".join(_drop(words, _GENERIC))} - {""}
    return bool(forms & {label, domain.replace(".", "").replace("-", "")})


def _are_initials(short: list[str], words: list[str]) -> bool:
    """Whether one word consists of the initials of several, with or without the little ones."""
    if len(short) != 1 or len(short[0]) < _MIN_INITIALS or len(words) < _MIN_INITIALS:
        return False
    initials = {"".join(word[0] for word in some) for some in (words, _drop(words, _ARTICLES))}
    initials.add("".join(word[0] for word in words if len(word) > len("and")))
    return short[0] in initials


def _list_words(name: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_BRACKETS.sub(" ", name))]


def _drop(words: list[str], little: frozenset[str]) -> list[str]:
    return [word for word in words if word not in little]
