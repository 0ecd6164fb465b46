"""Stores that cannot be opened. What every engine must do is in ``test_store_contract.py``."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from groundswell.errors import StoreError
from groundswell.storage.engine.store import Store


def _foreign(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    return str(path)


def _newer(path: Path) -> str:
    Store.open(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return str(path)


def _noise(path: Path) -> str:
    path.write_bytes(b"not a database at all, but long enough to look at" * 50)
    return str(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_foreign, "contains the tables of another program; name another with --db"),
        (_newer, "made by a newer version"),
        (_noise, "file is not a database; check the path"),
        (lambda path: str(path.parent), "is a folder; name a file with --db"),
        (lambda path: str(path / "deeper" / "x.db"), "which does not exist; name a file with --db"),
        (
            lambda path: "postgresql+pg8000://me:secret@x/y",
            r"me:\*\*\*@x/y: its driver is not installed; pip install pg8000",
        ),
        (lambda path: "nonsense://x", "give a file path, a sqlite:/// or a postgresql URL"),
    ],
)
def test_a_store_that_cannot_be_opened_raises_with_one_line(tmp_path: Path, make, message: str) -> None:
    address = make(tmp_path / "store.db")
    with pytest.raises(StoreError, match=message) as caught:
        Store.open(address)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
