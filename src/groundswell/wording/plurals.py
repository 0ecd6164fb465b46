"""Nouns after a number, and lists of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def write_count(n: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: ``1 story``, ``1,204 stories``. ``plural`` is for nouns that follow no rule."""
    return f"{n:,} {noun if n == 1 else plural or pluralise(noun)}"


def pluralise(noun: str) -> str:
    """Return the plural of a regular noun: ``stories``, ``days``, ``events``."""
    ends_in_consonant_y = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{noun[:-1]}ies" if ends_in_consonant_y else f"{noun}s"


def choose_verb(n: int, singular: str = "is", plural: str = "are") -> str:
    """Return the form of a verb that agrees with a number of things: ``is`` for one, ``are`` for others."""
    return singular if n == 1 else plural


def write_list(names: Iterable[str]) -> str:
    """Write names as ``a, b and c``, each name once."""
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def write_first_names(names: Sequence[str], limit: int) -> str:
    """Write the first ``limit`` names and the number of the others: ``a, b and 3 more``."""
    others = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + others
