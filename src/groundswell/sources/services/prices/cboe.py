"""Cboe's delayed daily histories: the volatility index, and closes of funds where no other source answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import quote

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import SYMBOLS, family_of
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import (
    find_column,
    parse_days,
    parse_number,
    read_json_object,
    read_table,
    read_text,
)
from groundswell.sources.services.base import (
    DataService,
    Request,
    Row,
    SeriesRows,
    UnusableAnswerError,
    group_by_symbol,
    sort_rows,
)
from groundswell.sources.services.rows import (
    quote_text,
    read_column,
    read_written_series,
    require_daily,
    require_rows,
)
from groundswell.sources.tables.day_forms import Order

VIX = SeriesRef("^VIX", Measure.PRICE)

VOLATILITY_RANK = 35
"""Cboe computes the index; others pass it on."""

VIX_RANGE = (5.0, 200.0)
"""Points. Its closes lie between 9 and 83; numbers outside this range are those of something else."""

LARGEST_CHANGE = 1.4
"""Of a close to the next, in either direction. Cboe does not say whether its closes are adjusted for splits."""


class Cboe(DataService):
    """Closes as Cboe lists them; there are no dividends in them, so that they are no total returns."""

    name = "cboe"
    title = "Cboe delayed quotes"
    terms = "The terms of Cboe apply; to be safe, for personal use alone and not to be redistributed."
    default_address = "https://cdn.cboe.com"
    priority = 65
    interval = timedelta(hours=6)

    def offers(self, ref: SeriesRef) -> bool:
        return ref == VIX or (ref.measure is Measure.PRICE and family_of(ref) is SYMBOLS)

    def rank(self, ref: SeriesRef) -> int:
        return VOLATILITY_RANK if ref == VIX else self.priority

    def requests(self, refs: Collection[SeriesRef], stored: SeriesBook, today: date) -> tuple[Request, ...]:
        """Request the whole history of one symbol each: there are no shorter ones."""
        return tuple(self._request(group) for _, _, group in group_by_symbol(refs, stored))

    def _request(self, refs: tuple[SeriesRef, ...]) -> Request:
        (ref,) = refs
        chart = f"{self.base_address}/api/global/delayed_quotes/charts/historical"
        if ref == VIX:
            table = f"{self.base_address}/api/global/us_indices/daily_prices/VIX_History.csv"
            return Request(table, refs, (f"{chart}/_VIX.json",))
        return Request(f"{chart}/{quote(ref.id, safe='')}.json", refs)

    def read(self, request: Request, body: bytes) -> tuple[SeriesRows, ...]:
        """Read a history as a table or as JSON, in whichever order of its days."""
        (ref,) = request.refs
        is_json = read_text(body).lstrip().startswith(("{", "["))
        series = require_daily(_read_chart(ref, body) if is_json else _read_table(ref, body))
        require_rows([series])
        return (_check_volatility(series) if ref == VIX else _leave_out_other_scales(series),)


def _read_table(ref: SeriesRef, body: bytes) -> SeriesRows:
    table = read_table(body)
    close = find_column(table, ["close"])
    if close is None:
        raise UnusableAnswerError("a file without the columns DATE and CLOSE")
    return read_column(ref, table, parse_days(table.columns[table.day], Order.MONTH_FIRST), close)


def _read_chart(ref: SeriesRef, body: bytes) -> SeriesRows:
    """Read a chart. It does not always name its symbol; where it does, the symbol is checked."""
    answer = read_json_object(body)
    symbol, bars = answer.get("symbol"), answer.get("data")
    if symbol is not None and str(symbol).strip("^_").casefold() != ref.id.strip("^").casefold():
        raise UnusableAnswerError(f"prices of {quote_text(symbol)} instead of {ref.id}")
    if not isinstance(bars, list):
        raise UnusableAnswerError("JSON without a history")
    listed = [bar for bar in bars if isinstance(bar, dict)]
    # Days before a listing have closes of zero.
    return read_written_series(
        ref, [(bar.get("date"), None if parse_number(bar.get("close")) == 0 else bar.get("close")) for bar in listed]
    )


def _check_volatility(series: SeriesRows) -> SeriesRows:
    low, high = VIX_RANGE
    outside = [row for row in series.rows if not low <= row.value <= high]
    if outside:
        raise UnusableAnswerError(f"{outside[0].value} on {outside[0].date}, which is no value of the index")
    return series


def _leave_out_other_scales(series: SeriesRows) -> SeriesRows:
    """Leave out what comes before the last change that a split, or another security, would explain."""
    rows: list[Row] = list(series.rows)
    jumps = [after for before, after in pairwise(rows) if not _is_plausible(before.value, after.value)]
    if not jumps:
        return series
    first = jumps[-1]
    kept = sort_rows(series.ref, [row for row in rows if row.date >= first.date]).rows
    problem = f"closes before {first.date} are on another scale and are left out"
    return SeriesRows(series.ref, kept, "; ".join(filter(None, (series.problem, problem))))


def _is_plausible(before: float, after: float) -> bool:
    return before > 0 and 1 / LARGEST_CHANGE <= after / before <= LARGEST_CHANGE
