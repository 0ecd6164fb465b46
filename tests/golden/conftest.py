"""The made data, written once a session, and the site over them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from . import made, program


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``docs.jsonl``, ``pairs.jsonl`` and ``market``."""
    folder = tmp_path_factory.mktemp("golden")
    rows, events = made.stream()
    made.write_lines(folder / "docs.jsonl", rows)
    made.write_lines(folder / "pairs.jsonl", made.pairs(rows, events))
    made.write_market(folder / "market")
    return folder


@pytest.fixture(scope="session")
def site(made_folder: Path) -> Iterator[TestClient]:
    with program.site(made_folder) as client:
        yield client
