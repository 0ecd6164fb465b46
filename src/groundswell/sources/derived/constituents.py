"""Series computed from the prices and the annual accounts of the members of funds.

They are computed once, when a folder is read: the files are large, and claims need only a few numbers a quarter or a
year. The members come from lists of one day. Companies that failed or were bought before that day are missing, and
every source says so.

| series | what it is |
|---|---|
| ``sp500.weight.reset`` | one over the number of members on the list |
| ``sp500.weight.p10``, ``.p50``, ``.p90`` | percentiles of these weights just before the next reset |
| ``sp500.weight.drift`` | mean distance of the weights from the equal weight, as a share of it |
| ``small.METRIC.STATISTIC``, ``large.…`` | of a fiscal year: mean, median, sd and n of a metric over companies |
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import BadInputError
from groundswell.markets.indicators.fundamentals import GROUPS, METRICS, STATISTICS, compute_metrics
from groundswell.markets.indicators.weight_drift import WEIGHTS, list_resets
from groundswell.markets.series.catalogue import EQUAL_WEIGHTS, GROUP_ACCOUNTS, UNIVERSE, family_of
from groundswell.markets.series.family import ACCOUNTS_PUBLISHED_BY
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.model.series import Values
from groundswell.sources.files.query import QueryError, describe_failure, fetch_columns, write_path, write_scan
from groundswell.sources.release_times import known_at

MEMBER_FILE_PREFIXES = ("constituents", "holdings")
"""Files with such names describe the members of funds and hold no series of their own."""

ADJUSTED_CLOSE_FILES = "constituents_adjclose*.parquet"
ACCOUNT_FILES = "fundamentals*annual*.parquet"
ACCOUNT_FIGURES = MappingProxyType(
    {
        "short_term_debt": "short_term_debt",
        "long_term_debt": "long_term_debt",
        "interest_expense": "interest_expense_net",
        "operating_income": "ebit",
        "net_income": "net_income",
    }
)
"""The items of which metrics are computed, each with its column. Interest expense is negative in these files."""


def member_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Compute the ``wanted`` series that the files of a folder allow; none where a file is missing."""
    if not (folder / UNIVERSE).is_file():
        return ()
    companies = read_universe(folder / UNIVERSE)
    computed: list[Series] = []
    if any(EQUAL_WEIGHTS.ref(name) in wanted for name in WEIGHTS):
        computed += [
            series
            for file in sorted(folder.glob(ADJUSTED_CLOSE_FILES))[:1]
            for series in _weight_series(companies, file)
        ]
    if any(family_of(ref) is GROUP_ACCOUNTS for ref in wanted):
        computed += [
            series for file in sorted(folder.glob(ACCOUNT_FILES))[:1] for series in _account_series(companies, file)
        ]
    return tuple(series for series in computed if series.ref in wanted)


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the lists: the symbol of its prices, and whether it is ``large`` or ``small``."""

    ticker: str
    price_symbol: str
    large: bool
    small: bool


def read_universe(file: Path) -> list[Company]:
    """Read the companies of the lists.

    Rows without a ticker are left out; a company without a symbol for its prices has its ticker as symbol. Raises
    ``BadInputError`` for a file that is no text or has no column ``ticker``.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.reader(opened)
            header = next(rows, [])
            if "ticker" not in header:
                raise BadInputError(f"{file.name} has no column ticker; add it, or take the file out")
            return list(_read_companies(header, rows))
    except (UnicodeDecodeError, csv.Error) as error:
        raise describe_failure(file.name, error) from error


def _read_companies(header: list[str], rows: Iterable[list[str]]) -> Iterator[Company]:
    ticker = header.index("ticker")
    symbol = header.index("price_symbol") if "price_symbol" in header else ticker
    large, small = (
        [index for index, name in enumerate(header) if name.startswith(flag)] for flag in ("in_sp500", "in_iwm")
    )
    for row in rows:
        cells = row + [""] * (len(header) - len(row)) if len(row) < len(header) else row
        if cells[ticker]:
            is_large, is_small = ("true" in [cells[index].lower() for index in flags] for flags in (large, small))
            yield Company(cells[ticker], cells[symbol] or cells[ticker], is_large, is_small and not is_large)


def list_price_symbols(companies: Iterable[Company], group: str) -> list[str]:
    """Return the symbols of the prices of a group (``large`` or ``small``), each once, in order."""
    return sorted({company.price_symbol for company in companies if getattr(company, group)})


def _weight_series(listed: Sequence[Company], prices: Path) -> Iterator[Series]:
    members = list_price_symbols(listed, "large")
    try:
        found = fetch_columns(
            f"SELECT date::DATE AS day, symbol, adj_close::DOUBLE AS price FROM {write_scan(prices)} "
            "WHERE symbol IN (SELECT unnest(?::VARCHAR[])) AND date::DATE IN (SELECT unnest(?::DATE[]))",
            [write_path(prices), members, list_resets(2000, 2049).tolist()],
        )
    except QueryError as error:
        raise describe_failure(prices.name, error) from error
    dates, rows = np.unique(found["day"].astype("datetime64[D]"), return_inverse=True)
    _, columns = np.unique(found["symbol"].astype(str), return_inverse=True)
    if len(dates) < 2:
        return
    levels = np.full((len(dates), int(columns.max()) + 1), np.nan)
    # Backwards, so that of two prices of a day the first one counts.
    levels[rows[::-1], columns[::-1]] = np.ma.filled(found["price"], np.nan)[::-1]
    values = np.array([_quarter_weights(before, after, len(members)) for before, after in pairwise(levels)])
    source = (
        f"{prices.name}, total-return prices of the S&P 500 members of one later list: companies that left are missing"
    )
    for column, name in enumerate(WEIGHTS):
        yield _build_series(EQUAL_WEIGHTS.ref(name), source, dates[1:], values[:, column])


def _quarter_weights(before: NDArray[np.float64], after: NDArray[np.float64], members: int) -> tuple[float, ...]:
    """Return the figures of ``WEIGHTS`` for one quarter of an index, from the members with both prices.

    The equal weight is one over the number of all members; otherwise missing prices would make every company heavier.
    """
    growth = (after / before)[np.isfinite(after) & np.isfinite(before)]
    equal = 1.0 / members
    weights = equal * growth / growth.mean()
    percentiles = np.quantile(weights, [0.1, 0.5, 0.9])
    return equal, *map(float, percentiles), float(np.abs(weights / equal - 1.0).mean())


def _account_series(listed: Sequence[Company], accounts: Path) -> Iterator[Series]:
    """Compute the statistics of each group and fiscal year, of the accounts that were published in time."""
    companies: dict[str, Company] = {}
    for company in listed:
        companies.setdefault(company.ticker, company)
    month, day = ACCOUNTS_PUBLISHED_BY
    figures = ", ".join(f"{name}::DOUBLE AS {name}" for name in ACCOUNT_FIGURES.values())
    try:
        found = fetch_columns(
            f"SELECT ticker, fiscal_year::INTEGER AS year, {figures} FROM {write_scan(accounts)} "
            "WHERE left(publish_date::VARCHAR, 10)::DATE <= make_date(fiscal_year::INTEGER + 1, ?, ?)",
            [write_path(accounts), month, day],
        )
    except QueryError as error:
        raise describe_failure(accounts.name, error) from error
    amounts = {item: np.ma.filled(found[name], np.nan) for item, name in ACCOUNT_FIGURES.items()}
    amounts["interest_expense"] = -amounts["interest_expense"]
    metrics = compute_metrics(amounts)
    listing = [companies.get(ticker) for ticker in found["ticker"]]
    source = f"{accounts.name}, as restated, banks and insurers left out; groups by lists of one later day"
    for group in GROUPS:
        is_member = np.array([company is not None and getattr(company, group) for company in listing], dtype=bool)
        for metric in METRICS:
            yield from _yearly_series(group, metric, source, found["year"][is_member], metrics[metric][is_member])


def _yearly_series(group: str, metric: str, source: str, years: NDArray[np.int32], values: Values) -> Iterator[Series]:
    """Yield the series of each statistic of a metric, with the years in which it exists."""
    numbers = sorted(set(years.tolist()))
    dates = np.array([f"{year}-12-31" for year in numbers], dtype="datetime64[D]")
    samples = [values[(years == year) & np.isfinite(values)] for year in numbers]
    for statistic in STATISTICS:
        figures = np.array([_compute_statistic(statistic, sample) for sample in samples])
        is_present = np.isfinite(figures)
        if is_present.any():
            yield _build_series(
                GROUP_ACCOUNTS.ref(group, metric, statistic), source, dates[is_present], figures[is_present]
            )


def _compute_statistic(statistic: str, sample: Values) -> float:
    """Return a statistic of a sample; NaN where the sample is too small."""
    if statistic == "n":
        return float(len(sample))
    if len(sample) < (2 if statistic == "sd" else 1):
        return float("nan")
    if statistic == "sd":
        return float(np.std(sample, ddof=1))
    return float(np.median(sample) if statistic == "median" else np.mean(sample))


def _build_series(ref: SeriesRef, source: str, dates: NDArray[np.datetime64], values: NDArray[np.float64]) -> Series:
    frequency = Frequency.MONTHLY
    return Series(
        ref, frequency, source, dates, values, known_at(ref, frequency, dates), revised=family_of(ref).revised
    )
