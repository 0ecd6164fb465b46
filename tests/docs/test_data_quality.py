"""The pages on data quality and on the folder name every kind of issue, every action and every column."""

from pathlib import Path

import pytest

from groundswell.model import Action, IssueKind
from groundswell.sources.files.layouts import ADJUSTMENT_NAMES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "data-quality.md").read_text(encoding="utf-8")
FOLDER = (DOCS / "data-folder.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", [*IssueKind, *Action])
def test_every_kind_and_action_is_described(name):
    assert f"\n| {name.value} | " in PAGE


@pytest.mark.parametrize("kind", ADJUSTMENT_NAMES)
def test_columns_of_dividends_and_splits_are_named(kind):
    assert any(f"`{name}`" in FOLDER for name in ADJUSTMENT_NAMES[kind])
