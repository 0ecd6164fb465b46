"""Concentration of funds computed from lists of their holdings: one value for each day that has a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.indicators.concentration import LARGEST_HOLDINGS, compute_herfindahl, compute_top_share
from groundswell.markets.series.catalogue import FUND_CONCENTRATION, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.model.series import Values
from groundswell.sources.files.inspection import InspectedSeries, Inspection
from groundswell.sources.files.names import SUFFIXES, normalise_name, strip_suffixes
from groundswell.sources.files.query import (
    Columns,
    QueryError,
    describe_failure,
    fetch_columns,
    list_columns,
    quote_name,
    write_path,
    write_scan,
)
from groundswell.sources.release_times import known_at
from groundswell.wording.plurals import write_count

FILE_PREFIX = "holdings"
DATE_COLUMNS = ("as_of", "date")
FUND_COLUMNS = ("etf", "fund")
WEIGHT_COLUMNS = ("weight_(%)", "weight")
MIN_SUM_OF_WEIGHTS = 0.9
"""A list with a smaller sum is incomplete, and gives no sum of squares."""

MAX_SUM_OF_FRACTIONS = 1.5
"""Weights with a larger sum are percent."""


def concentration_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Compute the ``wanted`` gauges of funds whose lists of holdings are in a folder.

    Only equities count, where a file names the asset class. A day is left out if a holding has two weights, or if its
    list repeats that of the day before word for word: such a list was served again, not updated.
    """
    funds = {FUND_CONCENTRATION.parts(ref.id)["fund"] for ref in wanted if family_of(ref) is FUND_CONCENTRATION}
    if not funds:
        return ()
    values: dict[SeriesRef, dict[np.datetime64, tuple[float, str]]] = {}
    for file in sorted(folder.glob(f"{FILE_PREFIX}*")):
        for fund, lists in _read_lists(file, funds) if file.name.endswith(SUFFIXES) else ():
            for day, weights in _daily_weights(lists):
                for ref, value in compute_gauges(fund, weights):
                    values.setdefault(ref, {})[day] = (value, file.name)
    return tuple(_build_series(ref, values[ref]) for ref in sorted(values) if ref in wanted)


def inspect_lists(file: Path) -> Inspection | None:
    """Say which gauges of which funds the lists of a file would give; None for a file of another name.

    Raises ``BadInputError`` for a file that is damaged.
    """
    if not file.is_file() or not file.name.startswith(FILE_PREFIX) or not file.name.endswith(SUFFIXES):
        return None
    series: list[InspectedSeries] = []
    remarks: list[str] = []
    for fund, lists in _read_lists(file, None):
        kept = [(day, dict(compute_gauges(fund, weights))) for day, weights in _daily_weights(lists)]
        refs = dict.fromkeys(ref for _, gauges in kept for ref in gauges)
        for ref in refs:
            days = np.array([day for day, gauges in kept if ref in gauges], dtype="datetime64[D]").tolist()
            made = "computed from the weights of each list"
            series.append(InspectedSeries(ref.id, ref.measure.value, days[0], days[-1], len(days), made))
        if left_out := len(np.unique(lists["day"])) - len(kept):
            remarks.append(
                f"{write_count(left_out, 'list')} of {fund} left out: each repeats the list before it, or has two "
                "weights of a holding"
            )
    reason = "" if series else "it has no list of ten holdings or more with ticker, weight, and date or as_of"
    return Inspection(file.name, (), tuple(series), (), tuple(remarks), reason)


def _read_lists(file: Path, funds: Collection[str] | None) -> Iterator[tuple[str, Columns]]:
    """Yield the lists of each fund (None: of all) in a file: ``day``, ``ticker`` and ``weight``, sorted by them.

    Raises ``BadInputError`` for a file that is damaged.
    """
    fund_of_file = strip_suffixes(file).removeprefix(FILE_PREFIX).strip("_").partition("_")[0]
    chosen = "" if funds is None else "fund IN (SELECT unnest(?::VARCHAR[])) AND "
    try:
        columns = _write_columns(list_columns(file))
        if columns is None:
            return
        rows = fetch_columns(
            f"SELECT DISTINCT * FROM (SELECT {columns} FROM {write_scan(file)}) "
            f"WHERE {chosen}fund IS NOT NULL AND kind = 'Equity' AND weight > 0 AND isfinite(weight) "
            "AND day IS NOT NULL ORDER BY day, ticker NULLS FIRST, weight",
            [fund_of_file, write_path(file), *([] if funds is None else [list(funds)])],
        )
    except QueryError as error:
        raise describe_failure(file.name, error) from error
    for fund in sorted(set(rows["fund"].tolist())):
        is_own = rows["fund"] == fund
        yield fund, {name: column[is_own] for name, column in rows.items()}


def _write_columns(columns: Iterable[str]) -> str | None:
    """Return the columns of a list of holdings as a query selects them; None for a file of another kind."""
    names = {normalise_name(name): quote_name(name) for name in columns}
    date, fund, weight = (
        next((names[name] for name in known if name in names), None)
        for known in (DATE_COLUMNS, FUND_COLUMNS, WEIGHT_COLUMNS)
    )
    if date is None or weight is None or "ticker" not in names:
        return None
    return ", ".join(
        [
            f"coalesce({fund or 'NULL'}, ?) AS fund",
            f"try_cast(left({date}::VARCHAR, 10) AS DATE) AS day",
            f"{names['ticker']} AS ticker",
            f"try_cast({weight} AS DOUBLE) AS weight",
            f"{names.get('asset_class', repr('Equity'))} AS kind",
        ]
    )


def _daily_weights(lists: Columns) -> Iterator[tuple[np.datetime64, Values]]:
    before: list[tuple[str | None, float]] = []
    days, starts = np.unique(lists["day"].astype("datetime64[D]"), return_index=True)
    for day, start, end in zip(days, starts, [*starts[1:], len(lists["day"])], strict=True):
        weights = lists["weight"][start:end]
        tickers = lists["ticker"][start:end].tolist()
        now = list(zip(tickers, weights.tolist(), strict=True))
        named = [ticker for ticker in tickers if ticker is not None]
        if now != before and len(named) == len(set(named)):
            yield day, weights / (100.0 if weights.sum() > MAX_SUM_OF_FRACTIONS else 1.0)
        before = now


def compute_gauges(fund: str, weights: NDArray[np.float64]) -> Iterator[tuple[SeriesRef, float]]:
    """Yield the gauges that the weights of a list (fractions) allow."""
    if len(weights) >= LARGEST_HOLDINGS:
        yield FUND_CONCENTRATION.ref(fund, "top10"), compute_top_share(weights)
        yield FUND_CONCENTRATION.ref(fund, "largest"), compute_top_share(weights, 1)
    if weights.sum() >= MIN_SUM_OF_WEIGHTS:
        yield FUND_CONCENTRATION.ref(fund, "herfindahl"), compute_herfindahl(weights)


def _build_series(ref: SeriesRef, by_day: dict[np.datetime64, tuple[float, str]]) -> Series:
    days = sorted(by_day)
    dates = np.array(days, dtype="datetime64[D]")
    files = dict.fromkeys(by_day[day][1] for day in days)
    return Series(
        ref=ref,
        frequency=Frequency.DAILY,
        source=f"{'; '.join(files)}, weights as published",
        dates=dates,
        values=np.array([by_day[day][0] for day in days]),
        known_at=known_at(ref, Frequency.DAILY, dates),
    )
