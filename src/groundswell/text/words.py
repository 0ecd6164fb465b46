"""Split texts into words, and reduce words to the form in which they are compared.

Three splitters exist side by side, because decisions rest on what each of them keeps together:

============================ ============================= ==========================================
function                     "U.S. S&P 500's 0.25% rise"   used by
============================ ============================= ==========================================
``split_plain_words``        U, S, S, P, 500, s, 0, 25, …  tagging: a phrase matches however it is punctuated
``split_headline_words``     U.S, S&P, 500's, 0.25%, rise  detection: numbers and abbreviations matter
``find_name_words``          U.S., S&P, 500's, 0.25, rise  names: hyphens, "+" and a lone "&" belong to names
============================ ============================= ==========================================

Two reductions exist for the same reason. ``normalize_word`` removes plural endings only, so that "cuts" and "cutting"
remain two words and stories stay apart. ``stem_word`` removes all common endings, so that a headline resembles a hub's
example in any tense.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from groundswell.text.stopwords import EXAMPLE_STOP_WORDS, STORY_STOP_WORDS

_PLAIN_WORD = re.compile(r"[^\W_]+")
_HEADLINE_WORD = re.compile(r"[^\W_]+(?:[.,'’&][^\W_]+)*%?")
_NAME_WORD = re.compile(r"[A-Z](?:\.[A-Z])+\.?|[^\W_]+(?:[.&'’+-][^\W_]+)*\+?|&")
_CAPITALISED_NAME = re.compile(r"\b[A-Z][\w&.-]+(?:\s[A-Z][\w&.-]+)*")
_ASCII_SEPARATORS_TO_SPACES = bytes(code if chr(code).isalnum() and code < 128 else ord(" ") for code in range(256))
_POSSESSIVE_ENDINGS = ("'s", "’s")
_CACHED_WORDS = 1 << 14


def split_plain_words(text: str) -> list[str]:
    """Return the runs of letters and digits in ``text``; every other character separates.

    The lower-case form of each word has the length of the word.
    """
    if text.isascii():  # true of nearly all headlines, and twice as fast as the expression
        return text.encode().translate(_ASCII_SEPARATORS_TO_SPACES).decode().split()
    return _PLAIN_WORD.findall(text.replace("İ", "I"))


def split_headline_words(text: str) -> list[str]:
    """Return the words of ``text``, with inner punctuation ("S&P", "0.25") and a percent sign kept."""
    return _HEADLINE_WORD.findall(text)


def find_name_words(text: str) -> Iterator[re.Match[str]]:
    """Yield a match for each word that may be part of a name, "&" included."""
    return _NAME_WORD.finditer(text)


def find_capitalised_names(text: str) -> set[str]:
    """Return the runs of capitalised words in ``text``."""
    return set(_CAPITALISED_NAME.findall(text))


def split_letter_trigrams(words: Iterable[str]) -> list[str]:
    """Return the runs of three characters of each word, with one space added before and after the word."""
    return [f" {word} "[start : start + 3] for word in words for start in range(len(word))]


@lru_cache(maxsize=_CACHED_WORDS)
def normalize_content_word(form: str) -> str:
    """Return the normalised form of a word, or an empty string for a stop word of story detection."""
    word = normalize_word(form)
    return "" if word in STORY_STOP_WORDS else word


def normalize_word(form: str) -> str:
    """Return the lower-case singular of a word: "Banks" and "bank's" become "bank", "US" and "U.S" become "u.s"."""
    if form in ("US", "U.S"):
        return "u.s"
    word = form.lower()
    if word.endswith(_POSSESSIVE_ENDINGS):
        word = word[:-2]
    if len(word) < 5 or not word.isalpha():
        return word
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=_CACHED_WORDS)
def stem_content_word(word: str) -> str:
    """Return the stem of a lower-case word, or an empty string for a number or a stop word of hub examples."""
    return "" if word in EXAMPLE_STOP_WORDS or word.isdigit() else stem_word(word)


def stem_word(word: str) -> str:
    """Remove the common ending of a lower-case word: "falls", "falling" and "falled" become "fall"."""
    for ending, min_length in (("ing", 6), ("ies", 6), ("es", 6), ("ed", 6), ("s", 4), ("e", 5)):
        if word.endswith(ending) and len(word) >= min_length and not word.endswith("ss"):
            return word[: -len(ending)]
    return word
