"""Backups: made while the store is written, whole or not there; put back only where they are sound."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from groundswell.errors import GroundswellError, NotFoundError, StoreError, UsageError
from groundswell.storage.engine.backup import back_up, restore
from groundswell.storage.engine.store import Store
from groundswell.storage.engine.unclean_shutdown import find_damage
from groundswell.storage.news import tags


def stalled(_done: int) -> None:
    pass


def fill(store: Store, hubs: range) -> None:
    for hub in hubs:
        with store.write() as connection:  # two rows a transaction, so that half of one would show
            tags.save_progress(connection, f"{hub}a", "d" * 5_000, upto=None)
            tags.save_progress(connection, f"{hub}b", "d" * 5_000, upto=None)


def read_hubs(path: Path) -> list[str]:
    with closing(Store.open(str(path))) as store, store.read() as connection:
        return list(connection.execute(text("SELECT hub FROM taggings ORDER BY hub")).scalars())


def test_a_backup_made_while_writing_is_one_committed_state(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(Store.open(str(path))) as store:
        fill(store, range(100, 300))
        writing = threading.Thread(target=fill, args=(store, range(300, 500)))
        writing.start()
        sizes = [back_up(str(path), tmp_path / f"backup{place}.db", stalled) for place in range(4)]
        writing.join()
    full = read_hubs(path)
    assert len(full) == 800
    for place, size in enumerate(sizes):
        backup = tmp_path / f"backup{place}.db"
        assert backup.stat().st_size == size
        found = read_hubs(backup)
        assert len(found) >= 400
        assert len(found) % 2 == 0
        assert found == full[: len(found)]
    assert not list(tmp_path.glob("*.part"))


def test_a_store_is_restored_and_the_replaced_one_is_renamed(tmp_path: Path) -> None:
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    with closing(Store.open(str(path))) as store:
        fill(store, range(100, 105))
        counted: list[int] = []
        back_up(str(path), backup, counted.append)
        assert sum(counted) * 4096 == backup.stat().st_size
        fill(store, range(105, 110))
        with pytest.raises(StoreError, match=r"another process is writing to the store .*; stop that process first"):
            restore(backup, str(path), stalled)
    assert restore(backup, f"sqlite:///{path}", stalled) == tmp_path / "store.db.replaced"
    assert len(read_hubs(path)) == 10
    assert len(read_hubs(tmp_path / "store.db.replaced")) == 20
    with pytest.raises(UsageError, match="exists already, from an earlier restore; move or delete it"):
        restore(backup, str(path), stalled)
    assert restore(backup, str(tmp_path / "new.db"), stalled) is None
    assert read_hubs(tmp_path / "new.db") == read_hubs(path)


def test_a_damaged_store_is_replaced_by_its_backup(tmp_path: Path) -> None:
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    with closing(Store.open(str(path))) as store:
        fill(store, range(100, 140))
    back_up(str(path), backup, stalled)
    body = bytearray(path.read_bytes())
    body[len(body) // 2 :] = b"\xff" * (len(body) - len(body) // 2)
    path.write_bytes(body)
    assert find_damage(path)
    with pytest.raises(StoreError, match=r"keep older backups|check both files"):
        back_up(str(path), backup, stalled)
    assert find_damage(backup) == ()
    restore(backup, str(path), stalled)
    assert len(read_hubs(path)) == 80


def _empty(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    return path


def _noise(path: Path) -> Path:
    path.write_bytes(b"not a database at all, but long enough to look at" * 50)
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [(_empty, "it contains the tables of another program; name another"), (_noise, "is damaged .*; use an older one")],
)
def test_a_file_that_is_not_a_backup_is_not_restored(tmp_path: Path, make, message: str) -> None:
    path = tmp_path / "store.db"
    with closing(Store.open(str(path))) as store:
        fill(store, range(100, 105))
    with pytest.raises(StoreError, match=message):
        restore(make(tmp_path / "file"), str(path), stalled)
    assert len(read_hubs(path)) == 10


def test_a_store_that_cannot_be_backed_up_raises_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Store.open(str(path)).close()
    cases: list[tuple[str, Path, type[GroundswellError], str]] = [
        (str(tmp_path / "none.db"), tmp_path / "b", NotFoundError, "there is no store"),
        (str(path), path, UsageError, "it belongs to the store or is not a file"),
        (str(path), Path("/dev/null"), UsageError, "it belongs to the store or is not a file"),
        (str(path), tmp_path / "store.db-wal", UsageError, "it belongs to the store"),
        (str(path), tmp_path, UsageError, "is not a file"),
        (str(path), tmp_path / "deeper" / "b", GroundswellError, "cannot"),
        ("postgresql://localhost/x", tmp_path / "b", UsageError, "its own tools, such as pg_dump"),
    ]
    for url, target, kind, message in cases:
        with pytest.raises(kind, match=message) as caught:
            back_up(url, target, stalled)
        assert "\n" not in str(caught.value)
    with pytest.raises(NotFoundError, match="there is no backup"):
        restore(tmp_path / "none", str(path), stalled)
    assert not list(tmp_path.glob("*.part"))
