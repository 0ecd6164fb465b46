"""A claim's event rows as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io

from groundswell.types import Evaluation

COLUMNS = ("reading", "date", "start", "end", "value")
MAIN = "main"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def events_csv(evaluation: Evaluation) -> str:
    """The event rows of the main measurement and of every reading; values in the claim's unit (returns as fractions).

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    measurements = [(MAIN, evaluation.events)] + [(reading.name, reading.events) for reading in evaluation.readings]
    for name, events in measurements:
        for event in events:
            writer.writerow([_inert(name), event.date, event.start, event.end, repr(float(event.value))])
    return out.getvalue()


def _inert(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
