"""The pages on how to read a verdict: one a verdict, each qualifier, and the examples as the program judges them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundswell.claims.inference.summary import summarise
from groundswell.claims.verdict import decide
from groundswell.model import Qualifier, Verdict

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLE = re.compile(r"```\nclaimed  (\S+) to (\S+)\nvalues   (.+)\n```\n\n> (.+)\n")


def name_page(verdict: Verdict) -> Path:
    return DOCS / "verdicts" / f"{verdict.value.replace(' ', '-')}.md"


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_a_page_whose_examples_are_judged_so(verdict: Verdict) -> None:
    text = name_page(verdict).read_text(encoding="utf-8")
    assert text.startswith(f"# How to read: {verdict}\n")
    examples = EXAMPLE.findall(text)
    assert examples or verdict is Verdict.NOT_MEASURED
    for low, high, values, reason in examples:
        summary = summarise([float(value) for value in values.split()], 1)
        assert decide(summary, (float(low), float(high)), 5, "return") == (verdict, reason)


def test_each_qualifier_is_explained_with_an_example() -> None:
    text = (DOCS / "verdicts/qualifiers.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert {qualifier.value for qualifier in Qualifier} <= sections.keys()
    assert all(re.search(r"^\*.+\*", section, re.MULTILINE) for section in sections.values())


def test_no_page_but_decisions_says_that_intervals_over_events_are_drawn_at_random() -> None:
    pages = [page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"]
    assert not [page.name for page in pages if "bootstrap" in page.read_text(encoding="utf-8").lower()]
