"""What a hub file says about a claim: its words, its side, and how it is measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from groundswell.wording.figures import use_minus_sign

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]

MOST_READINGS = 500
"""The most readings of a claim: nobody looks at more, and a page of thousands takes half a minute."""

FieldPath = tuple[str | int, ...]
"""The place of a field in a file: the names of tables and fields, and the numbers of items, from the top."""


class Frozen(BaseModel):
    """Base of everything read from a hub file: immutable, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasureSpec(Frozen):
    """An estimand by name and its arguments; each estimand validates its own arguments.

    ``range`` is the claimed range [lo, hi] of the estimate, in the estimand's unit (returns are fractions). The claim
    is that the estimate lies in or beyond it, or, where ``holds`` is "within", that it lies between both bounds.
    ``minimum_events`` is the smallest number of observations for a verdict; by default that of the estimand, and no
    less. ``since`` is the day from which data are needed for a verdict; by default that on which the last of the series
    ought to begin. ``chosen_by`` says who chose a period, and why, where the measurement is one of a chosen period.

    Where ``holds`` is "within", the range may have zero inside: the claim is then one of no difference, an equivalence.
    """

    estimand: Text
    arguments: dict[str, Any] = Field(default_factory=dict)
    range: tuple[float, float]
    holds: Literal["reaches", "within"] = "reaches"
    minimum_events: int | None = Field(default=None, ge=2)
    since: dt.date | None = None
    chosen_by: Stripped = ""


class AlternativeSpec(Frozen):
    """Another measurement of a claim: the arguments in which it differs from the main one.

    It may name another ``estimand`` of the same unit, or of any unit with a sign where the claim is of a sign alone; it
    then gives all arguments.
    """

    name: Text
    estimand: str = ""
    arguments: dict[str, Any]


class ReadingSpec(AlternativeSpec):
    """Another reasonable reading of the same claim.

    One that ``asks`` another question than the claim says which: it is listed apart, and is no vote on the claim. It
    may have a ``range`` of its own, in whatever unit it is measured, and is then judged by that.
    """

    asks: Stripped = ""
    range: tuple[float, float] | None = None
    holds: Literal["reaches", "within"] = "reaches"

    @model_validator(mode="after")
    def _check_question(self) -> Self:
        if self.range is not None and not self.asks:
            raise ValueError("range: that of the claim holds for its readings, unless one asks another question")
        if self.holds != "reaches" and self.range is None:
            raise ValueError("holds: is about a range of the reading's own")
        return self

    def apply_to(self, measure: MeasureSpec) -> MeasureSpec:
        """Return what this reading is judged by: the claimed range, or its own with the estimand's smallest number."""
        if self.range is None:
            return measure
        return measure.model_copy(update={"range": self.range, "holds": self.holds, "minimum_events": None})


class FallbackSpec(AlternativeSpec):
    """A stand-in for the main measurement where that misses series, with ``why`` it is only a stand-in."""

    why: Text


class Grid(Frozen):
    """Many readings at once: every combination of the values of ``axes``, for the main measurement and each variant.

    ``axes`` maps arguments to their values; ``variants`` are readings that are combined with them.
    """

    axes: dict[str, tuple[Any, ...]]
    variants: tuple[ReadingSpec, ...] = ()

    @model_validator(mode="after")
    def _check_number(self) -> Self:
        number = prod(map(len, self.axes.values())) * (1 + len(self.variants))
        if number > MOST_READINGS:
            raise ValueError(f"makes {number:,} readings, at most {MOST_READINGS} can be looked at; name fewer values")
        return self

    def readings(self) -> Iterator[ReadingSpec]:
        """Yield each combination, named by what it sets."""
        for variant in (ReadingSpec(name="as claimed", arguments={}), *self.variants):
            for values in product(*self.axes.values()):
                chosen = dict(zip(self.axes, values, strict=True))
                words = ", ".join(f"{name} {_write(value)}" for name, value in chosen.items())
                named = {"name": f"{variant.name}: {words}", "arguments": {**variant.arguments, **chosen}}
                yield variant.model_copy(update=named)


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return use_minus_sign(str(value))


class ClaimSpec(Frozen):
    """A claim of a hub. Exactly one of ``measure`` and ``unmeasured`` (the reason) is given.

    The first of ``fallbacks`` whose data suffice stands in for a ``measure`` that misses series.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
    side: Literal["bull", "bear", "context"]
    text: Annotated[Text, StringConstraints(max_length=1000)]
    explanation: str = ""
    measure: MeasureSpec | None = None
    readings: tuple[ReadingSpec, ...] = Field(default=(), max_length=MOST_READINGS)
    grid: Grid | None = None
    fallbacks: tuple[FallbackSpec, ...] = ()
    unmeasured: str = ""

    @cached_property
    def memo(self) -> dict[type, object]:
        """What has been computed from this claim, by type, for later use; no part of the claim's value."""
        return {}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy the claim without its memo, which may not be true of the copy."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("memo", None)
        return copy
