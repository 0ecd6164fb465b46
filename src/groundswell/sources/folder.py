"""A folder of CSV and Parquet files as series. The forms are told in docs/data-folder.md."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundswell.errors import BadInputError, NotFoundError
from groundswell.markets.quality.identities import list_identity_series
from groundswell.markets.series.catalogue import INDICES, UNIVERSE, family_of, is_index
from groundswell.model import Action, DataIssue, Measure, Series, SeriesRef
from groundswell.ports import Progress
from groundswell.sources.derived.breadth import breadth_series
from groundswell.sources.derived.concentration import concentration_series
from groundswell.sources.derived.constituents import MEMBERS, member_series
from groundswell.sources.derived.futures import futures_series
from groundswell.sources.files.layouts import SUFFIXES, stem
from groundswell.sources.files.splice import Part, join
from groundswell.sources.files.table import NO_DATES, Contents, read_table
from groundswell.sources.quality.constituent_prices import member_price_defects
from groundswell.sources.quality.reconcile import reconcile, without
from groundswell.sources.quality.survivorship import member_defects
from groundswell.sources.release_times import frequency_of, known_at
from groundswell.wording.plurals import write_first_names

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
    """The series of a folder, in order of their references, what became of each file, and what is wrong with the data.

    ``data_issues`` holds those of sources that are not used as well.
    """

    folder: Path
    series: tuple[Series, ...]
    notes: tuple[FileNote, ...]
    data_issues: tuple[DataIssue, ...] = ()

    def in_use(self) -> tuple[DataIssue, ...]:
        """The defects of the series themselves."""
        names = {str(one.ref) for one in self.series}
        return tuple(one for one in self.data_issues if one.action is not Action.UNUSED and one.series in names)


def load_folder(
    path: Path, wanted: Collection[SeriesRef] | None = None, progress: Progress = lambda done: None
) -> Loaded:
    """Load the ``wanted`` series (all, if None) from the CSV and Parquet files of a folder, subfolders left aside.

    Missing values and prices that are not positive are left out, never filled; so are rows that the check finds to be
    wrong by themselves (see ``reconcile``). ``progress`` is told of each file read. Raises ``NotFoundError`` when there
    is no such folder, ``BadInputError`` when none of its files can be used, or one is damaged.
    """
    files = _files(path)
    contents: dict[str, Contents] = {}
    for file in files:
        contents[file.name] = _read(file, None if wanted is None else _and_copies(wanted))
        progress(1)
    if not any(found.usable for found in contents.values()):
        notes = [note for file, found in contents.items() for note in _notes(file, found, wanted)]
        mistakes = tuple(f"{note.file}: {note.text}" for note in notes)
        raise BadInputError(f"no file in {path} holds prices or rates in a form that is known", mistakes)
    used, left_out = _joined([part for found in contents.values() for part in found.parts])
    others = [part for part, _ in left_out] + [part for found in contents.values() for part in found.beside]
    checked = reconcile(used, others, [_series(part) for part in used])
    series = [
        _series(without(part, checked.dropped.get(part.ref, NO_DATES)))
        for part in used
        if wanted is None or part.ref in wanted
    ]
    of_members, others_made = _made(path, wanted or ())
    beside = _made_of(contents, of_members, others_made)
    notes = [note for file, found in contents.items() for note in _notes(file, found, wanted, beside.get(file))]
    notes += [FileNote(part.file, False, why) for part, why in left_out if wanted is None or part.ref in wanted]
    all_of_members = [file for file in files if file.name.lower().startswith(MEMBERS)] if wanted is None else []
    data_issues = (*member_defects(path, of_members, all_of_members), *member_price_defects(all_of_members))
    return Loaded(
        path.absolute(), (*series, *of_members, *others_made), tuple(notes), (*checked.data_issues, *data_issues)
    )


def _made(path: Path, wanted: Collection[SeriesRef]) -> tuple[tuple[Series, ...], tuple[Series, ...]]:
    """The wanted series made from prices of members, and those from dated lists and from futures, which lose nobody."""
    of_members = (*member_series(path, wanted), *breadth_series(path, wanted))
    return of_members, (*concentration_series(path, wanted), *futures_series(path, wanted))


def _made_of(files: Iterable[str], of_members: Sequence[Series], others: Sequence[Series]) -> dict[str, str]:
    """What each file served for that is no series itself but has some made of it, whose sources name it."""
    told: dict[str, str] = {}
    for file in files:
        if made := sorted(one.ref for one in (*of_members, *others) if file in re.split("[,;:] ?", one.source)):
            told[file] = f"used for {_named(made)}"
    with_prices = [file for file in told if any(file in one.source for one in of_members)]
    return {**told, UNIVERSE: f"read with {', '.join(with_prices)}"} if with_prices else told


def _named(refs: Sequence[SeriesRef]) -> str:
    return write_first_names([str(ref) for ref in refs], NAMED)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        raise NotFoundError(f"there is no folder {path}; name one that holds CSV or Parquet files: --data DIR")
    files = sorted(file for file in path.iterdir() if file.name.endswith(SUFFIXES) and not file.name.startswith("."))
    if not files:
        raise BadInputError(f"{path} holds no file to read; put files there that end in {', '.join(SUFFIXES)}")
    return files


def _and_copies(wanted: Collection[SeriesRef]) -> frozenset[SeriesRef]:
    """What is wanted, and what it can be held against: other measures of the same, and other names of indices."""
    names = {ref.id for ref in wanted} | {INDICES.parts(ref.id)["name"] for ref in wanted if is_index(ref.id)}
    return (
        frozenset(wanted) | {SeriesRef(name, measure) for name in names for measure in Measure} | list_identity_series()
    )


def _joined(parts: Iterable[Part]) -> tuple[list[Part], list[tuple[Part, str]]]:
    """One part a series, in order of their references, and the parts that were left out, each with the reason."""
    together: dict[SeriesRef, list[Part]] = {}
    for part in parts:
        together.setdefault(part.ref, []).append(part)
    used, left_out = [], []
    for ref in sorted(together):
        joined, refused = join(together[ref])
        used.append(joined)
        why = dict(refused)
        left_out += [(part, why[part.file]) for part in together[ref] if part.file in why]
    return used, left_out


def _read(file: Path, wanted: Collection[SeriesRef] | None) -> Contents:
    if stem(file).lower().startswith(MEMBERS):
        return Contents(reason="it describes the members of a fund", usable=False)
    return read_table(file, wanted)


def _notes(
    file: str, found: Contents, wanted: Collection[SeriesRef] | None, made: str | None = None
) -> Iterator[FileNote]:
    refs = [part.ref for part in found.parts if wanted is None or part.ref in wanted]
    if made:
        yield FileNote(file, True, made)
    elif found.belongs_to:
        yield FileNote(file, True, f"read with {found.belongs_to}")
    elif not refs:
        why = found.reason or ("it holds none of the series that are used" if found.parts else "it holds no values")
        yield FileNote(file, False, f"not used: {why}")
    else:
        yield FileNote(file, True, f"used for {_named(refs)}")
    if found.dropped:
        yield FileNote(file, bool(refs), f"{found.dropped} prices that are not positive were left out")


def _series(part: Part) -> Series:
    frequency = frequency_of(part.dates)
    return Series(
        ref=part.ref,
        frequency=frequency,
        source=part.source,
        dates=part.dates,
        values=part.values,
        known_at=known_at(part.ref, frequency, part.dates),
        revised=family_of(part.ref).revised,
    )
