"""The pages on data quality and on the folder name every kind of issue, every action and every column."""

import re
from pathlib import Path

import pytest

from groundswell.model import Action, IssueKind
from groundswell.sources.tables.vocabulary import Role, find_role

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "data-quality.md").read_text(encoding="utf-8")
FOLDER = (DOCS / "data-folder.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", [*IssueKind, *Action])
def test_every_kind_and_action_is_described(name):
    assert f"\n| {name.value} | " in PAGE


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OTHER, Role.KEY, Role.SOURCE}))
def test_each_column_that_is_read_is_named(role):
    assert any(find_role(name) is role for name in re.findall("`([^`]*)`", FOLDER))
