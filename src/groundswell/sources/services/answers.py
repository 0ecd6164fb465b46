"""Pieces of which readers of answers are made: text, JSON, numbers and days. None of them trusts its input."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from groundswell.sources.services.base import UnusableAnswerError

MAX_ABSOLUTE_VALUE = 1e18
"""No price, rate or account is larger; larger numbers could overflow in products."""

MAX_MESSAGE_CHARACTERS = 120
MISSING_MARKS = frozenset({"", ".", "-", "--", "n/a", "na", "#n/a", "nd", "nan", "null", "none"})
"""What services write where there is no value, in lower case."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+|[0-9]*\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_NUMBER_WITH_COMMAS = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")

WEB_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<noscript", "<script")


def read_text(body: bytes) -> str:
    """Decode an answer without its byte order mark. Raises ``UnusableAnswerError`` for a web page or no text at all."""
    text = body.decode("utf-8-sig", errors="replace")
    start = text[:500].lstrip().lower()
    if not start:
        raise UnusableAnswerError("an empty answer")
    if start.startswith(WEB_PAGE_STARTS):
        raise UnusableAnswerError("a web page instead of data")
    return text


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

    A comma separates thousands. Where it could be the sign of decimals, the text is no number. Nor is one that ends
    with its point, because its decimals are gone.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and _NUMBER_WITH_COMMAS.fullmatch(value.strip()):
        value = value.replace(",", "")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= MAX_ABSOLUTE_VALUE else None


def is_missing(value: object) -> bool:
    """Whether an answer says that there is no value, in contrast to one that cannot be read."""
    if isinstance(value, str):
        return value.strip().lower() in MISSING_MARKS
    return value is None or (isinstance(value, float) and math.isnan(value))


def read_parameter(address: str, name: str) -> str:
    """Return a parameter in the query of an address; empty where it has none."""
    return parse_qs(urlsplit(address).query).get(name, [""])[0]


def parse_day_or_none(value: object) -> date | None:
    """Return a day written in ISO 8601, or the day of such a timestamp; None for anything else."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
