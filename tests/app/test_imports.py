"""What reads files and evaluates claims starts fast: it imports neither the database's packages nor the network's."""

from __future__ import annotations

import subprocess
import sys

import pytest

import groundswell.app

EVALUATION = """
import sys
from groundswell.app import evaluate_hub, find_hub, read_data
import groundswell.sources.folder
print(sorted({"sqlalchemy", "alembic", "httpx2", "fastapi", "jinja2"} & set(sys.modules)))
"""


def test_evaluating_a_folder_imports_no_database_and_no_network() -> None:
    answer = subprocess.run([sys.executable, "-c", EVALUATION], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("name", groundswell.app.__all__)
def test_each_name_of_the_facade_is_found(name: str) -> None:
    assert getattr(groundswell.app, name).__name__ == name


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'read_date'"):
        _ = groundswell.app.read_date
