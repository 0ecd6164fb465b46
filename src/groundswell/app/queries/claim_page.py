"""The page of a claim, now or as of the end of a past day."""

from __future__ import annotations

from datetime import date

from groundswell.app.queries.claims import read_claims, read_verdict_changes
from groundswell.app.queries.common import PageSource, choose_visible
from groundswell.app.queries.event_news import collect_claim_events, read_event_news
from groundswell.app.queries.forecasts import list_claim_forecasts
from groundswell.claims.binding import describe_claim, describe_stand_in
from groundswell.claims.checks.subjects import explain_mismatch
from groundswell.claims.evaluate import list_inputs, select_known
from groundswell.claims.paths import measure_fan
from groundswell.claims.register.forecasts import score_forecasts
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.rolling import measure_rolling
from groundswell.errors import NotFoundError, suggest
from groundswell.pages.models import ClaimPage


def build_claim_page(source: PageSource, slug: str, claim_id: str, as_of: date | None) -> ClaimPage:
    """Build the page. Raises ``NotFoundError`` for an unknown hub or claim, and ``UsageError``."""
    hub = source.find_hub(slug)
    claims = {claim.id: claim for claim in hub.claims}
    if claim_id not in claims:
        raise NotFoundError(f"the hub {slug} has no claim {claim_id!r}; {suggest(claim_id, claims)}")
    claim = claims[claim_id]
    evaluation = next(evaluation for evaluation in read_claims(source, slug, as_of) if evaluation.id == claim_id)
    with source.store.read() as connection:
        news = read_event_news(connection, hub, collect_claim_events([evaluation]), choose_visible(as_of))
    measure = claim.measure
    book = select_known(evaluation, source.evidence.book())
    measured = evaluation.measured_as_of
    forecasts = list_claim_forecasts(source, evaluation, as_of)
    return ClaimPage(
        hub=hub,
        claim=claim,
        evaluation=evaluation,
        estimand_title=ESTIMANDS[measure.estimand].title if measure else "",
        estimand_text=describe_claim(claim),
        stand_in_text=describe_stand_in(claim, evaluation),
        as_of=as_of,
        made_at=source.clock(),
        event_news=news,
        rows=ESTIMANDS[evaluation.estimand].kind.value if evaluation.estimand else "",
        fan=measure_fan(claim, evaluation, book),
        rolling=None if evaluation.stand_in or evaluation.withheld else measure_rolling(claim, book, measured),
        verdict_changes=read_verdict_changes(source, slug, claim_id, as_of),
        inputs=list_inputs(evaluation, book),
        forecasts=forecasts,
        score=score_forecasts(forecasts) if forecasts else None,
        mismatch=explain_mismatch(claim, {each.symbol: each.name for each in hub.instruments}),
    )
