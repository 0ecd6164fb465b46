"""Breadth made from files of members' prices: the gauges of ``markets.breadth``, one value a session.

Made once, when a folder is read, because the prices are many and each day leaves four numbers a group. Who is a member
is known from lists of one day: companies that failed or were bought before it are missing, and every source says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.indicators.breadth import (
    BREADTH_MEASURES,
    Breadth,
    compute_net_advances,
    compute_net_highs,
    compute_share_above_mean,
)
from groundswell.markets.indicators.fundamentals import GROUPS
from groundswell.markets.series.calendar import Days, sessions_between
from groundswell.markets.series.catalogue import INDEX_BREADTH, UNIVERSE, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.derived.constituents import universe
from groundswell.sources.release_times import known_at

PRICES = "constituents_*.parquet"
COLUMNS = frozenset({"date", "symbol", "adj_close"})
LEAST = 20
"""Members that a session needs for a share."""
LEAST_SHARE = 1 / 3
"""Of a list, that a file must hold. Not half: of a list of small companies, most came to the market late, and the same
file read up to an early day must count as it does in whole."""

BIAS = "members of one later list, so that companies that left are missing"
SLICE = 500_000
"""Rows put in place at once."""

MEASURES = {
    "above_50": lambda prices: compute_share_above_mean(prices, 50),
    "above_200": lambda prices: compute_share_above_mean(prices, 200),
    "net_advances": compute_net_advances,
    "net_highs": compute_net_highs,
}


@dataclass(frozen=True, eq=False)
class Panel:
    """Prices of members in one file: one row a member in the order of ``names``, one column a session."""

    file: str
    names: list[str]
    sessions: Days
    prices: NDArray[np.float32]


def breadth_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Make the ``wanted`` gauges that the files of a folder allow; none where a file is missing.

    Files are taken in order of their first sessions, each for the sessions after the last of those before it, and for
    a group only where it has prices of at least a third of its list. Sessions with fewer than ``LEAST`` members have no
    value. Raises ``BadInputError`` where a file has two prices of a member on one day.
    """
    groups = [group for group in GROUPS if any(INDEX_BREADTH.ref(group, gauge) in wanted for gauge in BREADTH_MEASURES)]
    if not groups or not (folder / UNIVERSE).is_file():
        return ()
    lists = universe(folder / UNIVERSE)
    members = {group: lists.filter(group)["price_symbol"].unique().to_list() for group in groups}
    panels = [_panel(file, sorted({*chain.from_iterable(members.values())})) for file in _files(folder)]
    panels.sort(key=lambda panel: panel.sessions[0] if len(panel.sessions) else np.datetime64("9999-12-31"))
    made = [one for group in groups for one in _of_group(group, members[group], panels, wanted)]
    return tuple(made)


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.glob(PRICES)):
        if COLUMNS.issubset(pl.scan_parquet(file).collect_schema().names()):
            yield file


def _panel(file: Path, names: list[str]) -> Panel:
    """Read the prices of ``names``; what is not positive, or on a day that is no session, is left out."""
    rows = (
        pl.scan_parquet(file)
        .filter(pl.col("symbol").is_in(names) & (pl.col("adj_close") > 0))
        .select(
            pl.col("date").cast(pl.Date).to_physical().alias("day"),
            pl.col("symbol").cast(pl.Enum(names)).to_physical().cast(pl.UInt32).alias("member"),
            pl.col("adj_close").cast(pl.Float32),
        )
        .collect(engine="streaming")  # half the memory of reading the whole
    )
    days = rows["day"].to_numpy()
    sessions = _sessions(days)
    columns = _columns(sessions, days) if len(days) else days
    # One column more, for days that are no sessions: cheaper than picking the others out of millions of rows.
    prices = np.full((len(names), len(sessions) + 1), np.nan, dtype=np.float32)
    for start in range(0, len(rows), SLICE):  # an array is indexed by copies of its indices, eight bytes each
        some = slice(start, start + SLICE)
        prices[rows["member"][some].to_numpy(), columns[some]] = rows["adj_close"][some].to_numpy()
    prices = prices[:, :-1]
    if np.isfinite(prices).sum() < (columns < len(sessions)).sum():
        raise BadInputError(f"{file.name} has two prices of a member on one day; keep one of them")
    return Panel(file.name, names, sessions, prices)


def _sessions(days: NDArray[np.int32]) -> Days:
    """The sessions from the first to the last of ``days``, which are counted from 1970."""
    if not len(days):
        return np.array([], dtype="datetime64[D]")
    return sessions_between(*np.array([days.min(), days.max()]).astype("datetime64[D]").tolist())


def _columns(sessions: Days, days: NDArray[np.int32]) -> NDArray[np.int32]:
    """The column of each day; one that is no session has the column after the last."""
    first = int(days.min())
    table = np.full(int(days.max()) - first + 1, len(sessions), dtype=np.int32)
    table[sessions.astype(np.int64) - first] = np.arange(len(sessions))
    return table[days - first]


def _of_group(group: str, members: list[str], panels: list[Panel], wanted: Collection[SeriesRef]) -> Iterator[Series]:
    cut: list[Panel] = []
    for panel in panels:
        prices = panel.prices[np.isin(panel.names, members)]
        prices = prices[np.isfinite(prices).any(axis=1)]
        if LEAST_SHARE * len(members) <= len(prices) > 0:
            cut.append(replace(panel, prices=prices))
    for gauge in BREADTH_MEASURES:
        if INDEX_BREADTH.ref(group, gauge) in wanted and cut:
            found = [(panel, MEASURES[gauge](panel.prices)) for panel in cut]
            yield _series(INDEX_BREADTH.ref(group, gauge), found, len(members))


def _series(ref: SeriesRef, found: list[tuple[Panel, Breadth]], listed: int) -> Series:
    dates: Days = np.array([], dtype="datetime64[D]")
    values = np.array([])
    told = []
    for panel, gauge in found:
        kept = gauge.members >= LEAST
        if len(dates):
            kept &= panel.sessions > dates[-1]
        if kept.any():
            told.append(f"{panel.file}, {gauge.members[kept][-1]} of {listed}, to {panel.sessions[kept][-1]}")
        dates, values = np.append(dates, panel.sessions[kept]), np.append(values, gauge.shares[kept])
    source, known = f"{'; '.join(told)}: {BIAS}", known_at(ref, Frequency.DAILY, dates)
    return Series(ref, Frequency.DAILY, source, dates, values, known, revised=family_of(ref).revised)
