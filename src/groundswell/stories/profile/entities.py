"""Organisations, tickers and places named in a story, by rules and short tables that ship with the package."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from groundswell.model import Article, Mention
from groundswell.stories.profile.words import TEXT, TITLE
from groundswell.text.words import find_name_words

MOST = 8
LONGEST = 5  # words of a name

_LISTED = re.compile(
    r"\(\s*(?:NYSE(?:\s?(?:American|Arca|MKT))?|NASDAQ|Nasdaq(?:GS|GM|CM)?|AMEX|OTC(?:QB|QX|MKTS)?|TSXV?|LSE|CBOE|BATS)"
    r"\s*:\s*([A-Z][A-Z.]{0,5})\s*[);,]"
)
_CASHTAG = re.compile(r"(?<![\w$])\$([A-Z]{1,5})(?![\w$])")
_CAPITALS = re.compile(r"(?<![\w$^.])\^?([A-Z]{3,4})(?![\w.-])")
# fmt: off
_ENDINGS = frozenset((
    "Inc", "Corp", "Corporation", "Co", "Company", "Ltd", "Limited", "LLC", "LP", "Plc", "PLC", "plc", "AG", "SA",
    "SE", "NV", "Group", "Holdings", "Holding", "Bank", "Bancorp", "Bancshares", "Bankshares", "Financial", "Trust",
    "Partners", "Capital", "Advisors", "Advisers", "Management", "Securities", "Investments", "Insurance", "Airlines",
    "Airways", "Motors", "Energy", "Petroleum", "Resources", "Technologies", "Systems", "Software", "Networks",
    "Semiconductor", "Pharma", "Pharmaceuticals", "Therapeutics", "Biosciences", "Biotherapeutics", "Biotech",
    "Sciences", "Laboratories", "Healthcare", "Stores", "Brands", "Foods", "Industries", "Commission", "Authority",
    "Agency", "Association", "Committee", "Institute", "University", "Department", "Ministry", "Union", "Council",
    "Federation", "Railway", "Entertainment", "Pictures", "Communications", "Telecom", "Electronics", "Exchange",
))
# fmt: on
_JOINING = frozenset(("of", "and", "&", "for", "the"))
_OWNED = re.compile(r"['’]s?$")
_NOT_FIRST = frozenset(
    ("The", "A", "An", "This", "That", "Its", "His", "Her", "Our", "Their", "Some", "Any", "Each", "Every")
)


@dataclass(frozen=True, slots=True)
class Names:
    """What a text names, each name once."""

    organisations: frozenset[str] = frozenset()
    tickers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def entities(headline: str, articles: Sequence[Article]) -> tuple[tuple[Mention, ...], ...]:
    """Return the organisations, tickers and places of a story, in this order, each by number of articles.

    A name is shown if at least two of ``articles`` hold it, or the headline does; at most eight of a kind.
    """
    said = names(headline)
    held = [names(article.title, article.text) for article in articles]
    kinds: tuple[Callable[[Names], frozenset[str]], ...] = (
        lambda one: one.organisations,
        lambda one: one.tickers,
        lambda one: one.places,
    )
    return tuple(_counted(kind(said), [kind(one) for one in held]) for kind in kinds)


def names(title: str, text: str = "") -> Names:
    """Return what a title and the opening of its text name.

    Known organisations and places are looked up in tables, the longest name first ("Bank of England" is no mention of
    England). Other organisations are capitalised words that end as names of organisations do ("… Holdings", "… Corp").
    Tickers stand in brackets behind an exchange, behind a dollar sign, or are in capitals and in the table; a text all
    in capitals gives only those of the first two kinds.
    """
    return _names(title[:TITLE], text[:TEXT])


@lru_cache(maxsize=4_096)  # a story's page is asked for again and again
def _names(title: str, text: str) -> Names:
    organisations: set[str] = set()
    places: set[str] = set()
    for part in (title, text):
        for kind, name in _named(_LISTED.sub(" ; ", part)):
            (organisations if kind == "organisation" else places).add(name)
    return Names(frozenset(organisations), frozenset(_tickers(f"{title}\n{text}")), frozenset(places))


def _counted(said: frozenset[str], held: Sequence[frozenset[str]]) -> tuple[Mention, ...]:
    counts = Counter(name for one in held for name in one)
    shown = [Mention(name, max(1, counts[name])) for name in said | set(counts) if name in said or counts[name] >= 2]
    return tuple(sorted(shown, key=lambda one: (-one.articles, one.name not in said, one.name)))[:MOST]


def _tickers(text: str) -> Iterator[str]:
    yield from _LISTED.findall(text)
    yield from _CASHTAG.findall(text)
    if any(letter.islower() for letter in text):
        yield from (found for found in _CAPITALS.findall(text) if found in _symbols())


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Give (kind, name) of each name, left to right, none inside another."""
    known_only = _in_title_case(text)
    for words in _spans(text):
        place = 0
        while place < len(words):
            length, kind, name = _longest(words[place:], known_only)
            if kind:
                yield kind, name
            place += length


def _longest(words: Sequence[str], known_only: bool) -> tuple[int, str, str]:
    """The longest name at the head of ``words``: its number of words, kind and name; one word and nothing, if none."""
    ends = not known_only and any(word in _ENDINGS for word in map(_own, words[1:LONGEST]))
    if not ends and _own(words[0]) not in _openings():
        return 1, "", ""
    for length in range(min(LONGEST, len(words)), 0, -1):
        written = _own(" ".join(words[:length]))
        found = _table().get(written)
        if found is not None:
            return length, *found
        if length > 1 and ends and _is_name(written.split()):
            # "Boeing Co" is Boeing
            shorter = _table().get(" ".join(words[: length - 1]))
            return (length, *shorter) if shorter and shorter[0] == "organisation" else (length, "organisation", written)
    return 1, "", ""


def _is_name(words: Sequence[str]) -> bool:
    """Whether the words, of no table, make the name of an organisation: "Acme and Sons Holdings"."""
    capitals = all(word[0].isupper() or word in ("and", "&") for word in words)
    owners = any(word.endswith(("'s", "’s")) for word in words)
    return words[-1] in _ENDINGS and capitals and not owners and words[0] not in _NOT_FIRST


def _in_title_case(text: str) -> bool:
    """Whether capitals tell nothing: fewer than three in ten of the longer words begin with a small letter."""
    longer = [
        word for word in (found.group() for found in find_name_words(text)) if len(word) >= 4 and word[0].isalpha()
    ]
    small = sum(1 for word in longer if word[0].islower())
    return bool(small < 0.3 * len(longer))


def _spans(text: str) -> Iterator[list[str]]:
    """Runs of words with nothing but spaces between them, cut at words that no name holds."""
    span: list[str] = []
    end = 0
    for found in find_name_words(text):
        word = found.group()
        if span and not text[end : found.start()].isspace():
            yield span
            span = []
        if word[0].isupper() or (word in _JOINING and span) or word == "euro" or (word == "zone" and span == ["euro"]):
            span.append(word)
        elif span:
            yield span
            span = []
        end = found.end()
    if span:
        yield span


def _own(word: str) -> str:
    """The word or words without the sign of the possessive at the end."""
    if "'" not in word and "’" not in word:
        return word
    return _OWNED.sub("", word) if word not in ("Moody's", "Moody’s") else "Moody's"


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Each way to write a known name, with its kind and the name that is shown."""
    found: dict[str, tuple[str, str]] = {}
    for kind, file in (("place", "places.csv"), ("organisation", "organisations.csv")):
        for row in csv.DictReader(_read(file).splitlines()):
            for written in (row["name"], *filter(None, row["other names"].split("|"))):
                found[written] = kind, row["name"]
    return found


@cache
def _openings() -> frozenset[str]:
    """The first words of known names."""
    return frozenset(written.split()[0] for written in _table())


@cache
def _symbols() -> frozenset[str]:
    return frozenset(_read("tickers.csv").split()[1:])


def _read(file: str) -> str:
    return (files("groundswell.stories") / "names" / file).read_text(encoding="utf-8")
