"""What a hub file says of a claim: its words, its side, and how it is to be measured."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Frozen(BaseModel):
    """Base of everything read from a hub file: immutable, unknown fields are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasureSpec(Frozen):
    """An estimand by name and its arguments; each estimand validates its own arguments.

    ``range`` is the claimed range [lo, hi] of the estimate, in the estimand's unit (returns are fractions). The claim
    is that the estimate lies in or beyond it, or, where ``holds`` is "within", that it lies between both bounds.
    ``minimum_events`` is the number of observations below which the verdict is "insufficient data"; where it is not
    given, that of the estimand.
    """

    estimand: Text
    arguments: dict[str, Any] = Field(default_factory=dict)
    range: tuple[float, float]
    holds: Literal["reaches", "within"] = "reaches"
    minimum_events: int | None = Field(default=None, ge=2)


class ReadingSpec(Frozen):
    """Another reasonable reading of the same claim: the arguments that differ from the main measurement.

    A reading may name another ``estimand`` of the same unit; its arguments then stand alone.
    """

    name: Text
    estimand: str = ""
    arguments: dict[str, Any]


class ClaimSpec(Frozen):
    """One row of a hub's ledger. Exactly one of ``measure`` and ``unmeasured`` (the reason) is given."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
    side: Literal["bull", "bear", "context"]
    text: Text
    explanation: str = ""
    measure: MeasureSpec | None = None
    readings: tuple[ReadingSpec, ...] = ()
    unmeasured: str = ""

    @property
    def all_readings(self) -> tuple[ReadingSpec, ...]:
        """The readings that are listed, and those of the grid that differ from the main measurement and from them."""
        return self.readings
