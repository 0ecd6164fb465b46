"""``groundswell data`` and ``claims history`` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.markets.series.calendar import sessions_between

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


def test_check_exits_with_0_if_nothing_is_wrong_and_with_2_if_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "sound").mkdir()
    (tmp_path / "sound" / "IWM.csv").write_text("date,close,dividends\n2024-01-02,100,0\n2024-01-03,99,1\n")
    done = run(tmp_path, "data", "check", "sound")
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "sound" / "IWM.csv").write_text("date,close,dividends\n2024-01-02,100,0\n2024-01-03,99,-1\n")
    bad = run(tmp_path, "data", "check", "sound")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr == "groundswell: IWM.csv, row 3: a dividend of -1 is negative; correct the row\n"


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
    assert (spy["stale"], [one["kind"] for one in spy["data_issues"]]) == (True, ["level jump"])
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
