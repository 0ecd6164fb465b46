"""Answers that contradict what is stored: who is believed, and when a series is loaded again in full.

One of the two is wrong. A single answer is not believed against the store, and neither is a store against which its
service goes on to speak, or all of its services do in the same words. In between no verdict rests on the series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from groundswell.markets.quality.units import find_other_unit
from groundswell.markets.series.begins import begins_too_late, is_served_short
from groundswell.model import Series, SeriesRef
from groundswell.model.contradictions import Contradiction
from groundswell.sources.release_times import frequency_of
from groundswell.sources.services.answer_checks import MIN_DAYS_COMPARED, check_agreement
from groundswell.sources.services.base import Row, UnusableAnswerError
from groundswell.sources.services.chains import Answers

REPEATED_DAYS = 3
"""A service that contradicts the store on so many different days, always in the same way, does so by no accident."""

SAMPLE_ROWS = 30

Contradictions = Mapping[tuple[str, SeriesRef], Contradiction]
"""By the name of the service and the series."""


class ContradictingAnswerError(UnusableAnswerError):
    """An answer with other values than those stored."""

    def __init__(self, contradiction: Contradiction) -> None:
        super().__init__(contradiction.detail)
        self.contradiction = contradiction


def note_contradiction(
    before: Contradiction | None, key: tuple[str, SeriesRef], rows: Sequence[Row], detail: str, now: datetime
) -> Contradiction:
    """Return the contradiction of an answer at ``now``, counted on from that ``before`` if it says the same."""
    service, ref = key
    sample = tuple((row.date, row.value) for row in rows[-SAMPLE_ROWS:])
    if before is None or not _agrees(ref, rows, before):
        return Contradiction(service, ref, now, 1, now.date(), detail, sample)
    days = before.days + (now.date() != before.last_on)
    return Contradiction(service, ref, before.since, days, now.date(), detail, sample)


def list_standing(ref: SeriesRef, contradictions: Contradictions, answers: Answers) -> list[Contradiction]:
    """Return the contradictions of a series; none where another service has confirmed the stored values since."""
    found = [one for (_, other), one in contradictions.items() if other == ref]
    if not found:
        return []
    since = min(one.since for one in found)
    speaking = {one.service for one in found}
    is_confirmed = any(
        other == ref
        and service not in speaking
        and not answer.outcome.failed
        and answer.ok_at
        and answer.ok_at >= since
        and answer.last is not None  # it has values to compare
        for (service, other), answer in answers.items()
    )
    return [] if is_confirmed else found


def must_reload(ref: SeriesRef, contradictions: Contradictions, answers: Answers, stored: Series | None) -> bool:
    """Whether the services are believed against the store.

    So it is where one goes on to contradict, where two agree with each other, and where the store is in another unit.
    """
    standing = list_standing(ref, contradictions, answers)
    if not standing or stored is None:
        return False
    if any(one.days >= REPEATED_DAYS for one in standing) or find_other_unit(stored) is not None:
        return True
    first, *others = standing
    rows = [Row(day, value) for day, value in first.sample]
    return bool(others) and all(_agrees(ref, rows, other) for other in others)


@dataclass(frozen=True, eq=False)
class Dispute:
    """What is known of a series before an answer to it: as it is ``stored``, and as it was ``loaded`` of files."""

    ref: SeriesRef
    stored: Series | None
    loaded: Series | None
    contradictions: Contradictions
    answers: Answers

    def choose_side(self, service: str, rows: Sequence[Row], now: datetime) -> str:
        """Return why the series is to be loaded again from these rows; empty where they agree with what is stored.

        Raises ``ContradictingAnswerError`` for rows that are not to be believed, or not yet: the first contradiction is
        recorded and believed at the next answer at the soonest. Nobody replaces what the owner loaded of files.
        """
        try:
            check_agreement(self.ref, rows, self.stored)
        except UnusableAnswerError as error:
            key = (service, self.ref)
            found = note_contradiction(self.contradictions.get(key), key, rows, str(error), now)
            if not self._is_believed({**self.contradictions, key: found}) or not self._is_whole(rows):
                raise ContradictingAnswerError(found) from None
            try:
                check_agreement(self.ref, rows, self.loaded)
            except UnusableAnswerError:
                raise ContradictingAnswerError(found) from None
            return found.detail
        return ""

    def _is_believed(self, contradictions: Contradictions) -> bool:
        is_recorded = any(other == self.ref for _, other in self.contradictions)
        return is_recorded and must_reload(self.ref, contradictions, self.answers, self.stored)

    def _is_whole(self, rows: Sequence[Row]) -> bool:
        """Whether rows, with what was loaded before them, can stand for the whole history that is stored."""
        if self.stored is None or not rows:
            return False
        first = rows[0].date if self.loaded is None else min(rows[0].date, self.loaded.dates[0].item())
        return not is_served_short(self.ref, first) and not begins_too_late(first, self.stored.dates[0].item())


def _agrees(ref: SeriesRef, rows: Sequence[Row], other: Contradiction) -> bool:
    """Whether rows have enough days in common with what another answer said, and the same values there."""
    said = dict(other.sample)
    if sum(row.date in said for row in rows) <= MIN_DAYS_COMPARED:
        return False
    days = np.array(sorted(said), dtype="datetime64[D]")
    values = np.array([said[day] for day in sorted(said)], dtype=np.float64)
    series = Series(ref, frequency_of(days), other.service, days, values, days.astype("datetime64[s]"))
    try:
        check_agreement(ref, rows, series)
    except UnusableAnswerError:
        return False
    return True
