"""A copy of the made data that these tests may write into, and the site over them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from . import canon, program


@pytest.fixture(scope="session")
def made_folder(made_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``docs.jsonl``, ``pairs.jsonl`` and ``market``."""
    return Path(shutil.copytree(made_data, tmp_path_factory.mktemp("golden") / "data"))


@pytest.fixture(scope="session")
def site(made_folder: Path) -> Iterator[TestClient]:
    with program.site(made_folder) as client:
        yield client


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove golden files that no test writes any more, after a run that wrote all others."""
    tests = {item.nodeid for item in session.items if item.path.parent == Path(__file__).parent}
    partial = session.config.option.keyword or session.config.option.markexpr or "::" in " ".join(session.config.args)
    if canon.WRITE and exitstatus == 0 and tests and not partial and not hasattr(session.config, "workerinput"):
        for path in canon.stale_files():
            path.unlink()
