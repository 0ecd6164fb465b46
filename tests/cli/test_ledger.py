"""``groundswell ledger`` as a person types it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from ..commands import run


def test_a_recorded_store_is_verified_and_a_changed_row_is_named(tmp_path: Path, made_market: Path) -> None:
    db = str(tmp_path / "hubs.db")
    run(tmp_path, "data", "load", str(made_market), "--db", db)
    whole = run(tmp_path, "ledger", "verify", "--db", db)
    assert whole.returncode == 0
    assert "records checked, all as written; last digest " in whole.stdout
    checked = json.loads(run(tmp_path, "ledger", "verify", "fomc", "--db", db, "--json").stdout)
    assert (checked["hub"], checked["intact"], checked["unchained"], checked["broken"]) == ("fomc", True, 0, None)
    claim = json.loads(run(tmp_path, "claims", "show", "small-caps", "C1", "--db", db, "--json").stdout)
    assert claim["version"] == 1
    assert (claim["since_registered"]["n"], claim["since_registered"]["estimate"]) == (0, None)
    assert run(tmp_path, "ledger", "verify", "--noted", checked["head"], "--db", db).returncode == 0
    ended = run(tmp_path, "ledger", "verify", "--noted", "0" * 64, "--db", db)
    assert (ended.returncode, "its end was removed, or it was written again" in ended.stdout) == (1, True)
    run(tmp_path, "data", "backup", str(tmp_path / "copy.db"), "--db", db)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection, connection:
        connection.execute("UPDATE evaluations SET body = replace(body, '\"n\": ', '\"n\": 1') WHERE claim = 'C1'")
    broken = run(tmp_path, "ledger", "verify", "--db", str(tmp_path / "copy.db"))
    assert broken.returncode == 1
    assert "small-caps/C1" in broken.stdout
    assert "is not what was written" not in run(tmp_path, "ledger", "verify", "--db", db).stdout
    assert run(tmp_path, "ledger", "verify", "none", "--db", db).returncode == 2
