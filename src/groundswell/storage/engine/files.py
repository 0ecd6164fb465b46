"""The files of a SQLite store: made for their owner alone, found by near names, watched while they are in use."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from groundswell.errors import NotFoundError, StoreError, StoreLostError, UsageError

OWNER_ALONE = 0o600
"""Mode of every file that is made: what one reads, and the keys in addresses of feeds, are nobody else's business."""
USUAL_SUFFIXES = frozenset({".db", ".sqlite", ".sqlite3"})


def resolve_store_file(url: str) -> Path:
    """Return the file of a SQLite store. Raises ``UsageError`` for a store on a database server."""
    if "://" not in url:
        return Path(url).absolute()
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise UsageError(f"back up a store on {address.get_backend_name()} with its own tools, such as pg_dump")
    return Path(address.database or "").absolute()


def explain_missing(store: Path) -> NotFoundError:
    """Say that there is no such store, which stores of a similar name are in its folder, and what makes a store."""
    near = _find_near_names(store)
    hint = f"did you mean {' or '.join(near)}?" if near else "name another with --db."
    return NotFoundError(f"there is no store {store}; {hint} `groundswell up` makes a store, and so does `replay`")


def create_private(path: Path) -> None:
    """Create an empty file that its owner alone can read and write; one that exists stays as it is."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(
            f"cannot create the store {path}: {error.strerror}; name a file in a writable folder with --db"
        ) from error


def take_mode(path: Path) -> int:
    """Return the mode for a file next to a store: whoever may read or write the store may do so with that file too."""
    return OWNER_ALONE | (path.stat().st_mode & 0o066 if path.exists() else 0)


def describe_exposure(path: Path) -> str | None:
    """Say that other users of the machine can read or write a file, and the fix; None for a private one."""
    mode = take_mode(path)
    return f"other users can read {path}; to prevent it, run: chmod 600 {path}" if mode != OWNER_ALONE else None


def build_file_url(path: Path, mode: str, *, immutable: bool = False) -> URL:
    """Return the address of an existing file for SQLite, which makes none in the modes ``ro`` and ``rw``.

    ``immutable`` promises that nobody writes meanwhile; SQLite then needs no files of its own next to it.
    """
    query = {"mode": mode, "uri": "true", **({"immutable": "1"} if immutable else {})}
    return URL.create("sqlite", database=path.as_uri(), query=query)


def is_immutable(path: Path) -> bool:
    """Whether nobody can be writing to a store, which is in a folder that cannot be written and has no log.

    SQLite coordinates readers with a writer through files next to the store. Where it can neither find nor make them,
    a store with a log cannot be read: that raises ``StoreError``.
    """
    log, shared_memory = (Path(f"{path}{end}").exists() for end in ("-wal", "-shm"))
    writable = os.access(path.parent, os.W_OK)
    if log and not (writable or shared_memory):
        raise StoreError(
            f"the store {path} was not closed cleanly, and its folder cannot be written, as reading its log requires; "
            f"copy {path.name} and {path.name}-wal to a folder that can be"
        )
    return not (writable or log)


class FileWatch:
    """Notices that files of an open store were removed or replaced under their names.

    What is written to such a file is lost, because the next process opens another one under that name.
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self._known: dict[str, tuple[int, int]] = {}

    def learn(self, *ends: str) -> None:
        """Remember the files with these endings as they are now, unless they are remembered already."""
        for end in ends:
            path = f"{self.store}{end}"
            if path not in self._known and (identity := _identify(path)) is not None:
                self._known[path] = identity

    def forget(self, *ends: str) -> None:
        """Watch the files with these endings no longer."""
        for end in ends:
            self._known.pop(f"{self.store}{end}", None)

    def check(self) -> None:
        """Raise ``StoreLostError`` if a file that was remembered is gone, or is another one."""
        for path, known in tuple(self._known.items()):
            if (found := _identify(path)) != known:
                what = "removed" if found is None else "replaced"
                fix = "put it back or restore a backup, then start again" if path == str(self.store) else "start again"
                raise StoreLostError(f"{path} was {what} while it was in use: nothing more is written; {fix}")


def _identify(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - several times faster, and asked before each read
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _find_near_names(store: Path) -> list[str]:
    # By their names alone: a file that is opened and closed loses the locks of a store open in the same process.
    try:
        others = [path.name for path in store.parent.iterdir() if path.suffix in {*USUAL_SUFFIXES, store.suffix}]
    except OSError:
        return []
    return get_close_matches(store.name, others, n=3, cutoff=0.5)
