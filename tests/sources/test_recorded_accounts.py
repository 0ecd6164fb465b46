"""Recorded facts of a company give the values of a second reading, all of them; made facts of the same form do too.

The second reading walks the SEC's documented shape: facts, taxonomy, tag, units, currency, then one entry for each time
that an amount was filed, with ``start`` (of flows alone), ``end``, ``val``, ``form`` and ``filed``.
"""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from typing import Any

import pytest

from groundswell.sources.services.accounts.sec import Sec, account_refs
from groundswell.sources.services.base import Request

from ..conftest import SHARED

RECORDED = SHARED / "cases/captures/sec/CIK0001835632.json.gz"
FIRST_OF = {
    "cash": ["CashAndCashEquivalentsAtCarryingValue"],
    "equity": ["StockholdersEquity"],
    "interest_expense": ["InterestExpense", "InterestExpenseNonoperating", "InterestExpenseDebt"],
    "long_term_debt": ["LongTermDebtNoncurrent"],
    "net_income": ["NetIncomeLoss"],
    "operating_income": ["OperatingIncomeLoss"],
    "short_term_debt": ["LongTermDebtCurrent", "ShortTermBorrowings"],
}
"""What these companies file; their borrowings are the current part of long-term debt, filed under one tag or both."""

History = list[tuple[str, float, date]]


def list_filed(facts: dict[str, Any], tag: str, year_ends: set[str]) -> History:
    """List the amounts of whole fiscal years, or of their ends, that annual reports gave under a tag."""
    found = []
    for one in facts.get(tag, {}).get("units", {}).get("USD", []):
        days = (date.fromisoformat(one["end"]) - date.fromisoformat(one.get("start", one["end"]))).days
        is_annual = one["form"] in ("10-K", "10-K/A") and one["end"] in year_ends
        if is_annual and ("start" not in one or 350 <= days <= 380):
            found.append((one["end"], float(one["val"]), date.fromisoformat(one["filed"])))
    return found


def find_year_ends(facts: dict[str, Any]) -> set[str]:
    ends: set[str] = set()
    for one in facts["NetIncomeLoss"]["units"]["USD"]:
        start, end = date.fromisoformat(one["start"]), date.fromisoformat(one["end"])
        if one["form"].startswith("10-K") and 350 <= (end - start).days <= 380:
            ends |= {one["end"], str(start - timedelta(days=1))}
    return ends


def read_again(body: bytes) -> dict[str, History]:
    """Return for each item what was known of each fiscal year, from which filing on: changes alone."""
    facts = json.loads(body)["facts"]["us-gaap"]
    year_ends = find_year_ends(facts)
    history: dict[str, History] = {}
    for item, tags in FIRST_OF.items():
        filed = {tag: list_filed(facts, tag, year_ends) for tag in tags}
        steps: History = []
        for end in sorted({end for listed in filed.values() for end, _, _ in listed}):
            known: dict[str, float] = {}
            for day in sorted({day for listed in filed.values() for at, _, day in listed if at == end}):
                for tag, listed in filed.items():
                    for at, value, on in listed:
                        if (at, on) == (end, day):
                            known[tag] = value
                value = next(known[tag] for tag in tags if tag in known)
                if not steps or steps[-1][:2] != (end, value):
                    steps.append((end, value, day))
        history[item] = steps
    return history


def compare(body: bytes) -> int:
    company = json.loads(body)["cik"]
    refs = tuple(sorted(account_refs([company])))
    read = {one.ref.id.split(".")[1]: one for one in Sec(contact="x").read(Request("", refs), body)}
    for item, steps in read_again(body).items():
        found = [(str(row.date), row.value, row.known_at.date() - timedelta(days=1)) for row in read[item].rows]
        assert found == steps, item
        assert read[item].problem == ""
    return sum(map(len, read_again(body).values()))


@pytest.mark.shared(
    twin="tests/sources/test_recorded_accounts.py::test_made_facts_of_a_company_give_the_values_of_a_second_reading"
)
def test_recorded_facts_of_a_company_give_the_values_of_a_second_reading() -> None:
    assert compare(gzip.decompress(RECORDED.read_bytes())) == 59


def make_facts() -> bytes:
    """Write facts whose tags move, whose amounts are rounded by later filings, and quarters among the years."""
    facts: dict[str, Any] = {}

    def add(tag: str, end: str, value: float, filed: str, *, start: str = "", form: str = "10-K") -> None:
        days = {"start": start} if start else {}
        entry = {**days, "end": end, "val": value, "accn": "x", "fy": 2000, "fp": "FY", "form": form, "filed": filed}
        facts.setdefault(tag, {"label": tag, "units": {"USD": []}})["units"]["USD"].append(entry)

    years = [("2020-02-02", "2021-01-30"), ("2021-01-31", "2022-01-29"), ("2022-01-30", "2023-01-28")]
    for place, (start, end) in enumerate(years):
        out, later = f"{2021 + place}-03-10", f"{2022 + place}-03-09"
        for filed, rounding in ((out, 1_000), (later, 100_000)):
            for tag, value in (("NetIncomeLoss", -27_297_000), ("OperatingIncomeLoss", 45_861_000)):
                amount = round(value * (place + 1) / rounding) * rounding
                add(tag, end, amount, filed, start=start)
            for tag, value in (("StockholdersEquity", 8_435_804_000), ("LongTermDebtNoncurrent", 993_170_000)):
                add(tag, end, round(value * (place + 1) / rounding) * rounding, filed)
            add("CashAndCashEquivalentsAtCarryingValue", end, 748_467_000 + place, filed)
            interest = "InterestExpense" if filed < "2023" else "InterestExpenseNonoperating"
            add(interest, end, 69_264_000 + place, filed, start=start)
            borrowed = "ShortTermBorrowings" if filed > "2023" else "LongTermDebtCurrent"
            add(borrowed, end, 199_641_000 + place, filed)
        add("LongTermDebtCurrent", end, 199_641_000 + place, out)
        add("NetIncomeLoss", end, 5_000_000, out, start=f"{end[:4]}-01-01")  # the last month of the year
        add("StockholdersEquity", f"{end[:4]}-04-30", 7.0, out, form="10-Q")
    return json.dumps({"cik": 1234, "entityName": "Made Up Inc", "facts": {"dei": {}, "us-gaap": facts}}).encode()


def test_made_facts_of_a_company_give_the_values_of_a_second_reading() -> None:
    assert compare(make_facts()) > 25
