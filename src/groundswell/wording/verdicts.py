"""Verdicts in words, with what a reader must know next to the word."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.model import Basis, Evaluation, Qualifier, Verdict, VerdictAt

ON_A_STAND_IN = " on a stand-in"

CONFIRMABLE = (Verdict.SUPPORTED, Verdict.REFUTED)


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
    if isinstance(judged, Evaluation):
        for qualifier in judged.qualifiers:
            yield f"not updated since {judged.stale}" if qualifier is Qualifier.STALE else qualifier.value
