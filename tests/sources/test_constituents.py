from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.claims.binding import list_needs
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.indicators.fundamentals import GroupStatistics, compare_means
from groundswell.markets.indicators.weight_drift import list_resets
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import EQUAL_WEIGHTS, GROUP_ACCOUNTS
from groundswell.model import Verdict
from groundswell.sources.derived.constituents import member_series, read_universe
from groundswell.sources.folder import load_folder

from ..claims.made import evaluate_claim

QUARTERS = list_resets(2019, 2020)
NAMES = [f"L{number}" for number in range(5)]
SMALL = [f"S{number}" for number in range(40)]


def claim(estimand: str, claimed: tuple[float, float], **fields) -> ClaimSpec:
    measure = {"estimand": estimand, "range": claimed, **fields}
    return ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "So it is", "measure": measure})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five large companies, of which one doubles each quarter, and forty small ones with more short-term debt."""
    pl.DataFrame(
        {
            "ticker": NAMES + SMALL,
            "price_symbol": NAMES + SMALL,
            "in_iwm_2025_11": [*["True"] + ["False"] * 4, *["true"] * 40],
            "in_sp500_2025_11": [*["True"] * 5, *["false"] * 40],
        }
    ).write_csv(tmp_path / "constituents_universe.csv")
    days = np.concatenate([QUARTERS, np.array(["2019-05-01"], dtype="datetime64[D]")])
    rows = [
        {"date": day, "symbol": name, "adj_close": 2.0**at if name == "L0" else 10.0}
        for at, day in enumerate(days.tolist())
        for name in [*NAMES, "OTHER"]
        if not (name == "L4" and day == QUARTERS[-1])
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "constituents_adjclose_2019_2020.parquet")
    accounts = [
        {
            "ticker": name,
            "fiscal_year": year,
            "publish_date": f"{year + 1}-{'09' if name == 'S39' else '03'}-01",
            "short_term_debt": 10.0 + number % 7 + (20.0 if name in SMALL else 0.0) if number != 3 else None,
            "long_term_debt": 90.0,
            "interest_expense_net": -4.0 - (0.5 * (year - 2017) if name in SMALL else 0.0),
            "ebit": 2.0 if name in SMALL and number % 2 else 30.0,
            "net_income": -1.0 if name in SMALL and number % 2 else 5.0,
        }
        for year in (2018, 2019, 2020)
        for number, name in enumerate([*NAMES * 1, *SMALL])
    ]
    pl.DataFrame(accounts).write_parquet(tmp_path / "fundamentals_made_annual.parquet")
    pl.DataFrame({"date": ["2019-01-02"], "value": [1.0]}).write_csv(tmp_path / "DGS2.csv")
    return tmp_path


def book(folder: Path, spec: ClaimSpec) -> SeriesBook:
    return SeriesBook.of(load_folder(folder, list_needs([spec])).series)


def test_resets_are_third_fridays_or_the_session_before():
    assert list_resets(2019, 2019).astype(str).tolist() == ["2019-03-15", "2019-06-21", "2019-09-20", "2019-12-20"]
    assert "2008-03-20" in list_resets(2008, 2008).astype(str).tolist()  # the 21st was Good Friday


def test_weights_begin_equal_and_drift_with_prices(folder):
    wanted = [EQUAL_WEIGHTS.ref(name) for name in ("reset", "p50", "p90", "drift")]
    found = {series.ref.id.split(".")[-1]: series for series in load_folder(folder, wanted).series}
    assert set(found) == {"reset", "p50", "p90", "drift"}
    assert found["reset"].values.tolist() == [0.2] * 7  # one without a price at the end makes the others no heavier
    assert found["p50"].values[0] == pytest.approx(1 / 6)
    assert found["drift"].values[0] == pytest.approx((2 / 6 / 0.2 - 1 + 4 * (1 - 1 / 6 / 0.2)) / 5)
    assert found["reset"].dates.tolist() == QUARTERS[1:].tolist()
    assert "companies that left are missing" in found["reset"].source


def test_the_weight_claim(folder, lower_floor):
    """Six quarters at a sixth, and one at 0.2 over a mean growth of 1.25, of four companies with prices."""
    lower_floor("weight-drift", 5)
    spec = claim("weight-drift", (0.15, 0.166), holds="within")
    found = evaluate_claim("h", spec, book(folder, spec), date(2021, 1, 4))
    assert (found.verdict, found.n, found.unit, found.wins) == (Verdict.INCONCLUSIVE, 7, "share", None)
    assert "mean weight 16.6 %" in found.reason
    assert "over 7 quarters" in found.reason
    assert [(row.start, row.end) for row in found.events][:2] == list(pairwise(QUARTERS.tolist()))[:2]
    assert found.notes[0].startswith("The newest quarter ends 2020-12-18, with 16.0 %.")
    assert found.notes[1].startswith("At a reset every company weighs 20.0 %, one over their number")
    early = evaluate_claim("h", spec, book(folder, spec), date(2020, 3, 19))
    assert [event.date for event in early.events][-1] == date(2019, 12, 20)


def test_accounts_count_from_the_middle_of_the_next_year(folder, lower_floor):
    lower_floor("fundamentals", 10)
    spec = claim("fundamentals", (0.0, float("inf")))
    found = evaluate_claim("h", spec, book(folder, spec), date(2021, 6, 30))
    assert [event.date.year for event in found.events] == [2018, 2019, 2020]
    assert found.n == 43  # one large company has no short-term debt on file, one small one published too late
    assert found.verdict is Verdict.SUPPORTED
    assert found.notes[0].startswith("Fiscal year 2020: ")
    assert "on average over 39 small and" in found.notes[0]
    assert found.notes[1].startswith("The median is 2")
    assert found.notes[1].endswith(" for the large companies.")
    assert found.median is not None
    assert found.median > 0
    assert "are stored as last published" in found.notes[3]
    earlier = evaluate_claim("h", spec, book(folder, spec), date(2021, 6, 29))
    assert [event.date.year for event in earlier.events] == [2018, 2019]
    assert evaluate_claim("h", spec, book(folder, spec), date(2019, 1, 1)).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("metric", "large"),
    [("short_debt_share", 0.5), ("short_debt_share_no_short", 0.5 / 2), ("short_debt_share_blanks", (0.5 + 0 + 1) / 3)],
)
def test_what_a_blank_of_debt_is_taken_for(tmp_path, metric, large):
    """Three large companies: half of the debt short, short-term debt blank, long-term debt blank."""
    companies = [("A", 5.0, 5.0), ("B", None, 10.0), ("C", 10.0, None), ("D", None, None)]
    names = [name for name, _, _ in companies]
    pl.DataFrame({"ticker": names, "price_symbol": names, "in_sp500": ["True"] * 4, "in_iwm": ["False"] * 4}).write_csv(
        tmp_path / "constituents_universe.csv"
    )
    pl.DataFrame(
        [
            {"ticker": name, "fiscal_year": 2020, "publish_date": "2021-02-01", "ebit": 1.0, "net_income": 1.0}
            | {"interest_expense_net": -1.0, "short_term_debt": short, "long_term_debt": long}
            for name, short, long in companies
        ]
    ).write_parquet(tmp_path / "fundamentals_made_annual.parquet")
    (mean,) = member_series(tmp_path, [GROUP_ACCOUNTS.ref("large", metric, "mean")])
    assert mean.values.tolist() == [pytest.approx(large)]


def test_a_mean_that_few_companies_decide_is_told_as_such(folder, lower_floor):
    lower_floor("fundamentals", 10)
    file = folder / "fundamentals_made_annual.parquet"
    small = pl.col("ticker").str.starts_with("S")
    far_out = pl.when(pl.col("ticker").is_in(SMALL[:12])).then(9_000.0).otherwise(1.0)
    pl.read_parquet(file).with_columns(
        pl.when(small).then(far_out).otherwise("short_term_debt").alias("short_term_debt")
    ).write_parquet(file)
    spec = claim("fundamentals", (0.0, float("inf")))
    found = evaluate_claim("h", spec, book(folder, spec), date(2021, 6, 30))
    assert found.estimate > 0 > found.median
    assert found.notes[1].endswith("the opposite of the means, which a few extreme companies decide.")
    yes_or_no = claim("fundamentals", (0.0, float("inf")), arguments={"metric": "loss_share"})
    counted = evaluate_claim("h", yes_or_no, book(folder, yes_or_no), date(2021, 6, 30))
    assert not any("in the middle" in note for note in counted.notes)


def test_accounts_around_turns_of_policy(folder):
    spec = claim("fundamentals-turn", (-1.0, 0.0))
    found = evaluate_claim("h", spec, book(folder, spec), date(2022, 1, 3))
    assert (found.verdict, found.n, found.wins) == (Verdict.INSUFFICIENT, 1, 0)
    (event,) = found.events
    assert (event.date, event.start, event.end) == (date(2019, 7, 31), date(2018, 12, 31), date(2020, 12, 31))
    assert event.value > 0
    assert found.absent[-1].reason == "no accounts of fiscal year 2006 and 2008 are known"


@pytest.mark.parametrize(
    ("estimand", "arguments", "words"),
    [
        ("fundamentals", {"metric": "luck"}, "there is no metric 'luck'; there are short_debt_share"),
        ("fundamentals-turn", {"events": "luck"}, "there is no list 'luck'"),
        ("weight-drift", {"weight": "reset"}, "'p10', 'p50'"),  # it is one over their number, whatever the data
        ("weight-drift", {"weight": "p99"}, "'p10', 'p50'"),
    ],
)
def test_mistakes(estimand, arguments, words):
    found = evaluate_claim("h", claim(estimand, (0.0, 1.0), arguments=arguments), SeriesBook.of(()), date(2022, 1, 3))
    assert found.verdict is Verdict.NOT_MEASURED
    assert words in found.reason


def test_rows_without_a_ticker_are_no_companies(tmp_path):
    file = tmp_path / "constituents_universe.csv"
    file.write_text("ticker,price_symbol,in_sp500,in_iwm\nBRKB,BRK-B,True,False\nA,,True,False\n,X,True,False\n")
    assert [company.price_symbol for company in read_universe(file)] == ["BRK-B", "A"]


@pytest.mark.parametrize("lost", ["constituents_universe.csv", "constituents_adjclose_2019_2020.parquet"])
def test_without_the_files_there_are_no_series(folder, lost):
    (folder / lost).unlink()
    assert load_folder(folder, [EQUAL_WEIGHTS.ref("reset")]).series == ()
    lacking = evaluate_claim("h", claim("weight-drift", (0.1, 0.3)), SeriesBook.of(()), date(2021, 1, 4))
    assert lacking.reason == (
        "no weights of the companies of an equal-weight S&P 500 known by 2021-01-04; put constituents_universe.csv and "
        "a file constituents_adjclose….parquet with their prices into the data folder and load it: --data DIR"
    )


def test_prices_of_one_quarter_make_no_weights(folder):
    file = folder / "constituents_adjclose_2019_2020.parquet"
    pl.read_parquet(file).filter(pl.col("date") <= date(2019, 4, 1)).write_parquet(file)
    assert load_folder(folder, [EQUAL_WEIGHTS.ref("reset")]).series == ()


def test_two_means_are_compared_as_scipy_does():
    from scipy import stats

    one, other = np.random.default_rng(1).normal(0, 1, 30), np.random.default_rng(2).normal(0.5, 3, 50)
    value, error, freedom = compare_means(
        *(GroupStatistics(float(sample.mean()), 0.0, float(sample.std(ddof=1)), len(sample)) for sample in (one, other))
    )
    theirs = stats.ttest_ind(one, other, equal_var=False)
    assert value / error == pytest.approx(theirs.statistic)
    assert freedom == pytest.approx(theirs.df)
    assert GROUP_ACCOUNTS.ref("small", "loss_share", "n").id == "small.loss_share.n"
