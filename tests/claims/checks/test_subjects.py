"""The text of a claim against what is measured, and the sentence that says what was."""

from __future__ import annotations

from typing import Any

import pytest

from groundswell.claims.binding import bind_claim, describe_measured
from groundswell.claims.checks.subjects import explain_mismatch
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.file.validate import find_warnings

from ..made import END, INF, book, claim, evaluate_claim, normal, price

UP = (0.0, INF)
STUDY = {"long": "IWM", "short": "SPY", "horizon": 63}


def find(text: str, estimand: str, arguments: dict[str, Any], names: dict[str, str] | None = None) -> str:
    return explain_mismatch(claim(estimand, UP, arguments, text=text), names or {})


@pytest.mark.parametrize(
    ("text", "estimand", "arguments"),
    [
        ("Bitcoin doubles within a week after every Fed meeting.", "sensitivity", {"long": "TLT", "factor": "market"}),
        ("Gold shines when rates fall.", "event-study", STUDY),
        ("The yen weakens.", "event-change", {"rate": "DGS2"}),
        ("Copper leads.", "prediction", {"long": "KRE", "factor": "spread"}),
        ("Oil falls after the first cut.", "event-study", STUDY),
        ("The market for bitcoin is deep.", "sensitivity", {"long": "TLT", "factor": "market"}),
        ("Silver beats the market.", "event-study", {**STUDY, "long": "KRE"}),
    ],
)
def test_a_text_on_something_else_is_warned_of(text, estimand, arguments):
    warning = find(text, estimand, arguments)
    assert warning.startswith("the text names nothing of what is measured (")
    assert arguments.get("long", "2-year Treasury yield") in warning


@pytest.mark.parametrize(
    ("text", "estimand", "arguments"),
    [
        ("Small caps lead after the first cut.", "event-study", STUDY),
        ("IWM leads.", "event-study", STUDY),
        ("The S&P 500 lags.", "event-study", STUDY),
        ("Long Treasuries are a haven.", "sensitivity", {"long": "TLT", "factor": "market"}),
        ("A steeper yield curve helps lenders.", "sensitivity", {"long": "KRE", "factor": "slope"}),
        ("Biotechs respond to rates.", "sensitivity", {"long": "XBI", "factor": "DGS10"}),
        ("The 2-year yield turns first.", "event-change", {"rate": "DGS2"}),
        ("Junk bonds warn early.", "prediction", {"long": "IWM", "factor": "spread"}),
        ("Interest rates fall.", "event-change", {"rate": "DGS2"}),
        ("The market rises.", "event-study", {**STUDY, "long": "SPY", "short": "", "alone": True}),
        ("Companies lose breadth.", "breadth", {}),
    ],
)
def test_a_text_on_its_subject_is_not(text, estimand, arguments):
    assert find(text, estimand, arguments) == ""


def test_the_names_of_a_hub_count():
    arguments = {"long": "PHO", "short": "FIW"}
    assert find("Water beats a drought.", "event-study", arguments)
    assert find("Water beats a drought.", "event-study", arguments, {"PHO": "water fund (PHO)"}) == ""
    assert "water fund (PHO), FIW" in find("Gold shines.", "event-study", arguments, {"PHO": "water fund (PHO)"})


def test_the_hubs_that_ship_name_what_they_measure():
    assert [warning for hub in load_catalog() for warning in find_warnings(hub)] == []


@pytest.mark.parametrize(
    ("estimand", "arguments", "n", "sentence"),
    [
        (
            "event-study",
            STUDY,
            6,
            "The mean total return of IWM less that of SPY over the 63 sessions after 6 events (first cuts of easing "
            "cycles since 1994).",
        ),
        (
            "event-study",
            {"long": "^GSPC", "alone": True, "measure": "price", "horizon": 12, "unit": "months", "base": -1},
            1,
            "The mean price return of ^GSPC over the 12 calendar months from 1 session before 1 event (first cuts of "
            "easing cycles since 1994).",
        ),
        (
            "sensitivity",
            {"long": "KRE", "factor": "slope", "controls": ["market"]},
            1234,
            "The slope of the weekly return of KRE on the change of the 10-year minus the 2-year yield, net of the "
            "return of the S&P 500 fund, over 1,234 weeks.",
        ),
        ("event-change", {"rate": "DFF", "horizon": 21, "events": "year_ends"}, 9, "The mean change of DFF over the 21 "
         "sessions after 9 events (ends of calendar years)."),
    ],
)  # fmt: skip
def test_one_sentence_says_what_was_measured(estimand, arguments, n, sentence):
    assert describe_measured(bind_claim(claim(estimand, UP, arguments)).main, n) == sentence


def test_every_claim_that_ships_has_one():
    for hub in load_catalog():
        for name, measure in (each for one in hub.claims for each in bind_claim(one).measures):
            sentence = describe_measured(measure, 7)
            assert sentence.endswith("."), (hub.slug, name)
            assert "{" not in sentence
            assert len(sentence) < 300


def test_an_evaluation_carries_it_where_something_was_measured():
    made = book(price("IWM", normal(1, 0.01)), price("SPY", normal(2, 0.01)))
    found = evaluate_claim("h", claim("event-study", UP, STUDY), made, END)
    assert found.measured.startswith(
        f"The mean total return of IWM less that of SPY over the 63 sessions after {found.n} "
    )
    assert evaluate_claim("h", claim("event-study", UP, STUDY), book(), END).measured == ""
