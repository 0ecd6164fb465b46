"""Find the organisations, tickers and places named in a story, by rules and the tables in ``stories/names``."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from groundswell.model import Article, Mention
from groundswell.stories.profile.words import MAX_PROFILE_TEXT_CHARACTERS, MAX_PROFILE_TITLE_CHARACTERS
from groundswell.text.words import find_name_words

MAX_NAMES_PER_KIND = 8
MAX_WORDS_PER_NAME = 5
MIN_ARTICLES_PER_NAME = 2  # unless the headline contains the name
MIN_LOWER_CASE_SHARE = 0.3  # of the longer words; below it a text is in title case

_EXCHANGE_TICKER = re.compile(
    r"\(\s*(?:NYSE(?:\s?(?:American|Arca|MKT))?|NASDAQ|Nasdaq(?:GS|GM|CM)?|AMEX|OTC(?:QB|QX|MKTS)?|TSXV?|LSE|CBOE|BATS)"
    r"\s*:\s*([A-Z][A-Z.]{0,5})\s*[);,]"
)
_CASHTAG = re.compile(r"(?<![\w$])\$([A-Z]{1,5})(?![\w$])")
_CAPITALS = re.compile(r"(?<![\w$^.])\^?([A-Z]{3,4})(?![\w.-])")
# fmt: off
_ORGANISATION_ENDINGS = frozenset((
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
_JOINING_WORDS = frozenset(("of", "and", "&", "for", "the"))
_POSSESSIVE = re.compile(r"['’]s?$")
_NEVER_FIRST = frozenset(
    ("The", "A", "An", "This", "That", "Its", "His", "Her", "Our", "Their", "Some", "Any", "Each", "Every")
)


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct names in a text."""

    organisations: frozenset[str] = frozenset()
    tickers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def find_entities(headline: str, articles: Sequence[Article]) -> tuple[tuple[Mention, ...], ...]:
    """Return the organisations, tickers and places of a story, in this order, each by number of articles.

    A name is included if at least two of ``articles`` or the headline contain it; at most eight of a kind.
    """
    headline_names = find_names(headline)
    article_names = [find_names(article.title, article.text) for article in articles]
    kinds: tuple[Callable[[Names], frozenset[str]], ...] = (
        lambda names: names.organisations,
        lambda names: names.tickers,
        lambda names: names.places,
    )
    return tuple(_count_mentions(kind(headline_names), [kind(names) for names in article_names]) for kind in kinds)


def find_names(title: str, text: str = "") -> Names:
    """Return the names in a title and the opening of its text.

    Known organisations and places are looked up in tables, the longest name first ("Bank of England" does not mention
    England). Other organisations are capitalised words with the ending of an organisation ("… Holdings", "… Corp").
    Tickers stand in brackets after an exchange, after a dollar sign, or are in capitals and in the table. A text all in
    capitals yields tickers of the first two kinds only.
    """
    return _find_names(title[:MAX_PROFILE_TITLE_CHARACTERS], text[:MAX_PROFILE_TEXT_CHARACTERS])


@lru_cache(maxsize=4_096)  # a story's page is requested again and again
def _find_names(title: str, text: str) -> Names:
    organisations: set[str] = set()
    places: set[str] = set()
    for part in (title, text):
        for kind, name in _list_names(_EXCHANGE_TICKER.sub(" ; ", part)):
            (organisations if kind == "organisation" else places).add(name)
    return Names(frozenset(organisations), frozenset(_list_tickers(f"{title}\n{text}")), frozenset(places))


def _count_mentions(headline_names: frozenset[str], article_names: Sequence[frozenset[str]]) -> tuple[Mention, ...]:
    counts = Counter(name for names in article_names for name in names)
    mentions = [
        Mention(name, max(1, counts[name]))
        for name in headline_names | set(counts)
        if name in headline_names or counts[name] >= MIN_ARTICLES_PER_NAME
    ]
    mentions.sort(key=lambda mention: (-mention.articles, mention.name not in headline_names, mention.name))
    return tuple(mentions[:MAX_NAMES_PER_KIND])


def _list_tickers(text: str) -> Iterator[str]:
    yield from _EXCHANGE_TICKER.findall(text)
    yield from _CASHTAG.findall(text)
    if any(letter.islower() for letter in text):
        yield from (word for word in _CAPITALS.findall(text) if word in _load_tickers())


def _list_names(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of each name from left to right, none inside another."""
    known_only = _is_title_case(text)
    for words in _list_name_spans(text):
        position = 0
        while position < len(words):
            length, kind, name = _match_longest_name(words[position:], known_only)
            if kind:
                yield kind, name
            position += length


def _match_longest_name(words: Sequence[str], known_only: bool) -> tuple[int, str, str]:
    """Return the longest name at the start of ``words``: its number of words, kind and name; 1 and "" if none."""
    next_words = map(_strip_possessive, words[1:MAX_WORDS_PER_NAME])
    has_ending = not known_only and any(word in _ORGANISATION_ENDINGS for word in next_words)
    if not has_ending and _strip_possessive(words[0]) not in _load_first_words():
        return 1, "", ""
    for length in range(min(MAX_WORDS_PER_NAME, len(words)), 0, -1):
        written = _strip_possessive(" ".join(words[:length]))
        known = _load_names().get(written)
        if known is not None:
            return length, *known
        if length > 1 and has_ending and _is_organisation_name(written.split()):
            # "Boeing Co" is Boeing
            shorter = _load_names().get(" ".join(words[: length - 1]))
            return (length, *shorter) if shorter and shorter[0] == "organisation" else (length, "organisation", written)
    return 1, "", ""


def _is_organisation_name(words: Sequence[str]) -> bool:
    """Return whether words that are in no table form the name of an organisation: "Acme and Sons Holdings"."""
    is_capitalised = all(word[0].isupper() or word in ("and", "&") for word in words)
    has_possessive = any(word.endswith(("'s", "’s")) for word in words)
    has_ending = words[-1] in _ORGANISATION_ENDINGS
    return has_ending and is_capitalised and not has_possessive and words[0] not in _NEVER_FIRST


def _is_title_case(text: str) -> bool:
    """Return whether so few of the longer words begin with a small letter that capitals mark no names."""
    words = [match.group() for match in find_name_words(text)]
    longer = [word for word in words if len(word) >= 4 and word[0].isalpha()]
    lower_case = sum(1 for word in longer if word[0].islower())
    return bool(lower_case < MIN_LOWER_CASE_SHARE * len(longer))


def _list_name_spans(text: str) -> Iterator[list[str]]:
    """Yield runs of words with only spaces between them, divided at words that are part of no name."""
    span: list[str] = []
    end = 0
    for match in find_name_words(text):
        word = match.group()
        if span and not text[end : match.start()].isspace():
            yield span
            span = []
        is_euro_zone = word == "euro" or (word == "zone" and span == ["euro"])
        if word[0].isupper() or (word in _JOINING_WORDS and span) or is_euro_zone:
            span.append(word)
        elif span:
            yield span
            span = []
        end = match.end()
    if span:
        yield span


def _strip_possessive(words: str) -> str:
    """Return ``words`` without a possessive ending."""
    if "'" not in words and "’" not in words:
        return words
    return _POSSESSIVE.sub("", words) if words not in ("Moody's", "Moody’s") else "Moody's"


@cache
def _load_names() -> dict[str, tuple[str, str]]:
    """Return the kind and displayed name of each known spelling of a name."""
    names: dict[str, tuple[str, str]] = {}
    for kind, file in (("place", "places.csv"), ("organisation", "organisations.csv")):
        for row in csv.DictReader(_read_table(file).splitlines()):
            for spelling in (row["name"], *filter(None, row["other names"].split("|"))):
                names[spelling] = kind, row["name"]
    return names


@cache
def _load_first_words() -> frozenset[str]:
    """Return the first words of known names."""
    return frozenset(spelling.split()[0] for spelling in _load_names())


@cache
def _load_tickers() -> frozenset[str]:
    return frozenset(_read_table("tickers.csv").split()[1:])


def _read_table(file: str) -> str:
    return (files("groundswell.stories") / "names" / file).read_text(encoding="utf-8")
