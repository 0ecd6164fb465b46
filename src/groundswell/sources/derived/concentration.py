"""Concentration of funds computed from lists of their holdings: one value for each day that has a list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.markets.indicators.concentration import LARGEST_HOLDINGS, compute_herfindahl, compute_top_share
from groundswell.markets.series.catalogue import FUND_CONCENTRATION, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.files.layouts import SUFFIXES, normalise_name, scan, strip_suffixes
from groundswell.sources.release_times import known_at

FILE_PREFIX = "holdings"
DATE_COLUMNS = ("as_of", "date")
FUND_COLUMNS = ("etf", "fund")
WEIGHT_COLUMNS = ("weight_(%)", "weight")
MIN_SUM_OF_WEIGHTS = 0.9
"""A list with a smaller sum is incomplete, and gives no sum of squares."""

MAX_SUM_OF_FRACTIONS = 1.5
"""Weights with a larger sum are percent."""


def concentration_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Compute the ``wanted`` gauges of funds whose lists of holdings are in a folder.

    Only equities count, where a file names the asset class. A day is left out if a holding has two weights, or if its
    list repeats that of the day before word for word: such a list was served again, not updated.
    """
    funds = {FUND_CONCENTRATION.parts(ref.id)["fund"] for ref in wanted if family_of(ref) is FUND_CONCENTRATION}
    if not funds:
        return ()
    values: dict[SeriesRef, dict[np.datetime64, tuple[float, str]]] = {}
    for file in sorted(folder.glob(f"{FILE_PREFIX}*")):
        for fund, lists in _read_lists(file, funds) if file.name.endswith(SUFFIXES) else ():
            for day, weights in _daily_weights(lists):
                for ref, value in compute_gauges(fund, weights):
                    values.setdefault(ref, {})[day] = (value, file.name)
    return tuple(_build_series(ref, values[ref]) for ref in sorted(values) if ref in wanted)


def _read_lists(file: Path, funds: Collection[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the lists of each fund in a file, with columns ``day``, ``ticker`` and ``weight``."""
    frame = scan(file)
    names = {normalise_name(name): name for name in frame.collect_schema()}
    date, fund, weight = (
        next((names[name] for name in known if name in names), None)
        for known in (DATE_COLUMNS, FUND_COLUMNS, WEIGHT_COLUMNS)
    )
    if date is None or weight is None or "ticker" not in names:
        return
    fund_of_file = strip_suffixes(file).removeprefix(FILE_PREFIX).strip("_").partition("_")[0]
    rows = frame.select(
        pl.col(date).cast(pl.String).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        (pl.col(fund) if fund else pl.lit(fund_of_file)).alias("fund"),
        pl.col(names["ticker"]).alias("ticker"),
        pl.col(weight).cast(pl.Float64, strict=False).alias("weight"),
        (pl.col(names["asset_class"]) if "asset_class" in names else pl.lit("Equity")).alias("kind"),
    )
    equities = (pl.col("kind") == "Equity") & (pl.col("weight") > 0)
    holdings = rows.filter(pl.col("fund").is_in(funds) & equities & pl.col("day").is_not_null()).unique()
    for key, lists in holdings.collect().group_by("fund", maintain_order=True):
        yield str(key[0]), lists


def _daily_weights(lists: pl.DataFrame) -> Iterator[tuple[np.datetime64, NDArray[np.float64]]]:
    before: list[tuple[str, float]] = []
    for key, rows in lists.sort("day", "ticker").group_by("day", maintain_order=True):
        now = list(rows.select("ticker", "weight").iter_rows())
        if now != before and rows["ticker"].drop_nulls().is_unique().all():
            weights = rows["weight"].to_numpy()
            yield np.datetime64(str(key[0]), "D"), weights / (100.0 if weights.sum() > MAX_SUM_OF_FRACTIONS else 1.0)
        before = now


def compute_gauges(fund: str, weights: NDArray[np.float64]) -> Iterator[tuple[SeriesRef, float]]:
    """Yield the gauges that the weights of a list (fractions) allow."""
    if len(weights) >= LARGEST_HOLDINGS:
        yield FUND_CONCENTRATION.ref(fund, "top10"), compute_top_share(weights)
    if weights.sum() >= MIN_SUM_OF_WEIGHTS:
        yield FUND_CONCENTRATION.ref(fund, "herfindahl"), compute_herfindahl(weights)


def _build_series(ref: SeriesRef, by_day: dict[np.datetime64, tuple[float, str]]) -> Series:
    days = sorted(by_day)
    dates = np.array(days, dtype="datetime64[D]")
    files = dict.fromkeys(by_day[day][1] for day in days)
    return Series(
        ref=ref,
        frequency=Frequency.DAILY,
        source=f"{'; '.join(files)}, weights as published",
        dates=dates,
        values=np.array([by_day[day][0] for day in days]),
        known_at=known_at(ref, Frequency.DAILY, dates),
    )
