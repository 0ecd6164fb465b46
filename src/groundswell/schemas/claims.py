"""An evaluation as the JSON object that others script against."""

from __future__ import annotations

from typing import Any

from groundswell.model import Defect, Evaluation, EventValue, Flip, Reading, SeriesUse, Verdict


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The object for ``json.dumps``: returns are fractions, dates ISO; what was not measured is null, never zero."""
    return {
        "id": evaluation.id,
        "hub": evaluation.hub,
        "text": evaluation.text,
        "verdict": str(evaluation.verdict),
        "reason": evaluation.reason,
        "estimand": evaluation.estimand,
        "unit": evaluation.unit,
        "estimate": evaluation.estimate,
        "median": evaluation.median,
        "ci_low": evaluation.ci_low,
        "ci_high": evaluation.ci_high,
        "n": _count(evaluation),
        "wins": evaluation.wins,
        "placebo_p": evaluation.placebo_p,
        "sign_p": evaluation.sign_p,
        "as_of": evaluation.as_of.isoformat(),
        "window": evaluation.window,
        "events": [_event(event) for event in evaluation.events],
        "readings": [_reading(reading) for reading in evaluation.readings],
        "sources": [_source(use) for use in evaluation.sources],
        "history": [{"as_of": past.as_of.isoformat(), "verdict": str(past.verdict)} for past in evaluation.history],
        "notes": list(evaluation.notes),
        "defects": [
            {**defect_json(touch.defect), "main": touch.main, "readings": touch.readings}
            for touch in evaluation.touches
        ],
    }


def defect_json(defect: Defect) -> dict[str, Any]:
    """A defect of data as JSON; ``days`` is empty where the whole span from ``first`` to ``last`` is concerned."""
    return {
        "kind": str(defect.kind),
        "series": defect.series,
        "source": defect.source,
        "first": defect.first.isoformat(),
        "last": defect.last.isoformat(),
        "days": [day.isoformat() for day in defect.days],
        "size": defect.size,
        "unit": defect.unit,
        "text": defect.text,
        "done": str(defect.care),
        "mend": defect.mend,
    }


def flip_json(flip: Flip) -> dict[str, str]:
    """A change of a verdict as JSON."""
    return {
        "hub": flip.hub,
        "claim": flip.claim,
        "text": flip.text,
        "as_of": flip.as_of.isoformat(),
        "since": flip.since.isoformat(),
        "before": str(flip.before),
        "after": str(flip.after),
        "why": flip.why,
    }


def _event(event: EventValue) -> dict[str, Any]:
    told: dict[str, Any] = {"date": event.date.isoformat(), "value": event.value}
    return told if event.error is None else {**told, "error": event.error, "beta": event.beta}


def _reading(reading: Reading) -> dict[str, Any]:
    # Values of events stand where the model of a reading gives them errors; of all others the CSV of rows has them.
    modelled = [_event(event) for event in reading.events if event.error is not None]
    return {
        "name": reading.name,
        "verdict": str(reading.verdict),
        "estimate": reading.estimate,
        "n": _count(reading),
        "ci_low": reading.ci_low,
        "ci_high": reading.ci_high,
        "reason": reading.reason,
        **({"events": modelled} if modelled else {}),
    }


def _source(use: SeriesUse) -> dict[str, str | None]:
    return {"series": use.series, "source": use.source, "last": use.last.isoformat() if use.last else None}


def _count(measured: Evaluation | Reading) -> int | None:
    return None if measured.verdict is Verdict.NOT_MEASURED else measured.n
