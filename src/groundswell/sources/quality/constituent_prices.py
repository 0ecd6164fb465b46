"""Checks of files of members' prices: prices that jump and return, days and members that differ between files."""

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
from groundswell.sources.files.layouts import Table, recognise_layout, scan

CLOSE_COLUMNS = frozenset({"adj_close", "close"})
MIN_JUMP = float(np.log(2.0))
"""A price that doubles in a session and halves in the next, or the other way round, is wrong for a day."""

MIN_MEMBERS_PER_DAY = 50
MAX_EXAMPLES = 3

MAX_DRIFT = float(np.log(1.1))
"""Total returns that end a tenth apart are not those of one share: one file leaves a spin-off out, or the symbol passed
to another company."""
DAYS_AT_ENDS = 5
"""The median over so many common days at either end counts: the last trade in a thin stock may be far off."""
MIN_COMMON_DAYS = 20


def check_constituent_prices(files: Sequence[Path]) -> Iterator[DataIssue]:
    """Find the data issues of Parquet files with prices of members; skip other files."""
    changes = {file.name: frame for file in files if (frame := _compute_changes(file)) is not None}
    for name, frame in changes.items():
        if finding := find_jumps(frame):
            yield finding.to_issue(f"members in {name}", name, Action.UNUSED)
    for first, second in combinations(changes, 2):
        both = changes[first].join(changes[second], on=["date", "symbol"], how="inner", suffix="_there")
        if finding := find_differing_days(both):
            yield finding.to_issue("members", f"{first} and {second}", Action.UNUSED)
        if finding := find_drifting_members(both):
            yield finding.to_issue("cumulative returns of members", f"{first} and {second}", Action.UNUSED)


def _compute_changes(file: Path) -> pl.DataFrame | None:
    """Return the log change of each member to each of its days, with the change to its next day."""
    try:
        table = None if file.suffix != ".parquet" else recognise_layout(file)
        if not isinstance(table, Table) or table.id is None or not (names := CLOSE_COLUMNS & table.values.keys()):
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
    except (pl.exceptions.PolarsError, OSError):  # reading its series reports the same error
        return None


def find_jumps(changes: pl.DataFrame) -> Finding | None:
    """Find prices of single members that double or halve and return in the next session."""
    jump, back = pl.col("change"), pl.col("next")
    is_jump = (jump.abs() >= MIN_JUMP) & (back.abs() >= MIN_JUMP) & (jump * back < 0)
    jumps = changes.filter(is_jump).sort("date", "symbol")
    if not len(jumps):
        return None
    largest = jumps.sort(pl.col("change").abs(), descending=True).head(MAX_EXAMPLES)
    examples = ", ".join(f"{symbol} on {day}" for symbol, day in largest.select("symbol", "date").rows())
    text = f"{len(jumps)} prices of {jumps['symbol'].n_unique()} members double or halve for a day, such as {examples}"
    size = float(np.expm1(largest["change"][0]))
    return Finding(IssueKind.ONE_DAY, tuple(jumps["date"].unique().sort().to_list()), text, size, "return")


def find_drifting_members(both: pl.DataFrame) -> Finding | None:
    """Find members whose total returns over the common days of two files end more than a tenth apart."""
    away = pl.col("log") - pl.col("log_there")
    drift = away.tail(DAYS_AT_ENDS).median() - away.head(DAYS_AT_ENDS).median()
    members = (
        both.sort("date")
        .group_by("symbol")
        .agg(drift.alias("drift"), pl.len().alias("days"))
        .filter(pl.col("days") >= MIN_COMMON_DAYS)
    )
    far = members.filter(pl.col("drift").abs() > MAX_DRIFT).sort(-pl.col("drift").abs(), "symbol")
    if not len(far):
        return None
    examples = ", ".join(far["symbol"].head(MAX_EXAMPLES))
    text = (
        f"total returns of {len(far)} of {len(members)} members end over a tenth apart, most of all {examples}: "
        "spin-offs that one file leaves out, or symbols that passed to another company"
    )
    span = cast(dt.date, both["date"].min()), cast(dt.date, both["date"].max())
    return Finding(IssueKind.DISAGREE, (), text, float(np.expm1(far["drift"][0])), "return", span)


def find_differing_days(both: pl.DataFrame) -> Finding | None:
    """Find days on which the changes of most members differ between two files by far more than usual.

    The median over members must be over 5 basis points, and over 20 times its median over days.
    """
    days = (
        both.drop_nulls(["change", "change_there"])
        .group_by("date")
        .agg((pl.col("change") - pl.col("change_there")).abs().median().alias("away"), pl.len().alias("members"))
        .filter(pl.col("members") >= MIN_MEMBERS_PER_DAY)
        .sort("date")
    )
    if not len(days):
        return None
    usual = float(np.median(days["away"].to_numpy()))
    wrong = days.filter(pl.col("away") > max(MIN_DIFFERENCE, NOISE_FACTOR * usual))
    if not len(wrong):
        return None
    text = f"most members' changes differ between the files, by more than the usual {usual * 1e4:.1f} basis points"
    size = float(np.expm1(wrong["away"].to_numpy().max()))
    return Finding(IssueKind.DISAGREE, tuple(wrong["date"].to_list()), text, size, "return")
