"""The page on defects names every kind and everything that is done."""

from pathlib import Path

import pytest

from groundswell.model import Action, IssueKind
from groundswell.sources.files.layouts import ADJUSTMENT_NAMES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "data-quality.md").read_text(encoding="utf-8")
FOLDER = (DOCS / "data-folder.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", [*IssueKind, *Action])
def test_everything_that_can_be_told_is_described(name):
    assert f"\n| {name.value} | " in PAGE


@pytest.mark.parametrize("kind", ADJUSTMENT_NAMES)
def test_columns_of_payouts_are_named(kind):
    assert any(f"`{name}`" in FOLDER for name in ADJUSTMENT_NAMES[kind])
