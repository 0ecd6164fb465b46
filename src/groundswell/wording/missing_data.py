"""What is not at hand, in words, with what would mend it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundswell.model import Measure, SeriesRef

KINDS = {
    Measure.TOTAL_RETURN: "total returns",
    Measure.PRICE: "prices",
    Measure.PERIOD_RETURN: "period returns",
    Measure.RATE: "rates",
    Measure.LEVEL: "figures",
}
FOLDER = "the data folder and load it: --data DIR"
UNIVERSE = "constituents_universe.csv"


@dataclass(frozen=True, slots=True)
class Family:
    """Series that are made and not read: how their ids look, what they are, and what mends their absence.

    ``{fund}`` in the words stands for the first part of the id.
    """

    pattern: str
    words: str
    remedy: str


FAMILIES = (
    Family(
        r"sp500\.weight\.",
        "weights of the companies of an equal-weight S&P 500",
        f"put {UNIVERSE} and a file constituents_adjclose….parquet with their prices into {FOLDER}",
    ),
    Family(
        r"(small|large)\.breadth\.",
        "breadth of the companies of an index",
        f"put {UNIVERSE} and files constituents_….parquet with their prices into {FOLDER}",
    ),
    Family(
        r"(small|large)\.",
        "annual accounts of small and large companies",
        f"put {UNIVERSE} and a file fundamentals…annual….parquet into {FOLDER}",
    ),
    Family(
        r"(?P<fund>[^.]+)\.concentration\.",
        "lists of the holdings of {fund}",
        f"put a file holdings_{{fund}}_….csv into {FOLDER}",
    ),
    Family(
        r"ZQ\.",
        "prices of federal funds futures",
        f"put a file zq….parquet with date, contract and close into {FOLDER}",
    ),
    Family(
        r"ff\.",
        "monthly Fama-French factors",
        "they come with the program and are loaded by groundswell up",
    ),
)


def lacking(refs: Sequence[SeriesRef], as_of: dt.date) -> str:
    """Say in one line which of the series asked for are not at hand, and what to do about each kind."""
    told: dict[str, None] = {}
    plain: list[SeriesRef] = []
    for ref in refs:
        words = _of_family(ref, as_of)
        if words is None:
            plain.append(ref)
        else:
            told[words] = None
    if plain:
        kinds = dict.fromkeys(ref.measure for ref in plain)
        each = [f"no {KINDS[kind]} of {_listed(ref.id for ref in plain if ref.measure is kind)}" for kind in kinds]
        names = _listed(ref.id for ref in plain)
        told = {f"{', '.join(each)} known by {as_of}; load a folder with {names}: --data DIR": None, **told}
    return "; ".join(told)


def _listed(names: Iterable[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def _of_family(ref: SeriesRef, as_of: dt.date) -> str | None:
    for family in FAMILIES:
        found = re.match(family.pattern, ref.id)
        if found:
            fund = found.groupdict().get("fund", "")
            return f"no {family.words.format(fund=fund)} known by {as_of}; {family.remedy.format(fund=fund)}"
    return None
