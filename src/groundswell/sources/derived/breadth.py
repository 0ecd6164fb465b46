"""Breadth computed from files of members' prices: the gauges of ``markets.indicators.breadth``, one value a session.

It is computed once, when a folder is read: the prices are many, and each session leaves four numbers a group. The
members come from a list of one day. Companies that failed or were bought before that day are missing, and every source
says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.indicators.breadth import (
    BREADTH_MEASURES,
    Breadth,
    Places,
    Prices,
    compute_net_advances,
    compute_net_highs,
    compute_share_above_mean,
)
from groundswell.markets.indicators.fundamentals import GROUPS
from groundswell.markets.series.calendar import Days, sessions_between
from groundswell.markets.series.catalogue import INDEX_BREADTH, UNIVERSE, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.derived.constituents import list_price_symbols, read_universe
from groundswell.sources.derived.member_prices import MemberColumns, find_member_columns, read_member_prices
from groundswell.sources.files.query import QueryError, describe_failure
from groundswell.sources.release_times import known_at

MEMBER_PRICE_FILES = "constituents_*.parquet"
MEMBER_PRICE_COLUMNS = MemberColumns("date", "symbol", "adj_close")
MIN_MEMBERS = 20
"""Members with a price that a session needs for a share."""
MIN_SHARE_OF_LIST = 1 / 3
"""Of a list, that a file must have prices of. Not half: most small companies went public late, and a file that ends
early must count as the whole file does."""

MEMBERSHIP_BIAS = "members of one later list, so that companies that left are missing"
ROWS_AT_ONCE = 100_000
"""Rows copied into the panel at once."""

MEASURES: Mapping[str, Callable[[Prices, Places], Breadth]] = {
    "above_50": lambda prices, places: compute_share_above_mean(prices, 50, places),
    "above_200": lambda prices, places: compute_share_above_mean(prices, 200, places),
    "net_advances": compute_net_advances,
    "net_highs": lambda prices, places: compute_net_highs(prices, places=places),
}


@dataclass(frozen=True, eq=False)
class Panel:
    """The prices of members in one file: one row a member in the order of ``names``, one column a session."""

    file: str
    names: list[str]
    sessions: Days
    prices: NDArray[np.float32]

    @cached_property
    def has_prices(self) -> NDArray[np.bool_]:
        """Whether each member has any price."""
        has_any: NDArray[np.bool_] = np.logical_or.reduce(np.isfinite(self.prices), axis=1)
        return has_any


def breadth_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Compute the ``wanted`` gauges that the files of a folder allow; none where a file is missing.

    Files follow each other by their first sessions; each gives the sessions after the last of the file before it. A
    file counts for a group if it has prices of at least a third of its list. Sessions with fewer than ``MIN_MEMBERS``
    members have no value. Raises ``BadInputError`` where a file has two prices of a member on one day.
    """
    groups = [group for group in GROUPS if any(INDEX_BREADTH.ref(group, gauge) in wanted for gauge in BREADTH_MEASURES)]
    if not groups or not (folder / UNIVERSE).is_file():
        return ()
    companies = read_universe(folder / UNIVERSE)
    members = {group: list_price_symbols(companies, group) for group in groups}
    panels = [_read_panel(file, sorted({*chain.from_iterable(members.values())})) for file in _price_files(folder)]
    panels.sort(key=lambda panel: panel.sessions[0] if len(panel.sessions) else np.datetime64("9999-12-31"))
    return tuple(series for group in groups for series in _group_series(group, members[group], panels, wanted))


def _price_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.glob(MEMBER_PRICE_FILES)):
        try:
            if find_member_columns(file) == MEMBER_PRICE_COLUMNS:
                yield file
        except QueryError as error:
            raise describe_failure(file.name, error) from error


def _read_panel(file: Path, names: list[str]) -> Panel:
    """Read the prices of ``names``, without those that are not positive or of a day that is no session."""
    rows = read_member_prices(file, MEMBER_PRICE_COLUMNS, names)
    sessions = _sessions_of(rows.days)
    # One extra column takes the days that are no sessions: cheaper than filtering millions of rows.
    width = len(sessions) + 1
    cells = np.full(len(names) * width, np.nan, dtype=np.float32)
    used = 0
    for start in range(0, len(rows), ROWS_AT_ONCE):  # an array is indexed by copies of its indices, eight bytes each
        rows_now = slice(start, start + ROWS_AT_ONCE)
        columns = _column_of_each_day(sessions, rows.days[rows_now])
        used += int(np.count_nonzero(columns < len(sessions)))
        cells[rows.members[rows_now].astype(np.intp) * width + columns] = rows.prices[rows_now]
    prices = cells.reshape(len(names), width)[:, :-1]
    if np.isfinite(prices).sum() < used:
        raise BadInputError(f"{file.name} has two prices of a member on one day; keep one of them")
    return Panel(file.name, names, sessions, prices)


def _sessions_of(days: NDArray[np.int32]) -> Days:
    """Return the sessions from the first to the last of ``days``, given as days since 1970."""
    if not len(days):
        return np.array([], dtype="datetime64[D]")
    return sessions_between(*np.array([days.min(), days.max()]).astype("datetime64[D]").tolist())


def _column_of_each_day(sessions: Days, days: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the column of each day; a day that is no session has the column after the last."""
    numbers = sessions.astype(np.int64)
    first, last = int(days.min()), int(days.max())
    table = np.full(last - first + 1, len(sessions), dtype=np.intp)
    is_here = (first <= numbers) & (numbers <= last)
    table[numbers[is_here] - first] = np.flatnonzero(is_here)
    return table[days - first]


def _group_series(
    group: str, members: list[str], panels: list[Panel], wanted: Collection[SeriesRef]
) -> Iterator[Series]:
    usable_panels: list[tuple[Panel, NDArray[np.intp]]] = []
    for panel in panels:
        places = np.flatnonzero(np.isin(panel.names, members) & panel.has_prices)
        if MIN_SHARE_OF_LIST * len(members) <= len(places) > 0:
            usable_panels.append((panel, places))
    for gauge in BREADTH_MEASURES:
        if INDEX_BREADTH.ref(group, gauge) in wanted and usable_panels:
            gauges = [(panel, MEASURES[gauge](panel.prices, places)) for panel, places in usable_panels]
            yield _build_series(INDEX_BREADTH.ref(group, gauge), gauges, len(members))


def _build_series(ref: SeriesRef, gauges: list[tuple[Panel, Breadth]], listed: int) -> Series:
    dates: Days = np.array([], dtype="datetime64[D]")
    values = np.array([])
    files = []
    for panel, gauge in gauges:
        is_used = gauge.members >= MIN_MEMBERS
        if len(dates):
            is_used &= panel.sessions > dates[-1]
        if is_used.any():
            files.append(f"{panel.file}, {gauge.members[is_used][-1]} of {listed}, to {panel.sessions[is_used][-1]}")
        dates, values = np.append(dates, panel.sessions[is_used]), np.append(values, gauge.shares[is_used])
    source, known = f"{'; '.join(files)}: {MEMBERSHIP_BIAS}", known_at(ref, Frequency.DAILY, dates)
    return Series(ref, Frequency.DAILY, source, dates, values, known, revised=family_of(ref).revised)
