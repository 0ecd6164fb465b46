"""From a claim and the series at hand to its evaluation as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from groundswell.claims.estimand import Measurement
from groundswell.claims.inference import Summary, holm, placebo_p, sign_p
from groundswell.claims.readings import read, small_sample, summary_of
from groundswell.claims.registry import arguments_of, readings_of
from groundswell.claims.spec import ClaimSpec, MeasureSpec, ReadingSpec
from groundswell.claims.validate import check_claim
from groundswell.markets.events.fed_decisions import decisions
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.series.staleness import DECISIONS
from groundswell.model import Evaluation, Series, Verdict

MAIN = "as claimed"
"""The name of the main measurement where it stands among the readings."""

"""Scheduled meetings are at most eight weeks apart: after a longer silence the table of decisions is out of date."""

JUDGED = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE)


def evaluate_claims(hub: str, claims: Iterable[ClaimSpec], book: SeriesBook, as_of: dt.date) -> tuple[Evaluation, ...]:
    """Evaluate each claim of ``hub`` from what was known at the end of ``as_of``, in the order given.

    A hub that tests many claims finds some by chance: each claim judged says in a note what is left of its p-value
    when Holm's adjustment is made over all that were judged. Verdicts are not changed by it.
    """
    known = book.known_by(end_of_day(as_of))
    found = [_evaluate(hub, claim, known, as_of) for claim in claims]
    tested = [at for at, (one, brief) in enumerate(found) if one.verdict in JUDGED and brief and brief.p is not None]
    adjusted = dict(zip(tested, holm([_p(found[at][1]) for at in tested]), strict=True)) if len(tested) > 1 else {}
    return tuple(
        replace(one, notes=(*one.notes, _many(_p(brief), adjusted[at], len(tested)))) if at in adjusted else one
        for at, (one, brief) in enumerate(found)
    )


def evaluate_claim(hub: str, claim: ClaimSpec, book: SeriesBook, as_of: dt.date) -> Evaluation:
    """Evaluate one claim from what was known at the end of ``as_of``.

    A claim whose main measurement lacks series is "not measured" with the reason; its readings still are measured
    where they can be. A claim that asks for what is refused, or is wrong in another way that ``check_claim`` names, is
    "not measured" with the explanation. ``history`` is left empty: it belongs to whoever keeps evaluations.
    """
    return _evaluate(hub, claim, book.known_by(end_of_day(as_of)), as_of)[0]


def _evaluate(hub: str, claim: ClaimSpec, book: SeriesBook, as_of: dt.date) -> tuple[Evaluation, Summary | None]:
    if claim.measure is None:
        return Evaluation(claim.id, hub, claim.text, Verdict.NOT_MEASURED, claim.unmeasured, as_of), None
    mistakes = check_claim(claim)
    if mistakes:
        reason = "; ".join(dict.fromkeys(message for _, message in mistakes))
        return Evaluation(claim.id, hub, claim.text, Verdict.NOT_MEASURED, reason, as_of), None
    main, measurement = read(ReadingSpec(name=MAIN, arguments={}), claim.measure, book, as_of)
    others = [read(spec, claim.measure, book, as_of) for spec in readings_of(claim)]
    summary = summary_of(measurement, claim.measure) if measurement else None
    estimand, arguments = arguments_of(claim.measure)
    notes = _notes([measurement, *(outcome for _, outcome in others)], as_of, book)
    evaluation = Evaluation(
        id=claim.id,
        hub=hub,
        text=claim.text,
        verdict=main.verdict,
        reason=main.reason,
        as_of=as_of,
        estimand=claim.measure.estimand,
        unit=estimand.unit_of(arguments),
        estimate=main.estimate,
        median=summary.median if summary else None,
        ci_low=main.ci_low,
        ci_high=main.ci_high,
        n=main.n,
        wins=summary.wins if summary else None,
        placebo_p=_placebo(main.estimate, measurement),
        sign_p=sign_p([event.value for event in main.events]) if summary and summary.wins is not None else None,
        window=main.window,
        events=main.events,
        absent=main.absent,
        readings=tuple(reading for reading, _ in others),
        sources=main.sources,
        notes=tuple(dict.fromkeys((*_few(measurement, claim.measure, main.verdict), *notes))),
    )
    return evaluation, summary


def _few(measurement: Measurement | None, measure: MeasureSpec, verdict: Verdict) -> tuple[str, ...]:
    told = small_sample(measurement, measure, verdict) if measurement and verdict in JUDGED else None
    return (told,) if told else ()


def _placebo(estimate: float | None, measurement: Measurement | None) -> float | None:
    if estimate is None or measurement is None or measurement.others is None:
        return None
    return placebo_p(estimate, len(measurement.values), measurement.others(), measurement.span)


def _notes(measurements: list[Measurement | None], as_of: dt.date, book: SeriesBook) -> Iterator[str]:
    if measurements[0]:
        yield from measurements[0].notes
    known = decisions(as_of, book)
    if known and DECISIONS.is_exceeded(known[-1].announced, as_of):
        yield f"Fed decisions are held up to {known[-1].announced}; later ones are not in this evaluation."
    revised = dict.fromkeys(str(ref) for measurement in measurements if measurement for ref in measurement.revised)
    if revised:
        are = "is" if len(revised) == 1 else "are"
        yield f"{', '.join(revised)} {are} held as published last; what was known at the time may have differed."


def _p(summary: Summary | None) -> float:
    return 1.0 if summary is None or summary.p is None else summary.p


def _many(p: float, adjusted: float, count: int) -> str:
    return (
        f"This hub judges {count} claims from data. Against no relation at all the p-value is {p:.3f}, and "
        f"{adjusted:.3f} after Holm's adjustment for testing {count}."
    )


def inputs_of(evaluation: Evaluation, book: SeriesBook) -> tuple[Series, ...]:
    """The series of the main measurement, with every value in ``book``, which holds what was known by its day.

    All of their past, because event lists and estimation windows look back. Tables that are no series, such as that of
    the Fed's decisions, are left out.
    """
    held = {str(one.ref): one for one in book}
    return tuple(held[use.series] for use in evaluation.sources if use.series in held)
