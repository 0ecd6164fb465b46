"""A text as rows of cells: the delimiter is the one that gives a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.sources.tables.faults import TableError, quote

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
MAX_HEAD_LINES = 200
"""A heading must be among the first lines."""

MAX_LINES_OF_A_ROW = 40
"""A row of more lines comes of a quotation mark that is never closed."""

WEB_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<noscript", "<script")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, without empty rows, and the line on which each begins. ``delimiter`` is empty for a workbook."""

    rows: list[list[str]]
    lines: list[int]
    delimiter: str = ""


def require_table(text: str) -> None:
    """Raise ``TableError`` for a text that is none: empty, a web page, or a message in JSON, which is quoted."""
    start = text[:500].lstrip().lower()
    if not start:
        raise TableError("it is empty", "replace the file or take it out")
    if start.startswith((*WEB_PAGE_STARTS, "<?xml")):
        raise TableError("it is a web page, not a table", "download the file again; the service may have refused it")
    if start[0] in "{[":
        raise TableError(_describe_json(text), "download the file again, as CSV")


def split_rows(text: str, delimiter: str, max_lines: int | None = None) -> Grid:
    """Split a text into rows of cells. Raises ``TableError`` for a quotation mark that is not closed."""
    source = text.split("\n") if max_lines is None else text.split("\n", max_lines)[:max_lines]
    reader = csv.reader((f"{line}\n" for line in source), delimiter=delimiter, skipinitialspace=True)
    rows, lines, before = [], [], 0
    try:
        for row in reader:
            if reader.line_num - before > MAX_LINES_OF_A_ROW:
                break
            if (row and row[0]) or any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
        else:
            return Grid(rows, lines, delimiter)
    except csv.Error as error:
        if "field limit" in str(error):
            fix = "take the row out, or look for a quotation mark that is not closed"
            raise TableError(
                f"a cell of more than {csv.field_size_limit():,} characters", fix, line=before + 1
            ) from None
    raise TableError("a quotation mark is opened here and not closed", "close it or take it out", line=before + 1)


def write_delimiter(delimiter: str) -> str:
    """Return the name of a delimiter."""
    return DELIMITERS.get(delimiter, "")


def describe_first_line(rows: Iterable[list[str]]) -> str:
    """Quote the first row, for a message about a text without a table."""
    return quote(", ".join(next(iter(rows), [])))


def _describe_json(text: str) -> str:
    """Return the message that a service sent in place of a table."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return "it is JSON, not a table"
    if isinstance(content, dict):
        messages = [value for value in content.values() if isinstance(value, str)]
        if messages:
            return f"it holds a message in place of a table: {quote(messages[0])}"
    return "it is JSON, not a table"
