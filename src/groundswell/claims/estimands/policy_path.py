"""The estimand ``policy-path``: how far federal funds futures see the rate move over the coming meetings."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict, Field

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Missing, Refused, list_sources
from groundswell.claims.inference import Summary
from groundswell.claims.spec import Frozen
from groundswell.markets.events.fed_decisions import decisions
from groundswell.markets.indicators.policy_path import (
    RATE_ROUNDING,
    Month,
    PricedMeeting,
    compute_priced_path,
    list_contract_months,
    list_meetings,
)
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import add_months, as_days
from groundswell.markets.series.catalogue import FED_FUNDS_FUTURES
from groundswell.markets.series.staleness import CLAIM_PRICES
from groundswell.model import EventValue, Measure, SeriesRef

EFFECTIVE = SeriesRef("DFF", Measure.RATE)


class PolicyPathArguments(Frozen):
    """Over how many months the path is followed."""

    model_config = ConfigDict(strict=True)

    months: int = Field(default=12, ge=1, le=24)


def measure(arguments: PolicyPathArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
    """Take the newest prices, at most a week old, and follow the path from the effective rate over the meetings.

    Meetings are those of the schedule published by ``as_of``. A price has no error of sampling: the interval is what
    rounding leaves open. Premia for risk are in the prices and in the estimate.
    """
    effective = book.get(EFFECTIVE)
    held = {
        month: one for month in list_contract_months() if (one := book.get(FED_FUNDS_FUTURES.ref(*month))) is not None
    }
    if effective is None or not held:
        return Missing((EFFECTIVE,) if effective is None else (FED_FUNDS_FUTURES.ref(as_of.year, as_of.month),))
    newest = max(one.last for one in held.values() if one.last is not None)
    for name, last in (("price of a federal funds future", newest), ("effective rate", effective.last or newest)):
        if CLAIM_PRICES.is_exceeded(last, as_of):
            return Refused(f"the newest {name} is of {last}, more than a week before {as_of}")
    changes = [decision.announced for decision in decisions(as_of, book) if decision.change_bp]
    if changes and effective.last is not None and changes[-1] >= effective.last:
        return Refused(
            f"the newest effective rate is of {effective.last}, before the change of {changes[-1]} took effect"
        )
    averages = {month: 100.0 - float(one.values[-1]) for month, one in held.items() if one.last == newest}
    until = add_months(as_days(as_of), arguments.months)[0].item()
    whole = compute_priced_path(averages, list_meetings(newest, dt.date.max, book), float(effective.values[-1]))
    path = tuple(one for one in whole if one.decides <= until)
    if not path:
        return Refused(f"no meeting after {newest} has prices of the contracts that it needs, or none is scheduled")
    used = [one for month, one in held.items() if month in averages and _near(month, path)]
    current = path[0].before
    estimate = path[-1].after - current
    low, high = (estimate + side * (path[-1].open_by + RATE_ROUNDING) for side in (-1.0, 1.0))
    return Measurement(
        values=tuple(EventValue(one.decides, one.after - current, newest, one.decides) for one in path),
        absent=(),
        sources=list_sources((effective, *used)),
        summary=Summary(len(path), estimate, None, low, high, None, "meeting", "priced change"),
        notes=(_in_words(path, newest), "Prices hold premia for risk: what is priced is not quite what is expected."),
    )


def _near(month: Month, path: tuple[PricedMeeting, ...]) -> bool:
    first, last = path[0].decides, path[-1].decides
    return (first.year, first.month) <= month <= (last.year + last.month // 12, last.month % 12 + 1)


def _in_words(path: tuple[PricedMeeting, ...], day: dt.date) -> str:
    told = ", ".join(f"{one.decides} {one.after:.2f} %" for one in path)
    return f"Effective rate {path[0].before:.2f} %; priced on {day} after the meetings of {told}."


POLICY_PATH = Estimand(
    name="policy-path",
    title="Path of policy priced in futures",
    text=(
        "How far the federal funds rate is priced to have moved after the last scheduled meeting of the coming months, "
        "from today's effective rate, by the meeting-month method. The interval is what rounding leaves open."
    ),
    unit="percentage points",
    arguments=PolicyPathArguments,
    needs=lambda _arguments: frozenset(
        (EFFECTIVE, *(FED_FUNDS_FUTURES.ref(*month) for month in list_contract_months()))
    ),
    window=lambda arguments: f"the meetings of the coming {arguments.months} months, prices at most a week old",
    events=lambda _arguments: "the priced change up to and with each scheduled meeting; each row is a meeting.",
    measure=measure,
    minimum=1,
    kind=EstimandKind.PATH,
    rank=100,
)
