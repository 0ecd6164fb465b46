"""Changes that no series makes, and large ones that some do, on made series."""

import numpy as np
import pytest

from groundswell.markets.quality.one_day_changes import find_impossible_changes
from groundswell.markets.quality.other_security import find_other_security
from groundswell.markets.series.calendar import as_days, sessions_between
from groundswell.model import Action, Frequency, IssueKind, Measure, Series, SeriesRef

DAYS = sessions_between(np.datetime64("2021-01-04").item(), np.datetime64("2024-12-31").item())
N = len(DAYS)
AT = 500


def make(values, name="XBI", measure=Measure.TOTAL_RETURN, days=DAYS):
    return Series(
        SeriesRef(name, measure), Frequency.DAILY, "a.csv", days, np.asarray(values), days.astype("datetime64[s]")
    )


def walk(volatility=0.012, seed=1):
    random = np.random.default_rng(seed)
    return 100.0 * np.exp(np.cumsum(volatility * random.standard_t(4, N) / np.sqrt(2.0)))


def kinds(series, peers=()):
    return [(found.kind, found.days, found.usual_action) for found in find_impossible_changes(series, peers)]


RATIOS = [1.7, 2.0, 3.0, 6.0, 7.0, 13.0, 25.0, 35.0, 50.0, 190.0, 1000.0]


@pytest.mark.parametrize("ratio", [*RATIOS, *(1.0 / ratio for ratio in RATIOS)])
@pytest.mark.parametrize("measure", [Measure.PRICE, Measure.TOTAL_RETURN])
def test_a_change_that_stays_withholds_whatever_its_ratio(ratio, measure):
    values = walk()
    values[:AT] *= ratio
    found = kinds(make(values, measure=measure))
    assert [(days, action) for _, days, action in found] == [((DAYS[AT].item(),), Action.WITHHELD)]


@pytest.mark.parametrize("symbol", ["XBI", "^GSPC"])
def test_pence_among_pounds(symbol):
    values = walk()
    values[AT:] *= 100.0
    measure = Measure.PRICE
    (found,) = find_impossible_changes(make(values, symbol, measure))
    assert found.kind is IssueKind.IMPOSSIBLE
    assert symbol.startswith("^") or "pence" in found.text


def test_a_split_is_named_with_its_terms():
    values = walk()
    values[:AT] *= 190.0
    (found,) = find_impossible_changes(make(values))
    assert found.kind is IssueKind.SPLIT
    assert "falls by 99.5 %" in found.text
    assert str(DAYS[AT]) in found.text
    assert "for 1" in found.text


@pytest.mark.parametrize("rows", [1, 2, 5])
@pytest.mark.parametrize("factor", [100.0, 0.01, 0.5, 3.0])
def test_a_spike_that_reverses_is_dropped(factor, rows):
    values = walk()
    values[AT : AT + rows] *= factor
    (found,) = find_impossible_changes(make(values))
    assert (found.kind, found.usual_action) == (IssueKind.ONE_DAY, Action.DROPPED)
    assert found.days == tuple(DAYS[AT : AT + rows].tolist())


def test_a_month_in_pence_withholds_from_its_first_day_to_its_last():
    values = walk()
    values[AT : AT + 21] *= 100.0
    days = [days for _, days, _ in kinds(make(values))]
    assert days == [(DAYS[AT].item(),), (DAYS[AT + 21].item(),)]


def test_the_last_row_and_the_first():
    for row, factor in ((N - 1, 100.0), (1, 0.01)):
        values = walk()
        values[:row] /= factor
        assert kinds(make(values))


def test_crashes_are_possible():
    values = walk(0.008)
    for row, change in (
        (AT - 2, -0.02),
        (AT - 1, -0.05),
        (AT, -0.229),
        (AT + 1, 0.052),
        (AT + 2, 0.087),
        (AT + 4, -0.083),
    ):
        values[row:] *= np.exp(change)
    assert not kinds(make(values, "^GSPC", Measure.PRICE))


def test_a_crash_beyond_all_bounds_is_possible_if_others_crash_too():
    crash = np.where(np.arange(N) >= AT, 0.6, 1.0)
    series = make(walk() * crash)
    assert kinds(series)
    assert not kinds(series, [make(walk(seed=seed) * crash, f"S{seed}") for seed in (2, 3, 4)])
    assert kinds(series, [make(walk(seed=seed), f"S{seed}") for seed in (2, 3, 4)])


def test_a_short_squeeze_is_possible():
    values = walk(0.035)
    for day, change in enumerate((0.11, 0.41, 0.17, 0.65, 0.85, -0.58, 0.52, -0.37, -0.92, 0.03, -0.54)):
        values[AT + day :] *= np.exp(change)
    assert not [found for found in kinds(make(values, "GME")) if found[2] is not Action.KEPT]


@pytest.mark.parametrize("change", [np.log(3.2), np.log(0.38)])
def test_news_of_a_small_company_is_shown_and_withholds_nothing(change):
    random = np.random.default_rng(5)
    values = walk(0.035)
    after = random.normal(0.0, 0.12, 8)
    values[AT:] *= np.exp(change)
    for day, move in enumerate(after):
        values[AT + 1 + day :] *= np.exp(move)
    assert all(action is Action.KEPT for _, _, action in kinds(make(values, "BIO")))


def test_volatility_may_double_and_return():
    values = 17.0 * walk(0.06, 3) / 100.0
    values[AT:] *= 2.16
    values[AT + 1 :] *= 0.8
    for name, measure in (("^VIX", Measure.PRICE), ("VIXCLS", Measure.LEVEL)):
        assert not kinds(make(values, name, measure))
        assert kinds(make(np.where(np.arange(N) >= AT, values / 100.0, values), name, measure))


def test_leveraged_funds_may_lose_a_third_in_a_crash():
    values = walk(0.036)
    for row, change in ((AT - 3, -0.28), (AT - 1, -0.22), (AT, -0.42), (AT + 1, 0.2), (AT + 2, -0.3)):
        values[row:] *= np.exp(change)
    assert not kinds(make(values, "TNA"))


@pytest.mark.parametrize(
    ("name", "steps", "found"),
    [
        ("DGS10", [0.75], False),
        ("DGS10", [42.0], True),
        ("DGS10", [-3.9], True),
        ("DFF", [6.6], False),
        ("DFF", [96.0], True),
        ("DFII10", [-0.62], False),
        ("BAMLH0A0HYM2", [1.45], False),
        ("BAMLH0A0HYM2", [400.0], True),
        ("DFEDTARU", [-1.0], False),
    ],
)
def test_rates_have_bounds_of_their_kind(name, steps, found):
    random = np.random.default_rng(2)
    values = 4.2 + np.round(np.cumsum(random.normal(0.0, 0.01, N)), 2)
    values[AT:] += steps[0]
    assert bool(kinds(make(values, name, Measure.RATE))) is found


def test_a_negative_rate_is_a_rate():
    random = np.random.default_rng(2)
    values = -0.4 + np.round(np.cumsum(random.normal(0.0, 0.02, N)), 2)
    assert not kinds(make(values, "DFII10", Measure.RATE))


def test_two_securities_under_one_name():
    days = np.concatenate([DAYS[:200], DAYS[290:]])
    values = np.concatenate([12.0 * walk()[:200] / 100.0, 206.0 * walk(seed=2)[290:] / 100.0])
    row, found = find_other_security(days, values)
    assert row == 200
    assert (found.kind, found.usual_action) == (IssueKind.TWO_SECURITIES, Action.DROPPED)
    assert found.span == (days[0].item(), days[199].item())
    assert str(days[200]) in found.text


def test_a_hole_in_one_security_is_a_hole():
    days = np.concatenate([DAYS[:200], DAYS[290:]])
    assert find_other_security(days, np.concatenate([walk()[:200], walk()[290:]])) is None
    assert find_other_security(as_days(["2024-01-02"]), np.array([1.0])) is None


def test_a_change_over_a_few_missing_sessions_is_no_other_security():
    days = np.delete(DAYS, np.arange(AT, AT + 8))
    values = np.delete(walk() * np.where(np.arange(N) < AT, 1.0, 2.5), np.arange(AT, AT + 8))
    assert find_other_security(days, values) is None
    assert [days for _, days, _ in kinds(make(values, days=days))] == [(DAYS[AT + 8].item(),)]


@pytest.mark.parametrize("seed", range(20))
def test_ordinary_series_withhold_nothing(seed):
    for volatility in (0.002, 0.01, 0.03):
        assert all(action is Action.KEPT for _, _, action in kinds(make(walk(volatility, seed))))


@pytest.mark.parametrize("ratio", [1.25, 4.0 / 3.0, 0.8])
def test_the_smallest_splits_of_a_calm_fund_are_shown(ratio):
    values = walk(0.004)
    values[:AT] *= ratio
    (found,) = kinds(make(values))
    assert found == (IssueKind.LARGE, (DAYS[AT].item(),), Action.KEPT)


@pytest.mark.parametrize("missing", [1, 3, 6, 10, 15, 19])
@pytest.mark.parametrize("ratio", [2.0, 1.0 / 3.0])
def test_a_split_does_not_hide_in_a_hole(missing, ratio):
    values = walk(0.008)
    values[:AT] *= ratio
    is_kept = (np.arange(N) < AT) | (np.arange(N) >= AT + missing)
    found = kinds(make(values[is_kept], days=DAYS[is_kept]))
    assert [(days, action) for _, days, action in found] == [((DAYS[AT + missing].item(),), Action.WITHHELD)]


@pytest.mark.parametrize("missing", [5, 10, 19])
def test_a_fall_by_a_quarter_over_missing_days_is_possible(missing):
    values = walk(0.008)
    values[AT:] *= 0.75
    is_kept = (np.arange(N) < AT) | (np.arange(N) >= AT + missing)
    assert all(action is Action.KEPT for _, _, action in kinds(make(values[is_kept], days=DAYS[is_kept])))
