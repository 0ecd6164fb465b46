"""What a statement of the FOMC decides: the target range, or the single target of the years before 2008-12-16."""

from __future__ import annotations

import html
import re
from datetime import date

from groundswell.sources.services.base import UnusableAnswerError
from groundswell.text.months import MONTH_ABBREVIATIONS

MAX_RANGE_WIDTH = 0.5
"""Percentage points between the ends of a target range; numbers further apart are not a range."""

MAX_RATE = 25.0
"""Percent. No target was higher; larger numbers are something else."""

DASHES = re.compile("[\u2010-\u2015\u2212]")
_TAGS = re.compile(r"<(?:script|style)\b.{0,200000}?</(?:script|style)>|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)

_NUMBER = r"(\d{1,2}(?:[- ]\d{1,2}/\d{1,2})?|\d{1,2}/\d{1,2}|\d{1,2}\.\d{1,3})"
_ENDS = rf"{_NUMBER}(?: percent)?(?: to {_NUMBER})? percent"

# Between the vote and its verb stands little: "today", "at its meeting today", "unanimously". A preference of those who
# voted against, and what was decided earlier or on condition, is not the decision.
_GAP = r"(?:(?!\b(?:prefer|against|dissent|would|if|previous|earlier|last)|\bthat\b)[^.;]){0,80}?"
_VERB = (
    r"(?:maintain|keep|leave|raise|lower|increase|reduce|cut|decrease|move|set|establish|hold|"
    r"maintaining|keeping|leaving|raising|lowering|increasing|reducing|cutting|setting|establishing|holding)"
)
_ACT = rf"(?:\b(?:decided|voted|agreed|elected|chose)\b{_GAP}\b|\bwill ){_VERB}"
_SIZE = (
    r"(?:,? (?:by )?(?:an additional |a further |another )?"
    r"(?:[\d/ -]{1,12} (?:of a )?percentage points?|\d{1,3} basis points))?"
)
_UNCHANGED = r"(?:,? unchanged,?)?"
_OBJECT = r"(?:the|its|a)(?: current| new)? target(?: range)? (?:for the|of the|for its) federal funds rate(?: target)?"
_DECISION = re.compile(
    rf"{_ACT} {_OBJECT}{_UNCHANGED}{_SIZE},?{_UNCHANGED} (?:at|to|of|in a range of) {_ENDS}", re.IGNORECASE
)
_STANDING = re.compile(
    rf"(?:\breaffirmed its view that the current|\bhow long to maintain the current) {_NUMBER} to {_NUMBER} percent "
    r"target range for the federal funds rate\b"
    r"|\breaffirmed its expectation that the current(?: exceptionally low)? target range for the federal funds rate of "
    rf"{_NUMBER} to {_NUMBER} percent will be appropriate",
    re.IGNORECASE,
)
"""Statements of 2012 to 2015 that decided on purchases alone name the range that stays."""

_RELEASE_DAY = re.compile(
    r"(?:article__time[^>]{0,40}>|Release Date:)\s{0,20}(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2}), (?P<year>\d{4})"
)


def read_target_range(page: str) -> tuple[float, float]:
    """Return the ends of the target that a page decides on, in percent; a single target is both.

    Raises ``UnusableAnswerError`` for a page without a decision that states the level, with two, or with an odd one.
    """
    text = DASHES.sub("-", " ".join(html.unescape(_TAGS.sub(" ", DASHES.sub("-", page))).split()))
    decided = [match.groups() for match in _DECISION.finditer(text)]
    standing = [tuple(filter(None, match.groups())) for match in _STANDING.finditer(text)]
    found = decided or standing
    ranges = {(_parse_percent(lower), _parse_percent(upper or lower)): (lower, upper) for lower, upper in found}
    if not ranges:
        raise UnusableAnswerError("a page without a decision on the target range")
    if len(ranges) > 1:
        shown = " and ".join(sorted(f"{lower:g} to {upper:g}" for lower, upper in ranges))
        raise UnusableAnswerError(f"a page with more than one range: {shown[:80]}")
    ((lower, upper), written) = next(iter(ranges.items()))
    if not 0 <= upper - lower <= MAX_RANGE_WIDTH or upper > MAX_RATE or (written[1] and lower == upper):
        raise UnusableAnswerError(f"a statement with the range {written[0]} to {written[1] or written[0]}")
    return lower, upper


def check_release_day(page: str, day: date) -> None:
    """Raise ``UnusableAnswerError`` if a page says that it was released on another day."""
    found = _RELEASE_DAY.search(page)
    if found is None:
        return
    month = found["month"][:3].lower()
    number = MONTH_ABBREVIATIONS.index(month) + 1 if month in MONTH_ABBREVIATIONS else 0
    released = (int(found["year"]), number, int(found["day"]))
    if released != (day.year, day.month, day.day):
        raise UnusableAnswerError(f"the statement of {found['month']} {found['day']}, {found['year']} instead of {day}")


def _parse_percent(text: str) -> float:
    """Return a number written as ``4``, ``4.25``, ``3-1/2`` or ``1/4``.

    Raises ``UnusableAnswerError`` for a division by 0.
    """
    whole, _, fraction = text.replace(" ", "-").rpartition("-")
    numerator, _, denominator = fraction.partition("/")
    if denominator and not int(denominator):
        raise UnusableAnswerError("a page without a decision on the target range")
    return float(whole or 0) + float(numerator) / float(denominator or 1)
