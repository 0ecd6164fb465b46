"""Missing series in words, with the way to get them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from groundswell.markets.series.catalogue import family_of
from groundswell.model import Measure, SeriesRef
from groundswell.wording.plurals import write_list

PLURAL_NAMES = {
    Measure.TOTAL_RETURN: "total returns",
    Measure.PRICE: "prices",
    Measure.PERIOD_RETURN: "period returns",
    Measure.RATE: "rates",
    Measure.LEVEL: "figures",
}


def describe_missing_series(refs: Sequence[SeriesRef], as_of: dt.date) -> str:
    """Write one line that names the missing series of ``refs`` and says how to get each kind."""
    family_messages: dict[str, None] = {}
    plain_refs: list[SeriesRef] = []
    for ref in refs:
        message = _describe_family(ref, as_of)
        if message is None:
            plain_refs.append(ref)
        else:
            family_messages[message] = None
    return "; ".join([*_describe_plain(plain_refs, as_of), *family_messages])


def name_series(refs: Sequence[SeriesRef]) -> tuple[str, ...]:
    """Name series as briefly as possible, each name once: plain ones by their id, others by what their family is."""
    families = [(ref, family_of(ref)) for ref in refs]
    return tuple(dict.fromkeys(family.describe(ref.id) if family.remedy else ref.id for ref, family in families))


def _describe_plain(refs: Sequence[SeriesRef], as_of: dt.date) -> list[str]:
    """Describe the missing series that belong to no family, in one message if there are any."""
    if not refs:
        return []
    measures = dict.fromkeys(ref.measure for ref in refs)
    kinds = [
        f"no {PLURAL_NAMES[measure]} of {write_list(ref.id for ref in refs if ref.measure is measure)}"
        for measure in measures
    ]
    names = write_list(ref.id for ref in refs)
    return [f"{', '.join(kinds)} known by {as_of}; load a folder with {names}: --data DIR"]


def _describe_family(ref: SeriesRef, as_of: dt.date) -> str | None:
    """Describe a missing series by its family; None where the family has no remedy of its own."""
    family = family_of(ref)
    if not family.remedy:
        return None
    parts = family.parts(ref.id)
    return f"no {family.describe(ref.id)} known by {as_of}; {family.remedy.format(**parts)}"
