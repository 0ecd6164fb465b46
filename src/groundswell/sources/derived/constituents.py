"""Series made from files that describe the members of funds: their prices, and their annual accounts.

They are made once, when a folder is read, because the files are large and only a few numbers a quarter or a year are
measured on. Who was a member is known from lists of one day, so that companies that failed or were bought before it
are missing: what is made here describes the members of that list, and every source says so.

| series | what it is |
|---|---|
| ``sp500.weight.reset`` | one over the number of members on the list |
| ``sp500.weight.p10``, ``.p50``, ``.p90`` | percentiles of what these equal weights have become by the next reset |
| ``sp500.weight.drift`` | mean distance of the weights from the equal one, as a share of it |
| ``small.METRIC.STATISTIC``, ``large.…`` | of a fiscal year: mean, median, sd and n of a metric over companies |
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
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

MEMBERS = ("constituents", "holdings")
"""Files whose names begin so describe the members of funds: no series of their own."""

PRICES = "constituents_adjclose*.parquet"
ACCOUNTS = "fundamentals*annual*.parquet"
HIGHEST_RATE = 0.25
"""Interest over debt above this is taken as this: debt at the year's end may be a small rest of what was owed."""


def member_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Make the ``wanted`` series that the files of a folder allow; none where a file is missing."""
    if not (folder / UNIVERSE).is_file():
        return ()
    made: list[Series] = []
    if any(EQUAL_WEIGHTS.ref(name) in wanted for name in WEIGHTS):
        made += [series for file in sorted(folder.glob(PRICES))[:1] for series in _weights(folder / UNIVERSE, file)]
    if any(family_of(ref) is GROUP_ACCOUNTS for ref in wanted):
        made += [series for file in sorted(folder.glob(ACCOUNTS))[:1] for series in _accounts(folder / UNIVERSE, file)]
    return tuple(series for series in made if series.ref in wanted)


def universe(file: Path) -> pl.DataFrame:
    """The companies of the lists: ``ticker``, ``price_symbol``, and whether it is ``large`` or ``small``.

    Rows without a ticker are left out; without a symbol of its own for prices, a company has its ticker's.
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


def _weights(listed: Path, prices: Path) -> Iterator[Series]:
    members = universe(listed).filter("large")["price_symbol"].unique().to_list()
    days = list_resets(2000, 2049).tolist()
    wanted = pl.col("symbol").is_in(members) & pl.col("date").is_in(days)
    table = pl.scan_parquet(prices).with_columns(pl.col("date").cast(pl.Date)).filter(wanted).collect()
    wide = table.pivot(on="symbol", index="date", values="adj_close", aggregate_function="first").sort("date")
    if len(wide) < 2:
        return
    dates = wide["date"].to_numpy().astype("datetime64[D]")
    levels = wide.drop("date").to_numpy().astype(np.float64)
    values = np.array([_quarter(levels[at], levels[at + 1], len(members)) for at in range(len(dates) - 1)])
    source = (
        f"{prices.name}, total-return prices of the S&P 500 members of one later list: companies that left are missing"
    )
    for at, name in enumerate(WEIGHTS):
        yield _series(EQUAL_WEIGHTS.ref(name), source, dates[1:], values[:, at])


def _quarter(before: NDArray[np.float64], after: NDArray[np.float64], members: int) -> tuple[float, ...]:
    """The figures of ``WEIGHTS`` for one quarter of an index of so many members, from those with both prices.

    Were the equal weight one over the number with prices, fewer prices would make every company heavier.
    """
    growth = (after / before)[np.isfinite(after) & np.isfinite(before)]
    equal = 1.0 / members
    weights = equal * growth / growth.mean()
    percentiles = np.quantile(weights, [0.1, 0.5, 0.9])
    return equal, *map(float, percentiles), float(np.abs(weights / equal - 1.0).mean())


def _accounts(listed: Path, accounts: Path) -> Iterator[Series]:
    debt = pl.col("short_term_debt") + pl.col("long_term_debt")
    debt_or_no_short = pl.col("short_term_debt").fill_null(0) + pl.col("long_term_debt")
    held = pl.col("short_term_debt").fill_null(0) + pl.col("long_term_debt").fill_null(0)
    expense = -pl.col("interest_expense_net")
    metrics = {
        "short_debt_share": pl.when(debt > 0).then(pl.col("short_term_debt") / debt),
        "short_debt_share_blanks": pl.when(held > 0).then(pl.col("short_term_debt").fill_null(0) / held),
        "short_debt_share_no_short": pl.when(debt_or_no_short > 0).then(
            pl.col("short_term_debt").fill_null(0) / debt_or_no_short
        ),
        "cover_below_one": pl.when(expense > 0).then((pl.col("ebit") < expense).cast(pl.Float64)),
        "interest_rate": pl.when((expense > 0) & (debt > 0)).then((expense / debt).clip(0.0, HIGHEST_RATE)),
        "loss_share": (pl.col("net_income") < 0).cast(pl.Float64),
    }
    month, day = ACCOUNTS_PUBLISHED_BY
    table = pl.read_parquet(accounts).with_columns(
        pl.col("publish_date").cast(pl.String).str.slice(0, 10).str.to_date()
    )
    in_time = pl.col("publish_date") <= pl.date(pl.col("fiscal_year") + 1, month, day)
    companies = table.filter(in_time).join(universe(listed).unique("ticker"), on="ticker")
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
        yield from _by_year(years.sort("fiscal_year"), group, source)


def _by_year(years: pl.DataFrame, group: str, source: str) -> Iterator[Series]:
    numbers = years["fiscal_year"].to_list()
    dates = np.array([f"{year}-12-31" for year in numbers], dtype="datetime64[D]")
    for metric in METRICS:
        for statistic in STATISTICS:
            values = years[f"{metric}.{statistic}"].to_numpy().astype(np.float64)
            kept = np.isfinite(values)
            if kept.any():
                yield _series(GROUP_ACCOUNTS.ref(group, metric, statistic), source, dates[kept], values[kept])


def _series(ref: SeriesRef, source: str, dates: NDArray[np.datetime64], values: NDArray[np.float64]) -> Series:
    frequency = Frequency.MONTHLY
    return Series(
        ref, frequency, source, dates, values, known_at(ref, frequency, dates), revised=family_of(ref).revised
    )
