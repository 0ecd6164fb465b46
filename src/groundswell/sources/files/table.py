"""The series in one CSV or Parquet file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.series.catalogue import is_index, macro_family
from groundswell.model import Measure, SeriesRef
from groundswell.sources.files.cells import to_dates, to_numbers
from groundswell.sources.files.dividends import with_adjusted
from groundswell.sources.files.layouts import ROW, Table, recognise, scan
from groundswell.sources.files.splice import Part, Run
from groundswell.sources.files.wide_dividends import CLOSE, closes_beside, payouts_beside, with_payouts
from groundswell.wording.plurals import write_first_names

Dates = NDArray[np.datetime64]
NO_DATES: Dates = np.array([], dtype="datetime64[D]")


@dataclass(frozen=True, eq=False)
class Contents:
    """What a file gave: parts of series, how many values were no prices, and a reason where it gave nothing.

    ``usable`` is false where the file holds nothing that could ever be used, whatever is wanted. ``beside`` are
    parts of several sources side by side: no series, but something to hold series against. A file of payouts
    ``belongs_to`` that of their closes.
    """

    parts: tuple[Part, ...] = ()
    beside: tuple[Part, ...] = ()
    dropped: int = 0
    reason: str = ""
    usable: bool = True
    belongs_to: str = ""


def read_table(path: Path, wanted: Collection[SeriesRef] | None) -> Contents:
    """Read the ``wanted`` series (all, if None) of one file; a file of another kind gives the reason it is not used.

    Raises ``BadInputError`` naming the file, and the row where one is at fault, for a file that is damaged or has a
    date or a number that cannot be read.
    """
    closes = closes_beside(path)
    if closes is not None:
        return Contents(belongs_to=closes.name)
    try:
        table = recognise(path)
        return Contents(reason=table, usable=False) if isinstance(table, str) else _read(table, wanted)
    except (pl.exceptions.PolarsError, OSError) as error:
        detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadInputError(f"{path.name} cannot be read: {detail}; replace the file or take it out") from error


def _read(table: Table, wanted: Collection[SeriesRef] | None) -> Contents:
    frame = scan(table.path)
    payouts = payouts_beside(table.path) if table.wide else {}
    if payouts:
        table, groups = _with_payouts(table, payouts, wanted)
        rows = pl.concat([group for _, group in groups], how="diagonal") if groups else pl.DataFrame()
    elif table.wide:
        names = [name for name in table.values if wanted is None or _wide_ref(table, name) in wanted]
        rows = frame.select(ROW, table.date, *names).collect() if names else pl.DataFrame()
        groups = [(name, rows.rename({name: "value"})) for name in names]
    else:
        rows = _long_rows(frame, table, wanted)
        groups = [(str(key[0]), group) for key, group in rows.group_by("id", maintain_order=True)]
    if not len(rows):
        return Contents(reason="it holds none of the series that are used")
    repeated = _repeated(frame, table)
    if repeated:
        reason = f"it holds several rows for {repeated}: several sources side by side are not one series"
        return Contents(beside=_beside(table, groups, wanted), reason=reason, usable=False)
    found, dropped = _parts(table, groups, wanted)
    return Contents(found, dropped=dropped)


def _with_payouts(
    table: Table, payouts: Mapping[str, Path], wanted: Collection[SeriesRef] | None
) -> tuple[Table, list[tuple[str, pl.DataFrame]]]:
    """A wide file of closes with the payouts beside it, as a table of raw closes and the rows of each symbol."""
    names = [name for name in table.values if wanted is None or any(ref.id == name for ref in wanted)]
    raw = replace(table, values={"close": "close"}, payouts={name: name for name in payouts}, wide=False)
    rows = scan(table.path).select(ROW, table.date, *names).collect()
    closes = (rows.select(ROW, table.date, pl.lit(name).alias("id"), pl.col(name).alias("close")) for name in names)
    return raw, [(name, with_payouts(raw, group, payouts)) for name, group in zip(names, closes, strict=True)]


def _parts(
    table: Table, groups: Iterable[tuple[str, pl.DataFrame]], wanted: Collection[SeriesRef] | None
) -> tuple[tuple[Part, ...], int]:
    found: list[Part] = []
    dropped = 0
    for name, rows in groups:
        group = with_adjusted(table, rows) if table.raw and not is_index(name) else rows
        for ref, column in _columns(table, name, group):
            if wanted is None or ref in wanted:
                part, lost = _part(table, ref, group, column)
                dropped += lost
                found += [part] if len(part.dates) else []
    return tuple(found), dropped


def _beside(
    table: Table, groups: Iterable[tuple[str, pl.DataFrame]], wanted: Collection[SeriesRef] | None
) -> tuple[Part, ...]:
    """The parts of each source by itself, where a column tells the sources apart; the source is told with the file."""
    if table.source is None:
        return ()
    apart = ((name, part) for name, group in groups for part in group.partition_by("source"))
    try:
        found, _ = _parts(table, apart, wanted)
    except BadInputError:  # two values of one source on one day: nothing to hold anything against
        return ()
    return tuple(replace(part, file=f"{part.source} in {part.file}") for part in found)


def _long_rows(frame: pl.LazyFrame, table: Table, wanted: Collection[SeriesRef] | None) -> pl.DataFrame:
    names = pl.lit(table.stem) if table.id is None else pl.col(table.id).cast(pl.String).str.strip_chars()
    columns = [pl.col(actual).alias(ours) for ours, actual in (table.values | table.payouts).items()]
    source = [pl.col(table.source).alias("source")] if table.source else []
    rows = frame.select(ROW, table.date, names.alias("id"), *columns, *source).filter(pl.col("id").is_not_null())
    return (rows if wanted is None else rows.filter(pl.col("id").is_in([ref.id for ref in wanted]))).collect()


def _repeated(frame: pl.LazyFrame, table: Table) -> str | None:
    keys = [table.date] if table.id is None else [table.date, table.id]
    first = frame.select(keys).filter(pl.struct(keys).is_duplicated()).head(1).collect()
    return " and ".join(str(value) for value in first.row(0)) if len(first) else None


def _columns(table: Table, name: str, group: pl.DataFrame) -> Iterator[tuple[SeriesRef, str]]:
    if table.wide:
        yield _wide_ref(table, name), "value"
        return
    if "value" in table.values:
        family = macro_family(name)
        yield SeriesRef(name, family.measure if family else Measure.RATE), "value"
    if is_index(name):
        prices = [column for column in ("close", "adj_close") if column in table.values]
        filled = [column for column in prices if group[column].null_count() < len(group)]
        yield from ((SeriesRef(name, Measure.PRICE), column) for column in filled[:1])
        return
    if "adj_close" in table.values or table.raw:
        yield SeriesRef(name, Measure.TOTAL_RETURN), "adj_close"
    if "close" in table.values:
        yield SeriesRef(name, Measure.PRICE), "close"


def _wide_ref(table: Table, name: str) -> SeriesRef:
    ending = table.stem.lower().replace("-", "_").replace(" ", "_")
    for measure in (Measure.TOTAL_RETURN, Measure.PRICE, Measure.RATE, Measure.LEVEL):
        if ending.endswith(f"_{measure.value.replace(' ', '_')}"):
            return SeriesRef(name, measure)
    if is_index(name) or ending.endswith(CLOSE):
        return SeriesRef(name, Measure.PRICE)
    family = macro_family(name)
    return SeriesRef(name, family.measure if family else Measure.TOTAL_RETURN)


def _part(table: Table, ref: SeriesRef, group: pl.DataFrame, column: str) -> tuple[Part, int]:
    present = group.filter(pl.col(column).is_not_null())
    rows = table.row_numbers(present)
    dates = to_dates(present[table.date], rows, table.path.name)
    values = to_numbers(present[column], rows, table.path.name)
    priced = ref.measure in (Measure.PRICE, Measure.TOTAL_RETURN)
    good = np.isfinite(values) & (values > 0 if priced else True)
    order = np.argsort(dates[good])
    _require_once(table, ref, dates[good][order])
    source = _source(present) if table.source else table.path.name
    lost = int(np.isfinite(values).sum() - good.sum())
    runs = _runs(present.filter(pl.Series(good))[order], dates[good][order]) if table.source else ()
    seams = np.array([run.first for run in runs[1:]], dtype="datetime64[D]")
    return Part(ref, table.path.name, source, dates[good][order], values[good][order], seams, runs), lost


def _runs(rows: pl.DataFrame, dates: Dates) -> tuple[Run, ...]:
    """The rows of one source after another; a row without one ends no run."""
    if not len(dates):
        return ()
    changed = (rows["source"] != rows["source"].shift(1)).fill_null(value=False).to_numpy()
    starts = np.flatnonzero(changed | (np.arange(len(dates)) == 0))
    ends = np.append(starts[1:], len(dates)) - 1
    names = [rows["source"][int(at)] or "" for at in starts]
    return tuple(Run(str(name), dates[a], dates[b]) for name, a, b in zip(names, starts, ends, strict=True))


def _require_once(table: Table, ref: SeriesRef, dates: np.ndarray) -> None:
    # Names and days written in two ways ("2024-01-02" and "2024-01-02 00:00") are the same only once they are read.
    twice = dates[1:][dates[1:] == dates[:-1]]
    if len(twice):
        raise BadInputError(f"{table.path.name} has two values of {ref} on {twice[0]}; keep one of them")


def _source(group: pl.DataFrame) -> str:
    counts = group["source"].drop_nulls().value_counts(sort=True)
    if not len(counts):
        return "source not stated"
    return write_first_names(counts["source"].to_list(), 1)
