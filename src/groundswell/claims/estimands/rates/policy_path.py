"""The estimand ``policy-path``: how far federal funds futures price the rate to move over the coming meetings."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict, Field

from groundswell.claims.estimand import Estimand, EstimandKind, Measurement, Missing, Refused, list_sources
from groundswell.claims.inference.summary import Summary
from groundswell.claims.spec import Frozen
from groundswell.markets.events.fed_decisions import list_decisions
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
from groundswell.markets.series.staleness import CLAIM_PRICES, find_outdated
from groundswell.model import EventValue, Measure, SeriesRef

EFFECTIVE = SeriesRef("DFF", Measure.RATE)


class PolicyPathArguments(Frozen):
    """The number of months over which the path is followed."""

    model_config = ConfigDict(strict=True)

    months: int = Field(default=12, ge=1, le=24)


def measure(arguments: PolicyPathArguments, book: SeriesBook, as_of: dt.date) -> Measurement | Missing | Refused:
    """Follow the path from the effective rate over the meetings, by the newest prices, at most a week old.

    Meetings are those of the schedule published by ``as_of``. A price has no sampling error: the interval is the range
    that rounding leaves open. Prices, and with them the estimate, include risk premia.
    """
    effective = book.get(EFFECTIVE)
    futures = {
        month: series
        for month in list_contract_months()
        if (series := book.get(FED_FUNDS_FUTURES.ref(*month))) is not None
    }
    if effective is None or not futures:
        return Missing((EFFECTIVE,) if effective is None else (FED_FUNDS_FUTURES.ref(as_of.year, as_of.month),))
    traded = max(futures.values(), key=lambda series: series.dates[-1])
    newest: dt.date = traded.dates[-1].item()
    for name, series in (("price of a federal funds future", traded), ("effective rate", effective)):
        if outdated := tuple(find_outdated((series,), as_of, CLAIM_PRICES)):
            return Refused(f"the newest {name} is of {series.last}, more than a week before {as_of}", outdated)
    changes = [decision.announced for decision in list_decisions(as_of, book) if decision.change_bp]
    if changes and effective.last is not None and changes[-1] >= effective.last:
        return Refused(
            f"the newest effective rate is of {effective.last}, before the change of {changes[-1]} took effect"
        )
    averages = {month: 100.0 - float(series.values[-1]) for month, series in futures.items() if series.last == newest}
    until = add_months(as_days(as_of), arguments.months)[0].item()
    whole = compute_priced_path(averages, list_meetings(newest, dt.date.max, book), float(effective.values[-1]))
    path = tuple(meeting for meeting in whole if meeting.decides <= until)
    if not path:
        return Refused(f"no meeting after {newest} is scheduled and has prices of the contracts that it needs")
    used = [series for month, series in futures.items() if month in averages and _is_near(month, path)]
    current = path[0].before
    estimate = path[-1].after - current
    low, high = (estimate + side * (path[-1].open_by + RATE_ROUNDING) for side in (-1.0, 1.0))
    return Measurement(
        values=tuple(EventValue(meeting.decides, meeting.after - current, newest, meeting.decides) for meeting in path),
        absent=(),
        sources=list_sources((effective, *used)),
        summary=Summary(len(path), estimate, None, low, high, None, "meeting", "priced change", sampled=False),
        notes=(_write_path(path, newest), "Prices include risk premia: what is priced is not quite what is expected."),
    )


def _is_near(month: Month, path: tuple[PricedMeeting, ...]) -> bool:
    first, last = path[0].decides, path[-1].decides
    return (first.year, first.month) <= month <= (last.year + last.month // 12, last.month % 12 + 1)


def _write_path(path: tuple[PricedMeeting, ...], day: dt.date) -> str:
    rates = ", ".join(f"{meeting.decides} {meeting.after:.2f} %" for meeting in path)
    return f"Effective rate {path[0].before:.2f} %; priced on {day} after the meetings of {rates}."


POLICY_PATH = Estimand(
    name="policy-path",
    title="Path of policy priced in futures",
    text=(
        "How far the federal funds rate is priced to have moved after the last scheduled meeting of the coming months, "
        "from today's effective rate, by the meeting-month method. The interval is the range that rounding leaves open."
    ),
    unit="percentage points",
    arguments=PolicyPathArguments,
    needs=lambda _arguments: frozenset(
        (EFFECTIVE, *(FED_FUNDS_FUTURES.ref(*month) for month in list_contract_months()))
    ),
    window=lambda arguments: f"the meetings of the coming {arguments.months} months, prices at most a week old",
    events=lambda _arguments: "the priced change up to and including each scheduled meeting; each row is a meeting.",
    measure=measure,
    minimum=1,
    kind=EstimandKind.PATH,
    rank=100,
)
