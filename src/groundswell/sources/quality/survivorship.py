"""Survivorship bias: files of members without the companies that failed or were bought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.catalogue import UNIVERSE
from groundswell.model import Action, DataIssue, IssueKind, Series
from groundswell.sources.derived.member_prices import find_member_columns
from groundswell.sources.files.query import QueryError, fetch_columns, list_columns, quote_name, write_path, write_scan

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
        columns = find_member_columns(file)
        if columns is None:
            return None
        day = quote_name(columns.date)
        if list_columns(file)[columns.date] == "VARCHAR":
            day = f"left({day}, 10)"
        ends = fetch_columns(
            f"SELECT min(day) AS first, max(day) AS last FROM (SELECT {quote_name(columns.symbol)} AS symbol, "
            f"try_cast({day} AS DATE) AS day FROM {write_scan(file)}) "
            "WHERE day IS NOT NULL GROUP BY symbol",
            [write_path(file)],
        )
    except QueryError:  # reading its series reports the same error
        return None
    if not len(ends["first"]):
        return None
    lasts = ends["last"].astype("datetime64[D]")
    first, last = ends["first"].astype("datetime64[D]").min().item(), lasts.max().item()
    left = int((lasts < np.datetime64(last) - GONE_DAYS).sum())
    expected = MIN_DELISTINGS_PER_YEAR * len(lasts) * (last - first).days / 365.25
    if expected < MIN_EXPECTED or left * 5 >= expected:
        return None
    text = (
        f"{left} of {len(lasts)} symbols end before the file does ({first} to {last}), where {expected:.0f} or more "
        "would have left: companies that failed or were bought are missing, and past returns look too high"
    )
    return Finding(IssueKind.SURVIVORS, (), text, float(left), "symbols", (first, last))


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
    with universe.open(encoding="utf-8-sig", errors="replace") as opened:
        names = {name.strip().strip('"').lower() for name in opened.readline().split(",")}
    if "date" in names or "as_of" in names:
        return None
    text = "members come from a list without dates: companies that left before it was made are missing"
    return Finding(IssueKind.SURVIVORS, (), text)
