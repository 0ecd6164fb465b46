"""Frames and tickers of the SEC in their true form. The companies and their numbers are made up."""

from __future__ import annotations

import json

import pytest

from groundswell.sources.services.accounts.frames import Frame, compute_items, list_frames, read_frame
from groundswell.sources.services.accounts.tickers import read_company_numbers, simplify_ticker
from groundswell.sources.services.base import UnusableAnswerError

DEBT, INCOME = Frame("DebtCurrent", "CY2024Q4I"), Frame("NetIncomeLoss", "CY2024")


def write_frame(frame: Frame, amounts: dict[int, float], end: str = "2024-12-31", **changed: object) -> bytes:
    data = [
        {"accn": "0001-25-1", "cik": cik, "entityName": f"Made {cik}", "loc": "US-DE", "end": end, "val": value}
        for cik, value in amounts.items()
    ]
    said = {"taxonomy": "us-gaap", "tag": frame.tag, "ccp": frame.period, "uom": "USD", "pts": len(data), "data": data}
    return json.dumps({**said, **changed}).encode()


def test_a_frame_gives_the_amount_of_each_company() -> None:
    assert read_frame(DEBT, write_frame(DEBT, {11: 5.0, 12: 0})) == {11: 5.0, 12: 0.0}
    assert DEBT.path == "/api/xbrl/frames/us-gaap/DebtCurrent/USD/CY2024Q4I.json"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"tag": "Assets"}, "tag 'Assets' instead of 'DebtCurrent'"),
        ({"ccp": "CY2023Q4I"}, "ccp 'CY2023Q4I' instead of 'CY2024Q4I'"),
        ({"uom": "EUR"}, "uom 'EUR' instead of 'USD'"),
        ({"taxonomy": "ifrs-full"}, "taxonomy 'ifrs-full' instead of 'us-gaap'"),
        ({"data": {}}, "a frame without data"),
        ({"pts": 900}, "1 of the 900 amounts of a frame"),
        ({"data": [{"cik": 1, "value": 3}]}, "a frame of which no amount can be read"),
    ],
)
def test_an_answer_to_another_question_is_refused_and_named(changed: dict[str, object], words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read_frame(DEBT, write_frame(DEBT, {11: 5.0}, **changed))


@pytest.mark.parametrize(("end", "counts"), [("2025-01-31", True), ("2025-03-31", True), ("2025-05-31", False)])
def test_a_year_that_ends_too_late_to_be_published_in_time_does_not_count(end: str, counts: bool) -> None:
    body = json.loads(write_frame(INCOME, {11: 5.0}))
    body["data"] += [{"cik": 12, "start": "2024-06-01", "end": end, "val": 7.0}]
    body["pts"] = 2
    assert (12 in read_frame(INCOME, json.dumps(body).encode())) is counts


def test_the_frames_of_a_year_are_those_of_its_flows_and_of_its_end() -> None:
    frames = list_frames(2024)
    assert len(frames) == len(set(frames)) == 18
    assert {DEBT, INCOME, Frame("CommercialPaper", "CY2024Q4I"), Frame("InterestExpense", "CY2024")} <= set(frames)


def test_items_of_a_company_are_made_of_what_it_filed_last() -> None:
    amounts = {
        "LongTermDebtCurrent": {1: 10.0, 2: 10.0},
        "CommercialPaper": {1: 5.0},
        "ShortTermBorrowings": {2: 10.0},  # the same amount under two tags
        "LongTermDebt": {1: 100.0},
        "LongTermDebtNoncurrent": {2: 70.0},
        "InterestExpenseNonoperating": {1: 4.0},
        "NetIncomeLoss": {1: -1.0},
        "ProfitLoss": {1: 2.0, 2: 3.0},
    }
    assert compute_items(amounts, 1) == {
        "short_term_debt": 15.0,
        "long_term_debt": 90.0,
        "interest_expense": 4.0,
        "net_income": -1.0,
    }
    assert compute_items(amounts, 2) == {"short_term_debt": 10.0, "long_term_debt": 70.0, "net_income": 3.0}
    assert compute_items(amounts, 3) == {}


def test_a_ticker_is_found_however_its_class_is_written() -> None:
    listed = {"0": {"cik_str": 789019, "ticker": "AAB"}, "1": {"cik_str": 1067983, "ticker": "CC-B", "title": "Made"}}
    numbers = read_company_numbers(json.dumps(listed).encode())
    assert numbers == {"AAB": 789019, "CCB": 1067983}
    assert {simplify_ticker(one) for one in ("CC.B", "CC/B", "CCB", "cc-b")} == {"CCB"}


@pytest.mark.parametrize(
    "body", [b"{}", b'{"0": {"ticker": "A"}}', b'{"0": {"ticker": "A", "cik_str": -1}}', b'{"0": 1}']
)
def test_tickers_without_numbers_are_no_answer(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError, match="without tickers and the numbers of their companies"):
        read_company_numbers(body)
