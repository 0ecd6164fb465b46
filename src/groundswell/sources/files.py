"""A folder of CSV and Parquet files as series. The forms are told in docs/estimands.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from groundswell.errors import BadInputError, NotFoundError
from groundswell.sources.breadth import breadth_series
from groundswell.sources.forms import SUFFIXES, stem
from groundswell.sources.futures import futures_series
from groundswell.sources.holdings import concentration_series
from groundswell.sources.members import member_series
from groundswell.sources.parts import Part, join
from groundswell.sources.publication import REVISED, frequency_of, known_at
from groundswell.sources.tables import Contents, read_table
from groundswell.types import Series, SeriesRef

MEMBERS = ("constituents", "holdings")
"""Files whose names begin so describe the members of funds: no series of their own, see ``members``."""

NAMED = 8
"""How many series a note names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class FileNote:
    """What became of a file, or of a series in it, in words."""

    file: str
    used: bool
    text: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """The series of a folder, in order of their references, and what became of each file."""

    folder: Path
    series: tuple[Series, ...]
    notes: tuple[FileNote, ...]


def load_folder(path: Path, wanted: Collection[SeriesRef] | None = None) -> Loaded:
    """Load the ``wanted`` series (all, if None) from the CSV and Parquet files of a folder, subfolders left aside.

    Missing values and prices that are not positive are left out, never filled. Raises ``NotFoundError`` when there is
    no such folder, ``BadInputError`` when none of its files can be used, or one is damaged.
    """
    if not path.is_dir():
        raise NotFoundError(f"there is no folder {path}; name one that holds CSV or Parquet files: --data DIR")
    files = sorted(file for file in path.iterdir() if file.name.endswith(SUFFIXES) and not file.name.startswith("."))
    if not files:
        raise BadInputError(f"{path} holds no file to read; put files there that end in {', '.join(SUFFIXES)}")
    contents = {file.name: _read(file, wanted) for file in files}
    notes = [note for file, found in contents.items() for note in _notes(file, found)]
    if not any(found.usable for found in contents.values()):
        mistakes = tuple(f"{note.file}: {note.text}" for note in notes)
        raise BadInputError(f"no file in {path} holds prices or rates in a form that is known", mistakes)
    parts: dict[SeriesRef, list[Part]] = {}
    for part in (part for found in contents.values() for part in found.parts):
        parts.setdefault(part.ref, []).append(part)
    series = []
    for ref in sorted(parts):
        joined, refused = join(parts[ref])
        series.append(_series(joined))
        notes += [FileNote(file, False, why) for file, why in refused]
    if wanted is not None:
        for make in (member_series, breadth_series, concentration_series, futures_series):
            series += make(path, wanted)
    return Loaded(path.absolute(), tuple(series), tuple(notes))


def _read(file: Path, wanted: Collection[SeriesRef] | None) -> Contents:
    if stem(file).lower().startswith(MEMBERS):
        return Contents(reason="it describes the members of a fund", usable=False)
    return read_table(file, wanted)


def _notes(file: str, found: Contents) -> Iterator[FileNote]:
    if not found.parts:
        yield FileNote(file, False, f"not used: {found.reason or 'it holds no values'}")
    else:
        names = ", ".join(str(part.ref) for part in found.parts[:NAMED])
        more = f" and {len(found.parts) - NAMED} more" if len(found.parts) > NAMED else ""
        yield FileNote(file, True, f"used for {names}{more}")
    if found.dropped:
        yield FileNote(file, bool(found.parts), f"{found.dropped} prices that are not positive were left out")


def _series(part: Part) -> Series:
    frequency = frequency_of(part.dates)
    return Series(
        ref=part.ref,
        frequency=frequency,
        source=part.source,
        dates=part.dates,
        values=part.values,
        known_at=known_at(part.ref, frequency, part.dates),
        revised=part.ref.id in REVISED,
    )
