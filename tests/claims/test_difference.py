"""The return after events less that before them, against a computation by hand."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.claims.estimands.events.difference import judge_premise
from groundswell.claims.paths import measure_fan
from groundswell.claims.registry import bind
from groundswell.claims.spec import MeasureSpec
from groundswell.claims.validate import check_claim
from groundswell.model import Measure, Qualifier, Verdict

from .made import DAYS, END, book, claim, evaluate_claim, normal, price, series

PAIR = {"long": "A", "short": "B"}
CUTS = ("2001-01-03", "2007-09-18", "2019-07-31", "2024-09-18")
H = 42


def make_long(before: float, after: float) -> np.ndarray:
    """Daily returns of A: ``before`` a day in the H sessions up to each cut, and ``after`` in as many after it."""
    returns = normal(1, 0.002)
    for cut in CUTS:
        row = int(np.searchsorted(DAYS, np.datetime64(cut)))
        returns[row - H + 1 : row + 1] += before
        returns[row + 1 : row + H + 1] += after
    return returns


def over(returns: np.ndarray, start: int, end: int) -> float:
    return float(np.prod(1.0 + returns[start + 1 : end + 1]) - 1.0)


@pytest.mark.parametrize("base", [-1, 0, 1])
def test_each_value_by_hand(base):
    long, short = make_long(0.001, -0.001), normal(2, 0.004)
    spec = claim("difference", (-1.0, 0.0), {**PAIR, "horizon": H, "base": base})
    found = evaluate_claim("h", spec, book(price("A", long), price("B", short)), END)
    assert [str(event.date) for event in found.events] == list(CUTS)
    for event in found.events:
        row = int(np.searchsorted(DAYS, np.datetime64(event.date))) + base
        before = over(long, row - H, row) - over(short, row - H, row)
        after = over(long, row, row + H) - over(short, row, row + H)
        assert event.before == pytest.approx(before)
        assert event.value == pytest.approx(after - before)
        assert (event.start, event.end) == (DAYS[row - H].item(), DAYS[row + H].item())
    assert found.estimate == pytest.approx(np.mean([event.value for event in found.events]))


def test_a_lead_that_ends_is_found():
    made = book(price("A", make_long(0.003, 0.0)), price("B", normal(2, 0.001)))
    spec = claim("difference", (-1.0, 0.0), {**PAIR, "horizon": H, "events": "vix_above_40"})
    assert evaluate_claim("h", spec, made, END).verdict is Verdict.NOT_MEASURED, "without the VIX there are no events"
    found = evaluate_claim("h", claim("difference", (-1.0, 0.0), {**PAIR, "horizon": H}), made, END)
    assert found.ci_high < 0.0
    assert any(note.startswith("The premise holds: before 4 of 4 events") for note in found.notes)
    assert Qualifier.PREMISE_ABSENT not in found.qualifiers


@pytest.mark.parametrize(
    ("premise", "before", "words"),
    [
        ("lead", [0.1, 0.2, -0.01], "holds: before 2 of 3 events there was a lead, and the mean before them is +9.7 %"),
        ("lead", [-0.1, -0.2, 0.01], "before 2 of 3 events there was no lead, and the mean before them is −9.7 %"),
        ("lead", [0.01, 0.02, -0.5], "before 1 of 3 events there was no lead"),
        ("lead", [0.1, -0.01], "before 1 of 2 events there was no lead"),
        ("lag", [-0.1, -0.2, 0.01], "holds: before 2 of 3 events there was a lag"),
        ("lag", [0.1, 0.2], "before 2 of 2 events there was no lag"),
        ("none", [-0.1, -0.2], ""),
        ("lead", [0.0], "before 1 of 1 event there was no lead"),
    ],
)
def test_a_premise_needs_most_events_and_the_mean(premise, before, words):
    found = judge_premise(premise, before)
    assert bool(words) == bool(found)
    if found:
        assert words in found.words
        assert found.holds == words.startswith("holds")


def test_an_absent_premise_comes_first_in_the_notes():
    made = book(price("A", make_long(-0.002, 0.002)), price("B", normal(2, 0.001)))
    found = evaluate_claim("h", claim("difference", (0.0, 1.0), {**PAIR, "horizon": H}), made, END)
    first = next(note for note in found.notes if "Small sample" not in note)
    assert first.startswith("The premise is absent: before 4 of 4 events there was no lead")
    assert any(note.startswith("Before and after: 2001-01-03 −") for note in found.notes)


def test_a_reading_that_votes_and_lacks_the_premise_qualifies_the_claim():
    long = make_long(0.003, 0.0)
    lag = price("C", make_long(0.006, 0.0))
    made = book(price("A", long), price("B", normal(2, 0.001)), lag)
    readings = [{"name": "against C", "arguments": {"short": "C"}}]
    spec = claim("difference", (-1.0, 0.0), {**PAIR, "horizon": H}, readings=readings, measure={"minimum_events": 5})
    assert Qualifier.PREMISE_ABSENT not in evaluate_claim("h", spec, made, END).qualifiers, "four events are no vote"
    events = {**PAIR, "horizon": H, "events": "rise_pauses"}
    low, high = (price(name, normal(7, 0.001) + drift) for name, drift in (("L", -0.01), ("U", 0.01)))
    made = book(price("A", normal(8, 0.001)), low, high)
    spec = claim(
        *("difference", (-1.0, 0.0), {**events, "short": "L"}),
        readings=[{"name": "against U", "arguments": {"short": "U"}}],
    )
    found = evaluate_claim("h", spec, made, END)
    assert found.n >= 5
    assert Qualifier.PREMISE_ABSENT in found.qualifiers
    (note,) = (note for note in found.notes if note.startswith("By the reading “against U”: The premise is absent"))
    apart = claim(
        *("difference", (-1.0, 0.0), {**events, "short": "L"}),
        readings=[{"name": "against U", "arguments": {"short": "U"}, "asks": "another question"}],
    )
    found = evaluate_claim("h", apart, made, END)
    assert Qualifier.PREMISE_ABSENT not in found.qualifiers
    assert note not in found.notes


def test_months_leave_out_that_of_the_event():
    months = np.arange("2000-01", "2025-01", dtype="datetime64[M]")
    ends = (months + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    returns = np.random.default_rng(5).normal(0.0, 0.03, len(months))
    factor = series("F", returns, Measure.PERIOD_RETURN, ends)
    arguments = {"long": "F", "measure": "period return", "unit": "months", "horizon": 3}
    found = evaluate_claim("h", claim("difference", (-1.0, 0.0), arguments), book(factor), END)
    assert [str(event.date) for event in found.events] == [*CUTS[:3], CUTS[3]][: len(found.events)]
    for event in found.events:
        row = int(np.searchsorted(months, np.datetime64(event.date, "M")))
        before, after = (np.prod(1.0 + returns[part]) - 1.0 for part in (slice(row - 3, row), slice(row + 1, row + 4)))
        assert event.before == pytest.approx(before)
        assert event.value == pytest.approx(after - before)
    measured = bind(MeasureSpec(estimand="difference", arguments=arguments, range=(-1.0, 0.0))).measure(
        book(factor), END
    )
    every = measured.others()
    at = dict(zip(every.bases.tolist(), every.values.tolist(), strict=True))
    for event in found.events:
        row = int(np.searchsorted(months, np.datetime64(event.date, "M")))
        assert at[ends[row].item()] == pytest.approx(event.value)


def test_events_whose_windows_share_days_are_left_out():
    made = book(price("A", make_long(0.0, 0.0)), price("B", normal(2, 0.001)))
    spec = claim("difference", (-1.0, 0.0), {**PAIR, "events": "cut_pauses", "horizon": 250})
    found = evaluate_claim("h", spec, made, END)
    ends = [event.end for event in found.events]
    assert all(later.start >= end for later, end in zip(found.events[1:], ends, strict=False))
    assert any("overlaps" in absence.reason for absence in found.absent)


def test_each_path_ends_at_the_value_of_its_event():
    made = book(price("A", make_long(0.001, -0.002)), price("B", normal(2, 0.004)))
    spec = claim("difference", (-1.0, 0.0), {**PAIR, "horizon": H})
    found = evaluate_claim("h", spec, made, END)
    fan = measure_fan(spec, found, made)
    assert fan.paths.offsets.tolist() == list(range(H + 1))
    assert fan.paths.values[:, 0].tolist() == [0.0] * 4
    assert fan.paths.values[:, -1] == pytest.approx([event.value for event in found.events])


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({**PAIR, "measure": "period return"}, "unit"),
        ({**PAIR, "unit": "months", "horizon": 3}, "unit"),
        ({"long": "F", "measure": "period return", "unit": "months", "horizon": 25}, "horizon"),
        ({"long": "F", "measure": "period return", "unit": "months", "horizon": 3, "base": 1}, "unit"),
        ({**PAIR, "horizon": 505}, "horizon"),
        ({**PAIR, "premise": "luck"}, "premise"),
        ({"long": "A"}, "short"),
        ({**PAIR, "events": "birthdays"}, "events"),
    ],
)
def test_what_is_refused_names_its_argument(arguments, field):
    ((path, _),) = check_claim(claim("difference", (-1.0, 0.0), arguments))
    assert path[-1] == field
