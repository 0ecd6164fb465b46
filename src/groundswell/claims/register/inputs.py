"""Hashes of the data that an evaluation rests on, as they were known then."""

from __future__ import annotations

import hashlib

import numpy as np

from groundswell.claims.evaluate import list_inputs, select_known
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Series


def hash_inputs(evaluation: Evaluation, book: SeriesBook) -> dict[str, str]:
    """Return the hash of each series of the main measurement, with every value that was known, by its name."""
    return {str(series.ref): hash_series(series) for series in list_inputs(evaluation, select_known(evaluation, book))}


def hash_series(series: Series) -> str:
    """Return the SHA-256 of the days, values and times of a series, which is the same on every machine."""
    content = hashlib.sha256(f"{series.ref}\n{series.frequency.value}\n{series.source}\n".encode())
    days, known = series.dates.astype("datetime64[D]"), series.known_at.astype("datetime64[s]")
    for column in (days.astype("<i8"), series.values.astype("<f8"), known.astype("<i8")):
        content.update(np.ascontiguousarray(column).tobytes())
    return content.hexdigest()
