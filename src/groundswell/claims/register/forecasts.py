"""Forecasts of the events of a claim, each from what was known on its day, and how they turned out.

When an event happens, the values of the earlier events whose windows had ended by then say how likely it is that the
claimed bound is reached, ``(k + 1) / (n + 2)`` for ``k`` of ``n`` (the rule of succession of P.-S. Laplace, 1774), and
between which values the next one lies. Nothing later is used, so the past can be replayed. A forecast is resolved by
the value of its event, and void where the event has none although its window has ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.claims.binding import find_measure
from groundswell.claims.estimand import EstimandKind, Measurement
from groundswell.claims.evaluate import select_known
from groundswell.claims.inference.means import predict_next
from groundswell.claims.spec import ClaimSpec
from groundswell.claims.verdict import Holds, Range, count_hits
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.studies.event_study import EveryWindow
from groundswell.model import Basis, Evaluation, EventValue, Forecast, Qualifier

MIN_EARLIER = 3
"""Without so many earlier events there is no forecast."""

LONGEST_CLOSURE = dt.timedelta(days=14)
"""By so much, for certain, no window lasts longer than another of as many sessions."""

COIN = 0.5
CALIBRATION_BINS = 5


@dataclass(frozen=True, slots=True)
class Bin:
    """Resolved forecasts of similar probability: number, mean probability, and the share that reached the bound."""

    low: float
    high: float
    n: int
    probability: float
    share: float


@dataclass(frozen=True, slots=True)
class Score:
    """How forecasts turned out: mean squared distances of probabilities from what happened (G. W. Brier, 1950).

    ``coin`` is that of a probability of one half, ``usual`` that of the share of all earlier windows, over the
    ``compared`` forecasts that have one, and ``brier_compared`` that of the forecasts themselves over the same.
    ``covered`` counts the values within their prediction intervals, of ``bounded`` that had one. None where nothing is
    resolved.
    """

    resolved: int
    open: int
    voids: int
    brier: float | None
    coin: float | None
    compared: int
    brier_compared: float | None
    usual: float | None
    bounded: int
    covered: int
    calibration: tuple[Bin, ...]


def forecast_claim(claim: ClaimSpec, evaluation: Evaluation, book: SeriesBook) -> tuple[Forecast, ...]:
    """Make the forecasts of a claim's events from an evaluation, oldest first.

    There are none where the values are no single events, where the events could not be known on their days, and on a
    stand-in.
    """
    bound = find_measure(claim, evaluation)
    if bound is None or claim.measure is None or evaluation.basis is not Basis.DECLARED:
        return ()
    if bound.estimand.kind is not EstimandKind.EVENTS or evaluation.hits is None:
        return ()
    if Qualifier.HINDSIGHT in evaluation.qualifiers:
        return ()
    outcome = bound.measure(select_known(evaluation, book), evaluation.measured_as_of)
    others = outcome.others if isinstance(outcome, Measurement) else None
    return make_forecasts(evaluation, claim.measure.range, claim.measure.holds, others() if others else None)


def make_forecasts(
    evaluation: Evaluation, claimed: Range, holds: Holds, windows: EveryWindow | None = None
) -> tuple[Forecast, ...]:
    """Make the forecast of each event of an evaluation that has enough earlier ones, oldest first.

    ``windows`` are the values of every window of the claim. Events that could not be known on their days have no
    forecasts; leave such evaluations out.
    """
    events = {event.date: event for event in evaluation.events}
    absences = {absence.date: absence for absence in evaluation.absent}
    made = []
    for day in sorted(events.keys() | absences.keys()):
        event, absence = events.get(day), absences.get(day)
        earlier = [each for each in evaluation.events if each.date < day and each.end <= day]
        if len(earlier) < MIN_EARLIER:
            continue
        values = np.array([each.value for each in earlier])
        hits = count_hits(values.tolist(), claimed, holds)
        # Outcomes are one of two values: the probability says all, and there is nothing between them to predict.
        low, high = (predict_next(values) if len(np.unique(values)) > 2 else None) or (None, None)
        made.append(
            Forecast(
                hub=evaluation.hub,
                claim=evaluation.id,
                day=day,
                n=len(earlier),
                hits=hits,
                probability=(hits + 1) / (len(earlier) + 2),
                low=low,
                high=high,
                usual=_find_usual(windows, earlier, day, claimed, holds) if windows is not None else None,
                ends=absence.ends if absence else None,
                value=event.value if event else None,
                hit=bool(count_hits([event.value], claimed, holds)) if event else None,
                void=absence.reason if absence and absence.ends is None else "",
                after_registration=evaluation.registered is not None and day > evaluation.registered,
            )
        )
    return tuple(made)


def _find_usual(
    windows: EveryWindow, earlier: Sequence[EventValue], day: dt.date, claimed: Range, holds: Holds
) -> float | None:
    """Find the share of windows that reached the bound, of those that had ended by ``day`` for certain."""
    longest = max(each.end - each.start for each in earlier) + LONGEST_CLOSURE
    known = windows.values[windows.bases + np.timedelta64(longest.days, "D") <= np.datetime64(day, "D")]
    return count_hits(known.tolist(), claimed, holds) / len(known) if len(known) else None


def score_forecasts(forecasts: Iterable[Forecast]) -> Score:
    """Score the resolved forecasts, and count the open and the void ones."""
    every = tuple(forecasts)
    resolved = [(each, float(each.hit)) for each in every if each.hit is not None]
    compared = [(each, each.usual, hit) for each, hit in resolved if each.usual is not None]
    bounded = [each for each, _ in resolved if each.low is not None]
    return Score(
        resolved=len(resolved),
        open=sum(each.hit is None and not each.void for each in every),
        voids=sum(bool(each.void) for each in every),
        brier=_compute_brier([(each.probability, hit) for each, hit in resolved]),
        coin=_compute_brier([(COIN, hit) for _, hit in resolved]),
        compared=len(compared),
        brier_compared=_compute_brier([(each.probability, hit) for each, _, hit in compared]),
        usual=_compute_brier([(usual, hit) for _, usual, hit in compared]),
        bounded=len(bounded),
        covered=sum(_is_covered(each) for each in bounded),
        calibration=tuple(_calibrate([(each.probability, hit) for each, hit in resolved])),
    )


def _compute_brier(pairs: Sequence[tuple[float, float]]) -> float | None:
    return sum((probability - hit) ** 2 for probability, hit in pairs) / len(pairs) if pairs else None


def _is_covered(forecast: Forecast) -> bool:
    return (
        forecast.value is not None
        and forecast.low is not None
        and forecast.high is not None
        and forecast.low <= forecast.value <= forecast.high
    )


def _calibrate(pairs: Sequence[tuple[float, float]]) -> Iterable[Bin]:
    for number in range(CALIBRATION_BINS):
        low, high = number / CALIBRATION_BINS, (number + 1) / CALIBRATION_BINS
        inside = [pair for pair in pairs if low <= pair[0] < high]  # (k + 1) / (n + 2) is never 1
        if inside:
            probability, share = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            yield Bin(low, high, len(inside), probability, share)
