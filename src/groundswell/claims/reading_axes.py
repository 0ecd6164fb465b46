"""Choices: what sets the readings of a claim apart, argument by argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundswell.claims.registry import arguments_of, readings_of
from groundswell.claims.spec import ClaimSpec, MeasureSpec, ReadingSpec
from groundswell.markets.series.calendar import MONTH
from groundswell.wording.figures import use_minus_sign

MAIN = ""
"""Stands for the main measurement among the names of readings."""

WORDS = {
    "base": "base day",
    "emergency": "emergency",
    "first": "from",
    "last": "up to",
    "measure": "of",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """An argument that readings choose differently: its name and its values in words, in order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The axes along which the readings of a claim differ, and the value of each reading (and the main one) on each.

    A reading by another estimand has no value on the axes that this one lacks.
    """

    axes: tuple[Axis, ...]
    of: tuple[tuple[str, tuple[str, ...]], ...]


def choices(claim: ClaimSpec) -> Choices:
    """Compare the arguments of the main measurement and of every reading; those alike in all are left out."""
    if claim.measure is None:
        return Choices((), ())
    chosen = {MAIN: _chosen(claim.measure, None)}
    chosen |= {reading.name: _chosen(claim.measure, reading) for reading in readings_of(claim)}
    axes = []
    for name in dict.fromkeys(name for one in chosen.values() for name in one):
        values = list(dict.fromkeys(one[name] for one in chosen.values() if name in one))
        if len(values) > 1:
            axes.append((name, sorted(values, key=_order)))
    return Choices(
        tuple(Axis(WORDS.get(name, name), tuple(_shown(value) for value in values)) for name, values in axes),
        tuple(
            (key, tuple(_shown(one[name]) if name in one else "" for name, _ in axes)) for key, one in chosen.items()
        ),
    )


def _chosen(measure: MeasureSpec, reading: ReadingSpec | None) -> Mapping[str, Any]:
    """The arguments of a reading; the series that it measures count as one choice."""
    estimand, arguments = arguments_of(measure, reading)
    found = arguments.model_dump()
    pair = [str(found.pop(name)) for name in ("long", "short") if found.get(name)]
    data = {"data": " − ".join(pair)} if pair else {}
    if "horizon" in found and "unit" in found:
        found["horizon"] = f"{found['horizon']} {found.pop('unit')}"
    others = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return {"estimand": estimand.name, **data, **others}


def _order(value: Any) -> tuple[bool, Any]:
    """Numbers and lengths of time in order, before all else as it comes."""
    if isinstance(value, str) and value.partition(" ")[0].isdecimal():
        count, _, unit = value.partition(" ")
        value = int(count) * (MONTH if unit == "months" else 1)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return (not number, value if number else 0)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value)) or "none"
    if isinstance(value, int | float):
        return use_minus_sign(str(value))
    return str(value or "none").replace("_", " ")
