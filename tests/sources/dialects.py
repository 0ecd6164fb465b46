"""One true table, written in any dialect: what a reader must give back, or refuse in words."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from groundswell.markets.series.calendar import Days, sessions_between

DAY_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT00:00:00Z",
    "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%-m/%-d/%Y", "%-d.%-m.%Y",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%-m/%-d/%y", "%y/%m/%d",
    "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%a %b %d, %Y", "%m/%d/%Y %I:%M %p",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
DAY_HEADINGS = ("Date", "date", "DATE", " Date", "timestamp", "Datum", "Fecha", "observation_date", "Trade Date")
CLOSE_HEADINGS = ("Close", "close", " Close", "Close/Last", "Schlusskurs", "Cierre", "Zamkniecie", "CLOSE", "Adj Close")
PREAMBLES = ("", "Prices of a fund", '"Fund, prices"', "Symbol: IWM; currency: USD", "# made 2024-06-03", "sep=;")
FOOTERS = ("", "The end", "Source: a service, as of 06/03/2024", "3", "(c) 2024; all rights reserved")


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    delimiter: str
    encoding: str
    decimal: str
    group: str
    currency: str
    decimals: int
    day_form: str
    headings: tuple[str, str]
    preamble: str
    footer: str
    order: str
    with_volume: bool
    quote_all: bool
    line_end: str
    repeat_last: bool
    blank_lines: bool
    columns_swapped: bool


@dataclass(frozen=True)
class TrueTable:
    """The values of a security: a positive number for each of the days, which increase."""

    days: Days
    values: tuple[float, ...]

    def as_dict(self) -> dict[dt.date, float]:
        return dict(zip(self.days.tolist(), self.values, strict=True))


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    """Draw a dialect; thousands are never grouped by the decimal sign."""
    decimal = draw(st.sampled_from(".,"))
    groups = ["", "", " ", "\u00a0", "'", ",.".replace(decimal, "")]
    return Dialect(
        draw(st.sampled_from(",;\t|")),
        draw(st.sampled_from(ENCODINGS)),
        decimal,
        draw(st.sampled_from(groups)),
        draw(st.sampled_from(("", "", "$", "€", "USD "))),
        draw(st.integers(0, 4)),
        draw(st.sampled_from(DAY_FORMS)),
        (draw(st.sampled_from(DAY_HEADINGS)), draw(st.sampled_from(CLOSE_HEADINGS))),
        draw(st.sampled_from(PREAMBLES)),
        draw(st.sampled_from(FOOTERS)),
        draw(st.sampled_from(("up", "down"))),
        *(draw(st.booleans()) for _ in range(2)),
        draw(st.sampled_from(("\n", "\r\n"))),
        *(draw(st.booleans()) for _ in range(3)),
    )


@st.composite
def tables(draw: st.DrawFn, decimals: int) -> TrueTable:
    """Draw values of sessions, of some of them, or of days of all months."""
    first = draw(st.dates(dt.date(1971, 1, 4), dt.date(2025, 6, 1)))
    count = draw(st.integers(1, 70))
    sessions = sessions_between(first, first + dt.timedelta(days=500))
    kind = draw(st.sampled_from(("sessions", "sessions", "sparse", "weeks", "months", "days")))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    every = np.datetime64(first) + np.arange(count)
    days = {
        "sessions": sessions[:count],
        "sparse": np.sort(random.choice(sessions, min(count, len(sessions)), replace=False)),
        "weeks": np.datetime64(first) + 7 * np.arange(count),
        "months": (np.datetime64(first, "M") + np.arange(count)).astype("datetime64[D]"),
        "days": every,
    }[kind]
    days = days[days < np.datetime64("2026-01-01")]
    assume(len(days) > 0)
    scale = draw(st.sampled_from((0.7, 4.0, 95.0, 480.0, 2100.0, 38000.0)))
    walk = scale * np.exp(np.cumsum(random.normal(0.0, 0.02, len(days))))
    values = tuple(max(round(float(value), decimals), 10.0**-decimals) for value in walk)
    return TrueTable(days, values)


def write_table(table: TrueTable, dialect: Dialect) -> bytes:
    """Write a table in a dialect."""
    rows: list[list[str]] = [
        [
            day.strftime(dialect.day_form),
            write_number(value, dialect),
            *(["12" + dialect.group + "345"] * dialect.with_volume),
        ]
        for day, value in table.as_dict().items()
    ]
    if dialect.repeat_last:
        rows.append(list(rows[-1]))
    if dialect.order == "down":
        rows.reverse()
    heading = [*dialect.headings, *(["Volume"] * dialect.with_volume)]
    if dialect.columns_swapped:
        heading, rows = heading[::-1], [row[::-1] for row in rows]
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=dialect.delimiter, quoting=quoting, lineterminator=dialect.line_end)
    if dialect.preamble:
        text.write(dialect.preamble + dialect.line_end)
    _write_rows(writer, text, heading, rows, dialect)
    if dialect.footer:
        writer.writerow([dialect.footer])
    return text.getvalue().encode(dialect.encoding, errors="replace")


def write_number(value: float, dialect: Dialect) -> str:
    """Write a number as the dialect does."""
    text = f"{value:,.{dialect.decimals}f}".replace(",", "g").replace(".", "d")
    return dialect.currency + text.replace("g", dialect.group).replace("d", dialect.decimal)


def _write_rows(
    writer: object, text: io.StringIO, heading: Sequence[str], rows: Sequence[Sequence[str]], dialect: Dialect
) -> None:
    for place, row in enumerate((heading, *rows)):
        writer.writerow(row)  # type: ignore[attr-defined]
        if dialect.blank_lines and place % 3 == 0:
            text.write(dialect.line_end)
