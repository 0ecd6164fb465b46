"""Ranks among peers: order, confidence sets, facts of the past, and shares of rate news."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from groundswell.claims.estimands.comparisons._scores import Sample, find_rank, score
from groundswell.claims.validate import check_claim
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Measure, Verdict
from groundswell.wording.verdicts import write_verdict

from .made import DAYS, END, book, claim, evaluate_claim, normal, price, rate, series

PEERS = {"long": "A", "peers": ["B", "C"]}
YIELDS = normal(1, 0.05)


def make(a: float, b: float, c: float, noise: float = 0.002) -> SeriesBook:
    """Series whose returns are so many times the change of the yield, and noise."""
    made = [
        price(name, slope * YIELDS + normal(seed, noise))
        for name, slope, seed in zip("ABC", (a, b, c), (2, 3, 4), strict=True)
    ]
    return book(*made, rate("DGS2", YIELDS))


def rank_by(made: SeriesBook, claimed: tuple[float, float] = (1.0, 1.0), **arguments: object) -> Evaluation:
    spec = claim("rank", claimed, {**PEERS, **arguments}, measure={"holds": "within"})
    return evaluate_claim("h", spec, made, END)


@pytest.mark.parametrize(
    ("order", "rank", "verdict"),
    [
        ("highest", 3, Verdict.REFUTED),
        ("lowest", 1, Verdict.SUPPORTED),
        ("largest", 1, Verdict.SUPPORTED),
    ],
)
def test_clear_sensitivities_have_one_rank(order, rank, verdict):
    found = rank_by(make(-0.08, 0.05, 0.02), by="sensitivity", order=order)
    assert (found.estimate, found.ci_low, found.ci_high) == (rank, rank, rank)
    assert found.verdict is verdict
    assert found.unit == "rank"
    words = "it is rank 1" if rank == 1 else "it is not rank 1"
    assert found.reason.endswith(f"A rank {rank} over 1,304 weeks, 95 % interval rank {rank} to rank {rank}: {words}")
    assert found.measured == (
        "The rank of A among A, B and C by sensitivity to the change of the 2-year Treasury yield, the "
        f"{order} first, over 1,304 weeks."
    )
    assert (found.sequence_low, found.confirmed) == (None, False)


def test_near_ties_leave_several_ranks_open():
    found = rank_by(make(-0.05, -0.05, 0.05), by="sensitivity", order="lowest")
    assert (found.ci_low, found.ci_high) == (1.0, 2.0)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason.endswith("it need not be rank 1")
    assert rank_by(make(-0.05, -0.05, 0.05), (1.0, 2.0), by="sensitivity", order="lowest").verdict is Verdict.SUPPORTED


def test_a_rank_of_the_past_is_a_fact():
    made = make(0.0, 0.0, 0.0, 0.01)
    past, expected = rank_by(made, years=2, about="past"), rank_by(made, years=2)
    assert past.estimate == expected.estimate
    assert past.is_fact
    assert not expected.is_fact
    assert (past.ci_low, past.ci_high, past.sequence_low, past.confirmed) == (None, None, None, None)
    assert (expected.ci_low, expected.ci_high) == (1.0, 3.0)
    assert past.verdict in (Verdict.SUPPORTED, Verdict.REFUTED)
    assert "interval" not in past.reason
    assert write_verdict(past) == past.verdict.value
    assert past.measured.endswith("over 105 weeks of 2 years.")
    assert any("any rank from 1 to 3" in note for note in past.notes)
    first, last = (np.datetime64(part) for part in past.notes[-2].split(" from ")[1].split(":")[0].split(" to "))
    returns = []
    for name in "ABC":
        values = next(each for each in made if each.ref.id == name)
        returns.append(values.at(np.array([last]))[0] / values.at(np.array([first]))[0] - 1.0)
    assert past.estimate == 1 + sum(value > returns[0] for value in returns[1:])
    assert f"A {100 * returns[0]:+.1f} %".replace("-", "−") in past.notes[-2]


def test_the_share_of_rate_news_is_the_partial_r_squared():
    dice = np.random.default_rng(7)
    factors, n = dice.normal(0.0, 1.0, (200, 2)), 200
    returns = np.column_stack([0.3 * factors[:, 0] + factors[:, 1], 0.1 * factors[:, 0], dice.normal(size=n)])
    returns += dice.normal(0.0, 0.5, returns.shape)
    days = DAYS[:n]
    found = score("rate share", Sample(days, days, returns, factors, "week"))
    for column, value in zip(returns.T, found.values, strict=True):
        full = sm.OLS(column, sm.add_constant(factors)).fit()
        less = sm.OLS(column, sm.add_constant(factors[:, 1])).fit()
        assert value == pytest.approx(1.0 - full.ssr / less.ssr)


def test_scores_of_sensitivities_are_those_of_single_regressions():
    dice = np.random.default_rng(8)
    factors = dice.normal(0.0, 1.0, (300, 2))
    returns = factors @ dice.normal(size=(2, 3)) + dice.normal(size=(300, 3))
    days = DAYS[:300]
    by_weeks = score("sensitivity", Sample(days, days, returns, factors, "week"))
    announced = score("surprise", Sample(days, days, returns, factors[:, :1], "announcement"))
    for place, column in enumerate(returns.T):
        assert by_weeks.values[place] == pytest.approx(sm.OLS(column, sm.add_constant(factors)).fit().params[1])
        robust = sm.OLS(column, sm.add_constant(factors[:, 0])).fit(cov_type="HC3")
        assert announced.values[place] == pytest.approx(robust.params[1])
        assert np.sqrt(announced.covariance[place, place]) == pytest.approx(robust.bse[1])


def test_responses_to_surprises_are_ranked():
    rows = np.arange(30, len(DAYS) - 10, 31)
    surprises = normal(5, 0.06, len(rows))
    made = []
    for name, slope, seed in (("A", -0.2, 11), ("B", 0.02, 12), ("C", -0.02, 13)):
        returns = normal(seed, 0.002)
        returns[rows] += slope * surprises
        made.append(price(name, returns))
    made.append(series("surprise.FF4", surprises, Measure.LEVEL, DAYS[rows]))
    found = rank_by(book(*made), by="surprise", order="largest")
    assert (found.estimate, found.ci_low, found.ci_high, found.n) == (1.0, 1.0, 1.0, len(rows))


def test_equal_values_share_the_better_rank():
    assert find_rank("highest", np.array([1.0, 1.0, 2.0])) == 2
    assert find_rank("largest", np.array([-3.0, 2.0, 1.0])) == 1
    assert find_rank("lowest", np.array([-3.0, 2.0, 1.0])) == 1


def test_a_series_that_begins_within_the_years_refuses_them():
    made = make(0.0, 0.0, 0.0)
    late = DAYS[-200:]
    short = series("C", made.by_ref[next(ref for ref in made.by_ref if ref.id == "C")].values[-200:], dates=late)
    found = rank_by(SeriesBook.of((*made, short)), years=2)
    assert found.verdict is Verdict.NOT_MEASURED
    assert "C (total return) begins" in found.reason


@pytest.mark.parametrize(
    ("arguments", "holds", "field", "words"),
    [
        ({}, "reaches", "holds", 'holds = "within"'),
        ({"short": "B"}, "within", "short", "name peers alone"),
        ({"peers": ["A", "B"]}, "within", "peers", "not its own peer"),
        ({"peers": ["B", "B"]}, "within", "peers", "named once"),
        ({"by": "rate share"}, "within", "about", 'about = "past"'),
        ({"by": "surprise", "controls": ["market"]}, "within", "surprise", "without controls"),
    ],
)
def test_what_is_refused_names_its_argument(arguments, holds, field, words):
    ((path, message),) = check_claim(claim("rank", (1.0, 1.0), {**PEERS, **arguments}, measure={"holds": holds}))
    assert path[-1] == field
    assert words in message
