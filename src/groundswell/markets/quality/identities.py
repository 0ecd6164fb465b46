"""Identities between published series: what must be equal by definition, checked on the days that all have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.single_series import Seen
from groundswell.markets.series.book import SeriesBook, common_dates
from groundswell.model import IssueKind, Measure, Series, SeriesRef

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Identity:
    """That ``derived`` is what ``rule`` makes of ``parts``, up to ``tolerance`` in its own unit."""

    derived: SeriesRef
    parts: tuple[SeriesRef, ...]
    words: str
    rule: Callable[..., Values]
    tolerance: float


def _rate(name: str) -> SeriesRef:
    return SeriesRef(name, Measure.RATE)


def _gap(name: str, one: str, other: str) -> Identity:
    # Two values rounded to hundredths may differ from the rounded gap by one hundredth.
    return Identity(_rate(name), (_rate(one), _rate(other)), f"{one} less {other}", lambda x, y: x - y, 0.0101)


IDENTITIES = (
    _gap("T10Y2Y", "DGS10", "DGS2"),
    _gap("T10Y3M", "DGS10", "DGS3MO"),
    _gap("T10YIE", "DGS10", "DFII10"),
    Identity(_rate("DFEDTARU"), (_rate("DFEDTARL"),), "DFEDTARL and a quarter point", lambda low: low + 0.25, 1e-9),
    Identity(
        SeriesRef("^VIX", Measure.PRICE),
        (SeriesRef("VIXCLS", Measure.LEVEL),),
        "VIXCLS, the same index as the exchange publishes it",
        lambda published: published,
        0.0101,
    ),
)


def broken(book: SeriesBook) -> Iterator[tuple[Series, Seen]]:
    """Each identity that does not hold on some days, with the derived series; those that lack a series are left out."""
    for identity in IDENTITIES:
        found = [book.get(ref) for ref in (identity.derived, *identity.parts)]
        series = [one for one in found if one is not None]
        if len(series) < len(found):
            continue
        days = common_dates(series)
        derived, *parts = (one.at(days) for one in series)
        away = derived - identity.rule(*parts)
        wrong = np.abs(away) > identity.tolerance
        if wrong.any():
            text = f"on {int(wrong.sum())} of {len(days)} days it is not {identity.words}"
            size = float(away[wrong][np.abs(away[wrong]).argmax()])
            unit = "points"
            yield series[0], Seen(IssueKind.IDENTITY, tuple(days[wrong].tolist()), text, size, unit)


def identity_parts() -> frozenset[SeriesRef]:
    """Every series that an identity names."""
    return frozenset(ref for identity in IDENTITIES for ref in (identity.derived, *identity.parts))
