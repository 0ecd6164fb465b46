"""The reference of the API names every route, and its examples give the answers that it shows."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.web.app import create_app

REFERENCE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"curl '([^']+)'\n```\n\n```json\n(.*?)\n```", REFERENCE, re.DOTALL)
NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("reference")
    rows = [
        {"id": "1", "published": "2024-09-18T18:00:00Z", "title": "Fed cuts interest rates by half a point"},
        {"id": "2", "published": "2024-09-18T18:30:00Z", "title": "The Fed cuts interest rates half a point"},
    ]
    (folder / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with Groundswell.open(str(folder / "store.db"), clock=lambda: NOW) as opened:
        opened.replay(folder / "docs.jsonl")
        yield TestClient(create_app(opened))


def holds(answer, example) -> bool:
    """Whether an answer holds everything that an example shows."""
    if isinstance(example, dict):
        return all(name in answer and holds(answer[name], part) for name, part in example.items())
    if isinstance(example, list):
        return len(answer) == len(example) and all(map(holds, answer, example))
    return answer == example


@pytest.mark.parametrize(("address", "example"), EXAMPLES, ids=[address for address, _ in EXAMPLES])
def test_examples_give_the_answers_shown(site: TestClient, address: str, example: str) -> None:
    parts = urlsplit(address)
    answer = site.get(f"{parts.path}?{parts.query}").json()
    assert holds(answer, json.loads(example)), answer


def test_every_route_is_named(site: TestClient) -> None:
    assert len(EXAMPLES) == 4
    named = set(re.findall(r"^\| `(/api/v1/[^`]*)`", REFERENCE, re.MULTILINE))
    assert named == set(site.get("/openapi.json").json()["paths"])
