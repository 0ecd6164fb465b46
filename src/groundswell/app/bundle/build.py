"""From an evaluation of a claim to its bundle."""

from __future__ import annotations

from importlib.metadata import version

from groundswell.app.bundle.archive import write_archive
from groundswell.app.bundle.files import build_files, write_readme
from groundswell.claims.binding import find_measure
from groundswell.claims.estimand import Measurement
from groundswell.claims.evaluate import select_known
from groundswell.claims.spec import ClaimSpec
from groundswell.errors import NotFoundError
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Verdict
from groundswell.pages.models import ClaimBundle


def bundle_claim(claim: ClaimSpec, evaluation: Evaluation, book: SeriesBook) -> ClaimBundle:
    """Bundle an evaluation of a claim with what it rests on in ``book``.

    Raises ``NotFoundError`` where there is nothing to compute again.
    """
    known = select_known(evaluation, book)
    bound = find_measure(claim, evaluation)
    outcome = bound.measure(known, evaluation.measured_as_of) if bound else None
    if bound is None or not isinstance(outcome, Measurement) or evaluation.verdict is Verdict.NOT_MEASURED:
        raise NotFoundError(
            f"the claim {evaluation.hub}/{claim.id} has no figure as of {evaluation.as_of} to compute again: "
            f"{evaluation.verdict}, {evaluation.reason}"
        )
    program = version("groundswell")
    built = build_files(claim, bound, evaluation, outcome, known)
    built["README.txt"] = write_readme(claim, evaluation, built, program)
    name = f"{evaluation.hub}-{claim.id}-{evaluation.as_of}"
    return ClaimBundle(f"{name}.zip", write_archive(name, built))
