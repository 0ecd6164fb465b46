"""The hash of everything that the outcome of reading a folder follows from: files, program, arguments.

The bytes of every file are hashed. Times and sizes of files are not trusted: a copy, a restored backup or a program
that writes in place can change the bytes and leave both as they were.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Collection, Iterable
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from groundswell.model import SeriesRef
from groundswell.sources.files.listing import MAX_FILES, list_data_files

FORMAT = "groundswell kept load 1"
"""Changes with the form of an entry."""

PROGRAM = Path(__file__).parents[2]
READERS = ("numpy", "duckdb", "python-calamine")
"""Packages whose version may change what is read."""


def compute_key(path: Path, wanted: Collection[SeriesRef], latest: date, read_at: datetime) -> str | None:
    """Return the hash of what ``load_folder`` depends on with these arguments; None where that cannot be said.

    It cannot where a file is unreadable, where there are too many files to list them all, and where
    the program's own source is not on the disk.
    """
    try:
        program = _list_program()
        data = [each for file in list_data_files(path) for each in file.paths]
        if not program or not data or len(data) >= MAX_FILES:
            return None
        digest = hashlib.sha256()
        arguments = (str(path.absolute()), latest.isoformat(), read_at.isoformat(), *sorted(map(str, wanted)))
        for text in (FORMAT, platform.machine(), platform.python_version(), *map(version, READERS), *arguments):
            _add(digest, text)
        _add_files(digest, PROGRAM, program)
        _add_files(digest, path, data)
    except OSError:
        return None
    return digest.hexdigest()


def _list_program() -> list[Path]:
    """List the files of this program: code, hub files, shipped series. None where only compiled code is there."""
    files = [path for path in PROGRAM.rglob("*") if "__pycache__" not in path.parts]
    has_source = any(path.suffix == ".py" for path in files)
    return sorted(path for path in files if path.is_file()) if has_source else []


def _add_files(digest: hashlib._Hash, folder: Path, files: Iterable[Path]) -> None:
    for file in files:
        _add(digest, file.relative_to(folder).as_posix())
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())


def _add(digest: hashlib._Hash, text: str) -> None:
    """Add a text with its length, so that no two lists of texts give the same bytes."""
    body = text.encode("utf-8", "surrogateescape")
    digest.update(len(body).to_bytes(8, "little") + body)
