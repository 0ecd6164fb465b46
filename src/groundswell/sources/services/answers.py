"""What is for answers alone, around the readers of tables: refusals, JSON, messages, and no guess at any cell.

None of it trusts its input. Texts, tables, numbers and days are read by ``sources.tables``, as those of files are. An
answer is read more strictly than a file: nobody looks at it before its values count.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from groundswell.sources.services.base import UnusableAnswerError
from groundswell.sources.tables import numbers
from groundswell.sources.tables.day_forms import Order, WrittenDay, read_day
from groundswell.sources.tables.days import parse_day_column
from groundswell.sources.tables.decimal_signs import DecimalSign
from groundswell.sources.tables.encoding import decode_text
from groundswell.sources.tables.faults import TableError, quote
from groundswell.sources.tables.grid import WEB_PAGE_STARTS
from groundswell.sources.tables.read import TextTable, read_text_table

MAX_MESSAGE_CHARACTERS = 120

LATEST_DAY = date(2068, 12, 31)
"""Two digits of a year are those of 1969 to 2068, as POSIX has it."""

NUMBER_SIGNS = frozenset("0123456789+-.,eE")
"""A number of an answer has no others: what a currency or a percent sign would mean is for nobody to guess."""


def decode_answer(body: bytes) -> str:
    """Decode an answer, a web page too. Raises ``UnusableAnswerError`` for what is no text."""
    try:
        return decode_text(body).text
    except TableError:
        raise UnusableAnswerError("an answer that is no text") from None


def read_text(body: bytes) -> str:
    """Decode an answer without its byte order mark. Raises ``UnusableAnswerError`` for a web page or no text at all."""
    text = decode_answer(body)
    start = text[:500].lstrip().lower()
    if not start:
        raise UnusableAnswerError("an empty answer")
    if start.startswith(WEB_PAGE_STARTS):
        raise UnusableAnswerError("a web page instead of data")
    return text


def read_table(body: bytes) -> TextTable:
    """Read an answer as a table with a column of days; it may have no rows. Raises ``UnusableAnswerError``."""
    read_text(body)
    try:
        return read_text_table("", body, may_be_empty=True)
    except TableError as error:
        place = f"line {error.line}: " if error.line else ""
        raise UnusableAnswerError(f"a file without a table of days: {place}{error.text}") from None


def find_column(table: TextTable, names: Iterable[str]) -> int | None:
    """Return the column, other than that of days, which has the first of these labels that there is, in any case."""
    labels = [heading.label.lower() for heading in table.headings]
    labels[table.day] = ""
    return next((labels.index(name.lower()) for name in names if name.lower() in labels), None)


def read_json(body: bytes) -> Any:
    """Parse an answer as JSON. Raises ``UnusableAnswerError``."""
    try:
        return json.loads(read_text(body))
    except (ValueError, RecursionError):
        raise UnusableAnswerError("an answer that is not JSON") from None


def read_json_object(body: bytes) -> dict[str, Any]:
    """Parse an answer as a JSON object. Raises ``UnusableAnswerError`` for anything else."""
    content = read_json(body)
    if not isinstance(content, dict):
        raise UnusableAnswerError("JSON of another shape")
    return content


def quote_message(message: object, default: str) -> str:
    """Return the service's own error message, cut to a line, or the default where it gives none."""
    return str(message or default)[:MAX_MESSAGE_CHARACTERS]


def parse_number(value: object) -> float | None:
    """Return a finite number, given as one or as text; None for anything else.

    A comma separates thousands. A number that ends with its point is none, because its decimals are gone.
    """
    if isinstance(value, str):
        text = value.strip()
        return numbers.parse_number(text) if NUMBER_SIGNS.issuperset(text) and not text.endswith(".") else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) <= numbers.MAX_ABSOLUTE_VALUE else None


def parse_numbers(values: Sequence[object]) -> list[float | None]:
    """Parse a column of numbers; None for each that is none.

    Raises ``UnusableAnswerError`` for texts whose commas are, or may be, signs of decimals by the whole column.
    """
    texts = [value for value in values if isinstance(value, str)]
    with_commas = [text for text in texts if "," in text and NUMBER_SIGNS.issuperset(text.strip())]
    if with_commas:
        column = numbers.parse_number_columns({"": texts})[""]
        if column.refused or column.decimal is DecimalSign.COMMA:
            raise UnusableAnswerError(f"numbers whose commas may be signs of decimals, such as {quote(with_commas[0])}")
    return [parse_number(value) for value in values]


def is_missing(value: object) -> bool:
    """Whether an answer says that there is no value, in contrast to one that cannot be read."""
    if isinstance(value, str):
        return numbers.is_missing(value)
    return value is None or (isinstance(value, float) and math.isnan(value))


def read_parameter(address: str, name: str) -> str:
    """Return a parameter in the query of an address; empty where it has none."""
    return parse_qs(urlsplit(address).query).get(name, [""])[0]


def parse_day(value: object) -> date | None:
    """Return the day in a text that can be no other day: in ISO 8601, or with the name of its month. None otherwise."""
    written = _read_whole_day(value)
    return written.day if written else None


def parse_days(cells: Sequence[object], usual: Order | None = None) -> list[date | None]:
    """Parse a column of days; None for each that cannot be read.

    Days in numbers alone are read in the one order that fits the whole column; where more do, in the ``usual`` order of
    the service. Raises ``UnusableAnswerError`` where none fits all of them, or where no order is certain.
    """
    texts = [cell if isinstance(cell, str) and _read_whole_day(cell) else "" for cell in cells]
    column = parse_day_column(texts, LATEST_DAY, usual)
    if column.refused:
        raise UnusableAnswerError(f"days that are not certain: {column.refused.partition('; ')[0]}")
    for text, is_bad in zip(texts, column.is_bad.tolist(), strict=True):
        if text and is_bad:
            raise UnusableAnswerError(f"days that are not all written {column.order}, such as {quote(text)}")
    return column.days.tolist()  # type: ignore[no-any-return]


def _read_whole_day(value: object) -> WrittenDay | None:
    written = read_day(value, LATEST_DAY.year) if isinstance(value, str) else None
    return written if written and written.is_written_out else None
