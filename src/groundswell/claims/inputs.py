"""What a claim was measured from: the values that a reader needs to do the number again."""

from __future__ import annotations

from groundswell.markets.series import SeriesBook
from groundswell.types import Evaluation, Series


def inputs_of(evaluation: Evaluation, book: SeriesBook) -> tuple[Series, ...]:
    """The series of the main measurement, with every value in ``book``, which holds what was known by its day.

    All of their past, because event lists and estimation windows look back. Tables that are no series, such as that of
    the Fed's decisions, are left out.
    """
    held = {str(one.ref): one for one in book}
    return tuple(held[use.series] for use in evaluation.sources if use.series in held)
