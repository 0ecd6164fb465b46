"""Missing series in words, with the way to get them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.model import Measure, SeriesRef
from groundswell.wording.plurals import write_list

PLURAL_NAMES = {
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
    """Series that are computed from files: the pattern of their ids, what they are, and how to get them.

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


def describe_missing_series(refs: Sequence[SeriesRef], as_of: dt.date) -> str:
    """Write one line that names the missing series of ``refs`` and says how to get each kind."""
    family_messages: dict[str, None] = {}
    plain_refs: list[SeriesRef] = []
    for ref in refs:
        message = _describe_family(ref, as_of)
        if message is None:
            plain_refs.append(ref)
        else:
            family_messages[message] = None
    return "; ".join([*_describe_plain(plain_refs, as_of), *family_messages])


def _describe_plain(refs: Sequence[SeriesRef], as_of: dt.date) -> list[str]:
    """Describe the missing series that belong to no family, in one message if there are any."""
    if not refs:
        return []
    measures = dict.fromkeys(ref.measure for ref in refs)
    kinds = [
        f"no {PLURAL_NAMES[measure]} of {write_list(ref.id for ref in refs if ref.measure is measure)}"
        for measure in measures
    ]
    names = write_list(ref.id for ref in refs)
    return [f"{', '.join(kinds)} known by {as_of}; load a folder with {names}: --data DIR"]


def _describe_family(ref: SeriesRef, as_of: dt.date) -> str | None:
    """Describe a missing series of the first family that its id matches; None without a family."""
    for family in FAMILIES:
        match = re.match(family.pattern, ref.id)
        if match:
            fund = match.groupdict().get("fund", "")
            return f"no {family.words.format(fund=fund)} known by {as_of}; {family.remedy.format(fund=fund)}"
    return None
