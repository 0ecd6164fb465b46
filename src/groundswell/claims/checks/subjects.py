"""Whether the text of a claim names anything that its measure is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from groundswell.claims.binding import bind_claim
from groundswell.claims.checks.series import NO_NAMES, Names
from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.series.catalogue import INDICES, family_of, macro_family
from groundswell.markets.studies.factors import FACTORS
from groundswell.model import Measure, SeriesRef

SUBJECT_ARGUMENTS = ("long", "short", "rate", "fund", "group", "against", "peers", "alongside", "factor")
"""The arguments whose values are what a measure is about."""

SHARES = "market stocks shares equities companies"
LARGE = f"S&P 500 large {SHARES}"
SMALL = f"small Russell 2000 {SHARES}"
TREASURIES = "Treasury bonds bond yields rates duration safe haven"
CREDIT = "credit corporate bonds spreads high-yield junk"

ALIASES = {
    **dict.fromkeys(("SPY", "IVV", "VOO", "VTI", "^GSPC", "^SP500TR", "DIA", "^DJI", "ff.mkt-rf"), LARGE),
    **dict.fromkeys(("IWM", "^RUT", "VTWO", "IJR", "SLY", "VB", "ff.smb"), SMALL),
    **dict.fromkeys(("QQQ", "^NDX", "^IXIC", "XLK"), f"Nasdaq technology {SHARES}"),
    **dict.fromkeys(("RSP",), f"equal weight {LARGE}"),
    **dict.fromkeys(("KRE", "KBE", "XLF"), "regional banks bank lenders financials"),
    **dict.fromkeys(("XBI", "IBB"), "biotechnology biotech drugs"),
    **dict.fromkeys(("XLI", "PSCI"), "industrial industrials"),
    **dict.fromkeys(("QUAL",), "quality returns on equity capital profitable"),
    **dict.fromkeys(("TLT", "IEF", "SHY", "GOVT", "EDV", "ZROZ", "VGLT", "UST.10y", "UST.30y"), TREASURIES),
    **dict.fromkeys(("HYG", "JNK", "LQD", "BAMLH0A0HYM2", "BAA10Y", "AAA10Y"), CREDIT),
    **dict.fromkeys(("^VIX", "VIXCLS"), "VIX volatility fear"),
    **dict.fromkeys(("DFF", "FEDFUNDS", "DFEDTARU", "DFEDTARL", "SOFR"), "Fed Federal Reserve funds rate rates policy"),
    **dict.fromkeys(("GLD", "IAU", "GC=F"), "gold"),
    **dict.fromkeys(("USO", "CL=F"), "oil crude"),
    **dict.fromkeys(("BTC-USD", "IBIT", "GBTC"), "bitcoin crypto"),
    "top ten": f"largest mega-caps concentration {LARGE}",
    "concentration": f"largest mega-caps concentrated {LARGE}",
    "breadth": f"breadth {LARGE}",
    "large": LARGE,
    "small": SMALL,
    "slope": "yield curve steepens steeper flatter slope",
}
"""Words by which readers know a symbol, next to its name in the hub and in the catalogue."""

EMPTY_WORDS = frozenset(
    """
    the and for with from that than less more over their its this are was were after before within when while fund etf
    index return change year month week day share percent point points series total price relative
    """.split()  # noqa: SIM905 - a list of one word a line is hard to read
)
"""Words that name no subject; a share of stock is found by "shares"."""

MIN_STEM = 4


def explain_mismatch(claim: ClaimSpec, names: Names = NO_NAMES) -> str:
    """Say that a text names none of the subjects of its measure; empty where it names one, or the measure has none."""
    main = bind_claim(claim).main
    if not isinstance(main, BoundMeasure):
        return ""
    subjects = list(_list_subjects(main))
    said = set(_split(claim.text))
    if not subjects or any(_is_named(word, said) for word in _list_all_words(subjects, names)):
        return ""
    listed = ", ".join(names.get(each) or (FACTORS[each].title if each in FACTORS else each) for each in subjects)
    return (
        f"the text names nothing of what is measured ({listed}): readers would take the verdict for one on something "
        "else; reword the text or the measure, or name the symbols in [[instruments]]"
    )


def _list_subjects(measure: BoundMeasure) -> Iterator[str]:
    fields = dict(measure.arguments)
    for argument in SUBJECT_ARGUMENTS:
        value = fields.get(argument)
        yield from (each for each in ((value,) if isinstance(value, str) else value or ()) if each)


def _list_all_words(subjects: Sequence[str], names: Names) -> set[str]:
    """List the words for all subjects; words for shares of any kind name the first one alone."""
    first, *others = ({*_list_words(each, names)} for each in subjects)
    return first | (set[str]().union(*others) - {*_split(SHARES)})


def _list_words(subject: str, names: Names) -> Iterator[str]:
    """List the words for a subject: its symbol, its name, and those of the series that a factor is made of."""
    factor = FACTORS.get(subject)
    made_of = [ref.id for ref in factor.refs] if factor else []
    for each in (subject, *made_of):
        yield from _split(each, keep=True)
        yield from _split(f"{names.get(each, '')} {ALIASES.get(each, '')}")
        if each.startswith("DGS"):
            yield from _split(TREASURIES)
        if macro_family(each) or INDICES.matches(each):
            yield from _split(family_of(SeriesRef(each, Measure.RATE)).title)
    if factor:
        yield from _split(factor.title)


def _split(text: str, *, keep: bool = False) -> Iterator[str]:
    """Split a text into its words in small letters, each without the ending of a plural."""
    for word in (each.strip(".") for each in re.findall(r"[a-z0-9^&.=]+", text.lower())):
        if keep or (len(word) > 2 and word not in EMPTY_WORDS):
            yield re.sub(r"(?<=\w\w\w)(ies|s)$", lambda ending: "y" if ending[1] == "ies" else "", word)


def _is_named(word: str, said: Iterable[str]) -> bool:
    """Whether a text has a word, or one that begins like it: "biotech" and "biotechnology"."""
    return any(
        word == other or (min(len(word), len(other)) >= MIN_STEM and (word.startswith(other) or other.startswith(word)))
        for other in said
    )
