"""Survivorship bias: files of members without the companies that failed or were bought."""

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
from groundswell.sources.files.layouts import recognise_layout, scan

CONSTITUENT_FILES = "constituents*.parquet"
MIN_DELISTINGS_PER_YEAR = 0.02
"""Every year more than this share of American companies leaves the exchanges (mergers, failures)."""

MIN_EXPECTED = 5.0
"""With fewer expected delistings a file is too short or has too few symbols to judge."""

GONE_DAYS = 45
"""A symbol has left if it ends so many days before the file does."""


def find_survivorship_bias(file: Path) -> Finding | None:
    """Find out whether far fewer symbols end before a price file does than leave the market: under a fifth of them.

    None if there are enough, if the file is too short or has too few symbols to judge, or if it is of another kind.
    """
    try:
        table = recognise_layout(file)
        if isinstance(table, str) or table.id is None:
            return None
        ends = _symbol_spans(scan(file), table.id, table.date)
    except (pl.exceptions.PolarsError, OSError):  # reading its series reports the same error
        return None
    first, last = cast(dt.date | None, ends["first"].min()), cast(dt.date | None, ends["last"].max())
    if first is None or last is None:
        return None
    left = int((ends["last"] < last - dt.timedelta(days=GONE_DAYS)).sum())
    expected = MIN_DELISTINGS_PER_YEAR * len(ends) * (last - first).days / 365.25
    if expected < MIN_EXPECTED or left * 5 >= expected:
        return None
    text = (
        f"{left} of {len(ends)} symbols end before the file does ({first} to {last}), where {expected:.0f} or more "
        "would have left: companies that failed or were bought are missing, and past returns look too high"
    )
    return Finding(IssueKind.SURVIVORS, (), text, float(left), "symbols", (first, last))


def _symbol_spans(frame: pl.LazyFrame, name: str, date: str) -> pl.DataFrame:
    """Return the first and the last day of each symbol."""
    day = pl.col(date)
    if frame.collect_schema()[date] == pl.String:
        day = day.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    day = day.cast(pl.Date)
    return frame.group_by(name).agg(day.min().alias("first"), day.max().alias("last")).collect()


def check_survivorship(folder: Path, derived: Iterable[Series], files: Iterable[Path]) -> Iterator[DataIssue]:
    """Find survivorship bias in series ``derived`` from files of members, and in such ``files`` themselves."""
    findings: dict[str, Finding | None] = {}

    def check_file(file: Path) -> Finding | None:
        if file.name not in findings:
            findings[file.name] = find_survivorship_bias(file)
        return findings[file.name]

    for file in files:
        if finding := check_file(file):
            yield finding.to_issue(f"members in {file.name}", file.name, Action.UNUSED)
    prices = sorted(folder.glob(CONSTITUENT_FILES))
    for series in (series for series in derived if len(series.dates)):
        source = next((file for file in prices if file.name in series.source), None)
        span = (series.dates[0].item(), series.dates[-1].item())
        finding = check_file(source) if source else _check_list(folder / UNIVERSE)
        if finding:
            yield replace(finding, span=span).to_issue(str(series.ref), source.name if source else UNIVERSE)


def _check_list(universe: Path) -> Finding | None:
    """Find out whether a list of members has no dates."""
    names = {name.strip().lower() for name in pl.scan_csv(universe, infer_schema=False).collect_schema()}
    if "date" in names or "as_of" in names:
        return None
    text = "members come from a list without dates: companies that left before it was made are missing"
    return Finding(IssueKind.SURVIVORS, (), text)
