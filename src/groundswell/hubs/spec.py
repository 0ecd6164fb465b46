"""The model of a hub file: one readable TOML file with everything that a hub is."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from groundswell.claims.spec import ClaimSpec, Frozen, Text
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Measure, SeriesRef

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"[^\W_]")]  # at least one letter or digit

NO_EVENTS = "none"
"""The ``mark`` of a chart that marks no events."""


class Instrument(Frozen):
    symbol: Text
    name: Text
    role: Text


class Question(Frozen):
    """A question with its answer. The page replaces ``{C1.estimate}`` in an answer by the figure of that claim."""

    question: Text
    answer: Text


class ShownSpec(Frozen):
    """What charts and gauges have in common: the series that they show, one or two, with their measure and unit."""

    id: Slug
    title: Text
    kind: str
    long: str = ""
    short: str = ""
    measure: str
    unit: Literal["percent", "points", "share"] = "points"

    @property
    def refs(self) -> tuple[SeriesRef, ...]:
        """The series that the file names."""
        return tuple(SeriesRef(name, Measure(self.measure)) for name in (self.long, self.short) if name)


class ChartSpec(ShownSpec):
    """A chart: one series relative to another as an index from 100, or up to two series at their own levels.

    ``relative`` draws ``long`` over ``short``, or one cumulated return series alone. ``levels`` draws each series
    unchanged in ``unit``. With ``target`` it also draws the Federal Reserve's target range and decisions.
    ``mark`` names the event list to mark.
    """

    kind: Literal["relative", "levels"] = "relative"
    long: Text
    measure: Literal["total return", "price", "period return", "rate", "level"] = "total return"
    labels: tuple[Text, ...] = ()
    target: bool = False
    mark: Text = "first_cuts"
    note: str = ""

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        is_levels = self.kind == "levels"
        if is_levels != (self.measure in ("rate", "level")):
            raise ValueError("measure: 'rate' and 'level' need the kind 'levels', all others the kind 'relative'")
        if not is_levels and (self.labels or self.target):
            raise ValueError("labels, target: only the kind 'levels' uses them")
        if is_levels and len(self.labels) != 1 + bool(self.short):
            raise ValueError("labels: give one label for each series, to be written at the end of its line")
        if self.target and self.unit != "percent":
            raise ValueError("target: the target range is in percent, so the unit must be percent")
        if self.mark != NO_EVENTS and self.mark not in EVENT_LISTS:
            raise ValueError(f"mark: must be {NO_EVENTS!r} or one of {', '.join(EVENT_LISTS)}")
        return self


class GaugeSpec(ShownSpec):
    """A gauge of the current state: ``kind`` says how it is computed from ``long`` and ``short``; see docs/state.md."""

    kind: Literal["policy", "priced", "relative", "level", "drawdown", "volatility", "since"]
    measure: Literal["total return", "price", "rate", "level"] = "total return"
    events: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        without_series = {"policy", "priced", "since"}
        if (self.kind in without_series) == bool(self.long):
            raise ValueError(f"long: a gauge of kind {self.kind!r} {'does not use it' if self.long else 'needs it'}")
        if self.short and self.kind not in ("relative", "level"):
            raise ValueError(f"short: a gauge of kind {self.kind!r} does not use it")
        if self.long and self.long == self.short:
            raise ValueError("short: must be another series than long")
        if self.kind in ("relative", "drawdown", "volatility") and self.measure not in ("total return", "price"):
            raise ValueError("measure: must be 'total return' or 'price', because the gauge computes returns")
        if (self.kind == "since") != bool(self.events) or (self.events and self.events not in EVENT_LISTS):
            raise ValueError(f"events: a gauge of kind 'since', and no other, needs one of {', '.join(EVENT_LISTS)}")
        return self


class Pair(Frozen):
    """A rule of two parts: one of ``topics`` and, elsewhere in the headline, one of ``contexts``.

    With ``percent`` the headline must also contain a percentage at least that large ("falls 4 %"). A phrase of
    ``unless`` in the headline disables the pair.
    """

    topics: tuple[Phrase, ...] = Field(min_length=1)
    contexts: tuple[Phrase, ...] = Field(min_length=1)
    percent: float | None = Field(default=None, gt=0)
    unless: tuple[Phrase, ...] = ()


class ClaimMentionRule(Pair):
    """A pair that finds headlines that mention ``claim``: topics and contexts are the two sides of the claim."""

    claim: Text


class Tagging(Frozen):
    """The rules that decide which headlines belong to the hub.

    A headline belongs if it contains one of ``strong``, one of ``names`` with a capital letter, both parts of one of
    ``pairs``, or one of ``tickers`` as a word in capitals, and none of ``vetoes``. A phrase of ``overrides`` overrules
    the vetoes. A match inside a phrase of ``ignored`` does not count ("fed up"). Phrases match whole words, whatever
    their case and punctuation ("small-cap" matches "small cap"). A star matches any ending of the last word ("tumbl*").
    """

    strong: tuple[Phrase, ...] = ()
    names: tuple[Phrase, ...] = ()
    pairs: tuple[Pair, ...] = ()
    tickers: tuple[Phrase, ...] = ()
    vetoes: tuple[Phrase, ...] = ()
    overrides: tuple[Phrase, ...] = ()
    ignored: tuple[Phrase, ...] = ()


class Examples(Frozen):
    """Headlines that are typical of the hub, and similar ones that do not belong to it."""

    belongs: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()


class HeadlineTest(Frozen):
    """A headline with the answer that the rules must give; ``hubs check`` runs these tests."""

    title: Text
    belongs: bool


class HubSpec(Frozen):
    slug: Slug
    title: Text
    summary: Text
    thesis: tuple[Text, ...] = Field(min_length=1)
    instruments: tuple[Instrument, ...] = ()
    claims: tuple[ClaimSpec, ...] = ()
    questions: tuple[Question, ...] = ()
    charts: tuple[ChartSpec, ...] = ()
    gauges: tuple[GaugeSpec, ...] = ()
    related: tuple[Slug, ...] = ()
    claim_mentions: tuple[ClaimMentionRule, ...] = ()
    tagging: Tagging
    examples: Examples = Examples()
    tests: tuple[HeadlineTest, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """The names of its instruments, by symbol."""
        return {instrument.symbol: instrument.name for instrument in self.instruments}
