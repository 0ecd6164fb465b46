"""Verdicts in words, with what a reader must know next to the word."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.model import CONFIRMABLE, Basis, Evaluation, Qualifier, Verdict, VerdictAt, Votes
from groundswell.wording.plurals import choose_verb, write_count

ON_A_STAND_IN = " on a stand-in"

QUALIFIER_WORDS = {
    Qualifier.SIZE: "in size",
    Qualifier.DIRECTION_ONLY: "in direction only",
    Qualifier.NO_MORE_THAN_USUAL: "no more than usual",
    Qualifier.PREMISE_ABSENT: "premise absent",
    Qualifier.HINDSIGHT: "hindsight",
}


def write_verdict(judged: Evaluation | VerdictAt) -> str:
    """Write a verdict with its basis and its qualifiers: ``insufficient data on a stand-in (hindsight)``.

    "confirmed" is the first of them, where the confidence sequence gives the same verdict. Stale data are written with
    their last day: ``supported (not updated since 2026-08-20)``.
    """
    words = judged.verdict.value + (ON_A_STAND_IN if judged.basis is Basis.STAND_IN else "")
    qualifiers = ", ".join(_list_qualifiers(judged))
    return f"{words} ({qualifiers})" if qualifiers else words


def write_state(verdict: Verdict, confirmed: bool | None) -> str:
    """Write a verdict with whether it is confirmed: ``refuted and confirmed``; nothing where that has no meaning."""
    if confirmed:
        return f"{verdict} and confirmed"
    return f"{verdict} but not confirmed" if confirmed is False and verdict in CONFIRMABLE else str(verdict)


def _list_qualifiers(judged: Evaluation | VerdictAt) -> Iterator[str]:
    if judged.confirmed:
        yield "confirmed"
    if isinstance(judged, VerdictAt):
        return
    for qualifier in judged.qualifiers:
        if qualifier is Qualifier.STALE:
            yield f"not updated since {judged.stale}"
        elif qualifier is Qualifier.NOT_SINCE:
            yield f"not since {judged.not_since}"
        else:
            yield QUALIFIER_WORDS.get(qualifier, qualifier.value)


def write_votes(votes: Votes) -> str:
    """Write how readings vote: ``0 of 50 readings support it; 35 refute``; empty where none has a verdict."""
    return _write_votes(votes, "it")


def write_all_votes(votes: Votes) -> str:
    """Write how the readings of several claims vote: ``12 of 161 readings support their claims; 40 refute``."""
    return _write_votes(votes, choose_verb(votes.support, "its claim", "their claims"))


def _write_votes(votes: Votes, claim: str) -> str:
    if not votes.judged:
        return ""
    support, refute = choose_verb(votes.support, "supports", "support"), choose_verb(votes.refute, "refutes", "refute")
    words = f"{votes.support} of {write_count(votes.judged, 'reading')} {support} {claim}"
    return f"{words}; {votes.refute} {refute}" if votes.refute else words
