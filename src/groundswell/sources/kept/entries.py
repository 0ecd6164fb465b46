"""What reading a folder gave, as bytes and back: JSON for texts, plain arrays for numbers, a hash over both.

An entry is the SHA-256 of all that follows, the length of the JSON, the JSON, and the arrays of the series one after
the other. Nothing in it can run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.model import Action, DataIssue, Frequency, IssueKind, Measure, Series, SeriesRef
from groundswell.sources.loaded import FileNote, Loaded
from groundswell.sources.tables.faults import Fault

DIGEST_BYTES, LENGTH_BYTES = 32, 8
COLUMNS = (("dates", "<i8", "<M8[D]"), ("values", "<f8", "<f8"), ("known_at", "<i8", "<M8[s]"))
"""The arrays of a series: their names, how they are written (eight bytes a number), and what they are."""


def encode_entry(key: str, loaded: Loaded) -> bytes | None:
    """Return an entry.

    None for what has no place in one: earlier values of revised days, which files never have, or a value that JSON
    cannot write.
    """
    if any(series.superseded for series in loaded.series):
        return None
    head = {
        "key": key,
        "series": [
            [series.ref.id, series.ref.measure, series.frequency, series.source, series.revised, len(series)]
            for series in loaded.series
        ],
        "notes": [astuple(note) for note in loaded.notes],
        "issues": [_write_issue(issue) for issue in loaded.data_issues],
        "faults": [astuple(fault) for fault in loaded.faults],
    }
    try:
        text = json.dumps(head).encode()
    except TypeError:
        return None
    body = b"".join((len(text).to_bytes(LENGTH_BYTES, "little"), text, *_write_arrays(loaded)))
    return hashlib.sha256(body).digest() + body


def decode_entry(key: str, entry: bytes, folder: Path) -> Loaded | None:
    """Return what was kept for ``key`` of a folder; None for an entry that is damaged, cut short or another's."""
    body = memoryview(entry)[DIGEST_BYTES:]
    if len(body) < LENGTH_BYTES or hashlib.sha256(body).digest() != entry[:DIGEST_BYTES]:
        return None
    end = LENGTH_BYTES + int.from_bytes(body[:LENGTH_BYTES], "little")
    try:
        head = json.loads(bytes(body[LENGTH_BYTES:end]))
        if head["key"] != key:
            return None
        return Loaded(
            folder.absolute(),
            tuple(_read_series(head["series"], body[end:])),
            tuple(FileNote(*row) for row in head["notes"]),
            tuple(_read_issue(row) for row in head["issues"]),
            tuple(Fault(*row) for row in head["faults"]),
        )
    except (ValueError, KeyError, TypeError):  # whole, but not written by this code
        return None


def _write_arrays(loaded: Loaded) -> Iterator[bytes]:
    for series in loaded.series:
        for name, written, meant in COLUMNS:
            yield getattr(series, name).astype(meant).astype(written).tobytes()


def _read_series(rows: list[Any], arrays: memoryview) -> Iterator[Series]:
    place = 0
    for name, measure, frequency, source, revised, count in rows:
        dates, values, known = (
            np.frombuffer(arrays, written, count, place + 8 * count * column).astype(meant)  # a copy, as reading gives
            for column, (_, written, meant) in enumerate(COLUMNS)
        )
        place += 8 * count * len(COLUMNS)
        yield Series(
            SeriesRef(name, Measure(measure)), Frequency(frequency), source, dates, values, known, revised=revised
        )


def _write_issue(issue: DataIssue) -> list[Any]:
    days = [day.isoformat() for day in issue.days]
    span = (issue.first.isoformat(), issue.last.isoformat())
    texts = (issue.unit, issue.text, issue.remedy, issue.action)
    return [issue.kind, issue.series, issue.source, *span, days, issue.size, *texts]


def _read_issue(row: list[Any]) -> DataIssue:
    kind, series, source, first, last, days, size, unit, text, remedy, action = row
    span = (date.fromisoformat(first), date.fromisoformat(last))
    listed = tuple(map(date.fromisoformat, days))
    return DataIssue(IssueKind(kind), series, source, *span, listed, size, unit, text, remedy, Action(action))
