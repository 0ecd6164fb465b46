"""An estimand and an event list are each added by one module that the registry finds, and nothing else."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.claims.binding import describe_claim
from groundswell.claims.paths import measure_fan
from groundswell.claims.registry import ESTIMANDS
from groundswell.claims.validate import check_claim
from groundswell.hubs.gauges.gauge import Gauge, read_gauge
from groundswell.hubs.spec import GaugeSpec
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.model import Measure, Verdict

from .made import DAYS, END, INF, book, claim, evaluate_claim, normal, price

HIT_RATE = '''
"""The share of events after which one series gains on another: an event study's arguments with another unit."""

from dataclasses import replace

from groundswell.claims.estimand import Estimand, Measurement
from groundswell.claims.estimands.events import event_study


def measure(arguments, book, as_of):
    outcome = event_study.measure(arguments, book, as_of)
    if not isinstance(outcome, Measurement):
        return outcome
    hits = tuple(replace(event, value=float(event.value > 0)) for event in outcome.values)
    return replace(outcome, others=None, values=hits)


HIT_RATE = Estimand(
    name="hit-rate",
    title="Share of events with a gain",
    text="The share of events after which the return of one series is larger than that of another.",
    unit="share",
    arguments=event_study.EventStudyArguments,
    needs=lambda arguments: frozenset(arguments.refs),
    window=event_study.describe_window,
    events=event_study.describe_events,
    measure=measure,
)
'''

ROUND_DAYS = '''
"""The first session of every fifth year."""

import datetime as dt

from groundswell.markets.events.event_list import EventList, MarketEvent


def find_round_days(as_of, book):
    days = [dt.date(year, 1, 5) for year in range(2000, as_of.year + 1, 5)]
    return tuple(MarketEvent(day, day) for day in days if day <= as_of)


ROUND_DAYS = EventList("round_days", "Fifth years", "The fifth of January of every fifth year.", find_round_days)
'''

PAIR = book(price("A", normal(1, 0.01)), price("B", normal(2, 0.01)), price("^GSPC", normal(3, 0.01), Measure.PRICE))


@pytest.fixture
def hit_rate(install_plugin):
    install_plugin("groundswell.estimands", "hit_rate", HIT_RATE)


@pytest.fixture
def round_days(install_plugin):
    install_plugin("groundswell.event_lists", "round_days", ROUND_DAYS)


def test_the_order_of_estimands_and_of_event_lists_is_fixed():
    assert list(ESTIMANDS) == [
        "event-study", "difference", "frequency", "event-change", "target-change", "sensitivity",
        "surprise-sensitivity", "prediction", "trailing-comparison", "rank", "compare-periods", "compare-slopes",
        "variance-share", "weight-drift", "largest-weight", "breadth", "concentration", "policy-path", "fundamentals",
        "fundamentals-turn", "cited-figures",
    ]  # fmt: skip
    assert list(EVENT_LISTS) == [
        "first_cuts", "first_cuts_with_early", "final_cuts", "first_rises", "resumed_cuts", "rise_pauses", "cut_pauses",
        "priced_in_pivots", "priced_in_pivots_deep", "spread_widenings", "fast_rises", "fast_rises_month",
        "corrections", "vix_above_40", "sell_off_days", "breadth_washouts", "year_ends", "cpi_releases",
        "jobs_releases", "gdp_releases",
    ]  # fmt: skip


class TestEstimand:
    def test_a_claim_is_measured_by_it(self, hit_rate):
        assert list(ESTIMANDS)[-1] == "hit-rate"
        spec = claim("hit-rate", (0.5, 1.0), {"long": "A", "short": "B"}, readings=[READING])
        assert check_claim(spec) == ()
        evaluation = evaluate_claim("h", spec, PAIR, END)
        gains = [event.value for event in evaluation.events]
        assert set(gains) == {0.0, 1.0}
        assert (evaluation.unit, evaluation.estimate) == ("share", pytest.approx(np.mean(gains)))
        assert evaluation.readings[0].estimate is not None
        assert "Events: A cut of the Federal Reserve" in describe_claim(spec)

    def test_it_has_no_fan_of_returns_without_paths_of_its_own(self, hit_rate):
        arguments = {"long": "A", "short": "B"}
        shares = claim("hit-rate", (0.5, 1.0), arguments)
        assert measure_fan(shares, evaluate_claim("h", shares, PAIR, END), PAIR) is None
        returns = claim("event-study", (0.0, INF), arguments)
        assert measure_fan(returns, evaluate_claim("h", returns, PAIR, END), PAIR) is not None

    def test_without_the_plugin_it_is_unknown(self):
        ((_, message),) = check_claim(claim("hit-rate", (0.5, 1.0), {}))
        assert message.startswith("there is no estimand 'hit-rate'; there are event-study, ")

    def test_a_second_one_of_the_same_name_is_an_error(self, install_plugin):
        install_plugin("groundswell.estimands", "usurper", HIT_RATE.replace("hit-rate", "breadth"))
        with pytest.raises(ValueError, match=r"estimands\.companies\.breadth and usurper both declare 'brea"):
            list(ESTIMANDS)


READING = {"name": "a month", "arguments": {"horizon": 21}}


class TestEventList:
    def test_a_claim_names_no_table_that_its_events_do_not_rest_on(self, round_days):
        spec = claim("event-study", (0.0, INF), {"long": "A", "short": "B", "events": "round_days"})
        evaluation = evaluate_claim("h", spec, PAIR, END)
        assert [event.date for event in evaluation.events] == [date(year, 1, 5) for year in range(2000, 2021, 5)]
        assert evaluation.verdict is not Verdict.NOT_MEASURED
        assert [use.series for use in evaluation.sources] == ["A (total return)", "B (total return)"]
        assert "The fifth of January of every fifth year." in describe_claim(spec)

    def test_a_claim_names_the_table_that_its_events_rest_on(self, install_plugin):
        source = ROUND_DAYS.replace("import EventList, MarketEvent", "import EventList, MarketEvent\n" + IMPORT)
        install_plugin("groundswell.event_lists", "round_days", source.replace("find_round_days)", RESTING))
        spec = claim("event-study", (0.0, INF), {"long": "A", "short": "B", "events": "round_days"})
        uses = evaluate_claim("h", spec, PAIR, END).sources
        assert [use.series for use in uses] == ["A (total return)", "B (total return)", "Fed target-rate decisions"]

    @pytest.mark.parametrize("name", ["corrections", "vix_above_40", "year_ends", "first_cuts", "priced_in_pivots"])
    def test_the_lists_that_ship_name_it_where_they_should(self, name):
        uses = EVENT_LISTS[name].list_tables(END, PAIR)
        assert [use.series for use in uses] == ["Fed target-rate decisions"] * (name in {"first_cuts", PIVOTS})

    def test_a_gauge_counts_from_its_last_event(self, round_days):
        spec = GaugeSpec(id="round", title="Round days", kind="since", events="round_days")
        gauge = read_gauge(spec, PAIR, DAYS[-1].item())
        assert isinstance(gauge, Gauge)
        assert gauge.sources == ()
        assert "2020" in gauge.detail

    def test_every_measure_by_events_can_name_it(self, round_days):
        for name in ("event-study", "event-change", "breadth", "fundamentals-turn"):
            arguments = {"event-study": {"long": "A", "alone": True}, "event-change": {"rate": "DGS2"}}.get(name, {})
            assert check_claim(claim(name, (0.01, INF), {**arguments, "events": "round_days"})) == ()


PIVOTS = "priced_in_pivots"
IMPORT = "from groundswell.markets.events.fed_decisions import FED_DECISIONS"
RESTING = "find_round_days, rests_on=FED_DECISIONS)"
