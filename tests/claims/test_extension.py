"""Claims on the longest record of a pair: events on total returns, and before them on prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from groundswell.claims.data_quality import add_impacts
from groundswell.claims.inference.summary import Summary, summarise, widen_for_cost
from groundswell.claims.paths import measure_fan
from groundswell.claims.reading_axes import compare_readings
from groundswell.claims.registry import bind
from groundswell.claims.spans import find_shortfall
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.validate import check_claim
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.studies.splice import SpliceCost
from groundswell.model import DataIssue, IssueKind, Measure, Qualifier, Series, Verdict

from ..series import make_series
from .made import claim, evaluate_claim

DAYS = sessions_between(date(1990, 1, 2), date(2024, 12, 31))
AS_OF = date(2024, 12, 31)
EXTEND = {"extend": {"IWM": "^RUT", "SPY": "^GSPC"}}
PAIR = {"long": "IWM", "short": "SPY"}
DIVIDENDS = 0.00008
"""What the large fund pays a day and the small one does not."""


def build(name: str, seed: int, measure: Measure, first: str, daily: float = 0.0) -> Series:
    returns = np.random.default_rng(seed).normal(0.0, 0.01, len(DAYS)) + daily
    keep = np.datetime64(first) <= DAYS
    return make_series(name, DAYS[keep], (100.0 * np.cumprod(1.0 + returns))[keep], measure)


BOOK = SeriesBook.of((
    build("IWM", 1, Measure.TOTAL_RETURN, "2000-05-26"),
    build("SPY", 2, Measure.TOTAL_RETURN, "1993-01-29", DIVIDENDS),
    build("^RUT", 1, Measure.PRICE, "1990-01-02"),
    build("^GSPC", 2, Measure.PRICE, "1990-01-02"),
))  # fmt: skip

EARLY, LATE = ("^RUT (price)", "^GSPC (price)"), ("IWM (total return)", "SPY (total return)")


def test_the_first_cuts_before_the_fund_are_measured_on_the_price_indices():
    found = evaluate_claim("h", claim("event-study", (0.05, 0.15), {**PAIR, **EXTEND}), BOOK, AS_OF)
    assert [(str(event.date), event.series) for event in found.events] == [
        ("1995-07-06", EARLY),
        ("1998-09-29", EARLY),
        ("2001-01-03", LATE),
        ("2007-09-18", LATE),
        ("2019-07-31", LATE),
        ("2024-09-18", LATE),
    ]
    assert found.n == 6
    assert {use.series for use in found.sources} >= {*EARLY, *LATE}
    seam, cost = (note for note in found.notes if "windows that both have" in note or "measured wholly" in note)
    assert "1995-07-06, 1998-09-29" in seam
    assert "2000-05-26" in seam
    assert "−0.5" in cost, "63 sessions without the dividends of the large fund"


def test_the_interval_contains_the_cost():
    found = evaluate_claim("h", claim("event-study", (0.05, 0.15), {**PAIR, **EXTEND}), BOOK, AS_OF)
    plain = summarise([event.value for event in found.events], 1)
    assert found.estimate == plain.mean
    assert found.ci_high >= plain.ci_high
    assert found.ci_low < plain.ci_low - 2 * 0.004 / 6, "the mean difference of two of six events lowers the bound"


def test_a_series_that_does_not_follow_the_measured_one_extends_nothing():
    swapped = {**PAIR, "extend": {"IWM": "^GSPC", "SPY": "^RUT"}}
    found = evaluate_claim("h", claim("event-study", (0.05, 0.15), swapped), BOOK, AS_OF)
    assert (found.verdict, found.n) == (Verdict.INSUFFICIENT, 4)
    reasons = {str(absence.date): absence.reason for absence in found.absent}
    assert "^GSPC (price) less ^RUT (price) does not follow IWM (total return) less SPY" in reasons["1998-09-29"]


def test_the_bounds_by_hand():
    summary = Summary(5, 0.02, 0.02, -0.01, 0.05, 3, p=0.1)
    cost = SpliceCost(-0.002, 0.004, 0.001, 900)
    found = widen_for_cost(summary, 3, cost)
    added = np.sqrt(3 * 0.004**2 + 9 * 0.001**2) / 5
    half = np.sqrt(0.03**2 + (2.7764451 * added) ** 2)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.02 - half - 0.0012, 0.02 + half))
    assert found.mean == 0.02
    assert found.p > 2 * 0.06, "a wider interval goes with a larger p-value"
    assert widen_for_cost(summary, 0, cost) == summary
    single = Summary(1, 0.02, 0.02, None, None, 1)
    assert widen_for_cost(single, 1, cost) == single


def test_prices_and_monthly_returns_are_not_extended():
    for arguments in ({"measure": "price"}, {"measure": "price", "long": "^RUT", "short": "^GSPC"}):
        bound = bind(MeasureSpec(estimand="event-study", arguments={**PAIR, **EXTEND, **arguments}, range=(0.0, 1.0)))
        assert len(bound.needs) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({**PAIR, "extend": {"IWM": "^RUT"}}, "names no series for SPY"),
        ({**PAIR, "extend": {"IWM": "^RUT", "SPY": "UST.30y"}}, "both series need prices, or both computed"),
        ({**PAIR, "extend": {"IWM": "^GSPC", "SPY": "^GSPC"}}, "cannot be extended by the same one"),
        ({"long": "RSP", "short": "SPY", **EXTEND}, "names no series for RSP"),
    ],
)
def test_half_a_splice_is_refused(arguments, words):
    ((path, message),) = check_claim(claim("event-study", (0.05, 0.15), arguments))
    assert path[-1] == "extend"
    assert words in message


def test_the_span_begins_with_the_earlier_series():
    bound = bind(MeasureSpec(estimand="event-study", arguments={**PAIR, **EXTEND}, range=(0.0, 1.0)))
    assert find_shortfall(bound, BOOK, AS_OF) is None
    late = build("IWM", 1, Measure.TOTAL_RETURN, "2010-01-04")
    shortfall = find_shortfall(bound, SeriesBook.of((*BOOK, late)), AS_OF)
    assert "IWM (total return) goes from 2010-01-04" in str(shortfall), "a fund served short is not extended"


def test_the_earlier_series_cannot_be_stale():
    old = [replace_end(series, "2015-12-31") for series in BOOK if series.ref.measure is Measure.PRICE]
    found = evaluate_claim(
        "h", claim("event-study", (0.05, 0.15), {**PAIR, **EXTEND}), SeriesBook.of((*BOOK, *old)), AS_OF
    )
    assert found.n == 6
    assert Qualifier.STALE not in found.qualifiers


def replace_end(series: Series, last: str) -> Series:
    keep = series.dates <= np.datetime64(last)
    return replace(series, dates=series.dates[keep], values=series.values[keep], known_at=series.known_at[keep])


@pytest.mark.parametrize("estimand", ["event-study", "difference"])
@pytest.mark.parametrize(
    ("arguments", "series"),
    [({**PAIR, **EXTEND}, {*EARLY, *LATE}), ({"long": "IWM", "alone": True, **EXTEND}, {EARLY[0], LATE[0]})],
    ids=["pair", "alone"],
)
def test_the_path_of_each_event_ends_at_its_value(estimand, arguments, series):
    spec = claim(estimand, (0.05, 0.15), arguments)
    found = evaluate_claim("h", spec, BOOK, AS_OF)
    fan = measure_fan(spec, found, BOOK)
    assert list(fan.paths.days) == [event.date for event in found.events]
    ends = [row[np.isfinite(row)][-1] for row in fan.paths.values]
    assert ends == pytest.approx([event.value for event in found.events])
    assert {use.series for use in fan.sources} == series


def find_issue(series: str, day: date) -> DataIssue:
    return DataIssue(IssueKind.ONE_DAY, series, "made", day, day, (day,), 0.1, "return", "a wrong value", "correct it")


def test_an_issue_counts_only_for_events_that_rest_on_its_series():
    spec = claim("event-study", (0.05, 0.15), {**PAIR, **EXTEND})
    found = evaluate_claim("h", spec, BOOK, AS_OF)
    issues = {name: (find_issue(name, date(2007, 10, 1)),) for name in ("^RUT (price)", "IWM (total return)")}
    assert [impact.issue.series for impact in add_impacts(found, issues).impacts] == ["IWM (total return)"]
    early = {name: (find_issue(name, date(1998, 10, 1)),) for name in ("^RUT (price)", "IWM (total return)")}
    assert [impact.issue.series for impact in add_impacts(found, early).impacts] == ["^RUT (price)"]


def test_readings_are_told_apart_by_what_they_rest_on():
    spec = claim(
        "event-study",
        (0.05, 0.15),
        {**PAIR, **EXTEND},
        readings=[{"name": "price", "arguments": {"long": "^RUT", "short": "^GSPC", "measure": "price"}}],
    )
    data = next(axis for axis in compare_readings(spec).axes if axis.name == "data")
    assert data.values == ("IWM − SPY, before ^RUT − ^GSPC", "^RUT − ^GSPC")
    assert evaluate_claim("h", spec, BOOK, AS_OF).verdict is not Verdict.NOT_MEASURED
