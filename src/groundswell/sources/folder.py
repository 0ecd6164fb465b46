"""The series in a folder of CSV, Excel and Parquet files, whose layouts docs/data-folder.md describes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from groundswell.errors import BadInputError, NotFoundError
from groundswell.markets.quality.identities import list_identity_series
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.series.catalogue import INDICES, UNIVERSE, family_of, is_index
from groundswell.model import Action, DataIssue, Measure, Series, SeriesRef
from groundswell.ports import Progress
from groundswell.sources.derived.breadth import breadth_series
from groundswell.sources.derived.concentration import concentration_series
from groundswell.sources.derived.constituents import MEMBER_FILE_PREFIXES, member_series
from groundswell.sources.derived.futures import futures_series
from groundswell.sources.derived.surprises import is_surprise_file, surprise_series
from groundswell.sources.files.listing import DataFile, list_data_files
from groundswell.sources.files.names import PLAIN_TEXT_SUFFIXES, SUFFIXES
from groundswell.sources.files.splice import Part, splice_parts
from groundswell.sources.files.table import NO_DATES, NO_WANTED_SERIES, Contents, read_table
from groundswell.sources.loaded import FileNote, Loaded
from groundswell.sources.quality.constituent_prices import check_constituent_prices
from groundswell.sources.quality.reconcile import drop_days, reconcile
from groundswell.sources.quality.repairs import repair_parts
from groundswell.sources.quality.survivorship import check_survivorship
from groundswell.sources.release_times import frequency_of, known_at
from groundswell.sources.tables.faults import Fault
from groundswell.wording.plurals import write_count, write_first_names

MAX_SERIES_IN_NOTE = 8
"""A note names this many series and counts the rest."""


def load_folder(
    path: Path,
    wanted: Collection[SeriesRef] | None = None,
    progress: Progress = lambda done: None,
    latest: date | None = None,
    read_at: datetime | None = None,
) -> Loaded:
    """Load the ``wanted`` series (None: all) from the data files of a folder and of the folders in it.

    Missing values and prices that are not positive are left out, never filled; so are rows that the checks find to be
    wrong by themselves (see ``reconcile``). A file that cannot be used stops no other. ``progress`` is called after
    each file; ``latest`` is the last day that a value can have (None: tomorrow), ``read_at`` the time (UTC) by which a
    session must be over (None: the end of ``latest``, else now). Raises ``NotFoundError`` if there is no such folder,
    ``BadInputError`` if none of its files can be used.
    """
    files = _list_files(path)
    last = latest or datetime.now(UTC).date() + timedelta(days=1)
    comparable = None if wanted is None else _add_comparable(wanted)
    with ThreadPoolExecutor(1) as second:  # mostly waits for DuckDB, while files are read and checked here
        deriving = second.submit(_compute_derived, path, wanted or ())
        contents: dict[str, Contents] = {}
        for file in files:
            content = _read_file(file, comparable, last, files)
            if not (content.is_plain_text and len(files) > 1):
                contents[file.name] = content
            progress(1)
        faults = [fault for content in contents.values() for fault in content.faults]
        if not any(content.usable for content in contents.values()):
            notes = [note for file, content in contents.items() for note in _write_notes(file, content, wanted)]
            named = {fault.file for fault in faults}
            mistakes = (*(f"{note.file}: {note.text}" for note in notes if note.file not in named), *map(str, faults))
            raise BadInputError(f"no file in {path} holds prices or rates in a known layout", mistakes)
        now = read_at or (end_of_day(latest) if latest else datetime.now(UTC))
        repaired = repair_parts((part for content in contents.values() for part in content.parts), now)
        by_source = repair_parts((part for content in contents.values() for part in content.by_source), now)
        used, left_out = _splice_all(repaired.parts)
        others = [*(part for part, _ in left_out), *by_source.parts]
        checked = reconcile(used, others, [_build_series(part) for part in used])
        from_members, from_lists, failures = deriving.result()
    faults += _describe_failures(failures, path, list(contents), {fault.file for fault in faults})
    series = [
        _build_series(drop_days(part, checked.dropped.get(part.ref, NO_DATES)))
        for part in used
        if wanted is None or part.ref in wanted
    ]
    derived = _describe_derived(contents, from_members, from_lists)
    notes = [
        note for file, content in contents.items() for note in _write_notes(file, content, wanted, derived.get(file))
    ]
    notes += [FileNote(part.file, False, reason) for part, reason in left_out if wanted is None or part.ref in wanted]
    member_files = [file.path for file in files if _describes_members(file)] if wanted is None else []
    data_issues = (
        *repaired.list_issues({(part.ref, part.file) for part, _ in left_out}),
        *by_source.list_issues({(part.ref, part.file) for part in by_source.parts}),
        *_report_findings(contents, used),
        *checked.data_issues,
        *check_survivorship(path, from_members, member_files),
        *check_constituent_prices(member_files),
    )
    return Loaded(path.absolute(), (*series, *from_members, *from_lists), tuple(notes), data_issues, tuple(faults))


def _report_findings(contents: Mapping[str, Contents], used: Iterable[Part]) -> Iterator[DataIssue]:
    """Report what was found in the files of the series, of unused ones as such."""
    in_use = {(part.ref, part.file) for part in used}
    for file, content in contents.items():
        for ref, finding, action in content.findings:
            is_used = (ref, file) in in_use
            yield finding.to_issue(str(ref), file, action if is_used else Action.UNUSED)


def _compute_derived(
    path: Path, wanted: Collection[SeriesRef]
) -> tuple[tuple[Series, ...], tuple[Series, ...], tuple[BadInputError, ...]]:
    """Return the wanted series computed from prices of members, and those from dated lists, futures and surprises.

    A file that cannot be read costs the series that are computed from it; the errors are returned.
    """
    found: list[tuple[Series, ...]] = []
    failures: list[BadInputError] = []
    for compute in (member_series, breadth_series, concentration_series, futures_series, surprise_series):
        try:
            found.append(tuple(compute(path, wanted)))
        except BadInputError as error:
            found.append(())
            failures.append(error)
    members, breadth, *from_lists = found
    return (*members, *breadth), tuple(series for listed in from_lists for series in listed), tuple(failures)


def _describe_failures(
    failures: Iterable[BadInputError], path: Path, files: Sequence[str], named: Collection[str]
) -> Iterator[Fault]:
    """Describe what derived series failed by, once a file, but for files ``named`` by a fault of their own."""
    done = set(named)
    for error in failures:
        file = next((name for name in files if str(error).startswith(name)), path.name)
        if file not in done:  # its own series may have failed by it
            done.add(file)
            text, _, fix = str(error).removeprefix(file).strip().partition("; ")
            yield Fault(file, 0, "", text, fix or "take the file out")


def _describe_derived(files: Iterable[str], from_members: Sequence[Series], others: Sequence[Series]) -> dict[str, str]:
    """Write for each file that derived series name as their source which series they are."""
    notes: dict[str, str] = {}
    for file in files:
        derived = [series for series in (*from_members, *others) if file in re.split("[,;:] ?", series.source)]
        if derived:
            notes[file] = f"used for {_name_series(sorted(series.ref for series in derived))}"
    with_prices = [file for file in notes if any(file in series.source for series in from_members)]
    return {**notes, UNIVERSE: f"read with {', '.join(with_prices)}"} if with_prices else notes


def _name_series(refs: Sequence[SeriesRef]) -> str:
    return write_first_names(list(map(str, refs)), MAX_SERIES_IN_NOTE)


def _list_files(path: Path) -> tuple[DataFile, ...]:
    if not path.is_dir():
        raise NotFoundError(f"there is no folder {path}; name one that holds CSV, Excel or Parquet files: --data DIR")
    files = list_data_files(path)
    if not any(not file.name.lower().endswith(PLAIN_TEXT_SUFFIXES) or _is_table(file) for file in files):
        raise BadInputError(f"{path} contains no data file; add files that end in {', '.join(SUFFIXES)}")
    return files


def _add_comparable(wanted: Collection[SeriesRef]) -> frozenset[SeriesRef]:
    """Add the series to compare the wanted ones with: their other measures, and other names of indices."""
    names = {ref.id for ref in wanted} | {INDICES.parts(ref.id)["name"] for ref in wanted if is_index(ref.id)}
    other_measures = {SeriesRef(name, measure) for name in names for measure in Measure}
    return frozenset(wanted) | other_measures | list_identity_series()


def _splice_all(parts: Iterable[Part]) -> tuple[list[Part], list[tuple[Part, str]]]:
    """Return one part a series, in order of their references, and each part that was left out with the reason."""
    by_ref: dict[SeriesRef, list[Part]] = {}
    for part in parts:
        by_ref.setdefault(part.ref, []).append(part)
    used, left_out = [], []
    for ref in sorted(by_ref):
        prices = by_ref.get(SeriesRef(ref.id, Measure.PRICE), ())
        spliced, reasons = splice_parts(by_ref[ref], prices)
        used.append(spliced)
        reason_by_file = dict(reasons)
        left_out += [(part, reason_by_file[part.file]) for part in by_ref[ref] if part.file in reason_by_file]
    return used, left_out


def _is_table(file: DataFile) -> bool:
    """Whether a text file holds a table, of whatever kind."""
    return not read_table(file, (), date.max).is_plain_text


def _describes_members(file: DataFile) -> bool:
    return file.path.name.lower().startswith(MEMBER_FILE_PREFIXES)


def _read_file(
    file: DataFile, wanted: Collection[SeriesRef] | None, latest: date, others: Sequence[DataFile]
) -> Contents:
    if _describes_members(file):
        return Contents(reason="it describes the members of a fund", usable=False)
    if is_surprise_file(file.path.name):
        return Contents(reason="its surprises are used where a claim needs them", usable=False)
    return read_table(file, wanted, latest, others)


def _write_notes(
    file: str, content: Contents, wanted: Collection[SeriesRef] | None, derived: str | None = None
) -> Iterator[FileNote]:
    refs = [part.ref for part in content.parts if wanted is None or part.ref in wanted]
    if derived:
        yield FileNote(file, True, derived)
    elif content.belongs_to:
        yield FileNote(file, True, f"read with {content.belongs_to}")
    elif not refs:
        reason = content.reason or (NO_WANTED_SERIES if content.parts else "it holds no values")
        yield FileNote(file, False, f"not used: {reason}")
    else:
        yield FileNote(file, True, f"used for {_name_series(refs)}")
    if content.repeated:
        yield FileNote(file, bool(refs), f"{write_count(content.repeated, 'repeated row')} left out")
    for fault in content.faults if content.usable else ():
        yield FileNote(file, bool(refs), str(fault))
    if content.dropped:
        yield FileNote(file, bool(refs), f"{write_count(content.dropped, 'price')} not above zero left out")


def _build_series(part: Part) -> Series:
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
