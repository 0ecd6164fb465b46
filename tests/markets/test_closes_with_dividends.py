"""Closes next to dividends, made in both ways: as traded, and adjusted for the dividends."""

import numpy as np
import pytest

from groundswell.markets.quality.closes_with_dividends import Treatment, judge_closes, take_dividends_out
from groundswell.markets.series.adjust import adjust
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Action, IssueKind

DAYS = sessions_between(np.datetime64("2019-01-02").item(), np.datetime64("2024-12-31").item())


ROWS = len(DAYS)


def make(volatility, dividend, every, seed=1, *, rows=ROWS, decimals=6, first=80.0):
    """Return days, closes as traded, dividends, and closes adjusted for them."""
    random = np.random.default_rng(seed)
    is_paid = np.zeros(rows, dtype=bool)
    is_paid[every::every] = True
    dividends = np.where(is_paid, dividend, 0.0)
    closes = np.empty(rows)
    closes[0] = first
    for row in range(1, rows):
        growth = np.exp(volatility * random.standard_t(5) / np.sqrt(5 / 3) + 0.0002)
        closes[row] = np.round((closes[row - 1] - dividends[row]) * growth, decimals)
    adjusted = np.round(adjust(closes, dividends, np.ones(rows)).total, 6)
    return DAYS[:rows], closes, dividends, adjusted


@pytest.mark.parametrize("seed", range(5))
def test_monthly_dividends_of_a_bond_fund_decide(seed):
    days, closes, dividends, adjusted = make(0.004, 0.4, 21, seed)
    assert judge_closes(days, closes, dividends).treatment is Treatment.RAW
    judged = judge_closes(days, adjusted, dividends)
    assert judged.treatment is Treatment.INCLUDED
    assert judged.finding.kind is IssueKind.INCLUDES_DIVIDENDS
    assert judged.finding.days == tuple(days[dividends > 0].tolist())


def test_small_quarterly_dividends_without_cents_are_undecided_and_said_to_be():
    days, closes, dividends, adjusted = make(0.012, 0.2, 63, rows=500)
    for values in (closes, adjusted):
        judged = judge_closes(days, values, dividends)
        assert judged.treatment is Treatment.UNDECIDED
        assert judged.finding.kind is IssueKind.DIVIDENDS_UNCLEAR
        assert judged.finding.to_issue("A (price)", "a.csv").action is Action.KEPT


@pytest.mark.parametrize("seed", range(5))
def test_whole_cents_that_begin_with_the_last_dividend_decide_even_on_small_dividends(seed):
    days, closes, dividends, adjusted = make(0.012, 0.35, 63, seed, rows=300, decimals=2, first=200.0)
    assert judge_closes(days, adjusted, dividends).treatment is Treatment.INCLUDED
    assert judge_closes(days, closes, dividends).treatment in (Treatment.RAW, Treatment.UNDECIDED)


def test_undecided_closes_withhold_only_where_they_more_likely_include_many_dividends():
    withheld = {"raw": 0, "adjusted": 0}
    for seed in range(40):
        days, closes, dividends, adjusted = make(0.012, 0.45, 63, seed, rows=900)
        for name, values in (("raw", closes), ("adjusted", adjusted)):
            judged = judge_closes(days, values, dividends)
            if judged.treatment is Treatment.UNDECIDED:
                withheld[name] += judged.finding.to_issue("A", "a").withholds
                assert judged.finding.to_issue("A", "a").withholds == (judged.log_odds > 1.6)
    assert withheld["raw"] <= 4
    assert withheld["adjusted"] >= 10


def test_closes_adjusted_up_to_a_day_are_withheld():
    days, closes, dividends, _ = make(0.004, 0.4, 21)
    half = len(closes) // 2
    older = adjust(closes[:half], dividends[:half], np.ones(half)).total
    judged = judge_closes(days, np.concatenate([older, closes[half:]]), dividends)
    assert judged.treatment is Treatment.PARTLY
    issue = judged.finding.to_issue("HYG (price)", "HYG.csv")
    assert issue.withholds
    assert abs((days[half].item() - issue.last).days) < 70


def test_one_large_dividend_does_not_decide():
    days, _, dividends, adjusted = make(0.01, 0.0, 63)
    dividends[700] = 8.0
    assert judge_closes(days, adjusted, dividends).treatment is Treatment.UNDECIDED


def test_a_fund_that_did_not_trade_shows_nothing():
    days, closes, dividends, _ = make(0.004, 0.4, 21)
    still = np.flatnonzero(dividends > 0)
    closes[still] = closes[still - 1]
    assert judge_closes(days, closes, dividends).treatment is Treatment.UNDECIDED


def test_without_dividends_there_is_nothing_to_judge():
    days, closes, dividends, _ = make(0.01, 0.0, 63)
    assert judge_closes(days, closes, dividends).treatment is Treatment.NO_DIVIDENDS
    assert judge_closes(days[:1], closes[:1], dividends[:1]).treatment is Treatment.NO_DIVIDENDS


def test_prices_are_found_again_in_adjusted_closes():
    _, closes, dividends, adjusted = make(0.01, 0.5, 63)
    np.testing.assert_allclose(take_dividends_out(adjusted, dividends), closes, rtol=1e-6)


@pytest.mark.parametrize(("volatility", "dividend", "every"), [(0.004, 0.35, 21), (0.011, 0.35, 63), (0.018, 0.5, 63)])
def test_wrong_decisions_are_rare(volatility, dividend, every):
    wrong = 0
    for seed in range(60):
        days, closes, dividends, adjusted = make(volatility, dividend, every, seed, rows=756)
        wrong += judge_closes(days, closes, dividends).treatment in (Treatment.INCLUDED, Treatment.PARTLY)
        wrong += judge_closes(days, adjusted, dividends).treatment in (Treatment.RAW, Treatment.PARTLY)
    assert wrong <= 3


PROFILES = {  # volatility of a day, dividend as a share of the price, sessions between dividends
    "bonds, monthly": (0.005, 0.0045, 21),
    "large companies, quarterly": (0.011, 0.004, 63),
    "small companies, quarterly": (0.014, 0.003, 63),
    "once a year": (0.012, 0.02, 252),
}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("decimals", [4, 6])
@pytest.mark.parametrize("rows", [756, 1500])
def test_adjusted_closes_of_quoted_cents_are_found_and_raw_ones_never_are(profile, decimals, rows):
    volatility, share, every = PROFILES[profile]
    for seed in range(12):
        end = rows - 2 * seed  # the last dividend is near the end, or far from it
        days, closes, dividends, _ = make(volatility, round(80.0 * share, 3), every, seed, rows=end, decimals=2)
        adjusted = np.round(adjust(closes, dividends, np.ones(end)).total, decimals)
        assert judge_closes(days, adjusted, dividends).treatment is Treatment.INCLUDED, seed
        assert judge_closes(days, closes, dividends).treatment in (Treatment.RAW, Treatment.UNDECIDED), seed


def test_adjusted_closes_rounded_to_cents_are_never_taken_for_raw_ones_without_a_finding():
    silent = 0
    for volatility, share, every in PROFILES.values():
        for seed in range(15):
            days, closes, dividends, _ = make(volatility, round(80.0 * share, 3), every, seed, rows=756, decimals=2)
            adjusted = np.round(adjust(closes, dividends, np.ones(756)).total, 2)
            silent += judge_closes(days, adjusted, dividends).finding is None
    assert silent <= 1
