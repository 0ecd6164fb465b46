"""Recorded news: JSON lines of documents, and feeds saved to files."""

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
from groundswell.feeds.parsing.dates import read_iso
from groundswell.feeds.parsing.items import ParsedFeed
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.punctuation import unspace
from groundswell.feeds.parsing.sanitize import TEXT_LIMIT, TITLE_LIMIT, plain_text
from groundswell.fetch.urls import address
from groundswell.model import Entry, FeedSpec

Row = TypeVar("Row")


def read_stream(path: Path, until: date | None = None) -> Iterator[Entry]:
    """Yield the documents of a JSON-lines file (gzip where the name ends in .gz) as entries, in the file's order.

    Fields: ``id``, ``title``, and where there are any ``published`` (an ISO instant, or a bare day), ``text``,
    ``source`` and ``url``; others are ignored, blank lines too. The document's id is the entry's guid, its source the
    feed and publisher. With ``until`` later documents are left out, and undated ones, which nobody can place.

    Raises:
        NotFoundError: there is no such file.
        BadInputError: a line is not usable; raised when it is reached, naming file, line and mend.
    """
    for entry in _read(path, _entry):
        if until is None or (entry.published_at is not None and entry.published_at.date() <= until):
            yield entry


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the pairs of document ids of a JSON-lines file (gzip where the name ends in .gz): fields ``a`` and ``b``.

    Raises as ``read_stream`` does.
    """
    return _read(path, lambda line: (_required(row := _object(line), "a"), _required(row, "b")))


def read_feed_file(path: Path) -> ParsedFeed:
    """Parse a feed saved to a file; its publisher is the feed's own title.

    Raises:
        NotFoundError: there is no such file.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no file {path}; give the path of a saved RSS, Atom or JSON feed")
    feed = FeedSpec(slug=path.stem, publisher="", url="", topic="", enabled=False, minutes=0, note="")
    return parse_feed(path.read_bytes(), "", feed)


class _BadLineError(ValueError):
    """A line that cannot be used, with what is wrong and the mend."""


def _read(path: Path, made: Callable[[str], Row]) -> Iterator[Row]:
    """Yield what ``made`` makes of each line that is not blank; a line it refuses is told with its number."""
    number = 0
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, start=1):  # noqa: B007 - told where a line is refused
                if not line.isspace():
                    yield made(line)
    except _BadLineError as error:
        raise BadInputError(f"{path}, line {number}: {error}") from None
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error):
        what = "broken gzip or not gzip at all" if path.suffix == ".gz" else "not text in UTF-8"
        raise BadInputError(f"{path}, after line {number}: {what}; write the file again as JSON lines") from None


def _opened(path: Path) -> TextIO:
    if not path.is_file():
        raise NotFoundError(f"there is no file {path}; give the path of a file of JSON lines")
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _object(line: str) -> dict[str, Any]:
    try:
        document = from_json(line)
    except ValueError:
        document = _read_leniently(line)
    if not isinstance(document, dict):
        raise _BadLineError("not a JSON object; write one object a line")
    return document


def _read_leniently(line: str) -> Any:
    """What the standard library's reader, four times as slow, makes of a line: it takes halves of characters."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise _BadLineError("not JSON; write one JSON object a line") from None


def _entry(line: str) -> Entry:
    document = _object(line)
    published_at, day_only = _published(document)
    source = plain_text(_optional(document, "source"), TITLE_LIMIT) or "stream"
    return Entry(
        feed=source,
        guid=_required(document, "id"),
        title=unspace(plain_text(_title(document), TITLE_LIMIT)),
        text=plain_text(_optional(document, "text"), TEXT_LIMIT),
        publisher=source,
        url=address(_optional(document, "url")),
        published_at=published_at,
        day_only=day_only,
    )


def _required(document: dict[str, Any], field: str) -> str:
    value = document.get(field)
    if isinstance(value, str):
        text = value
    else:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    if not text or text.isspace():
        raise _BadLineError(f"no {field}; give it in each line")
    return text


def _title(document: dict[str, Any]) -> str:
    """The title; it may be empty, since collections lose some, but a document must have the field."""
    title = document.get("title")
    return "" if isinstance(title, str) and not title.strip() else _required(document, "title")


def _optional(document: dict[str, Any], field: str) -> str:
    value = document.get(field)
    return value if isinstance(value, str) else ""


def _published(document: dict[str, Any]) -> tuple[datetime | None, bool]:
    value = document.get("published")
    if value is None:
        return None, False
    when = read_iso(value) if isinstance(value, str) else None
    if when is None:
        raise _BadLineError(
            f"published is {str(value)[:40]!r}; write an ISO date or instant such as 2024-09-18T18:00:00Z"
        )
    return when
