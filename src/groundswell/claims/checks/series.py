"""Series that do not fit what a claim uses them for: revised ones, levels, prices without income, mixed measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from groundswell.claims.estimand import BoundMeasure
from groundswell.markets.series.begins import is_known_security
from groundswell.markets.series.catalogue import FAMILIES, INDICES, POLICY_SURPRISES, is_published_figure, macro_family
from groundswell.markets.series.family import PRICED, Kind, SeriesFamily
from groundswell.markets.series.income import has_dividends, is_bond_fund
from groundswell.model import Measure, SeriesRef

Names = Mapping[str, str]
"""The names that a hub gives its instruments, by symbol."""

NO_NAMES: Names = MappingProxyType({})

STOCK_FUTURES = ("SP500", "ES", "NQ", "DJ", "VIX")
"""What the columns of files of surprises begin with that are about shares, not about interest rates."""

IN_ARGUMENTS = (
    "long",
    "short",
    "rate",
    "fund",
    "against",
    "peers",
    "alongside",
    "small",
    "factor",
    "controls",
    "surprise",
    "less",
    "extend",
)
"""Arguments that name series, in the order in which a mistake is put to one of them."""


def explain_series(bound: BoundMeasure, names: Names) -> Iterator[tuple[str, str]]:
    """Say, with the argument, which series of a measure do not fit their use, and what would be right."""
    mistakes = [
        (ref.id, message)
        for ref in sorted(bound.needs, key=str)
        if (message := _explain_use(ref, names) or _explain_rate(ref, names))
    ]
    for name, message in mistakes:
        yield _find_argument(bound, name), message
    if not mistakes:
        yield from _explain_mixture(bound)


def explain_shown(refs: Iterable[SeriesRef], names: Names) -> Iterator[tuple[str, str]]:
    """Say, with the name, which series of a chart or a gauge do not fit their use; levels may be shown."""
    for ref in sorted(refs, key=str):
        if message := _explain_use(ref, names):
            yield ref.id, message


def _explain_use(ref: SeriesRef, names: Names) -> str:
    return _explain_revised(ref) or _explain_price(ref, names) or _explain_surprise(ref)


def _explain_revised(ref: SeriesRef) -> str:
    family = macro_family(ref.id)
    if family is None or not family.revised or (ref.measure in PRICED and not is_published_figure(ref.id)):
        return ""
    return (
        f"{ref.id} is refused: its past values were revised after the days they describe, and only the latest vintage "
        "is available, so that it was not known at the time"
    )


def _explain_price(ref: SeriesRef, names: Names) -> str:
    if ref.measure not in PRICED:
        return ""
    family = macro_family(ref.id)
    if family is not None and ref.id not in names and is_published_figure(ref.id):
        return (
            f"{ref.id} is a published figure ({family.title}) and has no price; measure its change, a claim with "
            "event-change"
        )
    if ref.measure is Measure.PRICE and is_bond_fund(ref.id, names.get(ref.id, "")):
        return (
            f"{ref.id} is a bond fund: most of its return is interest, which its price leaves out; use measure = "
            '"total return"'
        )
    if ref.measure is Measure.TOTAL_RETURN and INDICES.matches(ref.id) and not has_dividends(ref.id):
        return (
            f"{ref.id} is an index without dividends and has no total return, so that the two do not compare; use a "
            'fund that follows it, or measure = "price" for both'
        )
    return ""


def _explain_surprise(ref: SeriesRef) -> str:
    if not POLICY_SURPRISES.parts(ref.id).get("contract", "").startswith(STOCK_FUTURES):
        return ""
    return (
        f"{ref.id} is what shares themselves did in the half hour, and so a part of what they did in the session: an "
        "identity; name a contract on interest rates, such as FF4 or TFUT02"
    )


def _explain_rate(ref: SeriesRef, names: Names) -> str:
    if ref.measure is not Measure.RATE:
        return ""
    family = _find_family(ref.id)
    if family is not None and family.measure is not Measure.RATE:
        return (
            f"{ref.id} is refused as a level ({family.title}, in {family.unit}): it is no rate in percent, and a level "
            "that trends rises over any window, whatever the events; measure a rate, a return or a share"
        )
    if family is None and (ref.id in names or is_known_security(ref.id)):
        return f"{ref.id} is a security, and its price is a level, not a rate; measure its return with event-study"
    return ""


def _find_family(name: str) -> SeriesFamily | None:
    """Find the family that says what a name is, whatever its measure; None for a name that could be any symbol."""
    return next(
        (each for each in FAMILIES if each.kind not in (Kind.SECURITY, Kind.OTHER) and each.matches(name)), None
    )


def _explain_mixture(bound: BoundMeasure) -> Iterator[tuple[str, str]]:
    """Say where one leg is with dividends and the other without them."""
    long, short = getattr(bound.arguments, "long", ""), getattr(bound.arguments, "short", "")
    if not long or not short or getattr(bound.arguments, "measure", "") != Measure.PRICE:
        return
    mixed = [name for name in (long, short) if INDICES.matches(name) and has_dividends(name)]
    if len(mixed) == 1:
        yield (
            "short",
            f"{mixed[0]} is an index with dividends and the other leg is a price without them, so that the two do not "
            'compare: their difference is the dividends; use funds and measure = "total return"',
        )


def _find_argument(bound: BoundMeasure, name: str) -> str:
    """Find the argument in which a series, or a factor made of it, is named; "events" where none is."""
    fields = dict(bound.arguments)
    for argument in IN_ARGUMENTS:
        value = fields.get(argument, ())
        named = (value,) if isinstance(value, str) else value.values() if isinstance(value, dict) else value or ()
        if name.removeprefix("surprise.") in named:
            return argument
    return "events" if "events" in fields else next(iter(fields), "")
