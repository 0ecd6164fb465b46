"""Counts of what was taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ingested:
    """How many articles were offered, how many of them were new, and how many new ones founded a story or got a tag.

    ``edited`` counts stored articles that were offered with another title.
    """

    offered: int = 0
    new: int = 0
    founded: int = 0
    tagged: int = 0
    edited: int = 0

    def __add__(self, other: Ingested) -> Ingested:
        return Ingested(
            self.offered + other.offered,
            self.new + other.new,
            self.founded + other.founded,
            self.tagged + other.tagged,
            self.edited + other.edited,
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay took in, and the day as of which the hubs were evaluated afterwards."""

    ingested: Ingested
    as_of: date
