"""The bundle of a claim from the store: all that is needed to compute its figure again."""

from __future__ import annotations

from datetime import date

from groundswell.app.bundle.build import bundle_claim
from groundswell.app.queries.claims import read_claims
from groundswell.app.queries.common import PageSource
from groundswell.errors import NotFoundError, suggest
from groundswell.pages.models import ClaimBundle


def build_claim_bundle(source: PageSource, slug: str, claim_id: str, as_of: date | None) -> ClaimBundle:
    """Build the bundle from the store. Raises ``NotFoundError`` for an unknown claim or one without a figure."""
    hub = source.find_hub(slug)
    claims = {claim.id: claim for claim in hub.claims}
    if claim_id not in claims:
        raise NotFoundError(f"the hub {slug} has no claim {claim_id!r}; {suggest(claim_id, claims)}")
    evaluation = next(evaluation for evaluation in read_claims(source, slug, as_of) if evaluation.id == claim_id)
    return bundle_claim(claims[claim_id], evaluation, source.evidence.book())
