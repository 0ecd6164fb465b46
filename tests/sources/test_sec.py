"""Company facts in their true form. The company and its numbers are made up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.accounts.items import ACCOUNT_ITEMS
from groundswell.sources.services.accounts.sec import Sec, account_refs
from groundswell.sources.services.base import Request, Row, UnusableAnswerError
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.vintages import join_observations

CIK = 1234567
DEBT, INTEREST = COMPANY_ACCOUNTS.ref(CIK, "short_term_debt"), COMPANY_ACCOUNTS.ref(CIK, "interest_expense")
LONG, EQUITY = COMPANY_ACCOUNTS.ref(CIK, "long_term_debt"), COMPANY_ACCOUNTS.ref(CIK, "equity")
NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)
Y23, Y24 = date(2023, 12, 30), date(2024, 12, 28)


def fact(end: date, value: float, filed: str, form: str = "10-K", start: str | None = None) -> dict[str, object]:
    days = {"start": start} if start else {}
    return {**days, "end": str(end), "val": value, "accn": "0001234567-24-000001", "fy": 2009, "fp": "FY",
            "form": form, "filed": filed}  # fmt: skip


def answer(**tags: list[dict[str, object]]) -> bytes:
    facts = {tag: {"label": tag, "units": {"USD": listed}} for tag, listed in tags.items()}
    return json.dumps({"cik": CIK, "entityName": "Made Up Inc", "facts": {"dei": {}, "us-gaap": facts}}).encode()


def rows(body: bytes, ref: SeriesRef) -> tuple[Row, ...]:
    (found,) = Sec(contact="x").read(Request("", (ref,)), body)
    return found.rows


def values(body: bytes, ref: SeriesRef) -> list[float]:
    return [row.value for row in rows(body, ref)]


def out(*day: int) -> datetime:
    return datetime(*day, 3, tzinfo=UTC)  # type: ignore[misc]


def test_a_year_stands_once_for_each_value_that_was_filed_of_it() -> None:
    body = answer(
        DebtCurrent=[
            fact(Y23, 100, "2024-02-20"),
            fact(Y23, 100, "2025-02-18"),
            fact(Y23, 90, "2026-02-17"),
            fact(Y24, 120, "2025-02-18"),
            fact(date(2024, 3, 30), 7, "2024-05-01", form="10-Q"),
        ]
    )
    assert rows(body, DEBT) == (
        Row(Y23, 100.0, out(2024, 2, 21)),
        Row(Y23, 90.0, out(2026, 2, 18)),
        Row(Y24, 120.0, out(2025, 2, 19)),
    )


def test_flows_are_those_of_whole_years_and_the_first_tag_that_tells_a_year_counts() -> None:
    body = answer(
        InterestExpense=[
            fact(Y23, 10, "2024-02-20", start="2023-01-01"),
            fact(Y23, 3, "2024-02-20", start="2023-10-01"),
        ],
        InterestExpenseNonoperating=[
            fact(Y23, 99, "2024-02-20", start="2023-01-01"),
            fact(Y24, 12, "2025-02-18", start="2023-12-31"),
        ],
    )
    assert [(row.date, row.value) for row in rows(body, INTEREST)] == [(Y23, 10.0), (Y24, 12.0)]


def test_a_restatement_is_kept_beside_what_it_restates_and_asked_again_nothing_is_new() -> None:
    (found,) = Sec().read(
        Request("", (DEBT,)), answer(DebtCurrent=[fact(Y23, 100, "2024-02-20"), fact(Y23, 90, "2026-02-17")])
    )
    arrived = find_new_observations(found, None, (), "SEC", now=NOW, asked_before=None)
    series = join_observations(None, arrived)
    assert series is not None
    assert series.values.tolist() == [90.0]
    assert series.known_by(datetime(2025, 1, 1, tzinfo=UTC)).values.tolist() == [100.0]
    assert len(series.known_by(datetime(2024, 2, 20, 23, tzinfo=UTC))) == 0
    assert find_new_observations(found, series, arrived, "SEC", now=NOW, asked_before=NOW) == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>Your Request Originates from an Undeclared Automated Tool</html>", "a web page"),
        (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "not JSON"),
        (b'{"cik": 1234567, "facts": {"dei": {}}}', "without facts by the tags of US accounts"),
        (b'{"facts": []}', "without facts"),
    ],
)
def test_what_is_no_answer_is_told(body: bytes, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        rows(body, DEBT)


@pytest.mark.parametrize("odd", [{"units": []}, {"units": {"USD": [1, {"form": "10-K"}]}}, "text", None])
def test_odd_facts_are_passed_over(odd: object) -> None:
    good = {"units": {"USD": [fact(Y23, 100, "2024-02-20")]}}
    body = json.dumps({"facts": {"us-gaap": {"DebtCurrent": odd, "StockholdersEquity": good}}}).encode()
    debt, equity = Sec().read(Request("", (DEBT, EQUITY)), body)
    assert (debt.rows, debt.problem) == ((), "no value under any known tag")
    assert [row.value for row in equity.rows] == [100.0]


def test_a_year_keeps_what_was_filed_of_it_whatever_tag_a_later_filing_uses() -> None:
    body = answer(
        LongTermDebtNoncurrent=[fact(Y23, 90, "2025-02-18"), fact(Y24, 95, "2025-02-18")],
        LongTermDebtAndCapitalLeaseObligations=[fact(Y23, 100, "2024-02-20"), fact(Y23, 97, "2025-02-18")],
    )
    assert rows(body, LONG) == (
        Row(Y23, 100.0, out(2024, 2, 21)),
        Row(Y23, 90.0, out(2025, 2, 19)),
        Row(Y24, 95.0, out(2025, 2, 19)),
    )


def test_short_term_debt_is_a_total_or_the_sum_of_its_parts() -> None:
    matures = [fact(Y23, 10, "2024-02-20"), fact(Y24, 11, "2025-02-18")]
    paper = [fact(Y23, 5, "2024-02-20"), fact(Y24, 6, "2025-02-18")]
    assert values(answer(LongTermDebtCurrent=matures, CommercialPaper=paper), DEBT) == [15.0, 17.0]
    borrowed = [fact(Y23, 5.5, "2024-02-20")]  # of which the commercial paper is a part
    body = answer(LongTermDebtCurrent=matures, CommercialPaper=paper, ShortTermBorrowings=borrowed)
    assert values(body, DEBT) == [15.5, 17.0]
    total = [fact(Y24, 18, "2025-02-18")]
    assert values(answer(LongTermDebtCurrent=matures, CommercialPaper=paper, DebtCurrent=total), DEBT) == [15.0, 18.0]
    assert values(answer(CommercialPaper=paper), DEBT) == [5.0, 6.0]


def test_one_amount_under_two_tags_counts_once_and_the_series_goes_on_under_either() -> None:
    y25 = date(2025, 12, 27)
    old = [fact(Y23, 10, "2024-02-20")]
    new = [fact(Y23, 10, "2024-02-20"), fact(Y24, 12, "2025-02-18"), fact(y25, 13, "2026-02-17")]
    assert values(answer(LongTermDebtCurrent=old, ShortTermBorrowings=new), DEBT) == [10.0, 12.0, 13.0]
    assert values(answer(LongTermDebtCurrent=new, ShortTermBorrowings=old), DEBT) == [10.0, 12.0, 13.0]
    nothing = [fact(Y23, 0, "2024-02-20")]  # two amounts of nothing prove nothing
    both = {"LongTermDebtCurrent": [*nothing, fact(Y24, 4, "2025-02-18")], "ShortTermBorrowings": nothing}
    assert values(answer(**both), DEBT) == [0.0, 4.0]


def test_the_end_of_a_series_is_stated() -> None:
    body = answer(
        InterestExpense=[fact(Y23, 10, "2024-02-20", start="2023-01-01")],
        StockholdersEquity=[fact(Y23, 50, "2024-02-20"), fact(date(2025, 12, 27), 60, "2026-02-17")],
    )
    interest, equity = Sec().read(Request("", (INTEREST, EQUITY)), body)
    assert interest.problem == (
        "ends with 2023-12-30, the last fiscal year filed: the company no longer reports this item under any known tag "
        "(its accounts go on to 2025-12-27)"
    )
    assert equity.problem == ""
    recent = answer(
        InterestExpense=[fact(Y23, 10, "2024-02-20", start="2023-01-01")],
        StockholdersEquity=[fact(Y24, 50, "2025-02-18")],  # filed without the item: not silent for a year
    )
    interest, equity = Sec().read(Request("", (INTEREST, EQUITY)), recent)
    assert interest.problem.startswith("ends with 2023-12-30, the last fiscal year filed")
    assert equity.problem == ""


def test_a_company_is_one_request_and_needs_a_contact() -> None:
    refs = account_refs([CIK, 320193])
    assert len(refs) == 2 * len(ACCOUNT_ITEMS)
    assert all(Sec().offers(ref) for ref in refs)
    assert not Sec().offers(SeriesRef("CIK0001234567.assets", Measure.LEVEL))
    addresses = {request.address: request.refs for request in Sec().requests(refs, NOTHING, NOW.date())}
    assert sorted(addresses) == [
        "https://data.sec.gov/api/xbrl/companyfacts/CIK0000320193.json",
        "https://data.sec.gov/api/xbrl/companyfacts/CIK0001234567.json",
    ]
    assert {len(wanted) for wanted in addresses.values()} == {len(ACCOUNT_ITEMS)}
    assert "set as contact" in Sec().unavailable
    assert not Sec(contact="desk@example.org").unavailable


def test_short_term_borrowings_hold_the_commercial_paper_unless_it_is_more() -> None:
    paper, borrowed = [fact(Y23, 30, "2024-02-20")], [fact(Y23, 8, "2024-02-20")]
    assert values(answer(CommercialPaper=paper, ShortTermBorrowings=borrowed), DEBT) == [38.0]
    assert values(answer(CommercialPaper=borrowed, ShortTermBorrowings=paper), DEBT) == [30.0]
    assert values(answer(NotesPayableCurrent=borrowed), DEBT) == [8.0]
    assert values(answer(NotesPayableCurrent=borrowed, CommercialPaper=paper), DEBT) == [30.0]


def test_debt_that_includes_the_current_part_is_not_counted_twice() -> None:
    whole, due = [fact(Y23, 100, "2024-02-20")], [fact(Y23, 15, "2024-02-20")]
    assert values(answer(LongTermDebt=whole, LongTermDebtCurrent=due), LONG) == [85.0]
    assert values(answer(LongTermDebt=whole), LONG) == [100.0]
    assert values(answer(LongTermDebt=whole, DebtCurrent=due), LONG) == []  # nobody says what both of them hold
    assert values(answer(LongTermDebt=whole, LongTermDebtNoncurrent=due), LONG) == [15.0]
    assert values(answer(LongTermDebt=due, LongTermDebtCurrent=whole), LONG) == [0.0]
    later = [fact(Y23, 15, "2025-02-18")]
    found = rows(answer(LongTermDebt=whole, LongTermDebtCurrent=later), LONG)
    assert [(row.value, row.known_at) for row in found] == [(100.0, out(2024, 2, 21)), (85.0, out(2025, 2, 19))]


def test_only_the_ends_of_fiscal_years_count() -> None:
    year = fact(Y23, 5, "2024-02-20", start="2023-01-01")
    opening, takeover = fact(date(2022, 12, 31), 40, "2024-02-20"), fact(date(2023, 7, 3), 77, "2024-02-20")
    body = answer(NetIncomeLoss=[year], StockholdersEquity=[opening, takeover, fact(Y23, 50, "2024-02-20")])
    assert [(row.date, row.value) for row in rows(body, EQUITY)] == [(date(2022, 12, 31), 40.0), (Y23, 50.0)]


def test_a_year_of_52_weeks_that_some_filings_round_to_the_month_is_one_year() -> None:
    month_end = date(2023, 12, 31)
    flows = [fact(Y23, 5, "2024-02-20", start="2023-01-01"), fact(month_end, 6, "2025-02-18", start="2023-01-01")]
    body = answer(NetIncomeLoss=flows, StockholdersEquity=[fact(month_end, 50, "2024-02-20")])
    income = COMPANY_ACCOUNTS.ref(CIK, "net_income")
    assert [(row.date, row.value) for row in rows(body, income)] == [(Y23, 5.0), (Y23, 6.0)]
    assert [row.date for row in rows(body, EQUITY)] == [Y23]


def test_a_changed_fiscal_year_is_said_and_its_short_period_is_no_year() -> None:
    year, months = fact(Y23, 5, "2024-02-20", start="2023-01-01"), date(2024, 6, 29)
    short = fact(months, 3, "2024-08-20", form="10-KT", start="2023-12-31")
    equity = [fact(Y23, 50, "2024-02-20"), fact(months, 52, "2024-08-20", form="10-KT")]
    body = answer(NetIncomeLoss=[year, short], StockholdersEquity=equity)
    income = COMPANY_ACCOUNTS.ref(CIK, "net_income")
    found, assets = Sec().read(Request("", (income, EQUITY)), body)
    assert [row.value for row in found.rows] == [5.0]
    assert [row.value for row in assets.rows] == [50.0, 52.0]
    assert "the months to 2024-06-29 are no year: the company has changed the end of its fiscal year" in found.problem
    full = fact(date(2025, 6, 28), 9, "2025-08-20", start="2024-06-30")
    (gone_on,) = Sec().read(Request("", (income,)), answer(NetIncomeLoss=[year, short, full]))
    assert (gone_on.problem, [row.value for row in gone_on.rows]) == ("", [5.0, 9.0])


def test_an_amended_report_is_a_filing_like_any_other() -> None:
    body = answer(DebtCurrent=[fact(Y23, 100, "2024-02-20"), fact(Y23, 80, "2024-05-02", form="10-K/A")])
    assert [(row.value, row.known_at) for row in rows(body, DEBT)] == [
        (100.0, out(2024, 2, 21)),
        (80.0, out(2024, 5, 3)),
    ]


def test_companies_without_us_accounts_in_dollars_are_left_out_with_the_reason() -> None:
    ifrs = json.dumps({"cik": CIK, "facts": {"ifrs-full": {"Revenue": {}}}}).encode()
    first, second = Sec().read(Request("", (DEBT, EQUITY)), ifrs)
    assert (first.rows, second.rows, second.problem) == ((), (), "")
    assert first.problem == "not read: the company reports under IFRS, and only US accounts are read"
    yuan = [fact(Y23, 700, "2024-02-20", form="20-F"), fact(Y24, 710, "2025-02-18", form="20-F")]
    units = {"CNY": yuan, "USD": [fact(Y24, 100, "2025-02-18", form="20-F")]}  # for the convenience of readers
    body = json.dumps({"cik": CIK, "facts": {"us-gaap": {"StockholdersEquity": {"units": units}}}}).encode()
    (found,) = Sec().read(Request("", (EQUITY,)), body)
    assert (found.rows, found.problem) == (
        (),
        "not read: the company reports in CNY, and only US dollars are read",
    )
