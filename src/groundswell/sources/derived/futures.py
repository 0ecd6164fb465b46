"""Federal funds futures in a folder: one series a contract."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import polars as pl

from groundswell.markets.series.catalogue import FED_FUNDS_FUTURES, family_of
from groundswell.model import Frequency, Series, SeriesRef
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
        frame = pl.scan_parquet(file)
        if not FUTURES_COLUMNS.issubset(frame.collect_schema().names()):
            continue
        rows = frame.select(
            pl.col("date").cast(pl.String).str.slice(0, 10).str.to_date().alias("day"),
            pl.col("contract").cast(pl.String),
            pl.col("close").cast(pl.Float64),
        )
        closes = rows.filter(pl.col("close") > 0).group_by("contract", "day").agg(pl.col("close").mean()).sort("day")
        for key, part in closes.collect().group_by("contract", maintain_order=True):
            name = str(key[0])
            ref = FED_FUNDS_FUTURES.ref(int(name[:4]), int(name[4:6]))
            if ref in wanted:
                series.append(_build_series(ref, file.name, part))
    return tuple(series)


def _build_series(ref: SeriesRef, file: str, part: pl.DataFrame) -> Series:
    dates = part["day"].to_numpy().astype("datetime64[D]")
    values = part["close"].to_numpy().astype(np.float64)
    return Series(ref, Frequency.DAILY, file, dates, values, known_at(ref, Frequency.DAILY, dates))
