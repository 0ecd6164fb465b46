"""The return after events less that before them, against a computation by hand."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.claims.estimands.events.difference import find_absent_premise
from groundswell.claims.paths import measure_fan
from groundswell.claims.validate import check_claim
from groundswell.model import Verdict

from .made import DAYS, END, book, claim, evaluate_claim, normal, price

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
    assert not any("premise" in note for note in found.notes)


@pytest.mark.parametrize(
    ("premise", "before", "words"),
    [
        ("lead", [0.1, 0.2, -0.01], ""),
        ("lead", [-0.1, -0.2, 0.01], "before 2 of 3 events there was no lead, and the mean before them is −9.7 %"),
        ("lead", [0.01, 0.02, -0.5], "before 1 of 3 events there was no lead"),
        ("lead", [0.1, -0.01], "before 1 of 2 events there was no lead"),
        ("lag", [-0.1, -0.2, 0.01], ""),
        ("lag", [0.1, 0.2], "before 2 of 2 events there was no lag"),
        ("none", [-0.1, -0.2], ""),
        ("lead", [0.0], "before 1 of 1 event there was no lead"),
    ],
)
def test_a_premise_needs_most_events_and_the_mean(premise, before, words):
    found = find_absent_premise(premise, before)
    assert words in found
    assert bool(words) == bool(found)


def test_an_absent_premise_comes_first_in_the_notes():
    made = book(price("A", make_long(-0.002, 0.002)), price("B", normal(2, 0.001)))
    found = evaluate_claim("h", claim("difference", (0.0, 1.0), {**PAIR, "horizon": H}), made, END)
    first = next(note for note in found.notes if "Small sample" not in note)
    assert first.startswith("The premise is absent: before 4 of 4 events there was no lead")
    assert any(note.startswith("Before and after: 2001-01-03 −") for note in found.notes)


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
        ({**PAIR, "measure": "period return"}, "measure"),
        ({**PAIR, "horizon": 505}, "horizon"),
        ({**PAIR, "premise": "luck"}, "premise"),
        ({"long": "A"}, "short"),
        ({**PAIR, "events": "birthdays"}, "events"),
    ],
)
def test_what_is_refused_names_its_argument(arguments, field):
    ((path, _),) = check_claim(claim("difference", (-1.0, 0.0), arguments))
    assert path[-1] == field
