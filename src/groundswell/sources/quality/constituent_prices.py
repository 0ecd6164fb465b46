"""Checks of files of members' prices: prices that jump and return, days and members that differ between files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.quality.cross_source import MIN_DIFFERENCE, NOISE_FACTOR
from groundswell.markets.quality.finding import Finding
from groundswell.model import Action, DataIssue, IssueKind
from groundswell.sources.derived.member_prices import MemberPrices, find_member_columns, read_member_prices
from groundswell.sources.files.query import QueryError

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


@dataclass(frozen=True, eq=False)
class MemberChanges:
    """One row a price, sorted by symbol and day: its log, and its log changes from the day before and to the next.

    Days are those of the member, as days since 1970. A change is NaN on the first or last of them.
    """

    names: tuple[str, ...]
    members: NDArray[np.int32]
    days: NDArray[np.int32]
    logs: NDArray[np.float32]
    changes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.days)

    @property
    def next_changes(self) -> NDArray[np.float32]:
        # The first change of each member is NaN, and so is the one after the last of the member before.
        return np.append(self.changes[1:], np.float32(np.nan))


@dataclass(frozen=True, eq=False)
class CommonRows:
    """The rows of two files with the same symbol and day, sorted by them: ``here`` and ``there`` place by place."""

    here: MemberChanges
    there: MemberChanges


def check_constituent_prices(files: Sequence[Path]) -> Iterator[DataIssue]:
    """Find the data issues of Parquet files with prices of members; skip other files."""
    changes = {file.name: rows for file in files if (rows := _read_changes(file)) is not None}
    for name, rows in changes.items():
        if finding := find_jumps(rows):
            yield finding.to_issue(f"members in {name}", name, Action.UNUSED)
    for first, second in combinations(changes, 2):
        both = join_changes(changes[first], changes[second])
        if finding := find_differing_days(both):
            yield finding.to_issue("members", f"{first} and {second}", Action.UNUSED)
        if finding := find_drifting_members(both):
            yield finding.to_issue("cumulative returns of members", f"{first} and {second}", Action.UNUSED)


def _read_changes(file: Path) -> MemberChanges | None:
    """Return the log changes of each member; None for a file without prices, and for one that cannot be read."""
    try:
        columns = None if file.suffix != ".parquet" else find_member_columns(file)
        if columns is None or columns.price is None:
            return None
        return compute_changes(read_member_prices(file, columns))
    except (QueryError, BadInputError):  # reading its series reports the same error
        return None


def compute_changes(rows: MemberPrices) -> MemberChanges:
    """Return the rows sorted by symbol and day, with the log change to each day of a member from the one before."""
    order: slice | NDArray[np.intp] = slice(None)
    keys = _combine_keys(rows.members, rows.days)
    if (keys[1:] < keys[:-1]).any():
        order = np.argsort(keys, kind="stable")
    members, days = rows.members[order], rows.days[order]
    logs = np.log(rows.prices[order], dtype=np.float64)
    changes = np.full(len(logs), np.nan, dtype=np.float32)
    changes[1:] = np.diff(logs)
    changes[1:][members[1:] != members[:-1]] = np.nan
    return MemberChanges(rows.names, members, days, logs.astype(np.float32), changes)


def _combine_keys(members: NDArray[np.int32], days: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return one number for each member and day, in their order."""
    return (members.astype(np.int64) << 32) + days


def join_changes(here: MemberChanges, there: MemberChanges) -> CommonRows:
    """Return the rows of the symbols and days that two files have in common."""
    names = sorted({*here.names, *there.names})
    place = {name: number for number, name in enumerate(names)}
    keys_here, keys_there = (
        _combine_keys(np.array([place[name] for name in rows.names], dtype=np.int32)[rows.members], rows.days)
        for rows in (here, there)
    )
    _, first, second = np.intersect1d(keys_here, keys_there, return_indices=True)
    return CommonRows(
        *(
            MemberChanges(rows.names, rows.members[picked], rows.days[picked], rows.logs[picked], rows.changes[picked])
            for rows, picked in ((here, first), (there, second))
        )
    )


def find_jumps(rows: MemberChanges) -> Finding | None:
    """Find prices of single members that double or halve and return in the next session."""
    jump, back = rows.changes, rows.next_changes
    places = np.flatnonzero((np.abs(jump) >= MIN_JUMP) & (np.abs(back) >= MIN_JUMP) & (jump * back < 0))
    if not len(places):
        return None
    places = places[np.argsort(rows.days[places], kind="stable")]
    largest = places[np.argsort(-np.abs(jump[places]), kind="stable")][:MAX_EXAMPLES]
    examples = ", ".join(f"{rows.names[rows.members[place]]} on {_date_of(rows.days[place])}" for place in largest)
    members = len(np.unique(rows.members[places]))
    text = f"{len(places)} prices of {members} members double or halve for a day, such as {examples}"
    days = tuple(_date_of(day) for day in np.unique(rows.days[places]))
    return Finding(IssueKind.ONE_DAY, days, text, float(np.expm1(float(jump[largest[0]]))), "return")


def _date_of(day: np.int32) -> dt.date:
    return np.datetime64(int(day), "D").item()


def find_drifting_members(both: CommonRows) -> Finding | None:
    """Find members whose total returns over the common days of two files end more than a tenth apart."""
    away = both.here.logs - both.there.logs
    members, starts, counts = np.unique(both.here.members, return_index=True, return_counts=True)
    is_long = counts >= MIN_COMMON_DAYS
    members, starts, ends = members[is_long], starts[is_long], (starts + counts)[is_long]
    at_ends = np.arange(DAYS_AT_ENDS)
    drifts = np.median(away[(ends - DAYS_AT_ENDS)[:, None] + at_ends], axis=1) - np.median(
        away[starts[:, None] + at_ends], axis=1
    )
    far = np.flatnonzero(np.abs(drifts) > MAX_DRIFT)
    if not len(far):
        return None
    far = far[np.argsort(-np.abs(drifts[far]), kind="stable")]
    examples = ", ".join(both.here.names[member] for member in members[far[:MAX_EXAMPLES]])
    text = (
        f"total returns of {len(far)} of {len(members)} members end over a tenth apart, most of all {examples}: "
        "spin-offs that one file leaves out, or symbols that passed to another company"
    )
    span = _date_of(both.here.days.min()), _date_of(both.here.days.max())
    return Finding(IssueKind.DISAGREE, (), text, float(np.expm1(float(drifts[far[0]]))), "return", span)


def find_differing_days(both: CommonRows) -> Finding | None:
    """Find days on which the changes of most members differ between two files by far more than usual.

    The median over members must be over 5 basis points, and over 20 times its median over days.
    """
    away = np.abs(both.here.changes - both.there.changes)
    is_present = np.isfinite(away)
    away, days = away[is_present], both.here.days[is_present]
    order = np.lexsort((away, days))
    names, starts, counts = np.unique(days[order], return_index=True, return_counts=True)
    is_wide = counts >= MIN_MEMBERS_PER_DAY
    names, starts, counts = names[is_wide], starts[is_wide], counts[is_wide]
    if not len(names):
        return None
    ordered = away[order]  # within each day from the smallest to the largest
    medians = (ordered[starts + (counts - 1) // 2].astype(np.float64) + ordered[starts + counts // 2]) / 2.0
    usual = float(np.median(medians))
    is_wrong = medians > max(MIN_DIFFERENCE, NOISE_FACTOR * usual)
    if not is_wrong.any():
        return None
    text = f"most members' changes differ between the files, by more than the usual {usual * 1e4:.1f} basis points"
    wrong = tuple(_date_of(day) for day in names[is_wrong])
    return Finding(IssueKind.DISAGREE, wrong, text, float(np.expm1(medians[is_wrong].max())), "return")
