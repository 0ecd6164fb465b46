"""Figures in prose."""

import datetime as dt
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.hubs.answers import FIGURE_WRITERS, FilledFigure, fill_figures, write_field
from groundswell.model import Evaluation, StandIn, Verdict
from groundswell.wording.figures import write_value

MEASURED = Evaluation(
    id="C1",
    hub="small-caps",
    text="Small companies lead.",
    verdict=Verdict.INCONCLUSIVE,
    reason="",
    as_of=dt.date(2024, 9, 18),
    estimand="event-study",
    unit="return",
    estimate=0.0591,
    median=-0.0207,
    ci_low=-0.0614,
    ci_high=0.18,
    n=6,
    wins=4,
    hits=3,
)
UNMEASURED = Evaluation("C2", "small-caps", "x", Verdict.NOT_MEASURED, "no data", dt.date(2024, 9, 18))


@pytest.mark.parametrize(
    ("field", "measured", "unmeasured"),
    [
        ("estimate", "+5.9 %", "not measured yet"),
        ("median", "−2.1 %", "not measured yet"),
        ("ci", "−6.1 % to +18.0 %", "not measured yet"),
        ("n", "6", "not measured yet"),
        ("wins", "4 of 6", "not measured yet"),
        ("hits", "3 of 6", "not measured yet"),
        ("verdict", "inconclusive", "not measured"),
        ("as_of", "18 September 2024", "18 September 2024"),
    ],
)
def test_fields(field, measured, unmeasured):
    assert write_field(MEASURED, field) == measured
    assert write_field(UNMEASURED, field) == unmeasured
    assert write_field(None, field) == "not measured yet"


def test_every_field_is_tried():
    assert set(FIGURE_WRITERS) == {"estimate", "median", "ci", "n", "wins", "hits", "verdict", "as_of"}
    with pytest.raises(KeyError):
        write_field(MEASURED, "mean")


def test_an_interval_without_a_bound_is_written_in_words():
    assert write_field(replace(MEASURED, ci_high=math.inf), "ci") == "−6.1 % or more"
    assert write_field(replace(MEASURED, ci_low=-math.inf), "ci") == "+18.0 % or less"


def test_figures_of_a_stand_in_say_so_once_a_sentence():
    stood = replace(MEASURED, stand_in=StandIn("the factor", "monthly", ("IWM",), "no IWM"))
    text = "They gained {C1.estimate}, {C1.median}, in {C1.wins}: {C1.verdict}. {C2.n} and {C1.n} events."
    filled = fill_figures(text, {"C1": stood, "C2": replace(MEASURED, id="C2")})
    assert "".join(part if isinstance(part, str) else part.text for part in filled) == (
        "They gained +5.9 % (stand-in), −2.1 %, in 4 of 6: inconclusive on a stand-in. 6 and 6 (stand-in) events."
    )


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.059, "return", "+5.9 %"),
        (-0.123, "return", "−12.3 %"),
        (0.0, "return", "0.0 %"),
        (-0.0001, "return", "0.0 %"),
        (12.0, "return", "+1200.0 %"),
        (0.667, "share", "66.7 %"),
        (-1.5, "points", "−1.50 points"),
        (0.3, None, "+0.30"),
        (None, "return", "not measured yet"),
    ],
)
def test_values(value, unit, shown):
    assert write_value(value, unit) == shown


def test_each_figure_keeps_its_claim():
    by_id = {"C1": MEASURED, "C2": UNMEASURED}
    assert fill_figures("Ahead by {C1.estimate}, later {C2.estimate}; {C3.n}.", by_id) == (
        "Ahead by ",
        FilledFigure("C1", "+5.9 %"),
        ", later ",
        FilledFigure("C2", "not measured yet"),
        "; ",
        FilledFigure("C3", "not measured yet"),
        ".",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It gained {C2.estimate} on average. The interval runs {C2.ci}. It is {C2.verdict}.",
         "Claim C2 has no figure yet. It is not measured."),
        ("Nobody knows. In the U.S. Treasury yields moved by {C2.n} and {C3.n} points! Why?",
         "Nobody knows. Claim C2 and claim C3 have no figures yet. Why?"),
        ("It gained {C2.estimate}. So much: {C1.estimate} and {C2.median}. {C2.n} times.",
         "Claim C2 has no figure yet. So much: +5.9 % and not measured yet. Claim C2 has no figure yet."),
    ],
)  # fmt: skip
def test_a_sentence_without_any_of_its_figures_gives_way(text, expected):
    segments = fill_figures(text, {"C1": MEASURED, "C2": UNMEASURED})
    assert "".join(part if isinstance(part, str) else part.text for part in segments) == expected
    assert {part.claim_id for part in segments if isinstance(part, FilledFigure)} <= {"C1", "C2", "C3"}


@given(st.text(alphabet=st.characters(exclude_characters="{}")))
def test_text_without_references_stays_as_it_is(text):
    assert "".join(str(part) for part in fill_figures(text, {})) == text
    assert fill_figures(f"{text}{{C1.n}}", {"C1": MEASURED})[-1] == FilledFigure("C1", "6")
