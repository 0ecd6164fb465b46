"""Surprises of monetary policy in a folder: one series a contract, with one value for each announcement.

The moves of futures in a short window around each announcement, as researchers publish them: a row an announcement,
with its time in New York.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatch
from math import isfinite
from pathlib import Path

import numpy as np

from groundswell.errors import BadInputError
from groundswell.markets.series.calendar import as_days, on_or_after
from groundswell.markets.series.catalogue import POLICY_SURPRISES, family_of
from groundswell.model import Frequency, Series, SeriesRef
from groundswell.sources.release_times import known_at

SURPRISE_FILES = "*surprises*.csv"
TEXT = "description"
TIME_COLUMNS = ("start", "date")
CLOSE = dt.time(16)
"""The close in New York: what is announced later can first be traded on the next session."""


def is_surprise_file(name: str) -> bool:
    """Whether a file holds surprises, by its name."""
    return fnmatch(name.lower(), SURPRISE_FILES)


def surprise_series(folder: Path, wanted: Collection[SeriesRef]) -> tuple[Series, ...]:
    """Read the ``wanted`` contracts, each a column of a file with ``start``: day and time of the announcement.

    A value is dated on the session on which the announcement could first be traded; those of one session are added
    up, because its return includes both. An empty cell is no value. Of several files with a contract, the last by name
    counts. Raises ``BadInputError`` for a time or a value that cannot be read.
    """
    if not any(family_of(ref) is POLICY_SURPRISES for ref in wanted):
        return ()
    found: dict[SeriesRef, Series] = {}
    for file in sorted(path for path in folder.iterdir() if path.is_file() and is_surprise_file(path.name)):
        for contract, values in _read(file).items():
            ref = POLICY_SURPRISES.ref(contract)
            if ref in wanted and values:
                dates = as_days(sorted(values))
                numbers = np.array([values[day] for day in sorted(values)])
                known = known_at(ref, Frequency.DAILY, dates)
                found[ref] = Series(ref, Frequency.DAILY, file.name, dates, numbers, known)
    return tuple(found.values())


def _read(file: Path) -> Mapping[str, dict[dt.date, float]]:
    """Read the values of each column by session; none where the file has no column of times."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        columns = rows.fieldnames or ()
        time = next((name for name in TIME_COLUMNS if name in columns), None)
        if time is None:
            return {}
        cells = [(line, row[time] or "", row) for line, row in enumerate(rows, start=2)]
    sessions = list(_find_sessions(file.name, ((line, text) for line, text, _ in cells)))
    contracts = [
        name for name in columns if name not in (time, "description") and POLICY_SURPRISES.matches(f"surprise.{name}")
    ]
    return {
        name: _add_up(file.name, name, zip(sessions, ((line, row.get(name)) for line, _, row in cells), strict=True))
        for name in contracts
    }


def _find_sessions(file: str, times: Iterable[tuple[int, str]]) -> Iterator[dt.date]:
    """Find the session on which each announcement could first be traded."""
    for line, text in times:
        try:
            at = dt.datetime.fromisoformat(text.strip())
        except ValueError:
            raise BadInputError(
                f"{file} line {line}: {text!r} is no time such as 2024-09-18 14:00; correct it"
            ) from None
        day = at.date() + dt.timedelta(days=int(at.time() >= CLOSE))
        session: dt.date = on_or_after(as_days([day]))[0].item()
        yield session


def _add_up(file: str, name: str, cells: Iterable[tuple[dt.date, tuple[int, str | None]]]) -> dict[dt.date, float]:
    values: dict[dt.date, float] = {}
    for session, (line, text) in cells:
        if not (text or "").strip():
            continue
        try:
            value = float(text or "")
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise BadInputError(f"{file} line {line}: {name} is {text!r} and no number; correct it or leave it empty")
        values[session] = values.get(session, 0.0) + value
    return values
