"""Accounts of small and large companies, of which only a part may have filed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.claims.spec import ClaimSpec
from groundswell.markets.indicators.fundamentals import (
    COMPANIES,
    FILED,
    LISTED,
    Coverage,
    compute_metrics,
    coverage_refs,
    summarise_group,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import GROUP_ACCOUNTS
from groundswell.model import Evaluation, Measure, Series, SeriesRef, Verdict

from ..series import make_series
from .made import evaluate_claim

YEARS = (2018, 2019, 2020)
NAN = np.nan


def group_series(group: str, metric: str, statistic: str, values: list[float]) -> Series:
    days = np.array([f"{year}-12-31" for year in YEARS], dtype="datetime64[D]")
    return make_series(GROUP_ACCOUNTS.ref(group, metric, statistic).id, days, np.array(values), Measure.LEVEL, 24 * 181)


def make_book(filed: dict[str, list[float]], metric: str = "loss_share") -> SeriesBook:
    """Half of the small and a tenth of the large companies have a loss; ``filed`` counts those with accounts."""
    series = []
    for group, mean in (("small", 0.5), ("large", 0.1)):
        for statistic, value in (("mean", mean), ("median", mean), ("sd", 0.3), ("n", 400.0)):
            series.append(group_series(group, metric, statistic, [value] * 3))
        if filed:
            series.append(group_series(group, COMPANIES, LISTED, [1000.0] * 3))
            series.append(group_series(group, COMPANIES, FILED, filed[group]))
    return SeriesBook.of(series)


def evaluate(book: SeriesBook, estimand: str = "fundamentals", metric: str = "loss_share", **arguments) -> Evaluation:
    measure = {"estimand": estimand, "range": (0.0, float("inf")), "arguments": {"metric": metric, **arguments}}
    spec = ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "So it is", "measure": measure})
    return evaluate_claim("h", spec, book, date(2022, 1, 3))


def test_the_coverage_stands_next_to_the_figure() -> None:
    found = evaluate(make_book({"small": [700.0, 800.0, 900.0], "large": [950.0, 960.0, 970.0]}))
    assert (found.verdict, found.estimate) == (Verdict.SUPPORTED, pytest.approx(0.4))
    note = "For fiscal year 2020, 900 of 1,000 listed small and 970 of 1,000 large companies have accounts at the SEC"
    assert any(one.startswith(note) for one in found.notes)
    assert not any("before interest income" in one for one in found.notes)
    book = make_book({"small": [900.0] * 3, "large": [900.0] * 3}, "interest_rate")
    assert any("before interest income" in one for one in evaluate(book, metric="interest_rate").notes)


def test_a_year_with_accounts_of_too_few_companies_is_left_out_with_the_reason() -> None:
    found = evaluate(make_book({"small": [499.0, 500.0, 499.0], "large": [950.0, 960.0, 400.0]}))
    assert [event.date.year for event in found.events] == [2019]
    assert found.notes[0].startswith("Fiscal year 2019: ")
    assert [(one.date.year, one.reason) for one in found.absent] == [
        (2018, "accounts of 499 of 1,000 listed small companies: fewer than half"),
        (
            2020,
            "accounts of 499 of 1,000 listed small companies and accounts of 400 of 1,000 listed large companies: "
            "fewer than half",
        ),
    ]


def test_without_a_year_of_enough_companies_there_is_no_verdict() -> None:
    found = evaluate(make_book({"small": [10.0] * 3, "large": [950.0] * 3}))
    assert (found.verdict, found.n, found.estimate) == (Verdict.INSUFFICIENT, 0, None)
    assert len(found.absent) == 3


def test_accounts_of_files_have_no_count_of_the_listed_and_are_used() -> None:
    found = evaluate(make_book({}))
    assert found.verdict is Verdict.SUPPORTED
    assert not any("at the SEC" in one for one in found.notes)


def test_a_turn_needs_years_of_enough_companies() -> None:
    found = evaluate(make_book({"small": [100.0, 900.0, 90.0], "large": [900.0] * 3}), "fundamentals-turn")
    reasons = {one.date: one.reason for one in found.absent}
    assert found.n == 0
    assert reasons[date(2019, 7, 31)] == (
        "fiscal year 2018: accounts of 100 of 1,000 listed small companies: fewer than half; "
        "fiscal year 2020: accounts of 90 of 1,000 listed small companies: fewer than half"
    )
    whole = evaluate(make_book({"small": [900.0] * 3, "large": [900.0] * 3}), "fundamentals-turn")
    assert [event.value for event in whole.events] == [pytest.approx(0.0)]


def test_what_is_counted_is_asked_for_with_any_series_of_accounts() -> None:
    assert coverage_refs([SeriesRef("IWM", Measure.PRICE)]) == frozenset()
    asked = coverage_refs([GROUP_ACCOUNTS.ref("small", "loss_share", "mean")])
    assert {ref.id for ref in asked} == {
        *("small.companies.listed", "small.companies.filed", "large.companies.listed", "large.companies.filed")
    }
    assert Coverage(10, 5).is_enough
    assert not Coverage(11, 5).is_enough


def test_metrics_of_companies_by_hand() -> None:
    """A blank of debt is zero only where the metric says so; interest counts only where some is to be paid."""
    found = compute_metrics(
        {
            "short_term_debt": np.array([20.0, NAN, 5.0, 0.0]),
            "long_term_debt": np.array([80.0, 50.0, NAN, 0.0]),
            "interest_expense": np.array([4.0, 2.0, NAN, 0.0]),
            "operating_income": np.array([3.0, 9.0, 1.0, -1.0]),
            "net_income": np.array([-1.0, 1.0, NAN, 0.0]),
        }
    )
    expected = {
        "short_debt_share": [0.2, NAN, NAN, NAN],
        "short_debt_share_blanks": [0.2, 0.0, 1.0, NAN],
        "short_debt_share_no_short": [0.2, 0.0, NAN, NAN],
        "cover_below_one": [1.0, 0.0, NAN, NAN],
        "interest_rate": [0.04, NAN, NAN, NAN],
        "loss_share": [1.0, 0.0, NAN, 0.0],
    }
    assert found.keys() == expected.keys()
    for metric, values in expected.items():
        np.testing.assert_allclose(found[metric], values, err_msg=metric)
    statistics = summarise_group(np.array([1.0, NAN, 3.0]))
    assert statistics is not None
    assert (statistics.mean, statistics.median, statistics.n) == (2.0, 2.0, 2)
    assert statistics.sd == pytest.approx(2**0.5)
    assert summarise_group(np.array([1.0, NAN])) is None
