"""What sets the readings of a claim apart, argument by argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.calendar import MONTH
from groundswell.wording.figures import use_minus_sign

PAIR = " − "
"""Between the two series of a pair."""

MAIN_READING = ""
"""The name of the main measurement among those of readings."""

ARGUMENT_NAMES = {
    "base": "base day",
    "emergency": "emergency",
    "first": "from",
    "last": "up to",
    "measure": "of",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """An argument in which readings differ: its name and its values in words, in order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The axes along which the readings of a claim differ, and the value of each reading (and the main one) on each.

    A reading by another estimand has an empty value on the axes that its arguments do not include.
    """

    axes: tuple[Axis, ...]
    by_reading: tuple[tuple[str, tuple[str, ...]], ...]


def compare_readings(claim: ClaimSpec) -> Choices:
    """Compare the arguments of the main measurement and of every reading; leave out those that are the same in all."""
    chosen = {name: _list_arguments(measure) for name, measure in bind_claim(claim).measures}
    axes = []
    for name in dict.fromkeys(name for arguments in chosen.values() for name in arguments):
        values = list(dict.fromkeys(arguments[name] for arguments in chosen.values() if name in arguments))
        if len(values) > 1:
            axes.append((name, sorted(values, key=_sort_key)))
    return Choices(
        tuple(Axis(ARGUMENT_NAMES.get(name, name), tuple(_write(value) for value in values)) for name, values in axes),
        tuple(
            (reading, tuple(_write(arguments[name]) if name in arguments else "" for name, _ in axes))
            for reading, arguments in chosen.items()
        ),
    )


def _list_arguments(measure: BoundMeasure) -> Mapping[str, Any]:
    """List the arguments of a measure; the series that it compares count as one."""
    arguments = measure.arguments.model_dump()
    pair = [str(arguments.pop(name)) for name in ("long", "short") if arguments.get(name)]
    arguments.pop("extend", None)
    earlier = [ref.id for ref in getattr(measure.arguments, "earlier", ())]
    before = f", before {PAIR.join(earlier)}" if earlier else ""
    data = {"data": PAIR.join(pair) + before} if pair else {}
    if "horizon" in arguments and "unit" in arguments:
        arguments["horizon"] = f"{arguments['horizon']} {arguments.pop('unit')}"
    others = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
    return {"estimand": measure.estimand.name, **data, **others}


def _sort_key(value: Any) -> tuple[bool, Any]:
    """Sort numbers and lengths of time by size, before other values in the order given."""
    if isinstance(value, str) and value.partition(" ")[0].isdecimal():
        count, _, unit = value.partition(" ")
        value = int(count) * (MONTH if unit == "months" else 1)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return (not number, value if number else 0)


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_write, value)) or "none"
    if isinstance(value, int | float):
        return use_minus_sign(str(value))
    return str(value or "none").replace("_", " ")
