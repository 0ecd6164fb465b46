"""Annual accounts of small and large companies, as means over companies of each fiscal year."""

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
        "short_debt_share_blanks": "short-term debt as a share of all debt, either taken for none where left blank",
        "short_debt_share_no_short": "short-term debt as a share of all debt, taken for none where left blank",
        "cover_below_one": "the share of companies with net interest to pay that do not earn it",
        "interest_rate": "net interest expense over debt",
        "loss_share": "the share of companies with a net loss",
    }
)
BINARY_METRICS = frozenset(("cover_below_one", "loss_share"))
"""Metrics that are one or nothing for a company: a median says nothing of them."""


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """Mean, median, standard deviation and number of the companies of a group in a fiscal year."""

    mean: float
    median: float
    sd: float
    n: int


def read_group_statistics(book: SeriesBook, group: str, metric: str) -> dict[int, GroupStatistics]:
    """What the book holds of a group, by fiscal year; years that lack one of the four are left out."""
    found: list[dict[int, float]] = []
    for statistic in STATISTICS:
        series = book.by_ref[GROUP_ACCOUNTS.ref(group, metric, statistic)]
        found.append(
            {day.year: value for day, value in zip(series.dates.tolist(), series.values.tolist(), strict=True)}
        )
    means, middles, spreads, counts = found
    return {
        year: GroupStatistics(means[year], middles[year], spreads[year], int(counts[year]))
        for year in means
        if year in middles and year in spreads and year in counts and counts[year] > 1
    }


def compare_means(one: GroupStatistics, other: GroupStatistics) -> tuple[float, float, float]:
    """The difference of two means, its error and the degrees of freedom of B. L. Welch (1947)."""
    parts = one.sd**2 / one.n, other.sd**2 / other.n
    variance = sum(parts)
    freedom = variance**2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1)) if variance else one.n
    return one.mean - other.mean, sqrt(variance), freedom
