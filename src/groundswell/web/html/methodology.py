"""The methodology in words: the source of both the page and its JSON."""

from __future__ import annotations

from groundswell.claims.registry import ESTIMANDS
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Verdict
from groundswell.schemas.methodology import Methodology, Section, Term
from groundswell.web.formats import write_sentence

VERDICTS = {
    Verdict.SUPPORTED: "The estimate lies in the claimed range or beyond it on the claimed side, and its 95 % interval "
    "excludes zero. If the claim is that a value lies within a range, the whole interval must lie within it.",
    Verdict.REFUTED: "The whole interval falls short of the claimed range. This says nothing about the opposite of the "
    "claim.",
    Verdict.INCONCLUSIVE: "Neither: the data are compatible with the claim and with its failure.",
    Verdict.INSUFFICIENT: "There are fewer events or rows than the claim requires: five, unless its file or its "
    "estimand sets another minimum.",
    Verdict.NOT_MEASURED: "Nothing could be measured. The reason is given with the verdict.",
}


def build_methodology() -> Methodology:
    """Return all sections in order; estimands and event lists are described by their definitions."""
    sections = (
        CLAIMS_SECTION,
        READINGS_SECTION,
        _describe_estimands(),
        _describe_event_lists(),
        STORIES_SECTION,
        TAGS_SECTION,
        PAST_DATES_SECTION,
        LIMITS_SECTION,
    )
    return Methodology(sections=sections)


def _describe_estimands() -> Section:
    terms = tuple(
        Term(
            name=estimand.name,
            title=estimand.title,
            text=f"{write_sentence(estimand.text)} Unit: {estimand.unit}. Minimum n: {estimand.minimum}, unless the "
            "claim sets another.",
        )
        for estimand in ESTIMANDS.values()
    )
    return Section(id="estimands", title="Estimands", terms=terms)


def _describe_event_lists() -> Section:
    return Section(
        id="events",
        title="Event lists",
        paragraphs=("The date of an event is the day on which it became known. The rules use past data only.",),
        terms=tuple(
            Term(name=events.name, title=events.title, text=write_sentence(events.rule))
            for events in EVENT_LISTS.values()
        ),
    )


CLAIMS_SECTION = Section(
    id="claims",
    title="Claims and verdicts",
    paragraphs=(
        "A claim is a sentence with a number in it. It has an estimand, which defines what is measured, on which "
        "events, over which window and in which data. A claim is measured again when new data are received, and all "
        "its past verdicts are stored.",
        "Each verdict is shown with the estimate, the median, the interval, n, the date and value of every event, the "
        "share of events on the claimed side, and the sources with the last date of each. An event without a value is "
        "listed with the reason; a missing value never counts as zero.",
        "Over events, the interval is Student's t, next to the exact sign-flip test; slopes have errors that allow for "
        "dependence between neighbouring rows. The page of a claim offers an archive with its data and a script that "
        "computes the figure again with numpy alone. The documentation has the formulae, with their sources, and a "
        "page on how to read each verdict.",
        "Where the declared measurement misses series, the hub file may name others in order. The first whose data "
        "suffice, by dates and gaps alone, stands in. The verdict then says so, with what the declared measurement "
        "needs. It is not counted among verdicts, and is never a change of one.",
    ),
    terms=tuple(Term(name=verdict, text=text) for verdict, text in VERDICTS.items()),
)
READINGS_SECTION = Section(
    id="readings",
    title="Readings",
    paragraphs=(
        "A claim can be tested with several reasonable specifications: another event list, base day, horizon or data "
        "set. Its file names these readings. Each is measured by the same rules, and the page shows all of them with "
        "the share that agrees with the main measurement. No reading is omitted because of its result.",
    ),
)
STORIES_SECTION = Section(
    id="stories",
    title="Stories",
    paragraphs=(
        "An article joins a story or begins a new one as soon as it is received. What counts is the words that its "
        "headline shares with the headlines of the last days; a rare word has more weight than a common one. "
        "Recurring headlines on different days, such as daily wraps, are different stories. At fixed points of the "
        "stream the latest articles are re-clustered: stories may be merged or split, and their pages list these "
        "repairs. The address of a story never changes; after a merge it redirects to the merged story.",
        "The headline and the summary of a story are quoted from its articles. Copies of one text count as one "
        "publisher.",
    ),
)
TAGS_SECTION = Section(
    id="tags",
    title="Why a story is in a hub",
    paragraphs=(
        "The rules in the hub's file decide: phrases that are sufficient by themselves, names, pairs of a topic and a "
        "context, tickers in capital letters, and phrases that exclude a headline. A story belongs to a hub if at "
        "least a third of its articles match. The matching rule is shown.",
    ),
)
PAST_DATES_SECTION = Section(
    id="past-dates",
    title="Past dates",
    paragraphs=(
        "All values and articles are stored with the time at which they became known. A page as of a past date uses "
        "no article, price or event that became known later. A series of which only the latest vintage is available "
        "is marked as revised.",
    ),
)
LIMITS_SECTION = Section(
    id="limits",
    title="Limitations",
    points=(
        "Events such as first cuts are few. The interval over seven events is wide.",
        "The outcomes of past events need not repeat. A verdict describes the data up to its date.",
        "Sources of prices differ in dividends and corrections; each figure names its source.",
        "Many claims are tested: of twenty, one may be supported by chance.",
    ),
)
