"""The longest record of a pair: events on either side of the seam, and what the other pair costs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.studies.event_measures import AbnormalReturn, ChangeOfReturn, EventMeasure, RelativeReturn
from groundswell.markets.studies.event_study import Window
from groundswell.markets.studies.market_model import MarketModel
from groundswell.markets.studies.splice import Pair, Spliced, measure_all_spliced, measure_cost, measure_spliced
from groundswell.model import Measure, Series

from ..series import make_series

DAYS = sessions_between(date(1998, 1, 2), date(2003, 12, 31))
SEAM, HORIZON, SIZE = 600, 20, 0.0001
"""The row at which the own record begins; its long series lags the price by SIZE a day, as if it paid nothing."""

FAR = date(2004, 6, 30)
DICE = np.random.default_rng(3)
INDEX_RETURNS, MARKET_RETURNS = DICE.normal(0.0, 0.012, len(DAYS)), DICE.normal(0.0, 0.01, len(DAYS))


def build(name: str, returns: np.ndarray, measure: Measure, first: int = 0) -> Series:
    return make_series(name, DAYS[first:], 100.0 * np.cumprod(1.0 + returns)[first:], measure)


INDEX, MARKET = build("^I", INDEX_RETURNS, Measure.PRICE), build("^M", MARKET_RETURNS, Measure.PRICE)
EARLIER = Pair(INDEX, MARKET)
OWN = Pair(
    build("I", INDEX_RETURNS - SIZE, Measure.TOTAL_RETURN, SEAM),
    build("M", MARKET_RETURNS, Measure.TOTAL_RETURN, SEAM - 100),
)
PLAIN = RelativeReturn(Window(HORIZON))


def measure_at(rows: list[int], measure: EventMeasure = PLAIN, as_of: date = FAR, own: Pair = OWN) -> Spliced:
    days = [DAYS[row].item() for row in rows]
    return measure_spliced(
        days, own, EARLIER, measure, as_of, lambda: measure_cost(own, EARLIER, measure.unshifted, as_of)
    )


def over(series: Series, start: int, end: int) -> float:
    """The return between two rows of the calendar, by hand."""
    first, last = (float(series.values[np.searchsorted(series.dates, DAYS[row])]) for row in (start, end))
    return last / first - 1.0


def test_an_event_stands_wholly_on_one_pair():
    found = measure_at([100, SEAM - 1, SEAM, 900])
    values = {event.date: event for event in found.study.values}
    assert [event.series for event in found.study.values] == [EARLIER.names] * 2 + [OWN.names] * 2
    straddling = values[DAYS[SEAM - 1].item()]
    assert straddling.value == pytest.approx(
        over(INDEX, SEAM - 1, SEAM - 1 + HORIZON) - over(MARKET, SEAM - 1, SEAM - 1 + HORIZON)
    )
    assert values[DAYS[SEAM].item()].value == pytest.approx(
        over(OWN.long, SEAM, SEAM + HORIZON) - over(OWN.short, SEAM, SEAM + HORIZON)
    )
    assert found.seam == DAYS[SEAM].item(), "the later of both beginnings"


@pytest.mark.parametrize(
    ("measure", "lead"),
    [
        pytest.param(RelativeReturn(Window(HORIZON, base=-3)), 3, id="base before the event"),
        pytest.param(ChangeOfReturn(Window(HORIZON)), HORIZON, id="window before the event"),
        pytest.param(AbnormalReturn(MarketModel(Window(HORIZON), 60, 5)), 65, id="estimation window"),
    ],
)
def test_every_day_that_an_event_needs_counts(measure, lead):
    found = measure_at([SEAM + lead - 1, SEAM + lead + 100], measure)
    assert [event.series for event in found.study.values] == [EARLIER.names, OWN.names]
    found = measure_at([SEAM + lead], measure)
    assert [event.series for event in found.study.values] == [OWN.names]


def test_the_cost_is_that_of_every_common_window():
    cost = measure_cost(OWN, EARLIER, PLAIN, FAR)
    rows = range(SEAM, len(DAYS) - HORIZON)
    by_hand = np.array(
        [
            over(OWN.long, row, row + HORIZON)
            - over(OWN.short, row, row + HORIZON)
            - over(INDEX, row, row + HORIZON)
            + over(MARKET, row, row + HORIZON)
            for row in rows
        ]
    )
    assert cost.windows == len(by_hand)
    assert cost.mean == pytest.approx(by_hand.mean())
    assert cost.mean == pytest.approx(-HORIZON * SIZE, rel=0.1)
    assert cost.deviation == pytest.approx(np.std(by_hand, ddof=1))
    assert cost.error == pytest.approx(cost.deviation * np.sqrt(HORIZON / len(by_hand)))


def test_no_early_event_costs_nothing():
    assert measure_at([SEAM + 5]).cost is None
    assert measure_at([]).study.values == ()


def test_an_early_event_of_unknown_cost_is_left_out_with_the_reason():
    as_of = DAYS[SEAM + 2 * HORIZON - 1].item()
    found = measure_at([100], as_of=as_of)
    assert found.study.values == ()
    (absence,) = found.study.absent
    assert "too few windows in common" in absence.reason
    later = DAYS[SEAM + 3 * HORIZON].item()
    assert len(measure_at([100], as_of=later).study.values) == 1


def test_a_gap_in_the_own_record_is_not_filled():
    keep = OWN.long.dates != DAYS[900]
    gap = Pair(make_series("I", OWN.long.dates[keep], OWN.long.values[keep]), OWN.short)
    found = measure_at([900], own=gap)
    assert found.study.values == ()
    assert f"no value on {DAYS[900]}" in found.study.absent[0].reason


def test_other_windows_are_those_of_events_there():
    found = measure_all_spliced(OWN, EARLIER, PLAIN, FAR)
    assert (np.diff(found.bases) > np.timedelta64(0, "D")).all()
    assert len(found.values) == len(DAYS) - HORIZON
    values = dict(zip(found.bases.tolist(), found.values.tolist(), strict=True))
    for event in measure_at([100, SEAM - 1, SEAM, 1000]).study.values:
        assert values[event.start] == pytest.approx(event.value)


def test_one_series_alone():
    own, earlier = Pair(OWN.long), Pair(INDEX)
    found = measure_spliced([DAYS[5].item()], own, earlier, PLAIN, FAR, lambda: measure_cost(own, earlier, PLAIN, FAR))
    (event,) = found.study.values
    assert event.series == ("^I (price)",)
    assert event.value == pytest.approx(over(INDEX, 5, 5 + HORIZON))
