"""The SEC's list of ticker symbols, each with the number of its company."""

from __future__ import annotations

import re

from groundswell.sources.services.answers import parse_number, read_json_object
from groundswell.sources.services.base import UnusableAnswerError

LARGEST_NUMBER = 9_999_999_999
"""Numbers of companies have ten digits."""


def read_company_numbers(body: bytes) -> dict[str, int]:
    """Read the number of each company by its simplified ticker. Raises ``UnusableAnswerError`` for anything else."""
    entries = [entry for entry in read_json_object(body).values() if isinstance(entry, dict)]
    numbers: dict[str, int] = {}
    for entry in entries:
        ticker, number = entry.get("ticker"), parse_number(entry.get("cik_str"))
        if isinstance(ticker, str) and number is not None and 0 < number <= LARGEST_NUMBER:
            numbers.setdefault(simplify_ticker(ticker), int(number))
    numbers.pop("", None)
    if not numbers:
        raise UnusableAnswerError("JSON without tickers and the numbers of their companies")
    return numbers


def simplify_ticker(ticker: str) -> str:
    """Write a ticker in letters and digits alone: a class of shares is ``BRK-B``, ``BRK.B``, ``BRK/B`` or ``BRKB``."""
    return re.sub(r"[^A-Z0-9]", "", ticker.upper())
