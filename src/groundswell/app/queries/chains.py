"""The chains of the series: which service serves each, and what those before it answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from groundswell.app.data_folder import collect_series_refs
from groundswell.app.queries.common import PageSource
from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.spec import ClaimSpec
from groundswell.model import Evaluation, Outcome, SeriesRef, UpstreamState
from groundswell.model.service_answers import ServiceAnswer
from groundswell.model.upstreams import data_row
from groundswell.pages.status import ChainLink, SeriesChain
from groundswell.sources.services.chains import ALWAYS_REQUESTED, Answers, link_chain
from groundswell.sources.services.registry import list_offering, service_title
from groundswell.storage.upstreams import service_answers
from groundswell.wording.service_answers import describe_failures


def read_chains(source: PageSource, states: Iterable[UpstreamState]) -> tuple[SeriesChain, ...]:
    """Read the chain of every series that the hubs need or that was asked for, by the states of the services."""
    with source.store.read() as connection:
        answers = service_answers.load_answers(connection)
    wanted = {*collect_series_refs(source.hubs.values()), *ALWAYS_REQUESTED, *(ref for _, ref in answers)}
    rows = {state.name: state for state in states}
    chains = (SeriesChain(ref.id, ref.measure, _build_links(ref, rows, answers)) for ref in sorted(wanted))
    return tuple(chain for chain in chains if chain.links)


def explain_missing(
    source: PageSource, claims: Collection[ClaimSpec], evaluations: Iterable[Evaluation]
) -> tuple[Evaluation, ...]:
    """Add to the reason of each claim without its series what the data services answered for them.

    The recorded evaluations stay without it: it is of the present.
    """
    evaluated = tuple(evaluations)
    missing = {claim.id: refs for claim in claims if (refs := _list_missing(source, claim))}
    if not missing:
        return evaluated
    with source.store.read() as connection:
        answers = service_answers.load_answers(connection)
    now, explained = source.clock(), list[Evaluation]()
    for evaluation in evaluated:
        failures = _list_failures(missing.get(evaluation.id, ()), answers)
        words = describe_failures(failures, now)
        explained.append(replace(evaluation, reason=f"{evaluation.reason}; {words}") if words else evaluation)
    return tuple(explained)


def _list_missing(source: PageSource, claim: ClaimSpec) -> tuple[SeriesRef, ...]:
    main = bind_claim(claim).main
    book = source.evidence.book()
    return tuple(ref for ref in sorted(main.needs) if book.get(ref) is None) if isinstance(main, BoundMeasure) else ()


def _list_failures(refs: Collection[SeriesRef], answers: Answers) -> list[tuple[str, ServiceAnswer]]:
    """List what failed for series, in the order of their chains."""
    return [
        (service_title(name), answer)
        for ref in refs
        for name in list_offering(ref)
        if (answer := answers.get((name, ref))) is not None and not answer.suffices
    ]


def _build_links(ref: SeriesRef, rows: dict[str, UpstreamState], answers: Answers) -> tuple[ChainLink, ...]:
    """Return the services that offer a series; those that cannot be asked are in their place, and pass it on."""
    names = list_offering(ref)
    asked = [name for name in names if (row := rows.get(data_row(name))) and _can_be_asked(row)]
    links = {link.service: link for link in link_chain(ref, asked, answers)}
    return tuple(
        ChainLink(
            service=name,
            title=service_title(name),
            is_on=name in links,
            serves=name in links and links[name].serves,
            answer=answers.get((name, ref)),
        )
        for name in names
    )


def _can_be_asked(row: UpstreamState) -> bool:
    return row.enabled and not (row.outcome is Outcome.NOT_TRIED and row.detail)
