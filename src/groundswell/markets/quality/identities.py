"""Identities between published series: equalities that hold by definition, checked on the days that all series have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.book import SeriesBook, common_dates
from groundswell.model import IssueKind, Measure, Series, SeriesRef
from groundswell.model.series import Values


@dataclass(frozen=True, slots=True)
class Identity:
    """The statement that ``derived`` equals ``rule`` of ``parts``, up to ``tolerance`` in its own unit."""

    derived: SeriesRef
    parts: tuple[SeriesRef, ...]
    words: str
    rule: Callable[..., Values]
    tolerance: float


def _rate(name: str) -> SeriesRef:
    return SeriesRef(name, Measure.RATE)


def _difference(name: str, first: str, second: str) -> Identity:
    # The difference of two values rounded to hundredths may differ from the rounded difference by one hundredth.
    return Identity(
        _rate(name), (_rate(first), _rate(second)), f"{first} less {second}", lambda x, y: x - y, tolerance=0.0101
    )


IDENTITIES = (
    _difference("T10Y2Y", "DGS10", "DGS2"),
    _difference("T10Y3M", "DGS10", "DGS3MO"),
    _difference("T10YIE", "DGS10", "DFII10"),
    Identity(_rate("DFEDTARU"), (_rate("DFEDTARL"),), "DFEDTARL and a quarter point", lambda low: low + 0.25, 1e-9),
    Identity(
        SeriesRef("^VIX", Measure.PRICE),
        (SeriesRef("VIXCLS", Measure.LEVEL),),
        "VIXCLS, the same index as the exchange publishes it",
        lambda published: published,
        0.0101,
    ),
)


def find_broken_identities(book: SeriesBook) -> Iterator[tuple[Series, Finding]]:
    """Yield each identity that fails on some days, with the derived series; skip those with a missing series."""
    for identity in IDENTITIES:
        loaded = [book.get(ref) for ref in (identity.derived, *identity.parts)]
        series = [each for each in loaded if each is not None]
        if len(series) < len(loaded):
            continue
        days = common_dates(series)
        derived, *parts = (each.at(days) for each in series)
        distance = derived - identity.rule(*parts)
        fails = np.abs(distance) > identity.tolerance
        if fails.any():
            text = f"on {int(fails.sum())} of {len(days)} days it is not {identity.words}"
            size = float(distance[fails][np.abs(distance[fails]).argmax()])
            yield series[0], Finding(IssueKind.IDENTITY, tuple(days[fails].tolist()), text, size, "points")


def list_identity_series() -> frozenset[SeriesRef]:
    """Return every series that an identity names."""
    return frozenset(ref for identity in IDENTITIES for ref in (identity.derived, *identity.parts))
