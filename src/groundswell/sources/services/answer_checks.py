"""Checks that every answer passes, whichever service sent it: it is of what was asked, and nothing of it vanished."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from groundswell.markets.quality.plausibility import is_judged
from groundswell.markets.quality.units import find_other_unit
from groundswell.markets.series.calendar import Days
from groundswell.markets.series.catalogue import family_of, has_arbitrary_scale
from groundswell.markets.series.family import PRICED
from groundswell.model import Measure, Observation, Series, SeriesRef
from groundswell.model.series import Values
from groundswell.model.service_answers import ServiceAnswer
from groundswell.sources.release_times import frequency_of
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.rows import is_weekend
from groundswell.wording.plurals import write_count

MIN_DAYS_COMPARED = 5
"""With fewer days in common, a difference from what is stored may be one of single days."""

MIN_DAILY_DIFFERENCE = 0.001
MAX_SHARE_OF_MOVE = 0.25
"""Two sources of one security differ on a typical day by less than this share of its move, and by rounding alone."""

MAX_RATE_DIFFERENCE = 0.015
MAX_LEVEL_DIFFERENCE = 0.01
"""Typical difference of two sources of one rate, in its own percent, and of one index, as a share of its level.

Rates are published to a hundredth, and a day off they differ by a day's move, which is some hundredths.
"""

DAYS_OF_BLOCK = 10
"""Levels are compared in blocks of so many days: an answer may be right for years and of another series since."""

FRESH_ROWS = 3
"""A misprint among this many last rows is usually put right by the next answers; an older one is the gate's concern."""

MAX_FRESH_RATIO = 3.0
"""No index or fund has tripled, or lost two thirds, from one close to the next."""

MIN_TWIN_DAYS = 20
"""So many equal closes in a row are those of one security."""


def check_agreement(ref: SeriesRef, rows: Sequence[Row], stored: Series | None) -> None:
    """Raise ``UnusableAnswerError`` if most rows, or most of two weeks, contradict what is stored: another series.

    Single days may differ, such as that of a dividend, and so may series that are revised.
    """
    if stored is None or family_of(ref).revised or family_of(ref).scheduled:
        return
    known = dict(zip(stored.dates.tolist(), stored.values.tolist(), strict=True))
    is_rate = ref.measure is Measure.RATE
    common = [row for row in rows if row.date in known and (is_rate or (row.value > 0 and known[row.date] > 0))]
    if has_arbitrary_scale(ref):
        _check_moves([(row.value, known[row.date]) for row in common])
    elif len(common) >= MIN_DAYS_COMPARED and (is_rate or ref.measure in PRICED):
        limit = MAX_RATE_DIFFERENCE if is_rate else MAX_LEVEL_DIFFERENCE
        sizes = [1.0 if is_rate else known[row.date] for row in common]
        differences = [abs(row.value - known[row.date]) / size for row, size in zip(common, sizes, strict=True)]
        last_start = max(len(common) - DAYS_OF_BLOCK, 0)
        for start in (*range(0, last_start, MIN_DAYS_COMPARED), last_start):
            end = min(start + DAYS_OF_BLOCK, len(common))
            if median(differences[start:end]) > limit:
                row = common[end - 1]
                raise UnusableAnswerError(f"other values than those stored, such as {row.value:g} on {row.date}")


def check_plausibility(ref: SeriesRef, rows: Sequence[Row], stored: Series | None) -> None:
    """Raise ``UnusableAnswerError`` for rows in another unit, and for a last row that its kind does not allow.

    What such an answer says is asked of the next service, and of this one again soon. If it goes on to say so, its
    newest rows are stored once they are no longer the last, and the plausibility gate judges them.
    """
    if not rows or not is_judged(ref):
        return
    rows = list({row.date: row for row in rows}.values())  # of several vintages of a day the last one counts
    if ref.measure in PRICED and (worst := min(rows[-FRESH_ROWS:], key=lambda row: row.value)).value <= 0:
        raise UnusableAnswerError(f"{worst.value:g} on {worst.date}, which is no price")
    days = np.array([row.date for row in rows], dtype="datetime64[D]")
    values = np.array([row.value for row in rows], dtype=np.float64)
    known_at = days.astype("datetime64[s]")
    other_unit = find_other_unit(Series(ref, frequency_of(np.unique(days)), "", days, values, known_at))
    if other_unit:
        raise UnusableAnswerError(other_unit.text)
    if stored is not None and not has_arbitrary_scale(ref):
        earlier = stored.dates < days[0]
        days = np.concatenate([stored.dates[earlier][-1:], days])
        values = np.concatenate([stored.values[earlier][-1:], values])
    _check_fresh_changes(ref, days[-FRESH_ROWS - 1 :], values[-FRESH_ROWS - 1 :])


def _check_fresh_changes(ref: SeriesRef, days: Days, values: Values) -> None:
    largest = family_of(ref).max_change
    for place in range(1, len(days)):
        before, after = float(values[place - 1]), float(values[place])
        if ref.measure in PRICED:
            is_possible = before > 0.0 < after and 1.0 / MAX_FRESH_RATIO <= after / before <= MAX_FRESH_RATIO
        else:
            apart = int((days[place] - days[place - 1]) / np.timedelta64(1, "D"))
            is_possible = largest is None or abs(after - before) <= largest * math.sqrt(max(apart, 1))
        if not is_possible:
            raise UnusableAnswerError(f"{after:g} on {days[place]} after {before:g}, further than its kind allows")


def _check_moves(common: Sequence[tuple[float, float]]) -> None:
    """Compare the growth from each common day to the next, of the answer and of what is stored."""
    moves = [
        (sent / sent_before - 1.0, kept / kept_before - 1.0)
        for (sent_before, kept_before), (sent, kept) in pairwise(common)
    ]
    if len(moves) < MIN_DAYS_COMPARED:
        return
    typical = median(abs(kept) for _, kept in moves)
    difference = median(abs(sent - kept) for sent, kept in moves)
    if difference > max(MIN_DAILY_DIFFERENCE, MAX_SHARE_OF_MOVE * typical):
        raise UnusableAnswerError(
            f"prices that do not move as those stored: on {write_count(len(moves), 'day')} in common they typically "
            f"differ by {difference:.2%}"
        )


def check_reach(answer: SeriesRows, recorded: ServiceAnswer | None) -> None:
    """Raise ``UnusableAnswerError`` if an answer ends before the last day that the service sent earlier."""
    if recorded is None or recorded.last is None or family_of(answer.ref).scheduled:
        return
    last = answer.rows[-1].date
    if last < recorded.last:
        raise UnusableAnswerError(f"values that end {last}: an earlier answer went on to {recorded.last}")


def find_vanished(answer: SeriesRows, observations: Iterable[Observation], source: str) -> str:
    """Return in words which days the service sent before and leaves out now, within the span of its answer.

    Empty where there is none. Raises ``UnusableAnswerError`` if most of them are gone.
    """
    if not answer.rows or family_of(answer.ref).scheduled:
        return ""
    days = {row.date for row in answer.rows}
    first, last = answer.rows[0].date, answer.rows[-1].date
    sent = {one.date for one in observations if one.source == source and first <= one.date <= last}
    # Earlier releases stored the weekends of daily rates.
    has_weekends = len(days) < MIN_DAYS_COMPARED or any(map(is_weekend, days))
    gone = sorted(day for day in sent - days if has_weekends or not is_weekend(day))
    if len(gone) >= MIN_DAYS_COMPARED and len(gone) > len(sent) / 2:
        raise UnusableAnswerError(f"{len(gone)} of {write_count(len(sent), 'day')} that it sent before are gone")
    return f"{write_count(len(gone), 'day')} that it sent before left out, such as {gone[-1]}" if gone else ""


def find_twins(answers: Iterable[SeriesRows]) -> dict[SeriesRef, str]:
    """Return the series whose prices are those of another symbol, each with that symbol: one of the two is wrong."""
    symbols: dict[tuple[Row, ...], dict[str, None]] = {}
    refs: dict[SeriesRef, tuple[Row, ...]] = {}
    for answer in answers:
        if answer.ref.measure in PRICED and len(answer.rows) >= MIN_TWIN_DAYS:
            refs[answer.ref] = answer.rows[-MIN_TWIN_DAYS:]
            symbols.setdefault(refs[answer.ref], {})[answer.ref.id] = None
    return {
        ref: next(symbol for symbol in symbols[rows] if symbol != ref.id)
        for ref, rows in refs.items()
        if len(symbols[rows]) > 1
    }
