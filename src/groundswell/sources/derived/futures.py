"""Federal funds futures in a folder: one series a contract."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from groundswell.markets.series.catalogue import FED_FUNDS_FUTURES, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.files.query import (
    QueryError,
    describe_failure,
    fetch_columns,
    list_columns,
    write_path,
    write_scan,
)
from groundswell.sources.release_times import known_at

FUTURES_FILES = "zq*.parquet"
FUTURES_COLUMNS = frozenset({"date", "contract", "close"})


def futures_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Read the ``wanted`` contracts: columns ``date``, ``contract`` (YYYYMM) and ``close``.

    Vendors may give several closes of a contract on a day, each to half a tick: their mean counts. Gaps stay gaps.
    """
    if not any(family_of(ref) is FED_FUNDS_FUTURES for ref in wanted):
        return ()
    series: list[Series] = []
    for file in sorted(folder.glob(FUTURES_FILES)):
        try:
            if not FUTURES_COLUMNS.issubset(list_columns(file)):
                continue
            found = fetch_columns(
                "SELECT contract::VARCHAR AS contract, left(date::VARCHAR, 10)::DATE AS day, "
                f"avg(close::DOUBLE) AS close FROM {write_scan(file)} WHERE close > 0 AND isfinite(close) "
                "AND contract IS NOT NULL AND date IS NOT NULL GROUP BY ALL ORDER BY ALL",
                [write_path(file)],
            )
        except QueryError as error:
            raise describe_failure(file.name, error) from error
        names = found["contract"].astype(str)
        for name in np.unique(names).tolist():
            ref = FED_FUNDS_FUTURES.ref(int(name[:4]), int(name[4:6]))
            if ref in wanted:
                is_own = names == name
                dates, values = found["day"][is_own].astype("datetime64[D]"), found["close"][is_own]
                known = known_at(ref, Frequency.DAILY, dates)
                series.append(Series(ref, Frequency.DAILY, file.name, dates, values, known))
    return tuple(series)
