"""Claims of the hubs: their evaluations, the changes of their verdicts, and a search in their texts."""

from __future__ import annotations

from datetime import date

from groundswell.app.queries.chains import explain_missing
from groundswell.app.queries.common import PageSource
from groundswell.model import ChainReport, Evaluation, VerdictChange
from groundswell.storage.evidence.chain import check_chain


def read_claims(source: PageSource, slug: str, as_of: date | None) -> tuple[Evaluation, ...]:
    """Evaluate the claims of a hub as of a past day, or read their last recorded evaluations.

    Unless every claim has been recorded, all are evaluated for today. Of the present, the reason of a claim without its
    series says what the data services answered for them. Raises ``NotFoundError`` and ``UsageError``.
    """
    hub = source.find_hub(slug)
    if as_of is not None:
        return source.evidence.evaluate(slug, source.resolve_day(as_of))
    recorded = source.evidence.read_recorded(slug)
    present = recorded if len(recorded) == len(hub.claims) else source.evidence.evaluate(slug, source.today())
    return explain_missing(source, hub.claims, present)


def read_verdict_changes(
    source: PageSource, slug: str | None, claim_id: str | None, as_of: date | None
) -> tuple[VerdictChange, ...]:
    """List the changes of verdicts up to a day, newest first: of all hubs, of one, or of one claim.

    Raises ``NotFoundError`` for an unknown hub, and ``UsageError``.
    """
    hubs = source.hubs.values() if slug is None else (source.find_hub(slug),)
    until = source.resolve_day(as_of)
    changes = [
        change
        for hub in hubs
        for claim in hub.claims
        if claim_id in (None, claim.id)
        for change in source.evidence.verdict_changes(hub.slug, claim.id, until)
    ]
    return tuple(sorted(changes, key=lambda change: change.as_of, reverse=True))


def check_ledger(source: PageSource, slug: str | None, noted: str) -> ChainReport:
    """Check the chain of records, of all hubs or of one. Raises ``NotFoundError`` for an unknown hub."""
    if slug is not None:
        source.find_hub(slug)
    with source.store.read() as connection:
        return check_chain(connection, slug, noted)


def search_claims(source: PageSource, words: str, limit: int | None) -> tuple[Evaluation, ...]:
    """Read the present evaluations of the first ``limit`` claims whose text contains every word, in hub order."""
    matches = source.claim_words.find(words)[:limit]
    by_hub = {slug: {claim.id: claim for claim in read_claims(source, slug, None)} for slug, _ in matches}
    return tuple(by_hub[slug][claim_id] for slug, claim_id in matches)
