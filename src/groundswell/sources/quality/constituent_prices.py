"""Files of members' prices, checked row against row: prices that leap and come back, days and members that differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import cast

import numpy as np
import polars as pl

from groundswell.markets.quality.cross_source import MIN_DIFFERENCE, NOISE_FACTOR
from groundswell.markets.quality.single_series import Finding
from groundswell.model import Action, DataIssue, IssueKind
from groundswell.sources.files.layouts import Table, recognise, scan

PRICES = frozenset({"adj_close", "close"})
LEAP = float(np.log(2.0))
"""A price that doubles in a session and halves in the next, or the other way round, was wrong for a day."""

LEAST_MEMBERS = 50
NAMED = 3

DRIFT = float(np.log(1.1))
"""Two total returns that end a tenth apart are not of one thing: one leaves a spin-off out, or the symbol has passed to
another company."""
ENDS = 5
"""Common days at either end whose median is taken: the last trade in a thin stock may be far from its close."""
LEAST_DAYS = 20


def member_price_defects(files: Sequence[Path]) -> Iterator[DataIssue]:
    """The defects of Parquet files of the prices of members; other files are passed over."""
    changes = {file.name: found for file in files if (found := _changes(file)) is not None}
    for name, found in changes.items():
        if finding := leaps(found):
            yield finding.to_issue(f"members in {name}", name, Action.UNUSED)
    for one, other in combinations(changes, 2):
        both = changes[one].join(changes[other], on=["date", "symbol"], how="inner", suffix="_there")
        if finding := differing_days(both):
            yield finding.to_issue("members", f"{one} and {other}", Action.UNUSED)
        if finding := drifting_members(both):
            yield finding.to_issue("cumulative returns of members", f"{one} and {other}", Action.UNUSED)


def _changes(file: Path) -> pl.DataFrame | None:
    """The log change of each member to each of its days, with the one to its next day."""
    try:
        table = None if file.suffix != ".parquet" else recognise(file)
        if not isinstance(table, Table) or table.id is None or not (names := PRICES & table.values.keys()):
            return None
        price = pl.col(table.values[min(names)])  # adj_close before close
        day, symbol = pl.col(table.date).cast(pl.Date).alias("date"), pl.col(table.id).alias("symbol")
        return (
            scan(file)
            .filter(price > 0)
            .select(day, symbol, price.cast(pl.Float64).log().alias("log"))
            .sort("symbol", "date")
            .with_columns(pl.col("log").diff().over("symbol").cast(pl.Float32).alias("change"))
            .with_columns(pl.col("log").cast(pl.Float32), pl.col("change").shift(-1).over("symbol").alias("next"))
            .collect()
        )
    except (pl.exceptions.PolarsError, OSError):  # its series would not be read either, which is told there
        return None


def leaps(changes: pl.DataFrame) -> Finding | None:
    """Prices of single members that double or halve and are back the session after."""
    there, back = pl.col("change"), pl.col("next")
    found = changes.filter((there.abs() >= LEAP) & (back.abs() >= LEAP) & (there * back < 0)).sort("date", "symbol")
    if not len(found):
        return None
    largest = found.sort(pl.col("change").abs(), descending=True).head(NAMED)
    named = ", ".join(f"{symbol} on {day}" for symbol, day in largest.select("symbol", "date").rows())
    text = f"{len(found)} prices of {found['symbol'].n_unique()} members double or halve for a day, such as {named}"
    size = float(np.expm1(largest["change"][0]))
    return Finding(IssueKind.ONE_DAY, tuple(found["date"].unique().sort().to_list()), text, size, "return")


def drifting_members(both: pl.DataFrame) -> Finding | None:
    """Members whose total returns over all the days that two files share end more than a tenth apart."""
    away = pl.col("log") - pl.col("log_there")
    members = (
        both.sort("date")
        .group_by("symbol")
        .agg((away.tail(ENDS).median() - away.head(ENDS).median()).alias("drift"), pl.len().alias("days"))
        .filter(pl.col("days") >= LEAST_DAYS)
    )
    far = members.filter(pl.col("drift").abs() > DRIFT).sort(-pl.col("drift").abs(), "symbol")
    if not len(far):
        return None
    named = ", ".join(far["symbol"].head(NAMED))
    text = (
        f"total returns of {len(far)} of {len(members)} members end over a tenth apart, most of all {named}: spin-offs "
        "that one file leaves out, or symbols that passed to another company"
    )
    span = cast(dt.date, both["date"].min()), cast(dt.date, both["date"].max())
    return Finding(IssueKind.DISAGREE, (), text, float(np.expm1(far["drift"][0])), "return", span)


def differing_days(both: pl.DataFrame) -> Finding | None:
    """Days on which the changes of most members differ between two files, by far more than they usually do.

    By more than 5 basis points, and 20 times the usual distance: the median over days of the median over members.
    """
    days = (
        both.drop_nulls(["change", "change_there"])
        .group_by("date")
        .agg((pl.col("change") - pl.col("change_there")).abs().median().alias("away"), pl.len().alias("members"))
        .filter(pl.col("members") >= LEAST_MEMBERS)
        .sort("date")
    )
    if not len(days):
        return None
    usual = float(np.median(days["away"].to_numpy()))
    wrong = days.filter(pl.col("away") > max(MIN_DIFFERENCE, NOISE_FACTOR * usual))
    if not len(wrong):
        return None
    text = f"most members' changes differ between the files, where usually by {usual * 1e4:.1f} basis points"
    size = float(np.expm1(wrong["away"].to_numpy().max()))
    return Finding(IssueKind.DISAGREE, tuple(wrong["date"].to_list()), text, size, "return")
