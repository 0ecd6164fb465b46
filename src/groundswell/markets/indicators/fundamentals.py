"""Annual accounts of small and large companies, as statistics over the companies of each fiscal year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS, family_of
from groundswell.model import SeriesRef

GROUPS = MappingProxyType({"small": "smaller companies, of the Russell 2000", "large": "companies of the S&P 500"})
STATISTICS = ("mean", "median", "sd", "n")

METRICS = MappingProxyType(
    {
        "short_debt_share": "short-term debt as a share of all debt, of companies whose accounts give both kinds",
        "short_debt_share_blanks": "short-term debt as a share of all debt, with blanks of either kind counted as zero",
        "short_debt_share_no_short": "short-term debt as a share of all debt, with blanks counted as zero",
        "cover_below_one": "the share of companies with interest to pay that do not earn it",
        "interest_rate": "interest expense over debt",
        "loss_share": "the share of companies with a net loss",
    }
)
BINARY_METRICS = frozenset(("cover_below_one", "loss_share"))
"""Metrics that are one or zero for a company, so that a median is meaningless."""

COMPANIES = "companies"
"""Stands for a metric in the series of how many companies are on a group's list, and have accounts of the year."""

LISTED, FILED = "listed", "filed"
MAX_INTEREST_RATE = 0.25
"""Interest over debt is capped here: debt at the end of a year may be far less than during it."""

MIN_COVERAGE = 0.5
"""The smallest share of the listed companies with accounts of a year: fewer do not stand for their group."""


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """Mean, median, standard deviation and number of the companies of a group in one fiscal year."""

    mean: float
    median: float
    sd: float
    n: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many companies are on the list of a group, and how many of these have accounts of a fiscal year."""

    listed: int
    filed: int

    @property
    def is_enough(self) -> bool:
        """Whether the companies with accounts can stand for the group."""
        return self.filed >= MIN_COVERAGE * self.listed


def coverage_refs(refs: Collection[SeriesRef]) -> frozenset[SeriesRef]:
    """Return the series of the coverage of both groups, if any of ``refs`` is a series of their accounts."""
    if not any(family_of(ref) is GROUP_ACCOUNTS for ref in refs):
        return frozenset()
    return frozenset(GROUP_ACCOUNTS.ref(group, COMPANIES, name) for group in GROUPS for name in (LISTED, FILED))


def compute_metrics(amounts: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Compute every metric of each company; NaN where its accounts do not give it.

    ``amounts`` has ``short_term_debt``, ``long_term_debt``, ``interest_expense``, ``operating_income`` and
    ``net_income``, one value a company, NaN for a blank. Interest expense is positive where interest is to be paid.
    """
    short, long = amounts["short_term_debt"], amounts["long_term_debt"]
    short_or_zero, long_or_zero = np.nan_to_num(short), np.nan_to_num(long)
    expense, operating, net = amounts["interest_expense"], amounts["operating_income"], amounts["net_income"]
    debt = short + long
    has_interest = expense > 0
    rate = np.minimum(_divide(expense, debt), MAX_INTEREST_RATE)
    return {
        "short_debt_share": _divide(short, debt),
        "short_debt_share_blanks": _divide(short_or_zero, short_or_zero + long_or_zero),
        "short_debt_share_no_short": _divide(short_or_zero, short_or_zero + long),
        "cover_below_one": np.where(has_interest & np.isfinite(operating), operating < expense, np.nan),
        "interest_rate": np.where(has_interest, rate, np.nan),
        "loss_share": np.where(np.isfinite(net), net < 0, np.nan),
    }


def summarise_group(values: NDArray[np.float64]) -> GroupStatistics | None:
    """Return the statistics of a metric over the companies that have it; None for fewer than two."""
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return None
    return GroupStatistics(float(known.mean()), float(np.median(known)), float(known.std(ddof=1)), len(known))


def read_coverage(book: SeriesBook, group: str) -> dict[int, Coverage]:
    """Return the coverage of a group by fiscal year; empty where it is not known, as for accounts from files."""
    listed, filed = (book.get(GROUP_ACCOUNTS.ref(group, COMPANIES, name)) for name in (LISTED, FILED))
    if listed is None or filed is None:
        return {}
    counts = dict(zip(filed.dates.tolist(), filed.values.tolist(), strict=True))
    return {
        day.year: Coverage(int(value), int(counts[day]))
        for day, value in zip(listed.dates.tolist(), listed.values.tolist(), strict=True)
        if day in counts
    }


def read_group_statistics(book: SeriesBook, group: str, metric: str) -> dict[int, GroupStatistics]:
    """Return the statistics of a metric for a group, by fiscal year; years without all four are left out."""
    by_statistic: list[dict[int, float]] = []
    for statistic in STATISTICS:
        series = book.by_ref[GROUP_ACCOUNTS.ref(group, metric, statistic)]
        by_statistic.append(
            {day.year: value for day, value in zip(series.dates.tolist(), series.values.tolist(), strict=True)}
        )
    means, medians, deviations, counts = by_statistic
    return {
        year: GroupStatistics(means[year], medians[year], deviations[year], int(counts[year]))
        for year in means
        if year in medians and year in deviations and year in counts and counts[year] > 1
    }


def compare_means(first: GroupStatistics, second: GroupStatistics) -> tuple[float, float, float]:
    """Return the difference of two means, its standard error and the degrees of freedom of B. L. Welch (1947)."""
    parts = first.sd**2 / first.n, second.sd**2 / second.n
    variance = sum(parts)
    freedom = variance**2 / (parts[0] ** 2 / (first.n - 1) + parts[1] ** 2 / (second.n - 1)) if variance else first.n
    return first.mean - second.mean, sqrt(variance), freedom


def _divide(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares of positive wholes, NaN of others."""
    is_positive = whole > 0
    shares: NDArray[np.float64] = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=is_positive)
    return shares
