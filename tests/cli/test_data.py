"""``groundswell data`` and ``claims history`` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.markets.series.calendar import sessions_between

from .. import commands
from ..commands import run


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """IWM and SPY since 2000, and in a second file two more copies of SPY, of which the one in use has a level jump."""
    days = sessions_between(np.datetime64("2000-01-03").item(), np.datetime64("2024-12-31").item())
    walk = 100.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0003, 0.008, len(days))))
    jump = walk * np.where(days < np.datetime64("2019-09-03"), 1.0, 1.02)
    folder = tmp_path / "prices"
    folder.mkdir()
    used = [
        pl.DataFrame({"date": days, "symbol": name, "adj_close": made}) for name, made in (("IWM", walk), ("SPY", jump))
    ]
    pl.concat(used).write_parquet(folder / "a.parquet")
    copies = [pl.DataFrame({"date": days, "symbol": "SPY", "adj_close": walk, "source": name}) for name in ("x", "y")]
    pl.concat(copies).write_parquet(folder / "copies.parquet")
    return folder


def test_check_reports_what_is_wrong_and_exits_with_1(tmp_path: Path, prices: Path) -> None:
    done = run(tmp_path, "data", "check", prices.name)
    assert (done.returncode, done.stderr) == (1, "")
    assert "level jump" in done.stdout
    assert "take both sides of the jump from one download" in done.stdout
    assert "2 series checked. Data issues: 1, 1 of them in series in use." in done.stdout
    assert not list(tmp_path.glob("*.db"))
    checked = json.loads(run(tmp_path, "data", "check", prices.name, "--json").stdout)
    (issue,) = checked["data_issues"]
    assert (issue["kind"], issue["series"], issue["days"]) == ("level jump", "SPY (total return)", ["2019-09-03"])
    assert issue["size"] == pytest.approx(0.02)
    assert (issue["unit"], issue["action"]) == ("return", "kept and marked")


def test_status_breaks_no_word_in_a_terminal_of_80_columns(
    tmp_path: Path, prices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pl.read_parquet(prices / "a.parquet").with_columns(
        symbol=pl.lit("HYG"), source=pl.lit("a-provider-with-a-long-name, by-subscription download")
    ).unique("date").write_parquet(prices / "long.parquet")
    assert run(tmp_path, "data", "load", prices.name).returncode == 0
    monkeypatch.setitem(commands.TERMINAL, "COLUMNS", "80")
    printed = run(tmp_path, "data", "status").stdout
    assert max(len(line) for line in printed.splitlines()) <= 80
    listed = json.loads(run(tmp_path, "data", "status", "--json").stdout)
    texts = [f"{one['id']} ({one['measure']}) {one['source']} {one['known']} {one['last']}" for one in listed["series"]]
    texts += [f"{one['title']} {one['detail']}" for one in listed["data_services"]]
    texts += [f"{one['title']} {one['next'] or ''} {one['known_until'] or ''}" for one in listed["calendars"]]
    words = {word for text in texts for word in text.split()}
    assert "a-provider-with-a-long-name," in words
    assert not words - set(printed.split())


def test_check_exits_with_0_if_nothing_is_wrong_and_with_2_if_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "sound").mkdir()
    (tmp_path / "sound" / "IWM.csv").write_text("date,close,dividends\n2024-01-02,100,0\n2024-01-03,99,1\n")
    done = run(tmp_path, "data", "check", "sound")
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "sound" / "IWM.csv").write_text("date,close,dividends\n2024-01-02,100,0\n2024-01-03,99,-1\n")
    bad = run(tmp_path, "data", "check", "sound")
    assert bad.returncode == 1
    assert "a dividend of -1 is negative" in " ".join(bad.stdout.split())
    (tmp_path / "sound" / "IWM.csv").write_text("<!doctype html><title>503</title>")
    none = run(tmp_path, "data", "check", "sound")
    assert (none.returncode, none.stdout) == (2, "")
    assert "IWM.csv: it is a web page, not a table; download the file again" in none.stderr
    assert none.stderr.count("\n") == 1


def test_check_says_in_words_what_withholds_verdicts(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    days = sessions_between(np.datetime64("2023-01-03").item(), np.datetime64("2024-12-31").item())
    values = 100.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.01, len(days))))
    values[:300] *= 35.0
    pl.DataFrame({"date": days, "adj_close": values}).write_csv(tmp_path / "data" / "XBI.csv")
    done = run(tmp_path, "data", "check", "data")
    assert done.returncode == 1
    words = " ".join(done.stdout.split())
    assert "verdicts withheld" in words
    assert "it falls by 97." in words
    assert f" % on {days[300]}, as a split of about 3" in words
    (issue,) = json.loads(run(tmp_path, "data", "check", "data", "--json").stdout)["data_issues"]
    assert (issue["series"], issue["days"], issue["action"]) == (
        "XBI (total return)", [str(days[300])], "verdicts withheld",
    )  # fmt: skip


def test_check_names_every_fault_of_every_file_and_reads_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "prices"
    folder.mkdir()
    (folder / "IWM.csv").write_text("date,close\n2024-01-02,100\n2024-01-03,high\n2024-01-04,low\nsoon,5\n")
    (folder / "KRE.csv").write_text("date,close\n04/03/2024,100\n05/03/2024,101\n")
    (folder / "SPY.csv").write_text("Date;Close\n2024-01-02;1.400,50\n2024-01-03;1.401,25\n")
    (folder / "XBI.xlsx").write_bytes(b"no workbook")
    done = run(tmp_path, "data", "check", "prices", "--json")
    assert done.returncode == 1
    checked = json.loads(done.stdout)
    assert [(fault["file"], fault["line"], fault["column"]) for fault in checked["faults"]] == [
        ("IWM.csv", 5, "date"), ("IWM.csv", 3, "close"), ("IWM.csv", 4, "close"), ("KRE.csv", 2, "date"),
        ("XBI.xlsx", 0, ""),
    ]  # fmt: skip
    assert all(fault["text"] and fault["fix"] for fault in checked["faults"])
    assert {file["file"]: file["used"] for file in checked["files"]} == {
        "IWM.csv": True, "KRE.csv": False, "SPY.csv": True, "XBI.xlsx": False,
    }  # fmt: skip
    assert "2 series checked" in run(tmp_path, "data", "check", "prices").stdout
    loaded = run(tmp_path, "data", "load", "prices", "--db", "hubs.db")
    assert loaded.returncode == 0, "one bad file stops no other"
    assert "IWM.csv, line 3, column close: 'high' is not a number" in loaded.stdout


def test_inspect_shows_what_was_understood_and_loads_nothing(tmp_path: Path) -> None:
    text = "Fund prices\n\nDate;Close;Volume\n13.06.2024;1.200,50;7\n14.06.2024;1.201,25;7\nend of file\n"
    (tmp_path / "iwm.csv").write_bytes(text.encode("utf-16"))
    done = run(tmp_path, "data", "inspect", "iwm.csv")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("UTF-16", "semicolon", "comma", "Fund prices", "line 3", "day first", "IWM (price)", "end of file"):
        assert words in done.stdout
    shown = json.loads(run(tmp_path, "data", "inspect", "iwm.csv", "--json").stdout)
    (table,) = shown["tables"]
    assert (table["date_order"], table["date_reason"]) == ("day first", "'13/06/2024' can be nothing else")
    assert [(column["heading"], column["role"], column["used"]) for column in table["columns"]] == [
        ("Date", "day", True), ("Close", "close", True), ("Volume", "other", False),
    ]  # fmt: skip
    assert [(one["id"], one["first"], one["last"], one["observations"]) for one in shown["series"]] == [
        ("IWM", "2024-06-13", "2024-06-14", 2)
    ]
    (tmp_path / "bad.csv").write_text("date,IWM\n2024-01-02,1\n2024-01-03,1\n2024-01-04,x\n")
    bad = run(tmp_path, "data", "inspect", "bad.csv")
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "is not a number" in bad.stdout
    assert run(tmp_path, "data", "inspect", "none.csv").returncode == 2
    assert not list(tmp_path.glob("*.db"))


def test_loaded_series_are_listed_with_their_data_issues(tmp_path: Path, prices: Path) -> None:
    loaded = run(tmp_path, "data", "load", prices.name, "--db", "hubs.db")
    assert loaded.returncode == 0, loaded.stderr
    assert "2 series loaded into hubs.db. Data issues: 1. Claims evaluated as of " in loaded.stdout
    claims = json.loads(run(tmp_path, "claims", "list", "small-caps", "--db", "hubs.db", "--json").stdout)["claims"]
    first = next(one for one in claims if one["id"] == "C1")
    assert (first["n"], first["verdict"] != "not measured") == (4, True), "verdicts rest on what was loaded"
    series = json.loads(run(tmp_path, "data", "status", "--db", "hubs.db", "--json").stdout)["series"]
    spy = next(one for one in series if (one["id"], one["measure"]) == ("SPY", "total return"))
    assert (spy["first"], spy["last"], spy["frequency"], spy["known"]) == (
        "2000-01-03", "2024-12-31", "daily", "at the close",
    )  # fmt: skip
    assert (spy["stale"], [one["kind"] for one in spy["data_issues"]]) == (True, ["level jump", "served short"])
    assert {(one["id"], one["measure"]) for one in series} >= {("IWM", "total return"), ("ff.smb", "period return")}
    table = run(tmp_path, "data", "status", "--db", "hubs.db")
    assert "level jump" in table.stdout
    assert "Data folder" in table.stdout
    claims = run(tmp_path, "claims", "evaluate", "small-caps", "--db", "hubs.db", "--as-of", "2024-12-31")
    assert "Data issues in these windows" in claims.stdout


def test_history_lists_months_and_changes(tmp_path: Path, prices: Path) -> None:
    arguments = ("claims", "history", "fomc", "--from", "2018-12-01", "--to", "2019-12-31", "--db", "hubs.db")
    done = run(tmp_path, *arguments, "--data", prices.name, "--json")
    assert done.returncode == 0, done.stderr
    history = json.loads(done.stdout)
    assert (history["hub"], history["first"], history["last"]) == ("fomc", "2018-12-31", "2019-12-31")
    assert all(len(claim["history"]) == 13 for claim in history["claims"])
    first = history["claims"][0]["id"]
    table = run(tmp_path, *arguments, "--claim", first)
    assert table.returncode == 0, table.stderr
    assert "Changes of verdicts in 13 months: " in table.stdout
    unknown = run(tmp_path, *arguments, "--claim", "X9")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "the hub fomc has no claim 'X9'" in unknown.stderr
    wrong = run(tmp_path, "claims", "history", "fomc", "--from", "2019", "--to", "2019-12-31")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
