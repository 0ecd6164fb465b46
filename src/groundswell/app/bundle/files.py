"""The files of a bundle, as texts by their names."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from string import Template
from textwrap import fill
from typing import Any

from groundswell.app.bundle.methods import choose_recipe, list_recorded
from groundswell.app.bundle.notebook import write_notebook
from groundswell.app.bundle.recipe import Recipe
from groundswell.claims.estimand import BoundMeasure, Measurement
from groundswell.claims.register.canonical import hash_text, write_canonical
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Evaluation, EventValue, Series
from groundswell.wording.verdicts import write_verdict, write_votes

TEMPLATES = files("groundswell.app.bundle") / "templates"
SESSIONS_BEFORE = timedelta(days=400)
"""So far before the first event or value sessions are listed; a window may begin a year before its event."""

WIDTH = 100
"""The longest line of prose in a README."""


def build_files(
    claim: ClaimSpec, bound: BoundMeasure, evaluation: Evaluation, measurement: Measurement, book: SeriesBook
) -> dict[str, str]:
    """Build every file but those that depend on the program's version; ``book`` is what the evaluation rests on."""
    recipe = choose_recipe(bound, measurement, evaluation)
    used = _select_used(evaluation, book)
    names = name_files(used)
    built = {
        "specification.json": write_canonical(claim) or "",
        "claim.json": _write_claim(claim, bound, evaluation),
        "recipe.json": _write_recipe(recipe, evaluation, used, names),
        "events.csv": _write_events(bound, evaluation, measurement, book),
        "sessions.csv": _write_sessions(evaluation, used),
        "recompute.py": write_script(recipe),
        "recompute.ipynb": write_notebook(write_script(recipe)),
        "TERMS.txt": _read_template("TERMS.txt"),
    }
    if evaluation.absent:
        built["left-out.csv"] = _write_table(
            ("date", "reason"), ((each.date, each.reason) for each in evaluation.absent)
        )
    if recipe.has_rows and measurement.rows:
        built["rows.csv"] = _write_rows(measurement)
    for name, each in zip(names, used, strict=True):
        built[name] = _write_series(each)
    return built


def write_readme(claim: ClaimSpec, evaluation: Evaluation, built: Mapping[str, str], version: str) -> str:
    """Write what the bundle is, in plain words."""
    recipe = json.loads(built["recipe.json"])
    title = f"Bundle of the claim {evaluation.hub}/{claim.id}"
    others = {
        "events.csv": "The events or periods, each with its window, its value and the day on which it was known.",
        "left-out.csv": "Events without a value, and why they have none.",
        "rows.csv": "The rows of the regression.",
    }
    lines = [f"{name:<20}{text}" for name, text in others.items() if name in built]
    series = [f"  {each['file']}: {each['name']}, from {each['source']}" for each in recipe["series"]]
    notes = ["", "Notes", "-----", *(fill(note, WIDTH) for note in evaluation.notes)] if evaluation.notes else []
    return Template(_read_template("README.txt")).substitute(
        title=title,
        underline="=" * len(title),
        claim=fill(f"Claim {claim.id} of the hub {evaluation.hub}, as of {evaluation.as_of}: {claim.text}", WIDTH),
        verdict=fill(_write_verdict(evaluation), WIDTH),
        as_of=evaluation.as_of,
        version=version,
        says=fill(recipe["says"], WIDTH),
        digest=hash_text(built["specification.json"]),
        files="\n".join(lines),
        series="\n".join(series) or "  No series of values: the figures are those of the claim's own file.",
        notes="\n".join(notes),
    )


def _write_verdict(evaluation: Evaluation) -> str:
    votes = write_votes(evaluation.readings_judged)
    return f"Verdict: {write_verdict(evaluation)}. {evaluation.reason}." + (f" {votes}." if votes else "")


def write_script(recipe: Recipe) -> str:
    """Put the script together from the parts that the recipe names."""
    parts = ("head", "files", *recipe.parts, "compare")
    texts = [_read_template(f"{part}.py.txt") for part in parts]
    return texts[0] + "\n" + "\n\n".join(texts[1:])


def name_files(used: Sequence[Series]) -> tuple[str, ...]:
    """Name the file of each series by letters, digits, dots and hyphens alone, no two alike on any system."""
    names: list[str] = []
    for each in used:
        safe = re.sub(r"[^a-z0-9.]+", "-", str(each.ref).lower()).strip("-.") or "series"
        name, number = f"data/{safe}.csv", 2
        while name in names:
            name, number = f"data/{safe}-{number}.csv", number + 1
        names.append(name)
    return tuple(names)


def _select_used(evaluation: Evaluation, book: SeriesBook) -> tuple[Series, ...]:
    """Select the series of the main measurement; tables that ship with the program are no series."""
    by_name = {str(series.ref): series for series in book}
    return tuple(by_name[use.series] for use in evaluation.sources if use.series in by_name)


def _write_claim(claim: ClaimSpec, bound: BoundMeasure, evaluation: Evaluation) -> str:
    """Write the claim as its hub file states it, and what it was measured by with every argument."""
    written = {
        "hub": evaluation.hub,
        "claim": claim.model_dump(mode="json"),
        "measured_by": {"estimand": bound.estimand.name, "arguments": bound.arguments.model_dump(mode="json")},
        "stand_in": evaluation.stand_in.name if evaluation.stand_in else None,
    }
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _write_recipe(recipe: Recipe, evaluation: Evaluation, used: Sequence[Series], names: Sequence[str]) -> str:
    listed = [
        {"name": str(each.ref), "file": name, "measure": each.ref.measure.value, "source": each.source}
        for each, name in zip(used, names, strict=True)
    ]
    written = {
        "says": recipe.says,
        "as_of": str(evaluation.measured_as_of),
        "unit": evaluation.unit,
        "recorded": list_recorded(evaluation),
        "compared": recipe.compared,
        **recipe.arguments,
        "series": listed,
    }
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _write_events(bound: BoundMeasure, evaluation: Evaluation, measurement: Measurement, book: SeriesBook) -> str:
    """Write the events with their windows, values, and the series that each is measured on."""
    known = _find_known_days(bound, evaluation, book)
    measured = tuple(str(ref) for ref in getattr(bound.arguments, "measured", ()))
    columns = ("date", "known", "start", "end", "value", "long", "short")
    return _write_table(columns, (_list_cells(event, known, measured) for event in measurement.values))


def _list_cells(event: EventValue, known: Mapping[date, date], measured: Sequence[str]) -> tuple[Any, ...]:
    pair = (*(event.series or measured), "", "")[:2]
    return (event.date, known.get(event.date, ""), event.start, event.end, repr(float(event.value)), *pair)


def _find_known_days(bound: BoundMeasure, evaluation: Evaluation, book: SeriesBook) -> dict[date, date]:
    """Find the day on which each event of the list was known; nothing for values that are no events of a list."""
    listed = EVENT_LISTS.get(getattr(bound.arguments, "events", ""))
    if listed is None:
        return {}
    return {event.date: event.known for event in listed.find(evaluation.measured_as_of, book)}


def _write_sessions(evaluation: Evaluation, used: Sequence[Series]) -> str:
    first = min((*(event.start for event in evaluation.events), *(each.dates[0].item() for each in used)))
    last = max((evaluation.as_of, *(event.end for event in evaluation.events)))
    days = sessions_between(first - SESSIONS_BEFORE, last)
    return _write_table(("date",), ((day,) for day in days.tolist()))


def _write_rows(measurement: Measurement) -> str:
    rows = measurement.rows() if measurement.rows else None
    table = zip(rows.ends.tolist(), rows.regressor.tolist(), rows.response.tolist(), strict=True) if rows else ()
    return _write_table(("date", "regressor", "response"), ((day, repr(x), repr(y)) for day, x, y in table))


def _write_series(series: Series) -> str:
    known = series.known_at.astype("datetime64[s]").astype(str)
    table = zip(series.dates.tolist(), series.values.tolist(), known.tolist(), strict=True)
    return _write_table(
        ("date", "value", "known_at", "source"),
        ((day, repr(value), f"{at}Z", series.source) for day, value, at in table),
    )


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _read_template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
