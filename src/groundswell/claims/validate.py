"""What is wrong with a claim as written, beyond its form, in words and before anything is measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from groundswell.claims.binding import BoundClaim, BoundFallback, BoundReading, Unbound, bind_claim
from groundswell.claims.checks.periods import explain_period, explain_span
from groundswell.claims.checks.ranges import SIGNED_UNITS, explain_outcome, explain_range
from groundswell.claims.checks.relations import explain_relation
from groundswell.claims.checks.selection import explain_selection
from groundswell.claims.checks.series import NO_NAMES, Names, explain_series
from groundswell.claims.estimand import BoundMeasure, Estimand
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.spec import AlternativeSpec, ClaimSpec, FieldPath, MeasureSpec
from groundswell.claims.verdict import Holds, Range, claims_sign_alone
from groundswell.errors import suggest
from groundswell.wording.figures import RANK
from groundswell.wording.plurals import write_list

Mistake = tuple[FieldPath, str]

LEVEL_WORDS = ("correl", "level", "cointegr", "r-squared", "trend")
"""What the names of estimands that relate levels have in common."""

POOLED = (
    "pooling several of them is refused: what moves together on the same day is one observation; name one {}, or make "
    "a claim of each"
)


def check_claim(claim: ClaimSpec, names: Names = NO_NAMES) -> tuple[Mistake, ...]:
    """Return every mistake as the path of its field within the claim and a message that says what would be right.

    ``names`` are those that the hub gives its instruments, by symbol.
    """
    if claim.measure is None:
        return tuple(_check_unmeasured(claim))
    return tuple(_check_measured(claim, claim.measure, bind_claim(claim), names))


def _check_unmeasured(claim: ClaimSpec) -> Iterator[Mistake]:
    if not claim.unmeasured.strip():
        yield ("measure",), "give either measure, or unmeasured with the reason why nothing is measured"
    if claim.readings or claim.grid:
        yield ("readings",), "a claim that is not measured has no readings"
    if claim.fallbacks:
        yield ("fallbacks",), "a claim that is not measured has no fallbacks"


def _check_measured(claim: ClaimSpec, measure: MeasureSpec, bound: BoundClaim, names: Names) -> Iterator[Mistake]:
    if claim.unmeasured:
        yield ("unmeasured",), "give either measure or unmeasured, not both"
    yield from _check_names("reading", claim.readings)
    yield from _check_names("fallback", claim.fallbacks)
    if isinstance(bound.main, Unbound):
        yield from _explain(bound.main, ("measure",))
    elif bound.main is not None:
        yield from _check_main(measure, bound.main, bound, names)
        others = SIGNED_UNITS if claims_sign_alone(measure.range, measure.holds) else ()
        units = (bound.main.estimand.unit, *others)
        yield from _check_readings(bound, len(claim.readings), units, names)
        yield from _check_fallbacks(bound.main, bound.fallbacks, names)


def _check_main(measure: MeasureSpec, main: BoundMeasure, bound: BoundClaim, names: Names) -> Iterator[Mistake]:
    yield from _check_range(measure.range, measure.holds, main, ("measure",))
    least = main.estimand.minimum
    if measure.minimum_events is not None and measure.minimum_events < least:
        yield (
            ("measure", "minimum_events"),
            f"minimum_events = {measure.minimum_events} is less than the {least} that {main.estimand.name} needs; a "
            "claim can only ask for more: leave it out",
        )
    for field, message in explain_period(measure, bound):
        yield ("measure", *field.split(".")), message
    yield from _check_bound(main, ("measure", "arguments"), names)


def _check_range(claimed: Range, holds: Holds, bound: BoundMeasure, path: FieldPath) -> Iterator[Mistake]:
    if message := explain_range(claimed, holds, bound):
        yield (*path, "range"), message
    if bound.unit == RANK and holds != "within":
        yield (*path, "holds"), 'a rank lies within a range or not, a higher one is no better: holds = "within"'


def _check_bound(bound: BoundMeasure, path: FieldPath, names: Names) -> Iterator[Mistake]:
    """Check what a measure is made of, whatever it is the measure of."""
    relation = bound.estimand.relation(bound.arguments)
    mistakes = (
        *explain_series(bound, names),
        *explain_span(bound),
        *explain_outcome(bound),
        *explain_selection(bound),
        *(explain_relation(relation) if relation else ()),
    )
    for field, message in mistakes:
        yield (*path, field), message


def _check_names(word: str, listed: Sequence[AlternativeSpec]) -> Iterator[Mistake]:
    names = [each.name for each in listed]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (f"{word}s", index, "name"), f"another {word} is named {name!r}"


def _check_readings(bound: BoundClaim, listed: int, units: Sequence[str], names: Names) -> Iterator[Mistake]:
    for index, reading in enumerate(bound.readings[:listed]):
        yield from _check_question(reading, ("readings", index), units, names)
        yield from _check_repetition(bound, index)
    for reading in bound.readings[listed:]:
        mistakes = tuple(_check_question(reading, ("grid",), units, names))
        if mistakes:
            yield ("grid",), f"{reading.spec.name}: {mistakes[0][1]}"
            return  # the others would repeat it


def _check_repetition(bound: BoundClaim, index: int) -> Iterator[Mistake]:
    """Refuse a listed reading that repeats the main measurement or one before it, and would count twice."""
    *before, reading = bound.readings[: index + 1]
    seen = {"the claim itself": _identify(bound.main, None)}
    seen |= {f"the reading {other.spec.name!r}": _identify(other.measure, other.spec.range) for other in before}
    own = _identify(reading.measure, reading.spec.range)
    same = next((words for words, other in seen.items() if own and other == own), None)
    if same:
        yield ("readings", index), f"measures the same as {same} and would count twice; remove it"


def _identify(measure: BoundMeasure | Unbound | None, claimed: Range | None) -> tuple[str, Range | None] | None:
    return (measure.key, claimed) if isinstance(measure, BoundMeasure) else None


def _check_question(reading: BoundReading, path: FieldPath, units: Sequence[str], names: Names) -> Iterator[Mistake]:
    """Check a reading of the claim, or one that asks another question with a range of its own, in whatever unit."""
    spec, measure = reading.spec, reading.measure
    yield from _check_reading(reading, path, units if spec.range is None else (), names)
    if spec.range is not None and isinstance(measure, BoundMeasure):
        yield from _check_range(spec.range, spec.holds, measure, path)


def _check_fallbacks(main: BoundMeasure, fallbacks: Sequence[BoundFallback], names: Names) -> Iterator[Mistake]:
    for index, fallback in enumerate(fallbacks):
        path: FieldPath = ("fallbacks", index)
        mistakes = tuple(_check_reading(fallback, path, (main.estimand.unit,), names))
        yield from mistakes
        if mistakes or not isinstance(fallback.measure, BoundMeasure):
            continue
        if main.span_is_open and not fallback.measure.span_is_open:
            yield (
                (*path, "arguments"),
                "a stand-in of a chosen period, where the claim is measured over the whole sample: leave its first and "
                "last day out",
            )
        if not main.needs:
            yield path, "can never stand in: the declared measurement needs no series, and so never misses one"
        elif main.needs <= fallback.measure.needs:
            needs = write_list(sorted(str(ref) for ref in main.needs))
            yield path, f"can never stand in: it needs all that the declared measurement needs ({needs}); name others"
        repeated = [
            other.spec.name
            for other in fallbacks[:index]
            if isinstance(other.measure, BoundMeasure) and other.measure.key == fallback.measure.key
        ]
        if repeated:
            yield path, f"measures the same as the fallback {repeated[0]!r} before it; remove one of them"


def _check_reading(
    reading: BoundReading | BoundFallback, path: FieldPath, units: Sequence[str], names: Names
) -> Iterator[Mistake]:
    """Check a reading, which is measured in one of ``units``, of which the first is the claim's; in any if none."""
    other = reading.measure.estimand
    if other is not None and units and other.unit not in units:
        yield (*path, "estimand"), f"{other.name} is measured in {other.unit}, the claim in {units[0]}"
    elif isinstance(reading.measure, Unbound):
        yield from _explain(reading.measure, path)
    else:
        yield from _check_bound(reading.measure, (*path, "arguments"), names)


def _explain(unbound: Unbound, path: FieldPath) -> Iterator[Mistake]:
    if unbound.estimand is None or unbound.error is None:
        yield (*path, "estimand"), _unknown(unbound.name)
    elif isinstance(unbound.error, ValidationError):
        yield from _explain_arguments(unbound.estimand, unbound.error, (*path, "arguments"))
    else:
        yield (*path, "arguments"), f"{unbound.name} cannot read them: {type(unbound.error).__name__}: {unbound.error}"


def _explain_arguments(estimand: Estimand, error: ValidationError, path: FieldPath) -> Iterator[Mistake]:
    for mistake in error.errors(include_url=False, include_context=False):
        message, place = mistake["msg"].removeprefix("Value error, "), mistake["loc"]
        field, colon, rest = message.partition(": ")
        if not place and colon and field in estimand.arguments.model_fields:
            place, message = (field,), rest
        if mistake["type"] == "string_type" and isinstance(mistake["input"], list | tuple) and place:
            message = POOLED.format("event list" if place[0] == "events" else "series")
        if mistake["type"] == "extra_forbidden":
            message = f"unknown argument; {estimand.name} has {', '.join(estimand.arguments.model_fields)}"
        yield (*path, *place), message


def _unknown(name: str) -> str:
    if any(word in name.lower() for word in LEVEL_WORDS):
        return (
            "a correlation of levels is refused: two series that trend correlate whether or not they have to do with "
            "each other; measure changes or returns instead"
        )
    return f"there is no estimand {name!r}; {suggest(name, ESTIMANDS)}"
