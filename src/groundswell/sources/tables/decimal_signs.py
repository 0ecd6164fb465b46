"""The sign before the decimals of a column: whether 1.234 is a little more than one, or more than a thousand.

Most columns show it. Where all numbers have three digits after their only sign, other things decide: integers next to
them, what values are possible, how other columns write thousands, and where days are written as they are. A column of
which nothing decides it is refused, because a number that is wrong by a factor of a thousand is worse than none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

MAX_CONFLICTING_SHARE = 0.02
"""Up to this share of cells that fit the other decimal sign alone are mistakes of single cells."""

MIN_ROUND = 10
"""So many different numbers that all end in zero are no thousands."""

MAX_SAMPLE = 600
"""The decimal sign is decided by so many cells from all of the column; the others must fit it, or are no numbers."""

MAX_NEAR, MIN_FAR = math.log(5.0), math.log(30.0)
"""Values that follow each other differ by a small factor; in the wrong reading 987 and 1.012 differ by a thousand."""

NEAR = "the integers next to such numbers are near them in this reading alone"
SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
_CURRENCY = re.compile(r"^([+-]?)\s*(?:[$€£¥₹]|US\$|USD|EUR|GBP|CHF)\s*|\s*(?:[$€£¥₹]|USD|EUR|GBP|CHF)$")
_SCALED = re.compile(r"(.*\d)\s*[KMBTkmbt]")
_GROUPED = r"(?:\d+|[1-9]\d{{0,2}}(?P<{name}>[{signs}])\d{{3}}(?:(?P={name})\d{{3}})*)"


class DecimalSign(Enum):
    """The sign before the decimals of numbers."""

    POINT = "."
    COMMA = ","

    @property
    def other(self) -> DecimalSign:
        """The other sign, which then groups thousands."""
        return DecimalSign.COMMA if self is DecimalSign.POINT else DecimalSign.POINT


PATTERNS = {
    sign: re.compile(
        rf"[+-]?(?:{_GROUPED.format(name='group', signs=groups)}(?:{re.escape(sign.value)}\d*)?"
        rf"|{re.escape(sign.value)}\d+)(?:[eE][+-]?\d+)?"
    )
    for sign, groups in ((DecimalSign.POINT, ", '’"), (DecimalSign.COMMA, ". '’"))
}

Limits = Callable[[str], Sequence[tuple[float, float] | None]]
"""The smallest and the largest possible value of each row of a column, None where they are not known."""


@dataclass(frozen=True, slots=True)
class Customs:
    """What is known of a table apart from the cells of its numbers.

    ``usual`` is the decimal sign that goes with the form of its days and its delimiter, ``why`` says how it is known.
    With ``assume_point`` a point is that of decimals wherever nothing else decides.
    """

    usual: DecimalSign | None = None
    why: str = ""
    limits: Limits = lambda name: ()
    assume_point: bool = False


@dataclass(frozen=True, slots=True)
class DecidedSign:
    """The sign of a column (None where no number shows it), why it was chosen in doubt, or why it is refused."""

    sign: DecimalSign | None
    why: str = ""
    refused: str = ""


@dataclass(slots=True)
class Evidence:
    """How many cells fit only a decimal point, only a decimal comma, or both with different values."""

    point: int = 0
    comma: int = 0
    unclear: str = ""
    are_round: bool = True
    has_short_integers: bool = False
    has_long_integers: bool = False
    examples: tuple[str, str] = ("", "")
    near: set[DecimalSign] = field(default_factory=set)

    @property
    def decided(self) -> DecimalSign | None:
        if bool(self.point) == bool(self.comma):
            return next(iter(self.near)) if len(self.near) == 1 and not self.point else None
        return DecimalSign.POINT if self.point else DecimalSign.COMMA

    @property
    def written(self) -> DecimalSign:
        """The sign in the unclear numbers."""
        return DecimalSign.POINT if "." in self.unclear else DecimalSign.COMMA


def clean_number(cell: str) -> str:
    """Return a cell without spaces around it, currency and percent signs, and with a plain minus sign."""
    text = cell.translate(SPACES).strip().replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):  # how accountants write negative numbers
        text = f"-{text[1:-1].strip()}"
    return _CURRENCY.sub(r"\1", text).removesuffix("%").rstrip()


def collect_evidence(cells: Sequence[str]) -> Evidence:
    """Collect what a column shows of its decimal sign: most columns within a sample of their cells."""
    found = _collect(cells[:: len(cells) // MAX_SAMPLE + 1])
    if found.unclear and not found.decided and len(cells) > MAX_SAMPLE:
        found = _collect(cells)
    if found.unclear and found.has_short_integers and not (found.point or found.comma):
        found.near = set(_compare_neighbours(cells, found.written))
    return found


def _collect(cells: Sequence[str]) -> Evidence:
    found = Evidence()
    examples = ["", ""]
    unclear = 0
    for cell in dict.fromkeys(cells):
        text = clean_number(cell)
        if scaled := _SCALED.fullmatch(text):
            text = scaled[1].rstrip()
        if text.isdigit():
            found.has_long_integers = found.has_long_integers or len(text) > 3
            found.has_short_integers = found.has_short_integers or (len(text) <= 3 and int(text) > 0)
            continue
        point, comma = (bool(PATTERNS[sign].fullmatch(text)) for sign in DecimalSign)
        if point and comma:
            found.unclear = found.unclear or (cell.strip() if "," in text or "." in text else "")
            found.are_round = found.are_round and text.endswith("0")
            unclear += 1
        elif point:
            found.point += 1
            examples[0] = examples[0] or cell.strip()
        elif comma:
            found.comma += 1
            examples[1] = examples[1] or cell.strip()
    if found.unclear and found.has_long_integers and not (found.point or found.comma):
        # Thousands are not grouped in this column, so that the sign in 1.234 can only be a decimal one.
        found.point, found.comma = ("." in found.unclear), ("," in found.unclear)
    found.are_round = found.are_round and unclear >= MIN_ROUND
    found.examples = (examples[0], examples[1])
    return found


def decide_signs(
    evidence: Mapping[str, Evidence], columns: Mapping[str, Sequence[str]], others: Sequence[Evidence], customs: Customs
) -> dict[str, DecidedSign]:
    """Decide the sign of each column of a table; ``others`` are the evidence of columns that are not read."""
    everywhere = (*evidence.values(), *others)
    signs = {one.decided for one in everywhere if one.decided}
    shared = signs.pop() if len(signs) == 1 else None
    has_plain_thousands = any(one.has_long_integers for one in everywhere)
    return {
        name: _decide(name, one, columns[name], shared, customs, has_plain_thousands=has_plain_thousands)
        for name, one in evidence.items()
    }


def _decide(
    name: str,
    one: Evidence,
    cells: Sequence[str],
    shared: DecimalSign | None,
    customs: Customs,
    *,
    has_plain_thousands: bool,
) -> DecidedSign:
    if one.point and one.comma:
        fewer, more = sorted((one.point, one.comma))
        if fewer > MAX_CONFLICTING_SHARE * (fewer + more):
            first, second = one.examples
            return DecidedSign(None, refused=f"it mixes decimal points and decimal commas: {first!r} and {second!r}")
        return DecidedSign(DecimalSign.POINT if one.point > one.comma else DecimalSign.COMMA)
    if one.decided or not one.unclear:
        return DecidedSign(one.decided, NEAR if one.near else "")
    if shared:
        return DecidedSign(shared, "other columns show the sign of decimals")
    possible = [sign for sign in DecimalSign if _is_possible(cells, sign, customs.limits(name))]
    if len(possible) == 1:
        return DecidedSign(possible[0], "values of this size are possible in this reading alone")
    sign, why = _weigh(one, customs, has_plain_thousands=has_plain_thousands)
    unclear = f"{one.unclear!r} can be a decimal number or thousands, and no cell decides it"
    return DecidedSign(sign, why, "" if sign else unclear)


def _weigh(one: Evidence, customs: Customs, *, has_plain_thousands: bool) -> tuple[DecimalSign | None, str]:
    """Return the sign that all hints agree on, with the first of their reasons; None where they contradict."""
    if customs.assume_point and one.written is DecimalSign.POINT and not one.has_short_integers:
        return one.written, ""
    hints = [(customs.usual, customs.why)] if customs.usual else []
    if has_plain_thousands:
        hints.append((one.written, "thousands of other columns are not grouped"))
    if one.are_round:  # two decimals, written as three
        hints.append((one.written, "all of them end in zero, as thousands seldom do"))
    signs = {sign for sign, _ in hints}
    if len(signs) != 1 or (one.has_short_integers and one.written in signs):
        return None, ""  # next to an integer such as 987, numbers of three decimals would be odd
    return hints[0]


def _compare_neighbours(cells: Sequence[str], written: DecimalSign) -> Iterator[DecimalSign]:
    """Yield the reading in which an integer of up to three digits and the number next to it are near each other."""
    before: tuple[float, bool] | None = None
    for cell in cells:
        text = clean_number(cell)
        if text.isdigit():
            now = (float(text), True)
        elif written.value in text and PATTERNS[written].fullmatch(text):
            now = (float(text.replace(",", ".")), False)
        else:
            continue
        if before and now[0] > 0.0 and before[0] > 0.0 and now[1] is not before[1]:
            integer, decimal = (now, before) if now[1] else (before, now)
            as_decimals = abs(math.log(decimal[0] / integer[0]))
            as_thousands = abs(math.log(decimal[0] * 1000.0 / integer[0]))
            if as_decimals < MAX_NEAR and as_thousands > MIN_FAR:
                yield written
            elif as_thousands < MAX_NEAR and as_decimals > MIN_FAR:
                yield written.other
        before = now


def _is_possible(cells: Sequence[str], sign: DecimalSign, limits: Sequence[tuple[float, float] | None]) -> bool:
    """Whether all numbers of a column are within their limits if they are read with this sign."""
    for cell, limit in zip(cells, limits, strict=False):
        text = clean_number(cell)
        if limit is None or not PATTERNS[sign].fullmatch(text):
            continue
        number = float(re.sub(r"[ '’]", "", text).replace(sign.other.value, "").replace(",", "."))
        if not limit[0] <= number <= limit[1]:
            return False
    return True
