"""Company facts in their true form. The company and its numbers are made up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS
from groundswell.model import Measure, SeriesRef
from groundswell.sources.services.base import Request, Row, UnusableAnswerError
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.services.sec import XBRL_TAGS, Sec, account_refs
from groundswell.sources.vintages import join_observations

CIK = 1234567
DEBT, INTEREST = COMPANY_ACCOUNTS.ref(CIK, "short_term_debt"), COMPANY_ACCOUNTS.ref(CIK, "interest_expense")
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
        (b'{"cik": 1, "facts": {"ifrs-full": {}}}', "without facts by the tags of US accounts"),
        (b'{"facts": []}', "without facts"),
    ],
)
def test_what_is_no_answer_is_told(body: bytes, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        rows(body, DEBT)


@pytest.mark.parametrize("odd", [{"units": []}, {"units": {"USD": [1, {"form": "10-K"}]}}, "text", None])
def test_odd_facts_are_passed_over(odd: object) -> None:
    body = json.dumps({"facts": {"us-gaap": {"DebtCurrent": odd}}}).encode()
    assert rows(body, DEBT) == ()


def test_a_company_is_one_request_and_needs_a_contact() -> None:
    refs = account_refs([CIK, 320193])
    assert len(refs) == 2 * len(XBRL_TAGS)
    assert all(Sec().offers(ref) for ref in refs)
    assert not Sec().offers(SeriesRef("CIK0001234567.assets", Measure.LEVEL))
    addresses = {request.address: request.refs for request in Sec().requests(refs, NOTHING, NOW.date())}
    assert sorted(addresses) == [
        "https://data.sec.gov/api/xbrl/companyfacts/CIK0000320193.json",
        "https://data.sec.gov/api/xbrl/companyfacts/CIK0001234567.json",
    ]
    assert {len(wanted) for wanted in addresses.values()} == {len(XBRL_TAGS)}
    assert "set as contact" in Sec().unavailable
    assert not Sec(contact="desk@example.org").unavailable
