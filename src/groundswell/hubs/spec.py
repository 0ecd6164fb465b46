"""The hub file: one readable TOML file that holds everything a hub is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from groundswell.claims.spec import ClaimSpec, Frozen, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]


class Instrument(Frozen):
    symbol: Text
    name: Text
    role: Text


class Question(Frozen):
    """A question with its answer. ``{C1.estimate}`` in an answer is filled from the claim's evaluation when shown."""

    question: Text
    answer: Text


class ChartSpec(Frozen):
    """A line of ``long`` relative to ``short`` (or of one cumulated return series), rebased to 100 at its start."""

    id: Slug
    title: Text
    long: Text
    short: str = ""
    measure: Literal["total return", "price", "period return"] = "total return"
    mark: Literal["first_cuts", "none"] = "first_cuts"


class Tagging(Frozen):
    """Rules that decide which headlines belong to the hub. All matching ignores case except ``tickers``.

    A headline belongs when it holds one of ``strong``, or one of ``topics`` together with one of ``contexts``, or one
    of ``tickers`` as a word in capitals, and none of ``vetoes``; a phrase of ``overrides`` beats the vetoes.
    """

    strong: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()
    contexts: tuple[Text, ...] = ()
    tickers: tuple[Text, ...] = ()
    vetoes: tuple[Text, ...] = ()
    overrides: tuple[Text, ...] = ()


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
    related: tuple[Slug, ...] = ()
    tagging: Tagging
    tests: tuple[HeadlineTest, ...] = ()
