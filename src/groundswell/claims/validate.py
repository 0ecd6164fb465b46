"""What is wrong with a claim as written, beyond its form: said before anything is measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from groundswell.claims.estimand import Estimand
from groundswell.claims.registry import ESTIMANDS, readings_of
from groundswell.claims.spec import ClaimSpec, MeasureSpec, ReadingSpec
from groundswell.claims.verdict import claimed_side

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]


def check_claim(claim: ClaimSpec) -> tuple[Mistake, ...]:
    """Every mistake as the path of its field within the claim and a message that says what would be right."""
    if claim.measure is None:
        return tuple(_check_unmeasured(claim))
    return tuple(_check_measured(claim, claim.measure))


def _check_unmeasured(claim: ClaimSpec) -> Iterator[Mistake]:
    if not claim.unmeasured.strip():
        yield ("measure",), "give either measure, or unmeasured with the reason why nothing is measured"
    if claim.readings or claim.grid:
        yield ("readings",), "a claim that is not measured has no readings"


def _check_measured(claim: ClaimSpec, measure: MeasureSpec) -> Iterator[Mistake]:
    if claim.unmeasured:
        yield ("unmeasured",), "give either measure or unmeasured, not both"
    try:
        claimed_side(measure.range)
    except ValueError as mistake:
        yield ("measure", "range"), str(mistake)
    names = [reading.name for reading in claim.readings]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("readings", index, "name"), f"another reading is named {name!r}"
    estimand = ESTIMANDS.get(measure.estimand)
    if estimand is None:
        yield ("measure", "estimand"), _unknown(measure.estimand)
        return
    main = tuple(_check_arguments(estimand, measure.arguments, ("measure", "arguments")))
    # Where the measurement is wrong, every reading would repeat it.
    yield from main or _check_readings(estimand, measure, claim)


def _check_readings(estimand: Estimand, measure: MeasureSpec, claim: ClaimSpec) -> Iterator[Mistake]:
    for index, reading in enumerate(claim.readings):
        yield from _check_reading(estimand, measure, reading, ("readings", index))
    for reading in readings_of(claim)[len(claim.readings) :]:
        mistakes = tuple(_check_reading(estimand, measure, reading, ("grid",)))
        if mistakes:
            yield ("grid",), f"{reading.name}: {mistakes[0][1]}"
            return  # the others would repeat it


def _check_reading(estimand: Estimand, measure: MeasureSpec, reading: ReadingSpec, path: Path) -> Iterator[Mistake]:
    if not reading.estimand:
        yield from _check_arguments(estimand, {**measure.arguments, **reading.arguments}, (*path, "arguments"))
        return
    other = ESTIMANDS.get(reading.estimand)
    if other is None:
        yield (*path, "estimand"), _unknown(reading.estimand)
    elif other.unit != estimand.unit:
        yield (*path, "estimand"), f"{other.name} is measured in {other.unit}, the claim in {estimand.unit}"
    else:
        yield from _check_arguments(other, reading.arguments, (*path, "arguments"))


def _check_arguments(estimand: Estimand, arguments: dict[str, Any], path: Path) -> Iterator[Mistake]:
    try:
        estimand.arguments.model_validate(arguments)
    except ValidationError as error:
        for mistake in error.errors(include_url=False, include_context=False):
            message, place = mistake["msg"].removeprefix("Value error, "), mistake["loc"]
            field, colon, rest = message.partition(": ")
            if not place and colon and field in estimand.arguments.model_fields:
                place, message = (field,), rest
            if mistake["type"] == "extra_forbidden":
                message = f"unknown argument; {estimand.name} has {', '.join(estimand.arguments.model_fields)}"
            yield (*path, *place), message


def _unknown(name: str) -> str:
    if "correlation" in name:
        return (
            "a correlation of levels is refused: two series that trend correlate whether or not they have to do with "
            "each other; measure changes or returns instead"
        )
    return f"there is no estimand {name!r}; there are {', '.join(ESTIMANDS)}"
