"""Verdicts in words, with what a reader must know next to the word."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.model import Basis, Evaluation, Qualifier, VerdictAt

ON_A_STAND_IN = " on a stand-in"


def write_verdict(judged: Evaluation | VerdictAt) -> str:
    """Write a verdict with its basis and its qualifiers: ``insufficient data on a stand-in (hindsight)``.

    Stale data are written with their last day: ``supported (not updated since 2026-08-20)``.
    """
    words = judged.verdict.value + (ON_A_STAND_IN if judged.basis is Basis.STAND_IN else "")
    qualifiers = ", ".join(_list_qualifiers(judged)) if isinstance(judged, Evaluation) else ""
    return f"{words} ({qualifiers})" if qualifiers else words


def _list_qualifiers(evaluation: Evaluation) -> Iterator[str]:
    for qualifier in evaluation.qualifiers:
        yield f"not updated since {evaluation.stale}" if qualifier is Qualifier.STALE else qualifier.value
