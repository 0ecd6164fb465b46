"""A store whose files are removed or replaced while it is in use is neither read nor written any more."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from groundswell.errors import StoreLostError
from groundswell.model.changes import EVERYTHING, LOST
from groundswell.storage.engine.store import Store
from groundswell.storage.news import tags


def note(store: Store, hub: str) -> None:
    with store.write() as connection:
        tags.save_progress(connection, hub, "digest", upto=None)


def noted(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(connection.execute(text("SELECT hub FROM taggings")).scalars())


def remove(path: Path) -> None:
    path.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("moved"))


def replace(path: Path) -> None:
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").rename(path)


@pytest.fixture(params=["write", "read", "check", "before a commit"])
def use(request: pytest.FixtureRequest) -> Callable[[Store, Callable[[], None]], None]:
    """Ways of using a store, each with something that happens to it before it is used, or before the commit."""

    def before_a_commit(store: Store, happen: Callable[[], None]) -> None:
        with store.write() as connection:
            tags.save_progress(connection, "never", "digest", upto=None)
            happen()

    def after(action: Callable[[Store], object]) -> Callable[[Store, Callable[[], None]], None]:
        def used(store: Store, happen: Callable[[], None]) -> None:
            happen()
            action(store)

        return used

    ways = {
        "write": after(lambda store: note(store, "never")),
        "read": after(noted),
        "check": after(Store.check_files),
        "before a commit": before_a_commit,
    }
    return ways[request.param]


@pytest.mark.parametrize("end", ["", "-wal", "-shm", ".lock"])
@pytest.mark.parametrize("happen", [remove, move, replace])
def test_a_file_that_is_removed_or_replaced_ends_the_use_of_the_store(tmp_path: Path, end: str, happen, use) -> None:
    path = tmp_path / "store.db"
    store = Store.open(str(path))
    note(store, "kept")
    mark = store.read_changes().mark
    descriptor = os.open(path, os.O_RDONLY)
    before = os.pread(descriptor, 10**7, 0)
    with pytest.raises(StoreLostError) as caught:
        use(store, lambda: happen(Path(f"{path}{end}")))
    what = "replaced" if happen is replace else "removed"
    assert str(caught.value).startswith(f"{path}{end} was {what} while it was in use: nothing more is written; ")
    assert os.pread(descriptor, 10**7, 0) == before
    assert store.read_changes(mark).topics == {EVERYTHING, LOST}
    store.close()
    os.close(descriptor)  # not earlier, because closing a file drops the locks that the process has on it
    if end:  # the store itself is in its place, with everything that was stored
        with closing(Store.open(str(path))) as again:
            assert noted(again) == ["kept"]


def test_the_store_that_took_the_place_is_left_alone(tmp_path: Path) -> None:
    """Another process may have begun to use the new files: neither its log nor its mark is removed at the end."""
    path = tmp_path / "store.db"
    store = Store.open(str(path))
    note(store, "lost")
    for old in tmp_path.iterdir():
        old.unlink()
    with closing(Store.open(str(path))) as other:
        note(other, "new")
        with pytest.raises(StoreLostError):
            note(store, "never")
        store.close()
        assert {file.name for file in tmp_path.iterdir()} >= {"store.db-wal", "store.db-shm", "store.db.open"}
        note(other, "newer")
        assert noted(other) == ["new", "newer"]


def test_a_reader_notices_too_and_an_idle_store_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(Store.open(str(path))) as writer:
        note(writer, "kept")
    reader = Store.open_for_reading(str(path))
    with closing(Store.open(str(path))) as writer:  # makes and removes files next to the store
        note(writer, "more")
    with closing(Store.open(str(path))) as writer:
        note(writer, "still more")
        assert noted(reader) == ["kept", "more", "still more"]
    replace(path)
    with pytest.raises(StoreLostError):
        noted(reader)
    reader.close()
