"""The cells of a small Excel workbook, read from bytes that are not trusted.

Files of the owner are read by python-calamine. It takes memory for the whole area up to the last cell, so that one
wrong reference in an answer from the network could end the program.
"""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from groundswell.sources.services.base import UnusableAnswerError

MAX_PART_BYTES = 20_000_000
MAX_COLUMNS = 200
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})\d+")


def read_sheet(body: bytes) -> list[list[str]]:
    """Return the cells of the first sheet as text, row by row, with an empty text for an empty cell.

    Raises ``UnusableAnswerError`` for anything that is not a workbook of a reasonable size.
    """
    if not body.startswith(b"PK"):
        raise UnusableAnswerError("no Excel workbook")
    try:
        with ZipFile(BytesIO(body)) as archive:
            strings = [_text(item) for item in _parse(archive, STRINGS)] if STRINGS in archive.namelist() else []
            return [_read_row(row, strings) for row in _parse(archive, SHEET).iter(f"{_SPACE}row")]
    except (BadZipFile, KeyError, ValueError, IndexError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise UnusableAnswerError("an Excel workbook that cannot be read") from None
    except ET.ParseError:
        raise UnusableAnswerError("an Excel workbook that cannot be read") from None


def _parse(archive: ZipFile, name: str) -> ET.Element:
    if archive.getinfo(name).file_size > MAX_PART_BYTES:
        raise ValueError(name)
    with archive.open(name) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES or b"<!DOCTYPE" in content:  # no workbook declares entities
        raise ValueError(name)
    return ET.fromstring(content)  # noqa: S314 - bounded, and without declarations of entities


def _read_row(row: ET.Element, strings: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_SPACE}c"):
        column = _column_number(cell.get("r", ""), len(cells))
        cells += [""] * (column - len(cells))
        kind, value = cell.get("t"), cell.findtext(f"{_SPACE}v") or ""
        cells.append(strings[int(value)] if kind == "s" else _text(cell) if kind == "inlineStr" else value)
    return cells


def _column_number(reference: str, following: int) -> int:
    """Return the column of a reference such as ``C5``, from 0; the next one where there is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    if not following < number <= MAX_COLUMNS:
        raise ValueError(reference)
    return number - 1


def _text(element: ET.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_SPACE}t"))
