"""A folder is checked: small folders with one fault each, and the measuring data with the faults that are known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.errors import NotFoundError
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Action, DataIssue, IssueKind, Measure, SeriesRef
from groundswell.sources.folder import load_folder
from groundswell.sources.loaded import Loaded
from groundswell.sources.quality.survivorship import find_survivorship_bias

DAYS = sessions_between(date(2022, 1, 3), date(2024, 12, 31))
N = len(DAYS)
TOTAL = Measure.TOTAL_RETURN


def walk(seed: int = 1) -> np.ndarray:
    return 100.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.01, N)))


def rows(symbol: str, values: np.ndarray, source: str = "one", days: np.ndarray = DAYS, **more: object) -> pl.DataFrame:
    return pl.DataFrame({"date": days, "symbol": symbol, "adj_close": values, "source": source, **more})


def put(folder: Path, name: str, *tables: pl.DataFrame) -> None:
    pl.concat(tables, how="diagonal").write_parquet(folder / name)


def found(folder: Path, **wanted: object) -> list[tuple[IssueKind, str, Action]]:
    return [(one.kind, one.series, one.action) for one in load_folder(folder, **wanted).data_issues]


def test_a_folder_without_a_fault_has_no_defects(tmp_path):
    put(tmp_path, "prices.parquet", *(rows(name, walk(seed)) for seed, name in enumerate("ABCD")))
    assert load_folder(tmp_path).data_issues == ()


def test_sources_side_by_side_judge_the_series_that_is_used(tmp_path):
    put(tmp_path, "prices.parquet", rows("A", np.append(walk()[:-1], walk()[-1] * 1.03)))
    put(tmp_path, "beside.parquet", rows("A", walk(), "two"), rows("A", 3.0 * walk(), "three"))
    loaded = load_folder(tmp_path)
    ((issue,), (series,)) = loaded.data_issues, loaded.series
    assert (issue.kind, issue.action, issue.days) == (IssueKind.UNFINISHED, Action.DROPPED, (DAYS[-1].item(),))
    assert issue.size == pytest.approx(0.03)
    assert series.last == DAYS[-2].item(), "a row that is wrong by itself is left out"
    assert loaded.in_use() == (issue,)


def test_a_source_that_is_not_used_is_told_but_touches_nothing(tmp_path):
    stale = walk()
    stale[400] = stale[399]
    put(tmp_path, "prices.parquet", rows("A", walk()))
    put(tmp_path, "beside.parquet", rows("A", walk(), "two"), rows("A", stale, "three"))
    loaded = load_folder(tmp_path, [SeriesRef("A", TOTAL)])
    assert [(one.kind, one.source, one.action) for one in loaded.data_issues] == [
        (IssueKind.STALE, "three in beside.parquet", Action.UNUSED)
    ]
    assert loaded.in_use() == ()
    assert len(loaded.series[0]) == N


def test_a_level_that_jumps_is_kept_and_marked(tmp_path):
    put(tmp_path, "a.parquet", rows("A", walk() * np.where(np.arange(N) < 400, 1.0, 1.02)))
    put(tmp_path, "beside.parquet", rows("A", walk(), "two"), rows("A", walk(), "three"))
    loaded = load_folder(tmp_path)
    assert [(one.kind, one.action, one.days) for one in loaded.data_issues] == [
        (IssueKind.LEVEL_JUMP, Action.KEPT, (DAYS[400].item(),))
    ]
    assert len(loaded.series[0]) == N


def test_dividends_are_known_from_a_price_beside_a_total_return(tmp_path):
    paid = np.where(np.arange(N) % 60 == 30, 0.005, 0.0)
    price = walk() * np.exp(np.cumsum(np.log1p(-paid)))
    missed = walk() * np.where(np.arange(N) < 690, 1.0, 1.0 - 0.005)
    put(tmp_path, "a.parquet", rows("A", walk(), close=price))
    put(tmp_path, "b.parquet", rows("A", missed).select("date", "symbol", "adj_close"))
    put(tmp_path, "c.parquet", pl.DataFrame({"date": DAYS, "symbol": "A", "close": walk()}))
    assert found(tmp_path) == [
        (IssueKind.DIVIDEND, "A (total return)", Action.UNUSED),
        (IssueKind.INCLUDES_DIVIDENDS, "A (price)", Action.UNUSED),
    ]


def test_rows_on_days_without_trading_are_dropped(tmp_path):
    days = np.union1d(DAYS, np.array(["2024-07-04"], dtype="datetime64[D]"))
    put(tmp_path, "prices.parquet", rows("A", np.insert(walk(), 627, 100.0)[: N + 1], days=days))
    loaded = load_folder(tmp_path)
    assert (loaded.data_issues[0].kind, loaded.data_issues[0].action) == (IssueKind.OFF_SESSION, Action.DROPPED)
    assert loaded.data_issues[0].days == (date(2024, 7, 4),)
    assert len(loaded.series[0]) == N


def test_a_series_with_another_calendar_keeps_its_rows(tmp_path):
    days = np.arange("2022-01-01", "2022-12-31", dtype="datetime64[D]")
    put(tmp_path, "prices.parquet", rows("COIN", walk()[: len(days)], days=days))
    loaded = load_folder(tmp_path)
    assert [(one.kind, one.action) for one in loaded.data_issues] == [(IssueKind.OFF_SESSION, Action.KEPT)]
    assert "another calendar" in loaded.data_issues[0].text
    assert len(loaded.series[0]) == len(days)


def test_what_a_series_shows_by_itself(tmp_path):
    short, holed, split = walk(2)[:-40], np.delete(np.arange(N), [50, 51]), walk(4) * np.where(np.arange(N) < 300, 1, 2)
    still = walk(5)
    still[200:206] = still[200]
    put(
        tmp_path,
        "prices.parquet",
        *(rows(name, walk(seed)) for seed, name in enumerate("ABC", start=10)),
        rows("SHORT", short, days=DAYS[:-40]),
        rows("HOLED", walk(3)[holed], days=DAYS[holed]),
        rows("SPLIT", split * walk(4)[299] / walk(4)[300]),
        rows("STILL", still),
    )
    assert found(tmp_path) == [
        (kind, f"{name} (total return)", Action.WITHHELD if kind is IssueKind.SPLIT else Action.KEPT)
        for kind, name in [
            (IssueKind.ENDS_EARLY, "SHORT"),
            (IssueKind.MISSING, "HOLED"),
            (IssueKind.SPLIT, "SPLIT"),
            (IssueKind.STALE, "STILL"),
        ]
    ]


def test_a_splice_shows_where_the_source_of_the_rows_changes(tmp_path):
    market = walk()
    rest = np.exp(np.cumsum(np.random.default_rng(2).normal(0.0, 0.002, N)))
    spliced = market * rest * np.where(np.arange(N) < 400, 1.0, 1.05)
    sources = np.where(np.arange(N) < 400, "old", "new")
    put(tmp_path, "prices.parquet", rows("MARKET", market), rows("A", spliced, source=pl.Series(sources)))
    (issue,) = load_folder(tmp_path).data_issues
    assert (issue.kind, issue.series, issue.days) == (
        IssueKind.LEVEL_JUMP, "A (total return)", (DAYS[400].item(),),
    )  # fmt: skip


def test_rates_of_two_files_that_differ(tmp_path):
    for name, value in (("a.csv", "3.9"), ("b.csv", "3.8")):
        (tmp_path / name).write_text(f"date,series,value\n2024-01-02,DGS10,4\n2024-01-03,DGS10,{value}\n")
    (issue,) = load_folder(tmp_path).data_issues
    assert (issue.kind, issue.source, issue.days) == (IssueKind.DISAGREE, "a.csv and b.csv", (date(2024, 1, 3),))
    assert (issue.size, issue.unit) == (pytest.approx(-0.1), "points")


def members(leave: int) -> pl.DataFrame:
    years = sessions_between(date(2015, 1, 2), date(2024, 12, 31))[::21]
    return pl.concat(
        pl.DataFrame({"date": years[: -20 if place < leave else None], "symbol": f"S{place}", "adj_close": 1.0})
        for place in range(60)
    )


@pytest.mark.parametrize(("leave", "told"), [(0, True), (2, True), (3, False), (12, False)])
def test_members_who_never_leave_are_survivors(tmp_path, leave, told):
    members(leave).write_parquet(tmp_path / "constituents_x.parquet")
    members(leave).write_csv(tmp_path / "constituents_y.csv")
    seen = find_survivorship_bias(tmp_path / "constituents_x.parquet")
    assert find_survivorship_bias(tmp_path / "constituents_y.csv") == seen
    assert (seen is not None) == told
    if seen:
        assert (seen.kind, seen.size) == (IssueKind.SURVIVORS, float(leave))
        put(tmp_path, "prices.parquet", rows("A", walk()))
        assert (IssueKind.SURVIVORS, "members in constituents_x.parquet", Action.UNUSED) in found(tmp_path)


def test_a_damaged_file_of_members_is_passed_over(tmp_path):
    (tmp_path / "holdings.parquet").write_text("not even a Parquet file")
    (tmp_path / "constituents.csv").write_text("a,b\n1,2\n")
    assert find_survivorship_bias(tmp_path / "holdings.parquet") is None
    assert find_survivorship_bias(tmp_path / "constituents.csv") is None
    with pytest.raises(NotFoundError):
        load_folder(tmp_path / "none")


def prices_of_members(seed: int = 1, members: int = 60, **more: object) -> pl.DataFrame:
    drawn = np.random.default_rng(seed).normal(0.0, 0.01, (members, N)).cumsum(axis=1)
    return pl.concat(rows(f"S{place:02}", 100.0 * np.exp(drawn[place])) for place in range(members)).drop("source")


def test_members_prices_that_leap_for_a_day_and_days_on_which_files_differ(tmp_path):
    """S07 leaps for a day, S08 keeps a split that the other file lacks; S09 ends on a print far from its close."""
    put(tmp_path, "prices.parquet", rows("A", walk()))
    first = prices_of_members()
    leap = (pl.col("symbol") == "S07") & (pl.col("date") == DAYS[100].item())
    split = (pl.col("symbol") == "S08") & (pl.col("date") >= DAYS[200].item())
    lone = (pl.col("symbol") == "S09") & (pl.col("date") == DAYS[-1].item())
    times = pl.when(leap).then(3.0).when(split).then(2.0).when(lone).then(1.3).otherwise(1.0)
    put(tmp_path, "constituents_a.parquet", first.with_columns(pl.col("adj_close") * times))
    bad = pl.when(pl.col("date") == DAYS[300].item()).then(1.01).otherwise(1.0)
    noise = pl.Series(np.exp(np.random.default_rng(2).normal(0.0, 1e-4, len(first))))
    closes = first.select("date", "symbol", (pl.col("adj_close") * bad * noise).alias("close"))
    put(tmp_path, "constituents_b.parquet", closes)
    told = [one for one in load_folder(tmp_path).data_issues if one.kind is not IssueKind.SURVIVORS]
    assert [(one.kind, one.series, one.days) for one in told] == [
        (IssueKind.ONE_DAY, "members in constituents_a.parquet", (DAYS[100].item(),)),
        (IssueKind.DISAGREE, "members", (DAYS[300].item(), DAYS[301].item())),
        (IssueKind.DISAGREE, "cumulative returns of members", ()),
    ]
    assert "of 1 of 60 members end over a tenth apart, most of all S08:" in told[2].text
    assert (told[2].first, told[2].last) == (DAYS[0].item(), DAYS[-1].item())
    assert told[0].size == pytest.approx(2.0, abs=0.2), "and what doubles and stays is no leap"
    assert told[1].size == pytest.approx(0.01, rel=0.1)
    for name in ("constituents_a.parquet", "constituents_b.parquet"):
        pl.read_parquet(tmp_path / name).sample(fraction=1.0, shuffle=True, seed=1).write_parquet(tmp_path / name)
    again = [one for one in load_folder(tmp_path).data_issues if one.kind is not IssueKind.SURVIVORS]
    assert again == told, "and the order of rows is of no importance"


def test_a_price_that_begins_after_its_total_return(tmp_path):
    late = rows("A", walk()).with_columns(close=pl.Series([None] * 100 + walk()[100:].tolist()))
    put(tmp_path, "prices.parquet", late)
    (issue,) = load_folder(tmp_path).data_issues
    assert (issue.kind, issue.series, issue.size) == (IssueKind.BEGINS_LATE, "A (price)", 100.0)
    assert (issue.first, issue.last) == (DAYS[0].item(), (DAYS[100] - 1).item())


# The measuring data: each fault that is known of them is found, by rules that name none of them.


KNOWN = [
    # kind, series, part of the source's name, days
    (IssueKind.OTHER_DIVIDEND, "IWM (total return)", "market-lab", ["2026-03-17"]),
    (IssueKind.LEVEL_JUMP, "SPY (total return)", "market-lab", ["2026-03-19"]),
    (IssueKind.DIVIDEND, "IWM (total return)", "risk-model", ["2026-03-17"]),
    (IssueKind.DIVIDEND, "SPY (total return)", "risk-model", ["2026-03-20"]),
    (IssueKind.DIVIDEND, "HYG (total return)", "risk-model", ["2026-02-02", "2026-04-01", "2026-05-01"]),
    (IssueKind.ONE_DAY, "HYG (total return)", "market-lab", ["2026-04-06"]),
    (
        IssueKind.LEVEL_JUMP, "HYG (total return)", "market-lab",
        ["2026-04-13", "2026-05-05", "2026-06-01", "2026-08-03"],
    ),
    (IssueKind.UNFINISHED, "IWM (total return)", "benda931", ["2026-04-01"]),
    (IssueKind.UNFINISHED, "XBI (total return)", "benda931", ["2026-04-01"]),
    (IssueKind.UNFINISHED, "MDY (total return)", "benda931", ["2026-04-02"]),
    (IssueKind.LEVEL_JUMP, "IWM (total return)", "xjcarter", ["2022-05-10"]),
    (IssueKind.LEVEL_JUMP, "SPY (total return)", "xjcarter", ["2022-05-10"]),
    (IssueKind.DIVIDEND, "IWM (total return)", "xjcarter", ["2022-09-26"]),
    (IssueKind.DIVIDEND, "RSP (total return)", "PortOpt", ["2020-09-21"]),
    (IssueKind.STALE, "^VIX (price)", "stockjeokrib", ["2026-08-19"]),
    (IssueKind.OFF_SESSION, "^VIX (price)", "market-lab", ["2026-05-25", "2026-06-19", "2026-07-03"]),
    (IssueKind.ONE_DAY, "SPY (total return)", "Course-1", ["2024-12-23"]),
    *((IssueKind.ONE_DAY, f"{name} (total return)", "Course-1", ["2024-12-23"]) for name in ("IWN", "IWO", "IWC")),
    (IssueKind.DISAGREE, "members", "constituents_iex", ["2024-12-23", "2024-12-24"]),
]  # fmt: skip


@pytest.mark.shared(twin="tests/markets/test_cross_source.py::test_the_one_that_differs_from_the_others_is_at_fault")
@pytest.mark.parametrize(("kind", "series", "source", "days"), KNOWN)
def test_every_known_fault_of_the_measuring_data_is_found(loaded_market, kind, series, source, days):
    (issue,) = [
        one for one in loaded_market.data_issues if one.kind is kind and one.series == series and source in one.source
    ]
    assert [str(day) for day in issue.days] == days


def named(checked: Loaded, kind: IssueKind) -> list[DataIssue]:
    return [one for one in checked.data_issues if one.kind is kind]


@pytest.mark.shared(twin="tests/sources/test_reconcile.py::test_members_who_never_leave_are_survivors")
def test_holes_ends_and_survivors_of_the_measuring_data_are_found(loaded_market):
    checked = loaded_market
    lone = [one for one in named(checked, IssueKind.MISSING) if "Course-1" in one.source]
    assert [(one.series, str(one.first), one.size) for one in lone] == [("SPY (price)", "2018-11-02", 433.0)]
    ends = {one.series: str(one.first) for one in named(checked, IssueKind.ENDS_EARLY)}
    assert ends["KRE (total return)"] == ends["IJR (total return)"] == ends["LQD (price)"] == "2026-05-02"
    assert ends["IWC (total return)"] == "2025-04-05"
    assert ends["PSCI (total return)"] == "2020-12-12"
    assert not {"SPY (total return)", "HYG (total return)", "DFEDTAR (rate)"} & set(ends)
    prints = {one.series: (str(one.first), str(one.last)) for one in named(checked, IssueKind.PRINTS)}
    assert prints == {f"{name} (total return)": ("2021-04-28", "2025-04-04") for name in ("IWN", "IWO", "IWC")}
    begins = {one.series: str(one.first) for one in named(checked, IssueKind.BEGINS_LATE)}
    assert begins["RSP (price)"] == "2003-05-01"
    assert {"XLF (price)", "XLI (price)", "XLK (price)", "XLU (price)"} <= set(begins)
    leaps = [one for one in named(checked, IssueKind.ONE_DAY) if one.series.startswith("members in constituents_adj")]
    assert {date(2018, 9, 19), date(2010, 6, 10)} <= set(leaps[0].days)
    drifts = [one for one in named(checked, IssueKind.DISAGREE) if one.series.startswith("cumulative")]
    assert [one.text.split(" members")[0] for one in drifts] == [
        "total returns of 40 of 2369",
        "total returns of 2 of 544",
    ]
    assert "most of all BHVN, DNTH, MNMD" in drifts[0].text
    survivors = {one.source for one in named(checked, IssueKind.SURVIVORS)}
    assert "constituents_adjclose_2005_2024.parquet" in survivors
    official = next(one for one in named(checked, IssueKind.IDENTITY) if one.series == "^VIX (price)")
    assert {date(2014, 12, 9), date(2026, 2, 6)} <= set(official.days)


@pytest.mark.shared(twin="tests/sources/test_reconcile.py::test_a_folder_without_a_fault_has_no_defects")
def test_the_measuring_data_raise_no_alarm_over_what_their_checks_found_sound(loaded_market):
    """The canonical prices of the essential symbols were checked by hand: nothing of them but where they end."""
    sound = {f"{name} (total return)" for name in ("IWM", "SPY", "RSP", "XBI", "HYG", "TLT", "IEF")}
    checked = loaded_market
    assert [one for one in checked.in_use() if one.series in sound] == []
    kept = {one.kind for one in checked.in_use()}
    ends = {IssueKind.BEGINS_LATE, IssueKind.ENDS_EARLY, IssueKind.MISSING}
    assert kept == {*ends, IssueKind.STALE, IssueKind.IDENTITY, IssueKind.PRINTS, IssueKind.ONE_DAY}
    assert {one.series for one in named(checked, IssueKind.DISAGREE)} == {"members", "cumulative returns of members"}
    assert named(checked, IssueKind.SPLIT) == []


def test_what_a_source_does_where_it_is_checked_is_told_where_it_is_not(tmp_path):
    """A feed prints last trades and has one bad day in all its series; of the series D nobody else holds a copy."""
    noise = np.random.default_rng(5).normal(0.0, 4e-4, (4, N))
    bad = np.where(np.arange(N) == 500, 0.012, 0.0)
    feed = {name: walk(seed) * np.exp(noise[seed] + bad) for seed, name in enumerate("ABCD")}
    checked = [rows(name, walk(seed)) for seed, name in enumerate("ABC")]
    unchecked = rows("D", feed["D"][300:], "feed (last trades)", DAYS[300:])
    put(tmp_path, "prices.parquet", *checked, rows("D", walk(3)[:300], days=DAYS[:300]), unchecked)
    beside = [
        row
        for seed, name in enumerate("ABC")
        for row in (rows(name, walk(seed), "two"), rows(name, feed[name], "feed"))
    ]
    put(tmp_path, "beside.parquet", *beside)
    loaded = load_folder(tmp_path)
    prints, day = (one for one in loaded.data_issues if one.series == "D (total return)")
    assert (prints.kind, prints.action, prints.first, prints.last) == (
        IssueKind.PRINTS, Action.KEPT, DAYS[300].item(), DAYS[-1].item(),
    )  # fmt: skip
    assert prints.size == pytest.approx(np.median(np.abs(np.diff(noise[0]))), rel=0.2)
    assert (day.kind, day.action, day.days) == (IssueKind.ONE_DAY, Action.DROPPED, (DAYS[500].item(),))
    assert day.size == pytest.approx(0.012, abs=0.001)
    (kept,) = (one for one in loaded.series if one.ref.id == "D")
    assert DAYS[500] not in kept.dates


def test_a_source_checked_in_two_series_only_is_not_judged_by_habit(tmp_path):
    noise = np.random.default_rng(5).normal(0.0, 4e-4, (4, N))
    put(tmp_path, "prices.parquet", rows("A", walk(0)), rows("B", walk(1)), rows("D", walk(3), "feed"))
    beside = [
        row
        for seed, name in enumerate("AB")
        for row in (rows(name, walk(seed), "two"), rows(name, walk(seed) * np.exp(noise[seed]), "feed"))
    ]
    put(tmp_path, "beside.parquet", *beside)
    assert not [one for one in load_folder(tmp_path).data_issues if one.series == "D (total return)"]
