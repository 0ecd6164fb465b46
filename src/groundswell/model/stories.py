"""What readers are shown about a story in addition to its articles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The stage of a story's life."""

    EMERGING = "emerging"
    ACTIVE = "active"
    FADING = "fading"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a summary, quoted from an article."""

    text: str
    article_id: str
    publisher: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a story, and how many of its articles contain it."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Summary, names and activity of a story as of some instant.

    ``independent_publishers`` counts publishers of copies of one text once; ``momentum`` is from 0 (nothing new) to 1.
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


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two documents by their ids, with the score from 0 to 1 that they report the same event, and the judgement."""

    first: str
    second: str
    score: float
    same: bool
