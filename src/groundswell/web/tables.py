"""A claim's event rows as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io

from groundswell.types import Evaluation

COLUMNS = ("reading", "date", "start", "end", "value", "error", "beta")
MAIN = "main"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def events_csv(evaluation: Evaluation) -> str:
    """The event rows of the main measurement and of every reading; values in the claim's unit (returns as fractions).

    Errors and betas are those of the market model, empty elsewhere.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    measurements = [(MAIN, evaluation.events)] + [(reading.name, reading.events) for reading in evaluation.readings]
    for name, events in measurements:
        for event in events:
            figures = (event.value, event.error, event.beta)
            told = ("" if figure is None else repr(float(figure)) for figure in figures)
            writer.writerow([_inert(name), event.date, event.start, event.end, *told])
    return out.getvalue()


def _inert(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
