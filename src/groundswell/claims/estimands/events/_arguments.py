"""Arguments that all estimands over returns at events share."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from groundswell.claims.estimands.events._extension import list_earlier
from groundswell.claims.estimands.events._sample import name_return
from groundswell.claims.spec import Frozen, Text
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.series.calendar import QUARTER
from groundswell.model import Measure, SeriesRef


class EventArguments(Frozen):
    """The event list, the two series, what extends them, and the window in its own unit."""

    model_config = ConfigDict(strict=True)

    events: str = "first_cuts"
    long: Text
    short: str = ""
    measure: Literal["total return", "price", "period return"] = "total return"
    horizon: int = Field(default=QUARTER, ge=1)
    base: int = Field(default=0, ge=-20, le=20)
    emergency: bool = True
    alone: bool = False
    extend: dict[Text, Text] = Field(default_factory=dict)

    @field_validator("long", mode="before")
    @classmethod
    def _check_single_asset(cls, name: object) -> object:
        if isinstance(name, list | tuple):
            raise ValueError(
                "pooling several assets as separate events is refused: assets that move together on the same day are "
                "one observation; name one series, or make a claim of each"
            )
        return name

    @model_validator(mode="after")
    def _check_series(self) -> Self:
        if self.events not in EVENT_LISTS:
            raise ValueError(f"events: there is no list {self.events!r}; there are {', '.join(EVENT_LISTS)}")
        if self.long == self.short:
            raise ValueError("short: must be another series than long")
        if self.measure != "period return" and not self.short and not self.alone:
            raise ValueError("short: is needed, unless long is a spread of period returns or stands alone")
        if self.alone and self.short:
            raise ValueError("short: cannot be given where long stands alone")
        list_earlier(self.extend, self.measured)
        return self

    @property
    def measured(self) -> tuple[SeriesRef, ...]:
        """``long``, and ``short`` where there is one."""
        return tuple(SeriesRef(name, Measure(self.measure)) for name in (self.long, self.short) if name)

    @property
    def earlier(self) -> tuple[SeriesRef, ...]:
        """The series that extend those into the past."""
        return list_earlier(self.extend, self.measured)

    @property
    def returns(self) -> str:
        """Name the return that is measured, with the series that extend it into the past."""
        words = name_return(self.measure, self.long, self.short)
        earlier = self.earlier
        before = name_return(earlier[0].measure.value, *(ref.id for ref in earlier)) if earlier else ""
        return f"{words} (before its record, the {before})" if before else words

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """``long``, ``short`` where there is one, what extends them, and the series that the event list needs."""
        return tuple(dict.fromkeys((*self.measured, *self.earlier, *EVENT_LISTS[self.events].needs)))
