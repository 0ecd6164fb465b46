"""An evaluation as the JSON object that others script against."""

from __future__ import annotations

from typing import Any

from groundswell.model import DataIssue, Evaluation, EventValue, Reading, SeriesUse, Verdict, VerdictChange


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
        "data_issues": [
            {**data_issue_json(impact.issue), "main": impact.main, "readings": impact.readings}
            for impact in evaluation.impacts
        ],
    }


def data_issue_json(issue: DataIssue) -> dict[str, Any]:
    """A defect of data as JSON; ``days`` is empty where the whole span from ``first`` to ``last`` is concerned."""
    return {
        "kind": str(issue.kind),
        "series": issue.series,
        "source": issue.source,
        "first": issue.first.isoformat(),
        "last": issue.last.isoformat(),
        "days": [day.isoformat() for day in issue.days],
        "size": issue.size,
        "unit": issue.unit,
        "text": issue.text,
        "action": str(issue.action),
        "remedy": issue.remedy,
    }


def verdict_change_json(verdict_change: VerdictChange) -> dict[str, str]:
    """A change of a verdict as JSON."""
    return {
        "hub": verdict_change.hub,
        "claim": verdict_change.claim,
        "text": verdict_change.text,
        "as_of": verdict_change.as_of.isoformat(),
        "since": verdict_change.since.isoformat(),
        "before": str(verdict_change.before),
        "after": str(verdict_change.after),
        "why": verdict_change.why,
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
