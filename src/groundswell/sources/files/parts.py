"""The parts of series in the rows of a symbol: prices, total returns, rates and levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import is_index, macro_family
from groundswell.markets.series.family import PRICED
from groundswell.model import Action, IssueKind, Measure, SeriesRef
from groundswell.sources.files.adjusted_closes import adjust_closes, has_payouts
from groundswell.sources.files.file_table import SymbolRows, Texts
from groundswell.sources.files.names import strip_suffixes
from groundswell.sources.files.repeated_days import MergedRows
from groundswell.sources.files.splice import Part, Run
from groundswell.sources.files.wide_dividends import CLOSE_ENDING
from groundswell.sources.tables.faults import Fault
from groundswell.sources.tables.vocabulary import Role
from groundswell.wording.plurals import write_first_names

CLOSE_ENDINGS = (CLOSE_ENDING, "_closes", "_close_price", "_close_prices", "_closing_price", "_closing_prices")

Wanted = Collection[SeriesRef] | None
"""The series to read; None for all."""


@dataclass(slots=True)
class PartsRead:
    """What the rows of symbols gave: parts, what was found of them with what was done, faults, and values dropped."""

    parts: list[Part] = field(default_factory=list)
    findings: list[tuple[SeriesRef, Finding, Action | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    dropped: int = 0
    repeated: int = 0


def read_parts(file: str, merged: MergedRows, wanted: Wanted, read: PartsRead, *, is_wide: bool = False) -> None:
    """Add to ``read`` the wanted parts of series in the rows of one symbol.

    ``is_wide`` says that the name of the file has the measure of its values.
    """
    symbol = merged.rows.symbol
    if wanted is not None and not any(ref.id == symbol for ref in wanted):
        return
    rows = merged.rows
    read.repeated += merged.repeated
    about: tuple[tuple[Role, Finding], ...] = ()
    if not is_index(symbol) and has_payouts(rows):
        adjusted = adjust_closes(file, rows)
        rows, about = adjusted.rows, adjusted.findings
        read.faults += adjusted.faults
    read.faults += _describe_doubtful(file, merged)
    for ref, role in _list_series(file, rows, is_wide=is_wide):
        if wanted is not None and ref not in wanted:
            continue
        part, dropped = _build_part(file, ref, rows, role)
        read.dropped += dropped
        if len(part.dates):
            read.parts.append(part)
            read.findings += ((ref, finding, None) for of, finding in about if of is role)
            read.findings += ((ref, finding, Action.DROPPED) for finding in _find_dropped_days(merged, role))


def _list_series(file: str, rows: SymbolRows, *, is_wide: bool) -> Iterator[tuple[SeriesRef, Role]]:
    """Yield the series of a symbol, each with the role of its values."""
    name = rows.symbol
    if is_wide:
        yield name_wide_series(file, name), Role.VALUE
        return
    if Role.VALUE in rows.values and not is_index(name):
        family = macro_family(name)
        yield SeriesRef(name, family.measure if family else Measure.RATE), Role.VALUE
    if is_index(name):
        prices = [role for role in (Role.CLOSE, Role.ADJ_CLOSE, Role.VALUE) if role in rows.values]
        filled = [role for role in prices if not np.isnan(rows.values[role]).all()]
        yield from ((SeriesRef(name, Measure.PRICE), role) for role in filled[:1])
        return
    family = macro_family(name)
    if family and Role.CLOSE in rows.values:  # Stooq and investing.com call a yield a close
        if Role.VALUE not in rows.values:
            yield SeriesRef(name, family.measure), Role.CLOSE
        return
    if Role.ADJ_CLOSE in rows.values:
        yield SeriesRef(name, Measure.TOTAL_RETURN), Role.ADJ_CLOSE
    if Role.CLOSE in rows.values:
        yield SeriesRef(name, Measure.PRICE), Role.CLOSE


def name_wide_series(file: str, name: str) -> SeriesRef:
    """Return the series of a column in a wide file, by the ending of the file's name and the catalogue."""
    stem = strip_suffixes(file).lower().replace("-", "_").replace(" ", "_")
    ending = f"_{stem}"  # close.csv is as clear as mine_close.csv
    for measure in (Measure.TOTAL_RETURN, Measure.PRICE, Measure.RATE, Measure.LEVEL):
        if ending.endswith(f"_{measure.value.replace(' ', '_')}"):
            return SeriesRef(name, measure)
    if is_index(name) or ending.endswith(CLOSE_ENDINGS):
        return SeriesRef(name, Measure.PRICE)
    family = macro_family(name)
    return SeriesRef(name, family.measure if family else Measure.TOTAL_RETURN)


def _build_part(file: str, ref: SeriesRef, rows: SymbolRows, role: Role) -> tuple[Part, int]:
    """Return the values of a series, and how many were dropped because they are no prices."""
    values = rows.values[role]
    present = np.isfinite(values)
    valid = present & (values > 0.0 if ref.measure in PRICED else True)
    dates = rows.days[valid]
    sources = None if rows.sources is None else rows.sources[valid]
    runs = () if sources is None else _find_runs(sources, dates)
    seams = np.array([run.first for run in runs[1:]], dtype="datetime64[D]")
    source = file if rows.sources is None else _describe_source(rows.sources[present])
    return Part(ref, file, source, dates, values[valid], seams, runs), int(present.sum() - valid.sum())


def _find_dropped_days(merged: MergedRows, role: Role) -> Iterator[Finding]:
    """Yield what is wrong on the days of a series that were dropped singly."""
    source = Role.CLOSE if role is Role.ADJ_CLOSE and role not in merged.rows.values else role
    doubtful = merged.doubtful.get(source)
    if doubtful is not None and len(doubtful):
        text = "the file has different values for the day: none is used"
        yield Finding(IssueKind.TWO_VALUES, tuple(doubtful.tolist()), text)
    bad = merged.rows.bad.get(source)
    if bad is not None and bad.any():
        days = tuple(np.unique(merged.rows.days[bad]).tolist())
        yield Finding(IssueKind.UNREADABLE, days, "the cell of the day cannot be read as a number")


def _describe_doubtful(file: str, merged: MergedRows) -> Iterator[Fault]:
    for role, days in merged.doubtful.items():
        for day in days:
            lines = merged.lines.get(day, ())
            text = f"different values of {merged.rows.symbol} on {day}"
            others = f" (lines {', '.join(map(str, lines))})" if len(lines) > 1 else ""
            fix = "keep the right row; the day is left out"
            label = merged.rows.labels.get(role, role.value)
            yield Fault(file, lines[-1] if lines else 0, label, f"{text}{others}", fix)


def _find_runs(sources: Texts, dates: Days) -> tuple[Run, ...]:
    """Return the runs of rows from one source; a row without a source ends no run."""
    if not len(dates):
        return ()
    is_stated = np.array([source is not None for source in sources])
    is_change = np.zeros(len(dates), dtype=bool)
    is_change[1:] = (sources[1:] != sources[:-1]) & is_stated[1:] & is_stated[:-1]
    is_change[0] = True
    starts = np.flatnonzero(is_change)
    ends = np.append(starts[1:], len(dates)) - 1
    return tuple(
        Run(str(sources[start] or ""), dates[start], dates[end]) for start, end in zip(starts, ends, strict=True)
    )


def _describe_source(sources: Texts) -> str:
    """Name the most frequent source of the rows, and count the others."""
    counts = Counter(sources.tolist())
    counts.pop(None, None)
    names = [str(name) for name, _ in counts.most_common()]  # of equal counts the first in the file
    return write_first_names(names, 1) if names else "source not stated"
