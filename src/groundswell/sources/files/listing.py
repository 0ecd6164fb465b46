"""The data files of a folder and of the folders in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from groundswell.sources.files.names import HIVE_KEY, SUFFIXES

PART_NAME = re.compile(
    r"(?:(?:part|chunk|data)[-_.]\d+|0{3}\d+|(?:19|20)\d{2}(?:[-_]?\d{2}){0,2})(?:[-_.].*)?\.parquet", re.IGNORECASE
)
"""How programs name the parts of a Parquet data set, in order or by date: ``part-0.parquet``, ``2024.parquet``."""

WHOLE_FOLDER = "data set"
"""The name of a data set whose parts lie in the data folder itself."""

MAX_FILES = 20_000
IGNORED_BEGINNINGS = (".", "_", "~$")
"""Hidden files, marks such as _SUCCESS, and the locks of Excel."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a data folder, or a Parquet data set of several: its name inside the folder, and its paths."""

    name: str
    paths: tuple[Path, ...]
    has_keys: bool = False

    @property
    def path(self) -> Path:
        """The file, or the first part of a data set."""
        return self.paths[0]

    @property
    def is_parquet(self) -> bool:
        return self.path.suffix.lower() == ".parquet"


def list_data_files(folder: Path) -> tuple[DataFile, ...]:
    """Return the data files of a folder and its folders by name; the parts of a Parquet data set are one of them.

    Hidden files and folders are left out, and so is what is no file, such as a pipe. Links to folders are not followed.
    A data set is a folder of part files, or of folders such as ``symbol=IWM``.
    """
    single: list[DataFile] = []
    sets: dict[str, list[Path]] = {}
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        base = _find_data_set(PurePath(name)) if path.suffix.lower() == ".parquet" else None
        if base is None:
            single.append(DataFile(name, (path,)))
        else:
            sets.setdefault(base, []).append(path)
        if len(single) + len(sets) > MAX_FILES:
            break
    found = [
        DataFile(base, tuple(sorted(paths)), has_keys=any("=" in str(path.relative_to(folder)) for path in paths))
        for base, paths in sets.items()
    ]
    return tuple(sorted((*single, *found), key=lambda file: file.name))


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(IGNORED_BEGINNINGS))
        for name in sorted(files):
            path = Path(root, name)
            if name.lower().endswith(SUFFIXES) and not name.startswith(IGNORED_BEGINNINGS) and _can_be_opened(path):
                yield path


def _can_be_opened(path: Path) -> bool:
    """Whether opening a path ends: a pipe or a device may wait for ever. A link to nothing gives an error at once."""
    return path.is_file() or not path.exists()


def _find_data_set(name: PurePath) -> str | None:
    """Return the name of the data set that a Parquet file is a part of; None for a file by itself."""
    for place, part in enumerate(name.parts[:-1]):
        if HIVE_KEY.fullmatch(part):
            return PurePath(*name.parts[:place]).as_posix() if place else WHOLE_FOLDER
    if PART_NAME.fullmatch(name.name):
        return name.parent.as_posix() if len(name.parts) > 1 else WHOLE_FOLDER
    return None
