"""Frames of the SEC: what all companies filed last under one tag, for one calendar year or the end of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from groundswell.markets.series.family import ACCOUNTS_PUBLISHED_BY
from groundswell.sources.services.accounts.items import ACCOUNT_ITEMS
from groundswell.sources.services.answers import parse_day, parse_number, read_json_object
from groundswell.sources.services.base import UnusableAnswerError
from groundswell.sources.services.rows import quote_text

GROUP_ITEMS = ("short_term_debt", "long_term_debt", "interest_expense", "operating_income", "net_income")
"""The items of which the metrics of groups are computed."""

FLOWS = frozenset(("interest_expense", "operating_income", "net_income"))
TAXONOMY, UNIT = "us-gaap", "USD"
LAST_MONTH_OF_YEAR = ACCOUNTS_PUBLISHED_BY[0] - 3
"""Annual reports are due within three months: a year that ends later is not published in time to count."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A tag and the period of it: ``CY2025`` for the flows of a year, ``CY2025Q4I`` for amounts at its end."""

    tag: str
    period: str

    @property
    def year(self) -> int:
        """The calendar year of the period."""
        return int(self.period[2:6])

    @property
    def path(self) -> str:
        """The frame's place below the SEC's address."""
        return f"/api/xbrl/frames/{TAXONOMY}/{self.tag}/{UNIT}/{self.period}.json"


def list_frames(year: int) -> tuple[Frame, ...]:
    """List the frames that give the items of groups for a year."""
    frames = [
        Frame(tag, f"CY{year}" if item in FLOWS else f"CY{year}Q4I")
        for item in GROUP_ITEMS
        for tag in (*ACCOUNT_ITEMS[item].tags, *ACCOUNT_ITEMS[item].less)
    ]
    return tuple(dict.fromkeys(frames))


def read_frame(frame: Frame, body: bytes) -> dict[int, float]:
    """Read the amount of each company by its number.

    A flow counts if it ends in time to be published by the day on which accounts of the year count. Raises
    ``UnusableAnswerError`` for anything else than the whole frame that was asked for.
    """
    answer = read_json_object(body)
    asked = {"taxonomy": TAXONOMY, "tag": frame.tag, "ccp": frame.period, "uom": UNIT}
    for name, wanted in asked.items():
        if answer.get(name) != wanted:
            raise UnusableAnswerError(f"{name} {quote_text(answer.get(name))} instead of {wanted!r}")
    data = answer.get("data")
    if not isinstance(data, list):
        raise UnusableAnswerError("a frame without data")
    points = parse_number(answer.get("pts"))
    if points is not None and points != len(data):
        raise UnusableAnswerError(f"{len(data)} of the {points:.0f} amounts of a frame")
    facts = [_read_fact(fact, frame.year) for fact in data if isinstance(fact, dict)]
    amounts = {number: value for number, value in facts if number}
    if data and not amounts:
        raise UnusableAnswerError("a frame of which no amount can be read")
    return amounts


def compute_items(amounts: Mapping[str, Mapping[int, float]], company: int) -> dict[str, float]:
    """Compute the items of a company from the amounts by tag and company; those that they do not give are left out."""
    known = {tag: of_tag[company] for tag, of_tag in amounts.items() if company in of_tag}
    items: dict[str, float] = {}
    for name in GROUP_ITEMS:
        item = ACCOUNT_ITEMS[name]
        firsts, *others = item.parts or ((),)
        # One amount under tags of two parts is one debt: two debts of one amount to the dollar are rare.
        repeated = [
            (first, other)
            for first in firsts
            for part in others
            for other in part
            if known.get(first) and known.get(first) == known.get(other)
        ]
        value = item.compute(known, repeated)
        if value is not None:
            items[name] = value
    return items


def _read_fact(fact: Mapping[str, object], year: int) -> tuple[int, float]:
    """Return company and amount of a fact; the company is 0 where it does not count or cannot be read."""
    number, value = parse_number(fact.get("cik")), parse_number(fact.get("val"))
    end = parse_day(fact.get("end"))
    if number is None or value is None or end is None:
        return 0, 0.0
    is_in_time = end < date(year + 1, LAST_MONTH_OF_YEAR + 1, 1)
    return (int(number), value) if is_in_time else (0, 0.0)
