"""Verdicts in words, with what a reader must know next to the word."""

from __future__ import annotations

from groundswell.model import Basis, Evaluation, VerdictAt

ON_A_STAND_IN = " on a stand-in"


def write_verdict(judged: Evaluation | VerdictAt) -> str:
    """Write a verdict with its basis and its qualifiers: ``insufficient data on a stand-in (hindsight)``."""
    words = judged.verdict.value + (ON_A_STAND_IN if judged.basis is Basis.STAND_IN else "")
    qualifiers = ", ".join(judged.qualifiers) if isinstance(judged, Evaluation) else ""
    return f"{words} ({qualifiers})" if qualifiers else words
