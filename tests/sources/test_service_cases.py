"""Answers that data services did give and that were once taken for good, or not read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from groundswell.markets.events.fed_decisions import LOWER, UPPER
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS
from groundswell.model import Measure, Series, SeriesRef
from groundswell.sources.services.accounts.sec import Sec
from groundswell.sources.services.base import DataService, Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.macro.fomc import Fomc
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.macro.treasury import Treasury
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.sources.vintages import join_observations

from ..conftest import SHARED

FOLDER: Path = SHARED / "cases/data-services"
NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)
BAA, DGS2, DGS10 = (SeriesRef(name, Measure.RATE) for name in ("BAA10Y", "DGS2", "DGS10"))


def read(service: DataService, file: str, *refs: SeriesRef, address: str = "") -> dict[SeriesRef, SeriesRows]:
    return {one.ref: one for one in service.read(Request(address, refs), (FOLDER / file).read_bytes())}


def numbers(found: SeriesRows) -> list[tuple[date, float]]:
    return [(row.date, row.value) for row in found.rows]


@pytest.mark.shared(twin="tests/sources/test_wrong_answers.py::test_an_answer_to_another_question_is_refused_and_named")
@pytest.mark.parametrize(
    ("service", "file", "ref", "words"),
    [
        (Fred(), "fred_other_series.csv", BAA, "'DGS10' instead of BAA10Y"),
        (IShares(), "ishares_other_fund.csv", SeriesRef("IVV.concentration.top10", Measure.LEVEL), "Russell 2000"),
        (Yahoo(), "yahoo_quarterly_bars_for_daily_request.json", SeriesRef("VFINX", Measure.PRICE), "bars of '3mo'"),
    ],
)
def test_another_answer_is_refused(service: DataService, file: str, ref: SeriesRef, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read(service, file, ref)


@pytest.mark.shared(twin="tests/sources/test_wrong_answers.py::test_files_may_write_their_days_month_first")
def test_days_are_read_in_either_form() -> None:
    assert numbers(read(Fred(), "fred_us_dates.csv", BAA)[BAA]) == [
        (date(2026, 8, 19), 1.40),
        (date(2026, 8, 20), 1.41),
    ]
    assert numbers(read(Treasury(), "treasury_iso_dates.csv", DGS10)[DGS10]) == [(date(2026, 8, 20), 4.41)]


@pytest.mark.shared(
    twin="tests/sources/test_wrong_answers.py::test_a_tenor_that_is_gone_is_reported_and_the_others_are_read"
)
def test_a_renamed_tenor_is_reported() -> None:
    found = read(Treasury(), "treasury_tenor_renamed.csv", DGS2, DGS10)
    assert (numbers(found[DGS2]), found[DGS2].problem) == ([(date(2026, 8, 20), 3.91)], "")
    assert "no column '10 yr'" in found[DGS10].problem


@pytest.mark.shared(twin="tests/sources/test_fomc.py::test_a_statement_tells_its_range")
def test_the_first_cut_of_2020_is_read() -> None:
    address = "https://fed.example/newsevents/pressreleases/monetary20200303a.htm"
    found = read(Fomc(), "fomc_statement_20200303.txt", LOWER, UPPER, address=address)
    assert numbers(found[LOWER]) == [(date(2020, 3, 3), 1.0)]
    assert numbers(found[UPPER]) == [(date(2020, 3, 3), 1.25)]  # 1.75 before: a cut of half a point


def series_of(file: str, company: int, item: str) -> tuple[Series, str]:
    ref = COMPANY_ACCOUNTS.ref(company, item)
    found = read(Sec(contact="x"), file, ref)[ref]
    series = join_observations(None, find_new_observations(found, None, (), "sec", now=NOW, asked_before=None))
    assert series is not None
    return series, found.problem


def billions(series: Series) -> dict[str, float]:
    return {str(day): round(value / 1e9, 3) for day, value in zip(series.dates, series.values, strict=True)}


@pytest.mark.shared(
    twin="tests/sources/test_sec.py::test_a_year_keeps_what_was_filed_of_it_whatever_tag_a_later_filing_uses"
)
def test_long_term_debt_of_2023_was_known_in_june_2024() -> None:
    series, problem = series_of("sec_alphabet_long_term_debt.json", 1652044, "long_term_debt")
    assert billions(series.known_by(datetime(2024, 6, 1, tzinfo=UTC))) == {"2022-12-31": 14.701, "2023-12-31": 13.253}
    assert billions(series)["2023-12-31"] == 11.87
    assert billions(series)["2025-12-31"] == 46.547
    assert problem == ""


@pytest.mark.shared(twin="tests/sources/test_sec.py::test_short_term_debt_is_a_total_or_the_sum_of_its_parts")
def test_commercial_paper_is_short_term_debt() -> None:
    series, problem = series_of("sec_apple_short_term_debt.json", 320193, "short_term_debt")
    assert (billions(series)["2024-09-28"], billions(series)["2025-09-27"]) == (20.879, 20.329)
    assert problem == ""
    _, ended = series_of("sec_apple_short_term_debt.json", 320193, "interest_expense")
    assert ended.startswith("ends with 2023-09-30")


@pytest.mark.shared(
    twin="tests/sources/test_sec.py::test_one_amount_under_two_tags_counts_once_and_the_series_goes_on_under_either"
)
def test_a_series_goes_on_when_the_tag_moves() -> None:
    series, problem = series_of("sec_marvell_short_term_debt.json", 1835632, "short_term_debt")
    assert billions(series) == {
        "2022-01-29": 0.063, "2023-01-28": 0.584, "2024-02-03": 0.107, "2025-02-01": 0.13, "2026-01-31": 0.5,
    }  # fmt: skip
    assert problem == ""
