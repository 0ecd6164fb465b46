"""What reading a folder gives. The reading itself imports DuckDB, which a program that only serves does not need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundswell.model import Action, DataIssue, Series
from groundswell.sources.tables.faults import Fault


@dataclass(frozen=True, slots=True)
class FileNote:
    """Whether a file, or a series in it, was used, and how or why not."""

    file: str
    used: bool
    text: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """The series of a folder, in order of their references, with a note on each file and the data issues found.

    ``data_issues`` also holds those of sources that are not used. ``faults`` are the mistakes in all files, one for
    each place.
    """

    folder: Path
    series: tuple[Series, ...]
    notes: tuple[FileNote, ...]
    data_issues: tuple[DataIssue, ...] = ()
    faults: tuple[Fault, ...] = ()

    def in_use(self) -> tuple[DataIssue, ...]:
        """Return the data issues of the series themselves."""
        names = {str(series.ref) for series in self.series}
        return tuple(issue for issue in self.data_issues if issue.action is not Action.UNUSED and issue.series in names)
