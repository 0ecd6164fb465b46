"""The series at hand, looked up by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.model import Series, SeriesRef


def common_dates(series: Sequence[Series]) -> NDArray[np.datetime64]:
    """The dates that all of ``series`` have, which are sorted already: a search is quicker than to sort them anew."""
    shortest, *others = sorted(series, key=len)
    common = shortest.dates
    for one in others:
        at = np.minimum(np.searchsorted(one.dates, common), len(one) - 1)
        common = common[one.dates[at] == common]
    return common


@dataclass(frozen=True, eq=False)
class SeriesBook:
    """An immutable lookup of series; make one with ``SeriesBook.of``."""

    by_ref: Mapping[SeriesRef, Series]

    @classmethod
    def of(cls, series: Iterable[Series]) -> SeriesBook:
        """Collect ``series``; one of the same reference replaces those before it. Empty series are left out."""
        return cls(MappingProxyType({one.ref: one for one in series if len(one)}))

    def get(self, ref: SeriesRef) -> Series | None:
        return self.by_ref.get(ref)

    def known_by(self, instant: datetime) -> SeriesBook:
        """The book as it stood at ``instant`` (UTC): later values, and series that had none yet, are not in it."""
        return SeriesBook.of(series.known_by(instant) for series in self)

    def __iter__(self) -> Iterator[Series]:
        return iter(self.by_ref.values())

    def __len__(self) -> int:
        return len(self.by_ref)


NOTHING = SeriesBook.of(())
