"""Laws of reading texts: the values that were written come back, or a refusal in words, and never other values."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from groundswell.markets.series.calendar import sessions_between
from groundswell.sources.files.listing import DataFile
from groundswell.sources.files.table import Contents, read_table
from groundswell.sources.tables.days import parse_day_column
from groundswell.sources.tables.decimal_signs import DecimalSign
from groundswell.sources.tables.numbers import parse_number_columns

from .dialects import DAY_FORMS, Dialect, TrueTable, dialects, tables, write_number, write_table

LATEST = dt.date(2026, 12, 1)
SLOW = settings(deadline=None, max_examples=250, suppress_health_check=list(HealthCheck))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Dialect, TrueTable]:
    dialect = draw(dialects())
    return dialect, draw(tables(dialect.decimals))


def read(folder: Path, body: bytes) -> Contents:
    path = folder / "IWM.csv"
    path.write_bytes(body)
    return read_table(DataFile("IWM.csv", (path,)), None, LATEST)


def find_usual_sign(dialect: Dialect) -> str:
    """Return the decimal sign that goes with the days and the delimiter; empty where none does."""
    if dialect.day_form.startswith(("%m", "%-m")):
        return "" if dialect.delimiter == ";" else "."
    is_day_first = dialect.day_form.startswith(("%d/", "%d.", "%-d.", "%d-%m"))
    return "," if is_day_first and (dialect.delimiter == ";" or "." in dialect.day_form) else ""


def is_unclear(table: TrueTable, dialect: Dialect) -> bool:
    """Whether nothing in the numbers shows what their sign is: 1.234 may be a decimal number or thousands."""
    written = [write_number(value, dialect) for value in table.values]
    signs = [sum(sign in number for number in written) for sign in ".,"]
    all_of_three = dialect.decimals == 3 or (dialect.decimals == 0 and dialect.group in set(".,"))
    return all_of_three and sum(map(bool, signs)) == 1


@SLOW
@given(case=cases())
def test_the_written_values_come_back_or_a_refusal_in_words(tmp_path_factory, case):
    dialect, table = case
    if is_unclear(table, dialect) and (usual := find_usual_sign(dialect)) and usual != dialect.decimal:
        return  # days and delimiter of one country, and numbers of another
    contents = read(tmp_path_factory.getbasetemp(), write_table(table, dialect))
    if not contents.parts:
        event("refused")
        assert contents.reason
        assert contents.faults
        return
    (part,) = contents.parts
    assert dict(zip(part.dates.tolist(), part.values.tolist(), strict=True)) == table.as_dict()


@SLOW
@given(dialect=dialects(), first=st.dates(dt.date(1975, 1, 1), dt.date(2025, 1, 1)), seed=st.integers(0, 2**32 - 1))
def test_sixty_sessions_are_read_in_every_dialect(tmp_path_factory, dialect, first, seed):
    days = sessions_between(first, first + dt.timedelta(days=120))[:60]
    walk = 1500.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.01, len(days))))
    table = TrueTable(days, tuple(round(float(value), dialect.decimals) for value in walk))
    if is_unclear(table, dialect):
        return
    (part,) = read(tmp_path_factory.getbasetemp(), write_table(table, dialect)).parts
    assert dict(zip(part.dates.tolist(), part.values.tolist(), strict=True)) == table.as_dict()


@SLOW
@given(
    form=st.sampled_from(DAY_FORMS),
    first=st.dates(dt.date(1975, 1, 1), dt.date(2025, 1, 1)),
    steps=st.lists(st.sampled_from((1, 1, 1, 2, 3, 7, 28, 30, 31, 91, 365)), max_size=30),
    kind=st.sampled_from(("up", "down", "shuffled")),
    seed=st.randoms(use_true_random=False),
)
def test_no_order_of_days_is_guessed(form, first, steps, kind, seed):
    days = [first + dt.timedelta(days=sum(steps[:count])) for count in range(len(steps) + 1)]
    days = [day for day in days if day < LATEST]
    if kind == "shuffled":
        seed.shuffle(days)
    elif kind == "down":
        days.reverse()
    column = parse_day_column([day.strftime(form) for day in days], LATEST)
    if column.refused:
        assert column.is_bad.all()
    else:
        assert column.days.tolist() == days, column.why


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,234.50", "999.00", ""], [1234.5, 999.0, None]),
        (["1.234,50", "999,00", "ND"], [1234.5, 999.0, None]),
        (["1 234,5", "1\u00a0234,5", "1\u202f234,5"], [1234.5] * 3),
        (["1'234.5", "1’234.5"], [1234.5] * 2),
        (["$1,234.5", "USD 7", "7 €", "(7.5)", "\u22127.5", "+7.5"], [1234.5, 7.0, 7.0, -7.5, -7.5, 7.5]),
        (["4.01%", "4 %"], [4.01, 4.0]),
        (["1.5e-05", "2E+3"], [1.5e-05, 2000.0]),
        (["1.234", "2000"], [1.234, 2000.0]),
        (["0,125", "1,500"], [0.125, 1.5]),
        (["12,345,678", "1,234"], [12345678.0, 1234.0]),
        (["1_000", "0x10", "inf", "1e999", "12,34,567.0", "1.2.3", "--1", "1 2"], [None] * 8),
    ],
)
def test_a_column_of_numbers(cells, expected):
    values = parse_number_columns({"": cells})[""].values.tolist()
    assert [None if np.isnan(value) else value for value in values] == expected


def test_the_decimal_sign_of_one_column_is_that_of_the_table():
    parsed = parse_number_columns({"close": ["1,234", "1,250"], "high": ["1.300,5", "1.301,5"]})
    assert parsed["close"].values.tolist() == [1.234, 1.25]
    assert parse_number_columns({"close": ["1,234"]}, [["1,234,567"]])["close"].values.tolist() == [1234.0]
    assert parse_number_columns({"close": ["1,234"]})["close"].refused
    mixed = parse_number_columns({"close": ["1.5", "1,5"]})["close"]
    assert "mixes" in mixed.refused
    assert mixed.is_bad.all()
    few = parse_number_columns({"close": [*(f"{value}.25" for value in range(100)), "7,5"]})["close"]
    assert (few.decimal, few.is_bad.tolist().index(True)) == (DecimalSign.POINT, 100)


def test_short_years_are_the_latest_that_are_not_in_the_future():
    assert parse_day_column(["12/29/62", "12/30/62", "12/31/62"], LATEST).days.astype(str).tolist()[0] == "1962-12-29"
    assert parse_day_column(["12-Nov-26", "13-Nov-26"], LATEST).days.astype(str).tolist()[0] == "2026-11-12"


def test_one_day_that_was_mistyped_costs_itself_alone():
    days = [day.item().strftime("%m/%d/%Y") for day in sessions_between(dt.date(2024, 1, 2), dt.date(2024, 12, 31))]
    days[100] = "31/12/2024"
    column = parse_day_column(days, LATEST)
    assert (column.order, np.flatnonzero(column.is_bad).tolist()) == ("month first", [100])
    half = [f"{day:%d/%m/%Y}" for day in (dt.date(2024, 6, 13), dt.date(2024, 6, 14))] + ["06/17/2024", "06/18/2024"]
    assert "no one order" in parse_day_column(half, LATEST).refused
