"""How each thing on the pages is made, in words: the page of the method and its JSON are both made from this."""

# Annotations are evaluated here: FastAPI reads them for the documented schema.
from pydantic import Field

from groundswell.claims.registry import ESTIMANDS
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Verdict
from groundswell.schemas.state import Model
from groundswell.web.formats import sentence


class Term(Model):
    name: str
    text: str
    title: str = Field("", description="A longer name, where it has one.")


class Part(Model):
    id: str = Field(description="What stands behind the # of its address on the page.")
    title: str
    paragraphs: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    points: tuple[str, ...] = ()


class Method(Model):
    """How verdicts, readings, stories and tags are made."""

    parts: tuple[Part, ...]


VERDICTS = {
    Verdict.SUPPORTED: "The estimate lies in the claimed range or beyond it on the claimed side, and its 95 % interval "
    "excludes zero. Where a claim says that a value lies within a range, the whole interval must.",
    Verdict.REFUTED: "The whole interval lies short of the claimed range. This asserts nothing about the opposite of "
    "the claim.",
    Verdict.INCONCLUSIVE: "Neither: the data allow the claim and its failure.",
    Verdict.INSUFFICIENT: "Fewer events or rows than the claim asks for; five, unless its file or its estimand says "
    "otherwise.",
    Verdict.NOT_MEASURED: "Nothing could be measured; the reason stands beside it.",
}


def method() -> Method:
    """All parts in order; estimands and events are listed from their definitions."""
    return Method(parts=(CLAIMS, READINGS, _estimands(), _events(), STORIES, TAGS, PAST, LIMITS))


def _estimands() -> Part:
    terms = tuple(
        Term(
            name=one.name,
            title=one.title,
            text=f"{sentence(one.text)} Unit: {one.unit}. At least {one.minimum} {one.rows.lower()}, unless the claim "
            "says otherwise.",
        )
        for one in ESTIMANDS.values()
    )
    return Part(id="estimands", title="What is measured", terms=terms)


def _events() -> Part:
    return Part(
        id="events",
        title="Events",
        paragraphs=("An event is dated by the day on which it could be known. Rules look back only.",),
        terms=tuple(Term(name=one.name, title=one.title, text=sentence(one.rule)) for one in EVENT_LISTS.values()),
    )


CLAIMS = Part(
    id="claims",
    title="Claims and verdicts",
    paragraphs=(
        "A claim is a sentence with a number in it. It is bound to an estimand: what exactly is measured, on which "
        "events, over which window, in which data. It is measured again when data arrive, and every verdict it has had "
        "is kept.",
        "With each verdict stand the estimate, the median, the interval, n, every event by date with its own value, "
        "the share of events on the claimed side, the sources and the last date of each. Where an event has no value, "
        "it is listed with the reason; a missing value is never counted as zero.",
    ),
    terms=tuple(Term(name=verdict, text=text) for verdict, text in VERDICTS.items()),
)
READINGS = Part(
    id="readings",
    title="Other readings",
    paragraphs=(
        "A claim can be read in several reasonable ways: another list of events, base day, horizon or set of data. Its "
        "file names them, each is measured by the same rules, and the page shows all of them with the share that "
        "agrees with the main one. None is left out for what it says.",
    ),
)
STORIES = Part(
    id="stories",
    title="Stories",
    paragraphs=(
        "An article joins a story, or begins one, the moment it arrives, by the words that its headline shares with "
        "those of the last days; a rare word weighs more than a common one. Recurring headlines, such as daily wraps, "
        "of different days are different stories. At fixed points of the stream the latest articles are grouped anew: "
        "stories may be put together or parted, which is told on their pages. A story's address never changes and "
        "leads on where it was merged.",
        "Its headline and summary are taken word for word from its articles; copies of one text count as one "
        "publisher.",
    ),
)
TAGS = Part(
    id="tags",
    title="Why a story is in a hub",
    paragraphs=(
        "Rules in the hub's file decide: phrases that suffice alone, names, pairs of a topic and a context, tickers in "
        "capitals, and phrases that rule a headline out. A story belongs to a hub when at least a third of its "
        "articles do. The rule that matched is shown.",
    ),
)
PAST = Part(
    id="past",
    title="Past days",
    paragraphs=(
        "Each value and article is kept with the instant it became known. A page as of a past day uses nothing later: "
        "no article, no price, no event that was not known yet. A series of which only the latest vintage is kept is "
        "marked as revised.",
    ),
)
LIMITS = Part(
    id="limits",
    title="What this cannot do",
    points=(
        "Events such as first cuts are few. An interval over seven events is wide, and says so.",
        "What followed past events need not follow the next one. A verdict describes the data up to its day.",
        "Sources of prices differ in dividends and corrections; the source stands with each figure.",
        "Many claims are judged side by side: of twenty, one may come out supported by chance.",
    ),
)
