"""Annual accounts of small and large companies, as statistics over the companies of each fiscal year."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS

GROUPS = MappingProxyType({"small": "smaller companies, of the Russell 2000", "large": "companies of the S&P 500"})
STATISTICS = ("mean", "median", "sd", "n")

METRICS = MappingProxyType(
    {
        "short_debt_share": "short-term debt as a share of all debt, of companies whose accounts give both kinds",
        "short_debt_share_blanks": "short-term debt as a share of all debt, with blanks of either kind counted as zero",
        "short_debt_share_no_short": "short-term debt as a share of all debt, with blanks counted as zero",
        "cover_below_one": "the share of companies with net interest to pay that do not earn it",
        "interest_rate": "net interest expense over debt",
        "loss_share": "the share of companies with a net loss",
    }
)
BINARY_METRICS = frozenset(("cover_below_one", "loss_share"))
"""Metrics that are one or zero for a company, so that a median is meaningless."""


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """Mean, median, standard deviation and number of the companies of a group in one fiscal year."""

    mean: float
    median: float
    sd: float
    n: int


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
