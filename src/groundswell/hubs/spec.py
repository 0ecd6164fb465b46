"""The hub file: one readable TOML file that holds everything a hub is."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from groundswell.claims.spec import ClaimSpec, Frozen, Text
from groundswell.markets.events.registry import EVENT_LISTS

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"[^\W_]")]  # at least one letter or digit


class Instrument(Frozen):
    symbol: Text
    name: Text
    role: Text


class Question(Frozen):
    """A question with its answer. ``{C1.estimate}`` in an answer is filled from the claim's evaluation when shown."""

    question: Text
    answer: Text


class ChartSpec(Frozen):
    """A chart: one series against another as an index from 100, or up to two series at their own levels.

    ``relative`` draws ``long`` over ``short`` (or one cumulated return series alone). ``levels`` draws each as it is,
    in ``unit``; with ``target`` over the Federal Reserve's target range and its decisions.
    """

    id: Slug
    title: Text
    kind: Literal["relative", "levels"] = "relative"
    long: Text
    short: str = ""
    measure: Literal["total return", "price", "period return", "rate", "level"] = "total return"
    unit: Literal["percent", "points", "share"] = "points"
    labels: tuple[Text, ...] = ()
    target: bool = False
    mark: Literal["first_cuts", "none"] = "first_cuts"
    note: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        levels = self.kind == "levels"
        if levels != (self.measure in ("rate", "level")):
            raise ValueError("measure: 'rate' and 'level' are drawn by the kind 'levels', the others by 'relative'")
        if not levels and (self.labels or self.target):
            raise ValueError("labels, target: are used by the kind 'levels' only")
        if levels and len(self.labels) != 1 + bool(self.short):
            raise ValueError("labels: give one for each series, in words for the end of its line")
        if self.target and self.unit != "percent":
            raise ValueError("target: the target range is in percent; so must the unit be")
        return self


class GaugeSpec(Frozen):
    """A figure of the state of the trade: ``kind`` says what is made of ``long`` (and ``short``); see docs/state.md."""

    id: Slug
    title: Text
    kind: Literal["policy", "priced", "relative", "level", "drawdown", "volatility", "since"]
    long: str = ""
    short: str = ""
    measure: Literal["total return", "price", "rate", "level"] = "total return"
    unit: Literal["percent", "points", "share"] = "points"
    events: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        lone = {"policy", "priced", "since"}
        if (self.kind in lone) == bool(self.long):
            raise ValueError(f"long: {'is not used by' if self.long else 'is needed by'} a gauge of kind {self.kind!r}")
        if self.short and self.kind not in ("relative", "level"):
            raise ValueError(f"short: is not used by a gauge of kind {self.kind!r}")
        if self.long and self.long == self.short:
            raise ValueError("short: must be another series than long")
        if self.kind in ("relative", "drawdown", "volatility") and self.measure not in ("total return", "price"):
            raise ValueError("measure: returns are taken of 'total return' or 'price'")
        if (self.kind == "since") != bool(self.events) or (self.events and self.events not in EVENT_LISTS):
            raise ValueError(f"events: a gauge of kind 'since', and no other, names one of {', '.join(EVENT_LISTS)}")
        return self


class Pair(Frozen):
    """A rule of two parts: one of ``topics`` and, elsewhere in the headline, one of ``contexts``.

    With ``percent`` the headline must also give a percentage at least that large ("falls 4 %"); a phrase of ``unless``
    in the headline keeps the pair from counting.
    """

    topics: tuple[Phrase, ...] = Field(min_length=1)
    contexts: tuple[Phrase, ...] = Field(min_length=1)
    percent: float | None = Field(default=None, gt=0)
    unless: tuple[Phrase, ...] = ()


class ClaimMentionRule(Pair):
    """A pair that tells that a headline repeats the ``claim``: its topics and contexts are what the claim connects."""

    claim: Text


class Tagging(Frozen):
    """Rules that decide which headlines belong to the hub.

    A headline belongs when it holds one of ``strong``, one of ``names`` written with a capital, both parts of one of
    ``pairs``, or one of ``tickers`` as a word in capitals, and none of ``vetoes``; a phrase of ``overrides`` beats the
    vetoes. A match that lies inside a phrase of ``ignored`` does not count ("fed up"). Phrases match whole words and
    ignore case and punctuation ("small-cap" is "small cap"); a star at the end lets the last word go on ("tumbl*").
    """

    strong: tuple[Phrase, ...] = ()
    names: tuple[Phrase, ...] = ()
    pairs: tuple[Pair, ...] = ()
    tickers: tuple[Phrase, ...] = ()
    vetoes: tuple[Phrase, ...] = ()
    overrides: tuple[Phrase, ...] = ()
    ignored: tuple[Phrase, ...] = ()


class Examples(Frozen):
    """Headlines typical of the hub, and others that look like it but do not belong. Similarity is to these alone."""

    belongs: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()


class HeadlineTest(Frozen):
    """A headline with the answer the rules must give; ``hubs check`` runs them."""

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
    echoes: tuple[ClaimMentionRule, ...] = ()
    tagging: Tagging
    examples: Examples = Examples()
    tests: tuple[HeadlineTest, ...] = ()
