"""From a claim and the available series to its evaluation as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from groundswell.claims.binding import bind_claim, describe_measured
from groundswell.claims.checks.periods import note_choice
from groundswell.claims.estimand import BoundMeasure, Measurement, Missing, Refused
from groundswell.claims.fallbacks import measure_stand_in
from groundswell.claims.inference.adjustment import adjust_by_holm
from groundswell.claims.inference.placebo import placebo_p
from groundswell.claims.inference.signs import sign_p
from groundswell.claims.inference.skewness import compute_skewness, describe_skewness
from groundswell.claims.inference.summary import MEAN_OF_EVENTS, Summary
from groundswell.claims.judging.curve import judge_curve_jointly
from groundswell.claims.judging.qualifiers import is_usual, list_rows, note_absent_premises, qualify
from groundswell.claims.judging.recent import measure_recent
from groundswell.claims.judging.sequence import bound_by_sequence
from groundswell.claims.judging.strength import measure_strength
from groundswell.claims.reading_axes import MAIN_READING
from groundswell.claims.readings import (
    LastMeasured,
    describe_small_sample,
    measure_while_fresh,
    summarise_measurement,
)
from groundswell.claims.spans import Shortfall, find_shortfall
from groundswell.claims.spec import ClaimSpec, MeasureSpec, ReadingSpec
from groundswell.claims.validate import check_claim
from groundswell.claims.verdict import is_confirmed
from groundswell.markets.events.fed_decisions import FED_DECISIONS, list_decisions
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.series.staleness import DECISIONS, Outdated, cut_after
from groundswell.model import JUDGED, Curve, Evaluation, EventValue, Series, Verdict
from groundswell.wording.missing_data import name_series
from groundswell.wording.plurals import choose_verb, write_list

OnFailure = Callable[[ClaimSpec, Exception], Evaluation]
"""Makes the evaluation of a claim on which the program failed."""


def evaluate_claims(
    hub: str, claims: Iterable[ClaimSpec], book: SeriesBook, as_of: dt.date, on_failure: OnFailure | None = None
) -> tuple[Evaluation, ...]:
    """Evaluate each claim of ``hub`` from what was known at the end of ``as_of``, in the order given.

    A claim whose main measurement misses series is measured by the first of its fallbacks whose data suffice (see
    ``measure_stand_in``); without one it is "not measured" with the reason. Its readings are measured where possible. A
    claim with mistakes that ``check_claim`` finds is "not measured", and the mistakes are the reason.

    A hub that judges many claims is wrong on some by chance. Each claim judged by its declared measurement has the
    p-value of its claimed bound, adjusted by Holm over all such claims; verdicts do not depend on it. ``history`` is
    empty: the ledger has it.

    No claim stops another: where the program fails on one, ``on_failure`` makes its evaluation of the exception. By
    default it is "not measured", with the kind of the exception as the reason.
    """
    known = book.known_by(end_of_day(as_of))
    results = [_try_to_evaluate(hub, claim, known, as_of, on_failure) for claim in claims]
    tested = [
        (number, each.strength.bound_p)
        for number, each in enumerate(results)
        if each.stand_in is None and each.verdict in JUDGED and each.strength and each.strength.bound_p is not None
    ]
    adjusted = adjust_by_holm([p for _, p in tested])
    for (number, _), p in zip(tested, adjusted, strict=True):
        results[number] = replace(results[number], holm_p=p)
    return tuple(results)


def _try_to_evaluate(
    hub: str, claim: ClaimSpec, book: SeriesBook, as_of: dt.date, on_failure: OnFailure | None
) -> Evaluation:
    try:
        return _evaluate(hub, claim, book, as_of)
    except Exception as error:
        if on_failure is not None:
            return on_failure(claim, error)
        reason = f"the program failed on it: {type(error).__name__}"
        return Evaluation(claim.id, hub, claim.text, Verdict.NOT_MEASURED, reason, as_of)


def _evaluate(hub: str, claim: ClaimSpec, book: SeriesBook, as_of: dt.date) -> Evaluation:
    if claim.measure is None:
        return Evaluation(claim.id, hub, claim.text, Verdict.NOT_MEASURED, claim.unmeasured, as_of)
    mistakes = check_claim(claim)
    bound = bind_claim(claim)
    if mistakes or not isinstance(bound.main, BoundMeasure):
        reason = "; ".join(dict.fromkeys(message for _, message in mistakes))
        return Evaluation(claim.id, hub, claim.text, Verdict.NOT_MEASURED, reason, as_of)
    used, stand_in = bound.main, None
    last = measure_while_fresh(MAIN_READING, used, claim.measure, book, as_of)
    needs = _list_unmet_needs(last.outcome, find_shortfall(bound.main, last.book, last.day, claim.measure.since))
    measured = measure_stand_in(claim, needs, last.reading.reason, book, as_of) if needs else None
    if measured:
        used, last, stand_in = measured.bound, measured.last, measured.stand_in
    main, outcome = last.reading, last.outcome
    measurement = outcome if isinstance(outcome, Measurement) else None
    others = [
        _measure_other(reading.spec, reading.measure, claim.measure, book, as_of, last)
        for reading in bound.readings
        if isinstance(reading.measure, BoundMeasure)
    ]
    windows = measurement.others().values if measurement and measurement.others else None
    summary = _summarise(measurement, claim.measure, windows) if measurement else None
    predict_low, predict_high = (summary.predicted if summary else None) or (None, None)
    sequence = bound_by_sequence(summary, measurement, used, claim.measure) if summary and measurement else None
    outcomes = [outcome, *(other.outcome for other in others)]
    placebo_p = _placebo_p(main.estimate, measurement, windows)
    rows = list_rows(measurement) if measurement else None
    votes = [each for each in others if not each.reading.asks and each.reading.verdict in JUDGED]
    listed = {reading.name for reading in claim.readings}
    premises = note_absent_premises([(one.reading.name, one.outcome) for one in votes if one.reading.name in listed])
    usual, is_stale = is_usual(main, placebo_p, windows), bool(last.outdated)
    qualified = qualify(main, outcome, claim.measure, usual, rows=rows, is_stale=is_stale, lacks_premise=bool(premises))
    curve = _test_curve(claim.measure, measurement, votes)
    notes = (
        *note_choice(claim.measure, bound, [other.reading for other in others]),
        *_note_staleness(last, others),
        *_note_small_sample(measurement, claim.measure, used.unit, main.verdict),
        *filter(None, [describe_skewness(summary.skew) if summary and main.verdict in JUDGED else None]),
        *_list_notes(outcomes, as_of, book, premises),
    )
    return Evaluation(
        id=claim.id,
        hub=hub,
        text=claim.text,
        verdict=main.verdict,
        reason=main.reason,
        as_of=as_of,
        estimand=used.estimand.name,
        unit=used.unit,
        estimate=main.estimate,
        median=summary.median if summary else None,
        ci_low=main.ci_low,
        ci_high=main.ci_high,
        n=main.n,
        wins=summary.wins if summary else None,
        hits=summary.hits if summary else None,
        placebo_p=placebo_p,
        sign_p=_sign_p(summary, main.events),
        flip_p=summary.flip_p if summary else None,
        predict_low=predict_low,
        predict_high=predict_high,
        window=main.window,
        measured=describe_measured(used, main.n) if measurement else "",
        events=main.events,
        absent=main.absent,
        readings=tuple(other.reading for other in others),
        sources=main.sources,
        notes=tuple(dict.fromkeys(notes)),
        stand_in=stand_in,
        qualifiers=qualified.qualifiers,
        stale=last.outdated[0].last if last.outdated else None,
        fresh_until=last.day if last.outdated else None,
        sequence_low=sequence[0] if sequence else None,
        sequence_high=sequence[1] if sequence else None,
        confirmed=summary is not None
        and is_confirmed(main.verdict, summary, sequence, claim.measure.range, claim.measure.holds),
        not_since=qualified.not_since,
        recent=measure_recent(measurement, rows, last.day) if measurement else None,
        strength=measure_strength(summary, claim.measure) if summary else None,
        curve=curve,
    )


def _measure_other(  # noqa: PLR0917 - what is measured, what it is judged by, and the main measurement
    spec: ReadingSpec, bound: BoundMeasure, measure: MeasureSpec, book: SeriesBook, as_of: dt.date, main: LastMeasured
) -> LastMeasured:
    """Measure a reading, and mark the question that it asks."""
    last = measure_while_fresh(spec.name, bound, spec.apply_to(measure), book, as_of, main)
    return replace(last, reading=replace(last.reading, asks=spec.asks)) if spec.asks else last


def _test_curve(measure: MeasureSpec, main: Measurement | None, votes: Sequence[LastMeasured]) -> Curve | None:
    """Test the main measurement and the readings that vote, all together."""
    outcomes = [main, *(each.outcome for each in votes)]
    return judge_curve_jointly([each for each in outcomes if isinstance(each, Measurement)], measure)


def _note_staleness(last: LastMeasured, others: Sequence[LastMeasured]) -> Iterator[str]:
    """Say which series are stale; those of readings are named once where the main measurement is not the same day's."""
    if last.outdated:
        yield f"Not updated since {_name_outdated(last.outdated)}: the verdict is that of {last.day}."
    days = {other.day: other.outdated for other in others if other.outdated and other.day != last.day}
    for day, outdated in sorted(days.items()):
        yield f"Readings on series not updated since {_name_outdated(outdated)} are those of {day}."


def _name_outdated(outdated: Sequence[Outdated]) -> str:
    return f"{outdated[0].last} ({write_list([str(each.ref) for each in outdated])})"


def _list_unmet_needs(outcome: Measurement | Missing | Refused, shortfall: Shortfall | None) -> tuple[str, ...]:
    """Name the data that a measurement needs and misses."""
    if isinstance(outcome, Missing):
        return name_series(outcome.series)
    return (shortfall.need,) if shortfall else ()


def _note_small_sample(
    measurement: Measurement | None, measure: MeasureSpec, unit: str, verdict: Verdict
) -> tuple[str, ...]:
    judged = measurement is not None and verdict in JUDGED
    note = describe_small_sample(measurement, measure, unit, verdict) if judged and measurement else None
    return (note,) if note else ()


def _summarise(measurement: Measurement, measure: MeasureSpec, windows: NDArray[np.float64] | None) -> Summary:
    """Summarise the main measurement; a mean over events gets the skewness of all windows of their length."""
    summary = summarise_measurement(measurement, measure)
    if windows is None or measurement.summary is not None or measurement.law is not MEAN_OF_EVENTS:
        return summary
    return replace(summary, skew=compute_skewness(windows))


def _placebo_p(
    estimate: float | None, measurement: Measurement | None, windows: NDArray[np.float64] | None
) -> float | None:
    if estimate is None or measurement is None or windows is None:
        return None
    return placebo_p(estimate, len(measurement.values), windows, measurement.span)


def _sign_p(summary: Summary | None, events: Sequence[EventValue]) -> float | None:
    """Return the p-value of the sign test; None for values that are no events, and for equal ones."""
    if summary is None or summary.wins is None or summary.is_flat:
        return None
    return sign_p([event.value for event in events])


def _list_notes(
    outcomes: list[Measurement | Missing | Refused], as_of: dt.date, book: SeriesBook, premises: Iterable[str]
) -> Iterator[str]:
    """List the notes of the first outcome, which is that of the main measurement, and those on the data of all."""
    main = outcomes[0]
    if isinstance(main, Measurement):
        yield from (main.hindsight, *main.notes) if main.hindsight else main.notes
    yield from premises
    measurements = [outcome for outcome in outcomes if isinstance(outcome, Measurement)]
    uses_decisions = any(
        use.series == FED_DECISIONS.title for measurement in measurements for use in measurement.sources
    )
    known = list_decisions(as_of, book) if uses_decisions else ()
    if known and DECISIONS.is_exceeded(known[-1].announced, as_of):
        yield f"Fed decisions are available up to {known[-1].announced}; later ones are not in this evaluation."
    revised = dict.fromkeys(str(ref) for measurement in measurements for ref in measurement.revised)
    if revised:
        are = choose_verb(len(revised))
        yield f"{', '.join(revised)} {are} stored as last published; what was known at the time may have differed."


def select_known(evaluation: Evaluation, book: SeriesBook) -> SeriesBook:
    """Return what an evaluation rests on: what was known by the day as of which it is measured.

    Of a stale series it is all that was known by the day of the evaluation, as in ``measure_while_fresh``.
    """
    known = book.known_by(end_of_day(evaluation.as_of))
    if evaluation.fresh_until is None:
        return known
    lasts = {use.series: use.last for use in evaluation.sources}
    late = [cut_after(series, last) for series in known if (last := lasts.get(str(series.ref)))]
    return SeriesBook.of((*known.known_by(end_of_day(evaluation.fresh_until)), *late))


def list_inputs(evaluation: Evaluation, book: SeriesBook) -> tuple[Series, ...]:
    """List the series of the main measurement with every value in ``book``, which ``select_known`` made.

    The whole past is included, because event lists and estimation windows look back. Tables that ship with the
    program, such as that of the Fed's decisions, are no series and are left out.
    """
    by_name = {str(series.ref): series for series in book}
    return tuple(by_name[use.series] for use in evaluation.sources if use.series in by_name)
