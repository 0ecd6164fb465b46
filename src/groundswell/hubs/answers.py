"""Fill the figures of claims into the prose of a hub; each figure stays linked to its claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from groundswell.model import Evaluation, Verdict
from groundswell.wording.dates import write_day
from groundswell.wording.figures import NOT_MEASURED_YET, write_interval, write_value
from groundswell.wording.verdicts import write_verdict

REFERENCE = re.compile(r"\{([A-Za-z0-9_]*)\.([A-Za-z0-9_]*)\}")
SENTENCE_GAP = re.compile(r"(?<=[.?!])(?<!\b[A-Z]\.)(\s+)(?=[A-Z{])")
"""The space between two sentences. The full stop of an initial (U.S.) ends no sentence."""

ALWAYS_KNOWN = ("verdict", "as_of")
"""Fields that an evaluation has even if the claim was not measured."""


@dataclass(frozen=True, slots=True)
class FilledFigure:
    """A figure in prose as readers see it, and the claim that it comes from."""

    claim_id: str
    text: str


Segment = str | FilledFigure


def fill_figures(text: str, evaluations: Mapping[str, Evaluation]) -> tuple[Segment, ...]:
    """Replace each reference such as ``{C1.estimate}`` in ``text`` by the figure of that claim.

    ``evaluations`` are by claim id. A missing figure reads "not measured yet". A sentence that has none of its figures
    is replaced by "Claim C1 has no figure yet."; several such sentences in a row about the same claims are replaced
    by one. Of the figures of a claim that is measured on a stand-in, the first in each sentence says so.
    """
    segments: list[Segment] = []
    last_unmeasured: tuple[str, ...] = ()
    for sentence, gap in _split_sentences(text):
        unmeasured = _unmeasured_claims(sentence, evaluations)
        if unmeasured and unmeasured == last_unmeasured:
            continue
        segments += [*(_write_no_figures(unmeasured) if unmeasured else _fill_sentence(sentence, evaluations)), gap]
        last_unmeasured = unmeasured
    return tuple(segment for segment in segments if segment != "")


def _split_sentences(text: str) -> Iterator[tuple[str, str]]:
    """Split a text into sentences, each with the space after it."""
    parts = [*SENTENCE_GAP.split(text), ""]
    return zip(parts[::2], parts[1::2], strict=True)


def _unmeasured_claims(sentence: str, evaluations: Mapping[str, Evaluation]) -> tuple[str, ...]:
    """Return the claims that a sentence refers to if none of its figures is known; otherwise nothing."""
    references = [match.groups() for match in REFERENCE.finditer(sentence) if match[2] not in ALWAYS_KNOWN]
    if any(write_field(evaluations.get(claim), field) != NOT_MEASURED_YET for claim, field in references):
        return ()
    return tuple(dict.fromkeys(claim for claim, _ in references))


def _write_no_figures(claims: tuple[str, ...]) -> Iterator[Segment]:
    for number, claim in enumerate(claims):
        yield " and " if number else ""
        yield FilledFigure(claim, f"{'claim' if number else 'Claim'} {claim}")
    yield " have no figures yet." if len(claims) > 1 else " has no figure yet."


def _fill_sentence(text: str, evaluations: Mapping[str, Evaluation]) -> Iterator[Segment]:
    """Fill a sentence; the first figure of each claim that is measured on a stand-in says so."""
    end, marked = 0, set[str]()
    for reference in REFERENCE.finditer(text):
        yield text[end : reference.start()]
        claim_id, field = reference.groups()
        evaluation = evaluations.get(claim_id)
        figure = write_field(evaluation, field)
        if evaluation and evaluation.stand_in and claim_id not in marked and _is_figure(field, figure):
            marked.add(claim_id)
            figure += " (stand-in)"
        yield FilledFigure(claim_id, figure)
        end = reference.end()
    yield text[end:]


def _is_figure(field: str, text: str) -> bool:
    return field not in ALWAYS_KNOWN and text != NOT_MEASURED_YET


def write_field(evaluation: Evaluation | None, field: str) -> str:
    """Write one field of an evaluation in words. Raises ``KeyError`` for a field that is not in ``FIGURE_WRITERS``."""
    write = FIGURE_WRITERS[field]
    return NOT_MEASURED_YET if evaluation is None else write(evaluation)


def _write_interval(evaluation: Evaluation) -> str:
    if evaluation.is_fact:
        return "no interval (a fact)"
    return write_interval(evaluation.ci_low, evaluation.ci_high, evaluation.unit)


def _write_n(evaluation: Evaluation) -> str:
    return NOT_MEASURED_YET if evaluation.verdict is Verdict.NOT_MEASURED else f"{evaluation.n:,}"


def _write_wins(evaluation: Evaluation) -> str:
    return NOT_MEASURED_YET if evaluation.wins is None else f"{evaluation.wins} of {evaluation.n}"


def _write_hits(evaluation: Evaluation) -> str:
    return NOT_MEASURED_YET if evaluation.hits is None else f"{evaluation.hits} of {evaluation.n}"


FIGURE_WRITERS: dict[str, Callable[[Evaluation], str]] = {
    "estimate": lambda evaluation: write_value(evaluation.estimate, evaluation.unit),
    "median": lambda evaluation: write_value(evaluation.median, evaluation.unit),
    "ci": _write_interval,
    "n": _write_n,
    "wins": _write_wins,
    "hits": _write_hits,
    "verdict": write_verdict,
    "as_of": lambda evaluation: write_day(evaluation.as_of),
}
"""The fields that prose may refer to, each with the function that writes it."""
