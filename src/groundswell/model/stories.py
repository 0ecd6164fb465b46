"""What a reader is told about a story beside its articles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a story stands in its life."""

    EMERGING = "emerging"
    ACTIVE = "active"
    FADING = "fading"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a summary, word for word, and the article that it is taken from."""

    text: str
    article_id: str
    publisher: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a story and how many of its articles hold it."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What is told of a story at some instant.

    ``independent_publishers`` counts copies of one text as one voice; ``momentum`` is from 0 (nothing new) to 1.
    """

    summary: tuple[Sentence, ...]
    organisations: tuple[Mention, ...]
    tickers: tuple[Mention, ...]
    places: tuple[Mention, ...]
    independent_publishers: int
    momentum: float
    status: Status

    def __post_init__(self) -> None:
        if not 0 <= self.momentum <= 1:
            raise ValueError(f"momentum must lie in 0..1, not {self.momentum!r}")
        if self.independent_publishers < 1:
            raise ValueError(f"independent_publishers must be at least 1, not {self.independent_publishers!r}")
