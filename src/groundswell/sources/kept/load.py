"""Loading a folder, or taking what loading the same files gave before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from groundswell.model import SeriesRef
from groundswell.sources.kept.entries import decode_entry, encode_entry
from groundswell.sources.kept.fingerprint import compute_key
from groundswell.sources.kept.shelf import read_entry, write_entry
from groundswell.sources.loaded import Loaded

CLOSE = time(21)
"""When the prices of a day are known (UTC): between two closes no later moment changes what is read."""


def load_kept(path: Path, wanted: Collection[SeriesRef], keep_in: Path, now: datetime) -> Loaded:
    """Load the ``wanted`` series of a folder as ``load_folder`` does at ``now``, and raise what it raises.

    What it gives is kept in ``keep_in`` and returned for as long as no byte of the files, of the program and of the
    arguments changes. A load during which any of them changed is not kept.
    """
    latest, read_at = now.date() + timedelta(days=1), _find_last_close(now)
    key = compute_key(path, wanted, latest, read_at)
    entry = read_entry(keep_in, key) if key else None
    if key and entry and (kept := decode_entry(key, entry, path)):
        return kept
    from groundswell.sources.folder import load_folder  # noqa: PLC0415  (imports DuckDB, which is heavy)

    loaded = load_folder(path, wanted, latest=latest, read_at=read_at)
    if key and loaded.series and compute_key(path, wanted, latest, read_at) == key:
        entry = encode_entry(key, loaded)
        if entry:
            write_entry(keep_in, key, entry)
    return loaded


def _find_last_close(now: datetime) -> datetime:
    today = datetime.combine(now.date(), CLOSE, UTC)
    return today if today <= now else today - timedelta(days=1)
