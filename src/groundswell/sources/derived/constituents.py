"""Series computed from the prices and the annual accounts of the members of funds.

They are computed once, when a folder is read: the files are large, and claims need only a few numbers a quarter or a
year. The members come from lists of one day. Companies that failed or were bought before that day are missing, and
every source says so.

| series | what it is |
|---|---|
| ``sp500.weight.reset`` | one over the number of members on the list |
| ``sp500.weight.p10``, ``.p50``, ``.p90`` | percentiles of these weights just before the next reset |
| ``sp500.weight.drift`` | mean distance of the weights from the equal weight, as a share of it |
| ``small.METRIC.STATISTIC``, ``large.…`` | of a fiscal year: mean, median, sd and n of a metric over companies |
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.markets.indicators.fundamentals import GROUPS, METRICS, STATISTICS
from groundswell.markets.indicators.weight_drift import WEIGHTS, list_resets
from groundswell.markets.series.catalogue import EQUAL_WEIGHTS, GROUP_ACCOUNTS, UNIVERSE, family_of
from groundswell.markets.series.family import ACCOUNTS_PUBLISHED_BY
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.release_times import known_at

MEMBER_FILE_PREFIXES = ("constituents", "holdings")
"""Files with such names describe the members of funds and hold no series of their own."""

ADJUSTED_CLOSE_FILES = "constituents_adjclose*.parquet"
ACCOUNT_FILES = "fundamentals*annual*.parquet"
MAX_INTEREST_RATE = 0.25
"""Interest over debt is capped here: debt at the end of a year may be far less than during it."""


def member_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Compute the ``wanted`` series that the files of a folder allow; none where a file is missing."""
    if not (folder / UNIVERSE).is_file():
        return ()
    computed: list[Series] = []
    if any(EQUAL_WEIGHTS.ref(name) in wanted for name in WEIGHTS):
        computed += [
            series
            for file in sorted(folder.glob(ADJUSTED_CLOSE_FILES))[:1]
            for series in _weight_series(folder / UNIVERSE, file)
        ]
    if any(family_of(ref) is GROUP_ACCOUNTS for ref in wanted):
        computed += [
            series
            for file in sorted(folder.glob(ACCOUNT_FILES))[:1]
            for series in _account_series(folder / UNIVERSE, file)
        ]
    return tuple(series for series in computed if series.ref in wanted)


def read_universe(file: Path) -> pl.DataFrame:
    """Read the companies of the lists: ``ticker``, ``price_symbol``, and whether each is ``large`` or ``small``.

    Rows without a ticker are left out; a company without a symbol for its prices has its ticker as symbol.
    """
    table = pl.read_csv(file, infer_schema=False)
    flags = {"large": "in_sp500", "small": "in_iwm"}
    return (
        table.drop_nulls("ticker")
        .select(
            "ticker",
            pl.coalesce("price_symbol", "ticker"),
            *(
                pl.any_horizontal(
                    [pl.col(name).str.to_lowercase() == "true" for name in table.columns if name.startswith(flag)]
                )
                .fill_null(value=False)
                .alias(group)
                for group, flag in flags.items()
            ),
        )
        .with_columns(pl.col("small") & ~pl.col("large"))
    )


def _weight_series(listed: Path, prices: Path) -> Iterator[Series]:
    members = read_universe(listed).filter("large")["price_symbol"].unique().to_list()
    days = list_resets(2000, 2049).tolist()
    wanted = pl.col("symbol").is_in(members) & pl.col("date").is_in(days)
    table = pl.scan_parquet(prices).with_columns(pl.col("date").cast(pl.Date)).filter(wanted).collect()
    wide = table.pivot(on="symbol", index="date", values="adj_close", aggregate_function="first").sort("date")
    if len(wide) < 2:
        return
    dates = wide["date"].to_numpy().astype("datetime64[D]")
    levels = wide.drop("date").to_numpy().astype(np.float64)
    values = np.array([_quarter_weights(before, after, len(members)) for before, after in pairwise(levels)])
    source = (
        f"{prices.name}, total-return prices of the S&P 500 members of one later list: companies that left are missing"
    )
    for column, name in enumerate(WEIGHTS):
        yield _build_series(EQUAL_WEIGHTS.ref(name), source, dates[1:], values[:, column])


def _quarter_weights(before: NDArray[np.float64], after: NDArray[np.float64], members: int) -> tuple[float, ...]:
    """Return the figures of ``WEIGHTS`` for one quarter of an index, from the members with both prices.

    The equal weight is one over the number of all members; otherwise missing prices would make every company heavier.
    """
    growth = (after / before)[np.isfinite(after) & np.isfinite(before)]
    equal = 1.0 / members
    weights = equal * growth / growth.mean()
    percentiles = np.quantile(weights, [0.1, 0.5, 0.9])
    return equal, *map(float, percentiles), float(np.abs(weights / equal - 1.0).mean())


def _account_series(listed: Path, accounts: Path) -> Iterator[Series]:
    debt = pl.col("short_term_debt") + pl.col("long_term_debt")
    debt_or_no_short = pl.col("short_term_debt").fill_null(0) + pl.col("long_term_debt")
    debt_or_blank = pl.col("short_term_debt").fill_null(0) + pl.col("long_term_debt").fill_null(0)
    expense = -pl.col("interest_expense_net")
    metrics = {
        "short_debt_share": pl.when(debt > 0).then(pl.col("short_term_debt") / debt),
        "short_debt_share_blanks": pl.when(debt_or_blank > 0).then(
            pl.col("short_term_debt").fill_null(0) / debt_or_blank
        ),
        "short_debt_share_no_short": pl.when(debt_or_no_short > 0).then(
            pl.col("short_term_debt").fill_null(0) / debt_or_no_short
        ),
        "cover_below_one": pl.when(expense > 0).then((pl.col("ebit") < expense).cast(pl.Float64)),
        "interest_rate": pl.when((expense > 0) & (debt > 0)).then((expense / debt).clip(0.0, MAX_INTEREST_RATE)),
        "loss_share": (pl.col("net_income") < 0).cast(pl.Float64),
    }
    month, day = ACCOUNTS_PUBLISHED_BY
    table = pl.read_parquet(accounts).with_columns(
        pl.col("publish_date").cast(pl.String).str.slice(0, 10).str.to_date()
    )
    in_time = pl.col("publish_date") <= pl.date(pl.col("fiscal_year") + 1, month, day)
    companies = table.filter(in_time).join(read_universe(listed).unique("ticker"), on="ticker")
    source = f"{accounts.name}, as restated, banks and insurers left out; groups by lists of one later day"
    for group in GROUPS:
        years = (
            companies.filter(group)
            .group_by("fiscal_year")
            .agg(
                *(value.mean().alias(f"{name}.mean") for name, value in metrics.items()),
                *(value.median().alias(f"{name}.median") for name, value in metrics.items()),
                *(value.std().alias(f"{name}.sd") for name, value in metrics.items()),
                *(value.count().cast(pl.Float64).alias(f"{name}.n") for name, value in metrics.items()),
            )
        )
        yield from _yearly_series(years.sort("fiscal_year"), group, source)


def _yearly_series(years: pl.DataFrame, group: str, source: str) -> Iterator[Series]:
    numbers = years["fiscal_year"].to_list()
    dates = np.array([f"{year}-12-31" for year in numbers], dtype="datetime64[D]")
    for metric in METRICS:
        for statistic in STATISTICS:
            values = years[f"{metric}.{statistic}"].to_numpy().astype(np.float64)
            is_present = np.isfinite(values)
            if is_present.any():
                yield _build_series(
                    GROUP_ACCOUNTS.ref(group, metric, statistic), source, dates[is_present], values[is_present]
                )


def _build_series(ref: SeriesRef, source: str, dates: NDArray[np.datetime64], values: NDArray[np.float64]) -> Series:
    frequency = Frequency.MONTHLY
    return Series(
        ref, frequency, source, dates, values, known_at(ref, frequency, dates), revised=family_of(ref).revised
    )
