"""The catalogue of series: what the values of each are, when they are released, and how to get them.

No other module reads a meaning off the name of a series. The first family of ``FAMILIES`` that a series matches is its
family; the last ones match whatever no other does. All release times are UTC.
"""

from __future__ import annotations

from functools import cache

from groundswell.markets.series.family import (
    ACCOUNTS_PUBLISHED_BY,
    AT_CLOSE,
    EVENING,
    FIGURES,
    NEXT_DAY,
    Kind,
    Release,
    SeriesFamily,
)
from groundswell.markets.series.macro_families import MACRO
from groundswell.model import Measure, SeriesRef

FOLDER = "the data folder and load it: --data DIR"
UNIVERSE = "constituents_universe.csv"

EQUAL_WEIGHTS = SeriesFamily(
    r"sp500\.weight\.(?P<weight>.*)",
    "weights of the companies of an equal-weight S&P 500",
    Kind.DERIVED,
    Measure.LEVEL,
    "fraction of the index",
    template="sp500.weight.{}",
    release=AT_CLOSE,
    revised=True,
    remedy=f"put {UNIVERSE} and a file constituents_adjclose….parquet with their prices into {FOLDER}",
)
"""A key of ``weight_drift.WEIGHTS``: one value a quarter, dated at its end."""

INDEX_BREADTH = SeriesFamily(
    r"(?P<group>small|large)\.breadth\.(?P<gauge>.*)",
    "breadth of the companies of an index",
    Kind.DERIVED,
    Measure.LEVEL,
    "fraction of the companies",
    template="{}.breadth.{}",
    release=AT_CLOSE,
    revised=True,
    remedy=f"put {UNIVERSE} and files constituents_….parquet with their prices into {FOLDER}",
)
"""A key of ``fundamentals.GROUPS`` and one of ``breadth.GAUGES``: one value a session."""

GROUP_ACCOUNTS = SeriesFamily(
    r"(?P<group>small|large)\.(?P<metric>[^.]*)(\.(?P<statistic>.*))?",
    "annual accounts of small and large companies",
    Kind.DERIVED,
    Measure.LEVEL,
    "fraction, or number of companies",
    template="{}.{}.{}",
    release=Release(EVENING, next_year_by=ACCOUNTS_PUBLISHED_BY),
    revised=True,
    remedy=f"set contact, so that the SEC is asked for them, or put {UNIVERSE} and a file "
    f"fundamentals…annual….parquet into {FOLDER}",
)
"""A key of ``fundamentals.GROUPS``, one of ``METRICS`` and one of ``STATISTICS``: one value a fiscal year.

In place of a metric and a statistic, ``COMPANIES`` with ``LISTED`` or ``FILED`` counts the companies of the group.
"""

FUND_CONCENTRATION = SeriesFamily(
    r"(?P<fund>[^.]+)\.concentration\.(?P<gauge>.*)",
    "lists of the holdings of {fund}",
    Kind.DERIVED,
    Measure.LEVEL,
    "fraction of the fund",
    template="{}.concentration.{}",
    remedy=f"put a file holdings_{{fund}}_….csv into {FOLDER}",
)
"""A fund's symbol and a key of ``concentration.GAUGES``: one value for each day with a list of holdings."""

FED_FUNDS_FUTURES = SeriesFamily(
    r"ZQ\.(?P<month>.*)",
    "prices of federal funds futures",
    Kind.DERIVED,
    Measure.PRICE,
    "100 less percent a year",
    template="ZQ.{}-{:02d}",
    remedy=f"put a file zq….parquet with date, contract and close into {FOLDER}",
)
"""Year and month of the contract: 100 less the average federal funds rate of its month."""

POLICY_SURPRISES = SeriesFamily(
    r"surprise\.(?P<contract>\w+)",
    "surprises of monetary policy",
    Kind.DERIVED,
    Measure.LEVEL,
    "percentage points",
    template="surprise.{}",
    release=AT_CLOSE,
    remedy=f"put a file fomc_surprises….csv with start and a column for each contract into {FOLDER}",
)
"""A column of a file of surprises: one value for each session on which an announcement could first be traded."""

FRENCH_FACTORS = SeriesFamily(
    r"ff\.(?P<factor>.*)",
    "monthly Fama-French factors",
    Kind.DERIVED,
    Measure.PERIOD_RETURN,
    "fraction",
    template="ff.{}",
    revised=True,
    remedy="they come with the program",
)

PAR_BONDS = SeriesFamily(
    r"UST\.(?P<years>\d+)y",
    "Treasury bonds of {years} years by their yields",
    Kind.DERIVED,
    Measure.TOTAL_RETURN,
    "index",
    template="UST.{}y",
    release=NEXT_DAY,
    remedy="they come with the program",
)
"""Years to maturity: the index of a bond that is bought at par each day."""

COMPANY_ACCOUNTS = SeriesFamily(
    r"CIK(?P<company>\d{10})\.(?P<item>\w+)",
    "an item of a company's annual accounts",
    Kind.ACCOUNTS,
    Measure.LEVEL,
    "US dollars",
    template="CIK{:010d}.{}",
)
"""The company's number at the SEC and an item: one value a fiscal year, dated at its end."""

FOMC_MEETINGS = SeriesFamily(
    r"FOMC\.meeting",
    "days on which the FOMC decides",
    Kind.SCHEDULE,
    Measure.LEVEL,
    "day of the month, 0 for a month without a meeting",
    template="FOMC.meeting",
    scheduled=True,
)
"""One value a month, dated on its first day."""

FOMC_RANGE = SeriesFamily(
    r"FOMC\.(?P<end>lower|upper)",
    "target range by the statements of the FOMC",
    Kind.SCHEDULE,
    Measure.RATE,
    "percent a year",
    template="FOMC.{}",
)

RELEASE_DAYS = SeriesFamily(
    r"US\.release\.(?P<statistic>cpi|jobs|gdp)",
    "release days of a statistic of the United States",
    Kind.SCHEDULE,
    Measure.LEVEL,
    "1 on the day of a release, 0 on others",
    template="US.release.{}",
    release=Release(EVENING),
    scheduled=True,
)
"""One value for each day of the agency's calendar, past and to come."""

INDICES = SeriesFamily(
    r"\^(?P<name>.*)", "levels of an index", Kind.INDEX, Measure.PRICE, "points", template="^{}", absolute=True
)
"""Values of an index leave out dividends, whatever their column is called."""


VOLATILITY_INDICES = frozenset({"^VIX", "^VIX9D", "^VIX3M", "^VXN", "^VXD", "^RVX", "^OVX", "^GVZ", "^VVIX"})
"""Indices of implied volatility, in percent a year."""


MAX_SYMBOL = 5
"""The most letters of a symbol at an exchange of the United States."""

OWN_FIGURES = SeriesFamily(".*", "figures of the owner's own files", Kind.OTHER, Measure.RATE, "", measures=FIGURES)
DOTTED_SYMBOLS = SeriesFamily(
    r".*\..*", "prices of symbols with a dot, which services write in different ways", Kind.OTHER, Measure.PRICE, ""
)
SYMBOLS = SeriesFamily(".*", "prices and total returns of a security", Kind.SECURITY, Measure.TOTAL_RETURN, "")

FAMILIES: tuple[SeriesFamily, ...] = (
    EQUAL_WEIGHTS,
    INDEX_BREADTH,
    GROUP_ACCOUNTS,
    FUND_CONCENTRATION,
    FED_FUNDS_FUTURES,
    POLICY_SURPRISES,
    FRENCH_FACTORS,
    PAR_BONDS,
    COMPANY_ACCOUNTS,
    FOMC_MEETINGS,
    FOMC_RANGE,
    RELEASE_DAYS,
    INDICES,
    *MACRO,
    OWN_FIGURES,
    DOTTED_SYMBOLS,
    SYMBOLS,
)
"""All families; the first that matches counts."""


@cache
def family_of(ref: SeriesRef) -> SeriesFamily:
    """Return the family of a series; there always is one."""
    return next(family for family in FAMILIES if ref.measure in family.measures and family.matches(ref.id))


@cache
def macro_family(name: str) -> SeriesFamily | None:
    """Return the macro family that a column's name belongs to, None for any other name."""
    return next((family for family in MACRO if family.matches(name)), None)


def is_published_figure(name: str) -> bool:
    """Whether a name can only be that of a published figure, such as DGS10 or PAYEMS.

    Symbols of securities have no digits, and no more than five letters.
    """
    family = macro_family(name)
    return family is not None and (len(name) > MAX_SYMBOL or any(one.isdigit() for one in name + family.pattern))


def is_index(symbol: str) -> bool:
    """Whether a symbol is that of an index."""
    return INDICES.matches(symbol)


def has_arbitrary_scale(ref: SeriesRef) -> bool:
    """Whether only the growth of a series means something, and can be carried from one source to another."""
    return ref.measure is Measure.TOTAL_RETURN or (ref.measure is Measure.PRICE and not family_of(ref).absolute)
