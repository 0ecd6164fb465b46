"""Tables that services send are read as files are, in whichever dialect; what is not certain in them is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.answers import parse_day, parse_days, parse_number, parse_numbers
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.prices.cboe import VIX, Cboe
from groundswell.sources.tables.days import parse_day_column

DGS10, T10Y = (SeriesRef(name, Measure.RATE) for name in ("DGS10", "T10YIE"))
DAYS = [date(2026, 3, 16), date(2026, 3, 17)]
CURVE = "Date,2 Yr,10 Yr\n03/16/2026,3.1,4.395\n03/17/2026,3.2,4.41\n"


def read(service: DataService, body: str | bytes, ref: SeriesRef) -> SeriesRows:
    (found,) = service.read(Request("", (ref,)), body if isinstance(body, bytes) else body.encode())
    return found


def pairs(found: SeriesRows) -> list[tuple[date, float]]:
    return [(row.date, row.value) for row in found.rows]


DIALECTS = {
    "UTF-16": CURVE.encode("utf-16"),
    "UTF-16 without a mark": CURVE.encode("utf-16-le"),
    "semicolons": CURVE.replace(",", ";").encode(),
    "tabs": CURVE.replace(",", "\t").replace("\n", "\r\n").encode("utf-8-sig"),
    "lines above": ("Daily par yields\n\n" + CURVE.replace("\n", ",,\n")).encode(),
    "another order": b'"10 Yr","Date","2 Yr"\n4.395,03/16/2026,3.1\n4.41,03/17/2026,3.2\n',
    "blank lines": CURVE.replace("\n", "\n\n,,\n").encode(),
}


@pytest.mark.parametrize("body", DIALECTS.values(), ids=DIALECTS)
def test_an_answer_in_another_dialect_gives_the_same_values(body: bytes) -> None:
    found = read(Treasury(), body, DGS10)
    assert pairs(found) == [(DAYS[0], 4.395), (DAYS[1], 4.41)]
    assert found.problem == ""


def test_the_first_sessions_of_a_year_are_read_in_the_usual_order_of_the_service() -> None:
    """Days up to the twelfth prove no order: the Treasury and Cboe write the month first, others have to prove it."""
    days = [date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6)]
    curve = "Date,2 Yr,10 Yr\n" + "".join(f"{day:%m/%d/%Y},3.1,4.1\n" for day in days)
    assert pairs(read(Treasury(), curve, DGS10)) == [(day, 4.1) for day in days]
    index = "DATE,OPEN,HIGH,LOW,CLOSE\n" + "".join(f"{day:%m/%d/%Y},15,16,14,15.5\n" for day in days)
    assert pairs(read(Cboe(), index, VIX)) == [(day, 15.5) for day in days]
    with pytest.raises(UnusableAnswerError, match="'01/04/2027' can be month first or day first, and no other row"):
        read(Fred(), curve.replace("10 Yr", "DGS10"), DGS10)


def test_orders_that_contradict_each_other_are_refused() -> None:
    body = "Date,10 Yr\n03/13/2026,4.1\n13/03/2026,4.2\n"
    with pytest.raises(UnusableAnswerError, match="no one order of day and month fits all rows"):
        read(Treasury(), body, DGS10)
    days = [date(2026, 1, 1) + timedelta(days=place) for place in range(60)]
    mistyped = "Date,10 Yr\n" + "".join(f"{day:%m/%d/%Y},4.1\n" for day in days) + "13/32/2026,4.2\n"
    with pytest.raises(UnusableAnswerError, match="not all written month first, such as '13/32/2026'"):
        read(Treasury(), mistyped, DGS10)


@pytest.mark.parametrize("second", ["4,41", "4,410"])
def test_decimal_commas_are_refused_and_never_read_as_thousands(second: str) -> None:
    body = CURVE.replace(",", ";").replace("4.395", "4,395").replace("4.41", second)
    with pytest.raises(UnusableAnswerError, match="commas may be signs of decimals, such as '4,395'"):
        read(Treasury(), body, DGS10)


@pytest.mark.parametrize(
    "value", ["$4.41", "4.41%", "(4.41)", "4.", "4 410.5", "4'410", "1_0", "0x1", "0,441.5", "1e999"]
)
def test_a_number_with_another_sign_is_none(value: str) -> None:
    with pytest.raises(UnusableAnswerError, match=r"no row could be read: .* is no number"):
        read(Fred(), f'observation_date,T10YIE\n2026-03-16,"{value}"\n', T10Y)
    assert parse_number(value) is None


def test_commas_are_judged_by_the_whole_column() -> None:
    assert parse_numbers(["1,234,567.50", "1,234", "-", 5, None]) == [1234567.5, 1234.0, None, 5.0, None]
    assert parse_numbers(["1.234", "2", "x, y"]) == [1.234, 2.0, None]
    with pytest.raises(UnusableAnswerError, match="such as '1,234'"):
        parse_numbers(["1,234", "2,345"])


CERTAIN = ("2026-03-16", "20260316", "Mar 16, 2026", "16-Mar-2026", "2026-03-16T00:00:00.000Z")
OTHERS = ("2026-03", "2026Q1", "26-Mar-16", "03/16/2026", "1773619200", "2026-02-30", "", 7, None)


@pytest.mark.parametrize(("cell", "day"), [*((cell, DAYS[0]) for cell in CERTAIN), *((cell, None) for cell in OTHERS)])
def test_one_day_alone_is_read_only_in_a_form_that_can_be_no_other(cell: object, day: date | None) -> None:
    assert parse_day(cell) == day


def test_conventions_of_files_are_not_days_of_answers() -> None:
    """A file may have months or quarters; in an answer a day is missing from them."""
    for cells in (["2026-03", "2026-04"], ["2026Q1", "2026Q2"], ["16-Mar-26"], ["1773619200"]):
        assert parse_days(cells) == [None] * len(cells)
        assert not parse_day_column(cells, date(2026, 12, 31)).is_bad.any()


def test_instants_at_the_ends_of_the_calendar_are_days_or_none() -> None:
    assert parse_days(["0001-01-01T01:00:00Z"]) == [None]  # before any market
    assert parse_days(["9999-12-31T24:00:00Z"]) == [date.max]


def test_lines_of_text_and_rows_cut_off_are_reported() -> None:
    found = read(Fred(), "observation_date,T10YIE\n2026-03-16,2.3\n2026-03-17,2.4\nSource: somebody,.\n", T10Y)
    assert (len(found.rows), found.problem) == (2, "1 of 3 days could not be read, such as 'Source: somebody, .'")
    with pytest.raises(UnusableAnswerError, match=r"no row could be read: 'Monday, \.' is not a day"):
        read(Fred(), "observation_date,T10YIE\nMonday,.\nTuesday,.\n", T10Y)
    cut = read(Treasury(), CURVE + "03/18/2026,3.3\n", DGS10)
    assert pairs(cut) == [(DAYS[0], 4.395), (DAYS[1], 4.41)]
    assert cut.problem == "line 4: the last row is cut off"


def test_the_last_of_two_rows_of_a_day_counts() -> None:
    body = CURVE + "2026-03-17,3.2,4.5\n2026-03-17,3.2,N/A\n"
    assert pairs(read(Treasury(), body, DGS10)) == [(DAYS[0], 4.395), (DAYS[1], 4.5)]
