from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.app.data_folder import inspect_data_file
from groundswell.claims.binding import describe_claim
from groundswell.claims.spec import ClaimSpec
from groundswell.errors import BadInputError
from groundswell.markets.indicators.concentration import compute_herfindahl, compute_top_share
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import FUND_CONCENTRATION
from groundswell.model import Series, Verdict
from groundswell.sources.folder import load_folder

from ..claims.made import evaluate_claim

LAW = np.array([0.3] + [0.05] * 10 + [0.02] * 10)
WANTED = [FUND_CONCENTRATION.ref(fund, gauge) for fund in ("AAA", "BBB") for gauge in ("top10", "herfindahl")]


def test_shares_by_hand():
    assert compute_top_share(LAW) == pytest.approx(0.75)
    assert compute_top_share(LAW, 1) == pytest.approx(0.3)
    assert compute_herfindahl(LAW) == pytest.approx(0.09 + 0.025 + 0.004)
    assert compute_herfindahl(np.full(20, 0.05)) == pytest.approx(1 / 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    whole = [
        {"as_of": "2021-03-01", "Ticker": f"T{at}", "Asset Class": "Equity", "Weight (%)": 100 * weight}
        for at, weight in enumerate(LAW)
    ]
    cash = {"as_of": "2021-03-01", "Ticker": "CASH", "Asset Class": "Cash", "Weight (%)": 60.0}
    pl.DataFrame([*whole, cash]).write_csv(tmp_path / "holdings_AAA_2021-03-01.csv")
    days = {"2020-01-02": 3.0, "2020-01-03": 3.0, "2020-01-06": 4.0, "2020-01-07": 5.0, "2020-02-03": 2.0}
    part = [
        {"date": day, "ticker": f"T{at}", "weight": first if at == 0 else 2.0, "etf": "BBB"}
        for day, first in days.items()
        for at in range(12)
    ]
    twice = {"date": "2020-01-07", "ticker": "T0", "weight": 9.0, "etf": "BBB"}
    table = pl.DataFrame([*part, twice, part[0]]).with_columns(pl.col("date").str.to_date())
    table.write_parquet(tmp_path / "holdings_history.parquet")
    pl.DataFrame({"name": ["x"], "weight": [1.0]}).write_csv(tmp_path / "holdings_CCC.csv")
    (tmp_path / "holdings.txt").write_text("nothing")
    pl.DataFrame({"date": ["2019-01-02"], "value": [1.0]}).write_csv(tmp_path / "DGS2.csv")
    return tmp_path


def made(folder: Path) -> dict[str, Series]:
    return {series.ref.id: series for series in load_folder(folder, WANTED).series}


def test_lists_become_one_value_a_day(folder):
    found = made(folder)
    assert set(found) == {"AAA.concentration.top10", "AAA.concentration.herfindahl", "BBB.concentration.top10"}
    assert found["AAA.concentration.top10"].values == pytest.approx([0.75])
    assert found["AAA.concentration.herfindahl"].values == pytest.approx([compute_herfindahl(LAW)])
    part = found["BBB.concentration.top10"]
    # The list of the 3rd is that of the day before, on the 7th a holding stands with two weights.
    assert part.dates.astype(str).tolist() == ["2020-01-02", "2020-01-06", "2020-02-03"]
    assert part.values == pytest.approx([0.21, 0.22, 0.2])
    assert part.source == "holdings_history.parquet, weights as published"
    assert part.known_at[0] == np.datetime64("2020-01-03T21:30")
    assert load_folder(folder, [FUND_CONCENTRATION.ref("ZZZ", "top10")]).series == ()


def test_the_largest_is_a_gauge_too(folder):
    (series,) = load_folder(folder, [FUND_CONCENTRATION.ref("BBB", "largest")]).series
    assert series.values == pytest.approx([0.03, 0.04, 0.02])


def test_an_inspection_says_which_gauges_a_file_gives(folder):
    found = inspect_data_file(folder / "holdings_history.parquet", date(2021, 3, 2))
    assert (found.reason, found.tables, found.faults) == ("", (), ())
    assert [(one.id, str(one.first), str(one.last), one.observations) for one in found.series] == [
        ("BBB.concentration.top10", "2020-01-02", "2020-02-03", 3),
        ("BBB.concentration.largest", "2020-01-02", "2020-02-03", 3),
    ]
    words = "2 lists of BBB left out: each repeats the list before it, or has two weights of a holding"
    assert found.remarks == (words,)
    whole = inspect_data_file(folder / "holdings_AAA_2021-03-01.csv", date(2021, 3, 2))
    gauges = ("top10", "largest", "herfindahl")
    assert [one.id for one in whole.series] == [f"AAA.concentration.{gauge}" for gauge in gauges]


def test_an_inspection_says_why_a_file_gives_no_list(folder):
    found = inspect_data_file(folder / "holdings_CCC.csv", date(2021, 3, 2))
    assert found.reason == "it has no list of ten holdings or more with ticker, weight, and date or as_of"
    assert found.series == ()
    (folder / "holdings_DDD.parquet").write_bytes(b"PAR1 no Parquet PAR1")
    with pytest.raises(BadInputError, match="holdings_DDD"):
        inspect_data_file(folder / "holdings_DDD.parquet", date(2021, 3, 2))
    assert inspect_data_file(folder / "DGS2.csv", date(2021, 3, 2)).series[0].id == "DGS2"


def claim(claimed: tuple[float, float], **arguments) -> ClaimSpec:
    measure = {"estimand": "concentration", "range": claimed, "arguments": {"fund": "BBB", **arguments}}
    return ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "So it is", "measure": measure})


def evaluate(folder: Path, spec: ClaimSpec, as_of: date):
    return evaluate_claim("h", spec, SeriesBook.of(load_folder(folder, WANTED).series), as_of)


def test_the_newest_list_decides(folder):
    found = evaluate(folder, claim((0.15, 1.0)), date(2020, 3, 2))
    assert (found.verdict, found.n, found.estimate) == (Verdict.SUPPORTED, 3, pytest.approx(0.2))
    assert (found.ci_low, found.ci_high) == (pytest.approx(0.1995), pytest.approx(0.2005))
    assert [str(event.date) for event in found.events] == ["2020-01-06", "2020-02-03"]
    assert found.notes[0].startswith("The newest list of BBB is of 2020-02-03, 28 days before the evaluation: 20.0 %.")
    assert evaluate(folder, claim((0.215, 1.0)), date(2020, 1, 31)).verdict is Verdict.SUPPORTED
    assert evaluate(folder, claim((0.215, 1.0)), date(2020, 3, 2)).verdict is Verdict.REFUTED


def test_an_old_list_keeps_its_verdict_and_says_nothing_of_today(folder):
    spec = claim((0.15, 1.0))
    fresh = evaluate(folder, spec, date(2020, 2, 3) + timedelta(366))
    assert (fresh.verdict, fresh.stale) == (Verdict.SUPPORTED, None)
    found = evaluate(folder, spec, date(2020, 2, 3) + timedelta(367))
    assert (found.verdict, found.estimate, found.stale) == (fresh.verdict, fresh.estimate, date(2020, 2, 3))


def test_two_funds_and_mistakes(folder):
    spec = claim((-1.0, 0.0), against="AAA")
    found = evaluate(folder, spec, date(2021, 2, 2))
    assert found.verdict is Verdict.NOT_MEASURED
    assert "AAA" in found.reason
    book = SeriesBook.of(load_folder(folder, WANTED).series)
    found = evaluate_claim("h", claim((0.1, 1.0), fund="AAA", against=""), book, date(2021, 3, 2))
    assert found.estimate == pytest.approx(0.75)
    assert "of BBB, less the same of AAA" in describe_claim(spec)
    wrong = evaluate_claim("h", claim((0.1, 1.0), gauge="luck", against=""), book, date(2021, 3, 2))
    assert wrong.reason.startswith("there is no gauge 'luck'; there are top10")
    assert "itself" in evaluate_claim("h", claim((0.1, 1.0), against="BBB"), book, date(2021, 3, 2)).reason


def test_a_difference_of_two_funds():
    from groundswell.model import Frequency

    def one(fund: str, value: float) -> Series:
        day = np.array(["2021-01-04"], dtype="datetime64[D]")
        known = np.array(["2021-01-05T21:30"], dtype="datetime64[s]")
        ref = FUND_CONCENTRATION.ref(fund, "top10")
        return Series(ref, Frequency.DAILY, "made", day, np.array([value]), known)

    book = SeriesBook.of((one("BBB", 0.4), one("AAA", 0.1)))
    found = evaluate_claim("h", claim((0.1, 1.0), against="AAA"), book, date(2021, 3, 2))
    assert (found.estimate, found.ci_low) == (pytest.approx(0.3), pytest.approx(0.299))
    assert found.reason.startswith("difference +30.0 percentage points over 1 list, ")
