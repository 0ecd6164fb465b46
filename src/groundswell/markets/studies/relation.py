"""What a regression relates, as sums of series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Legs = Mapping[str, float]
"""A sum of series: the weight of each, by its id."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a regression relates, as sums of series, so that what follows from their definitions is known beforehand.

    ``terms`` are the factors by the names that a claim gives them, the first of which is the one of interest.
    ``responses`` are explained one by one, over the same window or, with ``later``, over a later one. Where
    ``estimates_slope`` is not set, no coefficient is reported.
    """

    responses: tuple[Legs, ...]
    terms: Mapping[str, Legs]
    later: bool = False
    estimates_slope: bool = True
