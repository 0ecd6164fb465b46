"""Concentration of funds made from files of their holdings: one value for each day of which a list is held."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.markets.indicators.concentration import LARGEST_HOLDINGS, compute_herfindahl, compute_top_share
from groundswell.markets.series.catalogue import FUND_CONCENTRATION, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.files.layouts import SUFFIXES, plain, scan, stem
from groundswell.sources.release_times import known_at

PREFIX = "holdings"
DATES = ("as_of", "date")
FUNDS = ("etf", "fund")
WEIGHTS = ("weight_(%)", "weight")
WHOLE = 0.9
"""Sum of weights from which on a list counts as whole; the sum of squares is not made of a part."""

IN_PERCENT = 1.5
"""Weights that sum to more than this are percent."""


def concentration_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Make the ``wanted`` gauges of funds whose lists of holdings a folder has.

    Only equities count, where a file tells the kind. A day on which a holding stands with two weights is left out, and
    so is one whose list is word for word that of the day before: it was served again, not made anew.
    """
    funds = {FUND_CONCENTRATION.parts(ref.id)["fund"] for ref in wanted if family_of(ref) is FUND_CONCENTRATION}
    if not funds:
        return ()
    values: dict[SeriesRef, dict[np.datetime64, tuple[float, str]]] = {}
    for file in sorted(folder.glob(f"{PREFIX}*")):
        for fund, lists in _by_fund(file, funds) if file.name.endswith(SUFFIXES) else ():
            for day, weights in _days(lists):
                for ref, value in gauges(fund, weights):
                    values.setdefault(ref, {})[day] = (value, file.name)
    return tuple(_series(ref, values[ref]) for ref in sorted(values) if ref in wanted)


def _by_fund(file: Path, funds: Collection[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The lists of ``funds`` in a file: columns ``day``, ``ticker`` and ``weight``; none where a column is missing."""
    frame = scan(file)
    names = {plain(name): name for name in frame.collect_schema()}
    date, fund, weight = (next((names[one] for one in some if one in names), None) for some in (DATES, FUNDS, WEIGHTS))
    if date is None or weight is None or "ticker" not in names:
        return
    of_file = stem(file).removeprefix(PREFIX).strip("_").partition("_")[0]
    rows = frame.select(
        pl.col(date).cast(pl.String).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        (pl.col(fund) if fund else pl.lit(of_file)).alias("fund"),
        pl.col(names["ticker"]).alias("ticker"),
        pl.col(weight).cast(pl.Float64, strict=False).alias("weight"),
        (pl.col(names["asset_class"]) if "asset_class" in names else pl.lit("Equity")).alias("kind"),
    )
    equities = (pl.col("kind") == "Equity") & (pl.col("weight") > 0)
    held = rows.filter(pl.col("fund").is_in(funds) & equities & pl.col("day").is_not_null()).unique()
    for key, lists in held.collect().group_by("fund", maintain_order=True):
        yield str(key[0]), lists


def _days(lists: pl.DataFrame) -> Iterator[tuple[np.datetime64, NDArray[np.float64]]]:
    before: list[tuple[str, float]] = []
    for key, rows in lists.sort("day", "ticker").group_by("day", maintain_order=True):
        now = list(rows.select("ticker", "weight").iter_rows())
        if now != before and rows["ticker"].drop_nulls().is_unique().all():
            weights = rows["weight"].to_numpy()
            yield np.datetime64(str(key[0]), "D"), weights / (100.0 if weights.sum() > IN_PERCENT else 1.0)
        before = now


def gauges(fund: str, weights: NDArray[np.float64]) -> Iterator[tuple[SeriesRef, float]]:
    if len(weights) >= LARGEST_HOLDINGS:
        yield FUND_CONCENTRATION.ref(fund, "top10"), compute_top_share(weights)
    if weights.sum() >= WHOLE:
        yield FUND_CONCENTRATION.ref(fund, "herfindahl"), compute_herfindahl(weights)


def _series(ref: SeriesRef, by_day: dict[np.datetime64, tuple[float, str]]) -> Series:
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
