"""A folder of entries, each in a file that is named by its key: read with distrust, written whole, never too many.

Whatever goes wrong with it costs time, not an answer: nothing here raises an ``OSError``.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from groundswell.log import log

SUFFIX = ".kept"
UNFINISHED = ".unfinished"
MAX_ENTRIES = 8
MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRY_BYTES = 32 * 1024 * 1024
MAX_UNFINISHED_SECONDS = 3600.0
"""A file that its writer did not finish in this time is left over."""


def read_entry(folder: Path, key: str) -> bytes | None:
    """Return the bytes of an entry; None if there is none that only the user of this process can have written."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    path = folder / f"{key}{SUFFIX}"
    try:
        if not _is_private(folder.lstat(), stat.S_ISDIR):
            return None
        with os.fdopen(os.open(path, flags), "rb") as opened:
            state = os.fstat(opened.fileno())
            if not _is_private(state, stat.S_ISREG) or state.st_size > MAX_ENTRY_BYTES:
                return None
            entry = opened.read(MAX_ENTRY_BYTES + 1)
        with suppress(OSError):
            os.utime(path)  # the entries that were used last stay
    except OSError:
        return None
    return entry


def write_entry(folder: Path, key: str, entry: bytes) -> bool:
    """Write an entry, in one step for all who read it, and remove the oldest ones; return whether it was written."""
    if len(entry) > MAX_ENTRY_BYTES:
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(folder.lstat(), stat.S_ISDIR):
            log.info("nothing is kept in %s: it is a link, or others can write to it", folder)
            return False
        handle, name = tempfile.mkstemp(UNFINISHED, dir=folder)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(entry)
            Path(name).replace(folder / f"{key}{SUFFIX}")
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _prune(folder)
    except OSError as error:
        log.info("nothing is kept in %s: %s", folder, error.strerror or type(error).__name__)
        return False
    return True


def _prune(folder: Path) -> None:
    """Remove the entries used longest ago, beyond the number and size that are kept, and what writers left over."""
    entries: list[tuple[float, int, str]] = []
    with os.scandir(folder) as found:
        for file in found:
            with suppress(OSError):  # removed by another process
                state = file.stat(follow_symlinks=False)
                if file.name.endswith(SUFFIX):
                    entries.append((state.st_mtime, state.st_size, file.path))
                elif file.name.endswith(UNFINISHED) and state.st_mtime < time.time() - MAX_UNFINISHED_SECONDS:
                    Path(file.path).unlink()
    total = 0
    for place, (_, size, path) in enumerate(sorted(entries, reverse=True)):
        total += size
        if place >= MAX_ENTRIES or total > MAX_BYTES:
            with suppress(OSError):
                Path(path).unlink()


def _is_private(state: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether a file or folder is of the right kind, belongs to this user, and no other user can write to it."""
    mine = not hasattr(os, "geteuid") or state.st_uid == os.geteuid()
    others_write = os.name == "posix" and bool(state.st_mode & 0o022)
    return is_kind(state.st_mode) and mine and not others_write
