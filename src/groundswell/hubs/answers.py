"""Fill: figures of evaluations put into the prose of a hub, each still tied to its claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from groundswell.model import Evaluation, Verdict
from groundswell.wording.dates import write_day
from groundswell.wording.figures import NOT_MEASURED_YET, write_interval, write_value

REFERENCE = re.compile(r"\{([A-Za-z0-9_]*)\.([A-Za-z0-9_]*)\}")
SENTENCE_GAP = re.compile(r"(?<=[.?!])(?<!\b[A-Z]\.)(\s+)(?=[A-Z{])")
"""Between two sentences; the full stop of an initial (U.S.) ends none."""

ALWAYS_KNOWN = ("verdict", "as_of")


@dataclass(frozen=True, slots=True)
class FilledFigure:
    """A figure in prose, as shown, and the claim that it comes from."""

    claim_id: str
    text: str


Segment = str | FilledFigure


def fill_figures(text: str, evaluations: Mapping[str, Evaluation]) -> tuple[Segment, ...]:
    """Replace each ``{C1.estimate}`` of ``text`` by the figure of that claim; plain text stays as it is.

    ``evaluations`` are by claim id. A figure that is absent, or whose claim is, reads "not measured yet". A sentence
    without any of its figures says nothing: "Claim C1 has no figure yet." stands in its place, once where several in a
    row are about the same claims.
    """
    segments: list[Segment] = []
    told: tuple[str, ...] = ()
    for sentence, gap in _sentences(text):
        lacking = _lacking(sentence, evaluations)
        if lacking and lacking == told:
            continue
        segments += [*(_none(lacking) if lacking else _filled(sentence, evaluations)), gap]
        told = lacking
    return tuple(segment for segment in segments if segment != "")


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a text with the space behind it; together they are the text."""
    parts = [*SENTENCE_GAP.split(text), ""]
    return zip(parts[::2], parts[1::2], strict=True)


def _lacking(sentence: str, evaluations: Mapping[str, Evaluation]) -> tuple[str, ...]:
    """The claims of the figures of a sentence that has figures, but none of them yet."""
    wanted = [found.groups() for found in REFERENCE.finditer(sentence) if found[2] not in ALWAYS_KNOWN]
    if any(write_field(evaluations.get(claim), field) != NOT_MEASURED_YET for claim, field in wanted):
        return ()
    return tuple(dict.fromkeys(claim for claim, _ in wanted))


def _none(claims: tuple[str, ...]) -> Iterator[Segment]:
    for place, claim in enumerate(claims):
        yield " and " if place else ""
        yield FilledFigure(claim, f"{'claim' if place else 'Claim'} {claim}")
    yield " have no figures yet." if len(claims) > 1 else " has no figure yet."


def _filled(text: str, evaluations: Mapping[str, Evaluation]) -> Iterator[Segment]:
    end = 0
    for reference in REFERENCE.finditer(text):
        yield text[end : reference.start()]
        claim_id, field = reference.groups()
        yield FilledFigure(claim_id, write_field(evaluations.get(claim_id), field))
        end = reference.end()
    yield text[end:]


def write_field(evaluation: Evaluation | None, field: str) -> str:
    """Write one field of an evaluation in words; raise ``KeyError`` for a field that is not in ``FIELDS``."""
    write = FIELDS[field]
    return NOT_MEASURED_YET if evaluation is None else write(evaluation)


def _count(evaluation: Evaluation) -> str:
    return NOT_MEASURED_YET if evaluation.verdict is Verdict.NOT_MEASURED else f"{evaluation.n:,}"


def _wins(evaluation: Evaluation) -> str:
    return NOT_MEASURED_YET if evaluation.wins is None else f"{evaluation.wins} of {evaluation.n}"


FIELDS: dict[str, Callable[[Evaluation], str]] = {
    "estimate": lambda found: write_value(found.estimate, found.unit),
    "median": lambda found: write_value(found.median, found.unit),
    "ci": lambda found: write_interval(found.ci_low, found.ci_high, found.unit),
    "n": _count,
    "wins": _wins,
    "verdict": lambda found: found.verdict.value,
    "as_of": lambda found: write_day(found.as_of),
}
"""How each field that prose may refer to is written."""
