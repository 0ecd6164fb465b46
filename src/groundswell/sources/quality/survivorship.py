"""Files of members in which nobody ever leaves: who failed or was bought before the list was made is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import polars as pl

from groundswell.markets.quality.single_series import Finding
from groundswell.markets.series.catalogue import UNIVERSE
from groundswell.model import Action, DataIssue, IssueKind, Series
from groundswell.sources.files.layouts import recognise, scan

PRICE_FILES = "constituents*.parquet"
LEAVE_A_YEAR = 0.02
"""Of American companies, more than so many leave the exchanges each year (mergers, failures)."""

LEAST_EXPECTED = 5.0
GONE_DAYS = 45


def survivors_only(file: Path) -> Finding | None:
    """That far fewer symbols of a price file end before it does than leave the market: under a fifth of those expected.

    None where the file is too short or has too few symbols to tell, or is of another kind.
    """
    try:
        table = recognise(file)
        if isinstance(table, str) or table.id is None:
            return None
        ends = _ends(scan(file), table.id, table.date)
    except (pl.exceptions.PolarsError, OSError):  # its series would not be read either, which is told there
        return None
    first, last = cast(dt.date | None, ends["first"].min()), cast(dt.date | None, ends["last"].max())
    if first is None or last is None:
        return None
    left = int((ends["last"] < last - dt.timedelta(days=GONE_DAYS)).sum())
    expected = LEAVE_A_YEAR * len(ends) * (last - first).days / 365.25
    if expected < LEAST_EXPECTED or left * 5 >= expected:
        return None
    text = (
        f"{left} of {len(ends)} symbols end before the file does ({first} to {last}), where {expected:.0f} or more "
        "would have left: companies that failed or were bought are missing, and past returns look too high"
    )
    return Finding(IssueKind.SURVIVORS, (), text, float(left), "symbols", (first, last))


def _ends(frame: pl.LazyFrame, name: str, date: str) -> pl.DataFrame:
    """The first and the last day of each symbol."""
    day = pl.col(date)
    if frame.collect_schema()[date] == pl.String:
        day = day.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    day = day.cast(pl.Date)
    return frame.group_by(name).agg(day.min().alias("first"), day.max().alias("last")).collect()


def member_defects(folder: Path, made: Iterable[Series], files: Iterable[Path]) -> Iterator[DataIssue]:
    """The defects of series ``made`` from files of members, and of ``files`` of members by themselves."""
    judged: dict[str, Finding | None] = {}

    def seen_in(file: Path) -> Finding | None:
        if file.name not in judged:
            judged[file.name] = survivors_only(file)
        return judged[file.name]

    for file in files:
        if finding := seen_in(file):
            yield finding.to_issue(f"members in {file.name}", file.name, Action.UNUSED)
    prices = sorted(folder.glob(PRICE_FILES))
    for one in (one for one in made if len(one.dates)):
        named = next((file for file in prices if file.name in one.source), None)
        whole = (one.dates[0].item(), one.dates[-1].item())
        finding = seen_in(named) if named else _one_list(folder / UNIVERSE)
        if finding:
            yield replace(finding, span=whole).to_issue(str(one.ref), named.name if named else UNIVERSE)


def _one_list(universe: Path) -> Finding | None:
    """That a list of members bears no dates."""
    names = {name.strip().lower() for name in pl.scan_csv(universe, infer_schema=False).collect_schema()}
    if "date" in names or "as_of" in names:
        return None
    text = "members are taken from a list without dates: who left before it was made is missing, as if never there"
    return Finding(IssueKind.SURVIVORS, (), text)
