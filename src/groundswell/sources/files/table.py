"""The series in one CSV or Parquet file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from groundswell.errors import BadInputError
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import is_index, macro_family
from groundswell.markets.series.family import PRICED
from groundswell.model import Measure, SeriesRef
from groundswell.sources.files.cells import parse_dates, parse_numbers
from groundswell.sources.files.dividends import add_adjusted_closes
from groundswell.sources.files.layouts import ROW, Table, recognise_layout, scan
from groundswell.sources.files.splice import Part, Run
from groundswell.sources.files.wide_dividends import CLOSE_ENDING, add_adjustments, find_adjustments, find_closes
from groundswell.wording.plurals import write_first_names

NO_DATES: Days = np.array([], dtype="datetime64[D]")
NO_WANTED_SERIES = "it holds none of the series that are used"


@dataclass(frozen=True, eq=False)
class Contents:
    """What was read from a file: parts of series, or the reason why there are none.

    ``by_source`` are the copies of several sources in one file, which are no series but can be compared with series.
    ``dropped`` counts values that are no prices. ``usable`` is false where the file can never be used, whatever is
    wanted. A file of dividends or splits ``belongs_to`` the file of its closes.
    """

    parts: tuple[Part, ...] = ()
    by_source: tuple[Part, ...] = ()
    dropped: int = 0
    reason: str = ""
    usable: bool = True
    belongs_to: str = ""


def read_table(path: Path, wanted: Collection[SeriesRef] | None) -> Contents:
    """Read the ``wanted`` series (None: all) of one file; a file of another kind gives the reason it is not used.

    Raises ``BadInputError`` for a file that is damaged, or has a date or number that cannot be read; the message names
    the file, and the row if one is wrong.
    """
    closes = find_closes(path)
    if closes is not None:
        return Contents(belongs_to=closes.name)
    try:
        table = recognise_layout(path)
        return Contents(reason=table, usable=False) if isinstance(table, str) else _read(table, wanted)
    except (pl.exceptions.PolarsError, OSError) as error:
        detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadInputError(f"{path.name} cannot be read: {detail}; replace the file or take it out") from error


def _read(table: Table, wanted: Collection[SeriesRef] | None) -> Contents:
    frame = scan(table.path)
    adjustments = find_adjustments(table.path) if table.wide else {}
    if adjustments:
        table, groups = _read_raw_closes(table, adjustments, wanted)
        rows = pl.concat([group for _, group in groups], how="diagonal") if groups else pl.DataFrame()
    elif table.wide:
        names = [name for name in table.values if wanted is None or _wide_ref(table, name) in wanted]
        rows = frame.select(ROW, table.date, *names).collect() if names else pl.DataFrame()
        groups = [(name, rows.rename({name: "value"})) for name in names]
    else:
        rows = _read_long_rows(frame, table, wanted)
        groups = [(str(key[0]), group) for key, group in rows.group_by("id", maintain_order=True)]
    if not len(rows):
        return Contents(reason=NO_WANTED_SERIES)
    repeated = _find_repeated_key(frame, table)
    if repeated:
        reason = f"it holds several rows for {repeated}: several sources side by side are not one series"
        return Contents(by_source=_read_by_source(table, groups, wanted), reason=reason, usable=False)
    parts, dropped = _read_parts(table, groups, wanted)
    return Contents(parts, dropped=dropped)


def _read_raw_closes(
    table: Table, adjustments: Mapping[str, Path], wanted: Collection[SeriesRef] | None
) -> tuple[Table, list[tuple[str, pl.DataFrame]]]:
    """Return a wide file of closes and its files of dividends and splits as one table, with the rows of each symbol."""
    names = [name for name in table.values if wanted is None or any(ref.id == name for ref in wanted)]
    raw = replace(table, values={"close": "close"}, adjustments={name: name for name in adjustments}, wide=False)
    rows = scan(table.path).select(ROW, table.date, *names).collect()
    closes = (rows.select(ROW, table.date, pl.lit(name).alias("id"), pl.col(name).alias("close")) for name in names)
    return raw, [(name, add_adjustments(raw, group, adjustments)) for name, group in zip(names, closes, strict=True)]


def _read_parts(
    table: Table, groups: Iterable[tuple[str, pl.DataFrame]], wanted: Collection[SeriesRef] | None
) -> tuple[tuple[Part, ...], int]:
    """Return the wanted parts of series, and how many values were dropped."""
    parts: list[Part] = []
    total_dropped = 0
    for name, rows in groups:
        group = add_adjusted_closes(table, rows) if table.is_raw and not is_index(name) else rows
        for ref, column in _series_columns(table, name, group):
            if wanted is None or ref in wanted:
                part, dropped = _read_part(table, ref, group, column)
                total_dropped += dropped
                parts += [part] if len(part.dates) else []
    return tuple(parts), total_dropped


def _read_by_source(
    table: Table, groups: Iterable[tuple[str, pl.DataFrame]], wanted: Collection[SeriesRef] | None
) -> tuple[Part, ...]:
    """Return the parts of each source where a column names it; the source stands in the name of their file."""
    if table.source is None:
        return ()
    by_source = ((name, part) for name, group in groups for part in group.partition_by("source"))
    try:
        parts, _ = _read_parts(table, by_source, wanted)
    except BadInputError:  # two values of one source on one day: nothing that could be compared
        return ()
    return tuple(replace(part, file=f"{part.source} in {part.file}") for part in parts)


def _read_long_rows(frame: pl.LazyFrame, table: Table, wanted: Collection[SeriesRef] | None) -> pl.DataFrame:
    names = pl.lit(table.stem) if table.id is None else pl.col(table.id).cast(pl.String).str.strip_chars()
    columns = [pl.col(actual).alias(ours) for ours, actual in (table.values | table.adjustments).items()]
    source = [pl.col(table.source).alias("source")] if table.source else []
    rows = frame.select(ROW, table.date, names.alias("id"), *columns, *source).filter(pl.col("id").is_not_null())
    return (rows if wanted is None else rows.filter(pl.col("id").is_in([ref.id for ref in wanted]))).collect()


def _find_repeated_key(frame: pl.LazyFrame, table: Table) -> str | None:
    """Return the first day, with its symbol, that has several rows."""
    keys = [table.date] if table.id is None else [table.date, table.id]
    first = frame.select(keys).filter(pl.struct(keys).is_duplicated()).head(1).collect()
    return " and ".join(str(value) for value in first.row(0)) if len(first) else None


def _series_columns(table: Table, name: str, group: pl.DataFrame) -> Iterator[tuple[SeriesRef, str]]:
    """Yield the series of a symbol, each with the column of its values."""
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
    if "adj_close" in table.values or table.is_raw:
        yield SeriesRef(name, Measure.TOTAL_RETURN), "adj_close"
    if "close" in table.values:
        yield SeriesRef(name, Measure.PRICE), "close"


def _wide_ref(table: Table, name: str) -> SeriesRef:
    """Return the series of a column in a wide file, by the ending of the file's name and the catalogue."""
    ending = table.stem.lower().replace("-", "_").replace(" ", "_")
    for measure in (Measure.TOTAL_RETURN, Measure.PRICE, Measure.RATE, Measure.LEVEL):
        if ending.endswith(f"_{measure.value.replace(' ', '_')}"):
            return SeriesRef(name, measure)
    if is_index(name) or ending.endswith(CLOSE_ENDING):
        return SeriesRef(name, Measure.PRICE)
    family = macro_family(name)
    return SeriesRef(name, family.measure if family else Measure.TOTAL_RETURN)


def _read_part(table: Table, ref: SeriesRef, group: pl.DataFrame, column: str) -> tuple[Part, int]:
    """Return the values of a series, and how many were dropped because they are no prices."""
    present = group.filter(pl.col(column).is_not_null())
    rows = table.row_numbers(present)
    dates = parse_dates(present[table.date], rows, table.path.name)
    values = parse_numbers(present[column], rows, table.path.name)
    is_valid = np.isfinite(values) & (values > 0 if ref.measure in PRICED else True)
    order = np.argsort(dates[is_valid])
    _require_unique_dates(table, ref, dates[is_valid][order])
    source = _describe_source(present) if table.source else table.path.name
    dropped = int(np.isfinite(values).sum() - is_valid.sum())
    runs = _find_runs(present.filter(pl.Series(is_valid))[order], dates[is_valid][order]) if table.source else ()
    seams = np.array([run.first for run in runs[1:]], dtype="datetime64[D]")
    return Part(ref, table.path.name, source, dates[is_valid][order], values[is_valid][order], seams, runs), dropped


def _find_runs(rows: pl.DataFrame, dates: Days) -> tuple[Run, ...]:
    """Return the runs of rows from one source; a row without a source ends no run."""
    if not len(dates):
        return ()
    is_change = (rows["source"] != rows["source"].shift(1)).fill_null(value=False).to_numpy()
    starts = np.flatnonzero(is_change | (np.arange(len(dates)) == 0))
    ends = np.append(starts[1:], len(dates)) - 1
    names = [rows["source"][int(start)] or "" for start in starts]
    return tuple(Run(str(name), dates[start], dates[end]) for name, start, end in zip(names, starts, ends, strict=True))


def _require_unique_dates(table: Table, ref: SeriesRef, dates: np.ndarray) -> None:
    # Days written in two ways ("2024-01-02" and "2024-01-02 00:00") are the same only after parsing.
    repeated = dates[1:][dates[1:] == dates[:-1]]
    if len(repeated):
        raise BadInputError(f"{table.path.name} has two values of {ref} on {repeated[0]}; keep one of them")


def _describe_source(group: pl.DataFrame) -> str:
    """Name the most frequent source of the rows, and count the others."""
    counts = group["source"].drop_nulls().value_counts(sort=True)
    if not len(counts):
        return "source not stated"
    return write_first_names(counts["source"].to_list(), 1)
