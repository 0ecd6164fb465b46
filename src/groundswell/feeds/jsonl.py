"""Read recorded news: documents as JSON lines, and feeds saved to files."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic_core import from_json

from groundswell.errors import BadInputError, NotFoundError
from groundswell.feeds.parsing.dates import parse_iso_date
from groundswell.feeds.parsing.items import ParsedFeed
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.punctuation import close_up_punctuation
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TEXT_CHARACTERS, MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.fetch.urls import safe_address
from groundswell.model import Entry, FeedSpec

Row = TypeVar("Row")


def read_stream(path: Path, until: date | None = None) -> Iterator[Entry]:
    """Yield the documents of a JSON-lines file (gzip if the name ends in .gz) as entries, in the file's order.

    Required fields are ``id`` and ``title``; optional ones are ``published`` (an ISO instant or a bare day), ``text``,
    ``source`` and ``url``. Other fields and blank lines are ignored. The document's id becomes the entry's guid, its
    source the feed and the publisher. With ``until``, later documents and those without a date are left out.

    Raises:
        NotFoundError: the file does not exist.
        BadInputError: a line is unusable. Raised when that line is reached; names the file, the line and the remedy.
    """
    for entry in _read_rows(path, _parse_entry):
        if until is None or (entry.published_at is not None and entry.published_at.date() <= until):
            yield entry


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the pairs of document ids in the fields ``a`` and ``b`` of a JSON-lines file (gzip if it ends in .gz).

    Raises the errors of ``read_stream``.
    """
    return _read_rows(path, lambda line: (_get_required(row := _parse_object(line), "a"), _get_required(row, "b")))


def read_feed_file(path: Path) -> ParsedFeed:
    """Parse a feed saved to a file. The publisher is the feed's title.

    Raises:
        NotFoundError: the file does not exist.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no file {path}; give the path of a saved RSS, Atom or JSON feed")
    feed = FeedSpec(slug=path.stem, publisher="", url="", topic="", enabled=False, minutes=0, note="")
    return parse_feed(path.read_bytes(), "", feed)


class _BadLineError(ValueError):
    """An unusable line; the message says what is wrong and how to fix it."""


def _read_rows(path: Path, parse_line: Callable[[str], Row]) -> Iterator[Row]:
    """Yield what ``parse_line`` returns for each line that is not blank; the error for a bad line gives its number."""
    number = 0
    try:
        with _open_text(path) as lines:
            for number, line in enumerate(lines, start=1):  # noqa: B007 - the error handlers use it
                if not line.isspace():
                    yield parse_line(line)
    except _BadLineError as error:
        raise BadInputError(f"{path}, line {number}: {error}") from None
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error):
        problem = "broken gzip or not gzip at all" if path.suffix == ".gz" else "not text in UTF-8"
        raise BadInputError(f"{path}, after line {number}: {problem}; write the file again as JSON lines") from None


def _open_text(path: Path) -> TextIO:
    if not path.is_file():
        raise NotFoundError(f"there is no file {path}; give the path of a file of JSON lines")
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _parse_object(line: str) -> dict[str, Any]:
    try:
        document = from_json(line)
    except ValueError:
        document = _parse_leniently(line)
    if not isinstance(document, dict):
        raise _BadLineError("not a JSON object; write one object per line")
    return document


def _parse_leniently(line: str) -> Any:
    """Parse a line with the standard library, which is four times as slow but accepts lone surrogates."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise _BadLineError("not JSON; write one JSON object per line") from None


def _parse_entry(line: str) -> Entry:
    document = _parse_object(line)
    published_at, day_only = _parse_published(document)
    source = to_plain_text(_get_optional(document, "source"), MAX_ENTRY_TITLE_CHARACTERS) or "stream"
    return Entry(
        feed=source,
        guid=_get_required(document, "id"),
        title=close_up_punctuation(to_plain_text(_get_title(document), MAX_ENTRY_TITLE_CHARACTERS)),
        text=to_plain_text(_get_optional(document, "text"), MAX_ENTRY_TEXT_CHARACTERS),
        publisher=source,
        url=safe_address(_get_optional(document, "url")),
        published_at=published_at,
        day_only=day_only,
    )


def _get_required(document: dict[str, Any], field: str) -> str:
    value = document.get(field)
    if isinstance(value, str):
        text = value
    else:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    if not text or text.isspace():
        raise _BadLineError(f"the field {field} is missing; every line needs it")
    return text


def _get_title(document: dict[str, Any]) -> str:
    """Return the title. It may be empty, because collections lose some, but the field is required."""
    title = document.get("title")
    return "" if isinstance(title, str) and not title.strip() else _get_required(document, "title")


def _get_optional(document: dict[str, Any], field: str) -> str:
    value = document.get(field)
    return value if isinstance(value, str) else ""


def _parse_published(document: dict[str, Any]) -> tuple[datetime | None, bool]:
    value = document.get("published")
    if value is None:
        return None, False
    published = parse_iso_date(value) if isinstance(value, str) else None
    if published is None:
        raise _BadLineError(
            f"published is {str(value)[:40]!r}; write an ISO date or instant such as 2024-09-18T18:00:00Z"
        )
    return published
