"""The answers of the program to the measuring data have the committed hashes.

Only hashes are committed, because the data may not be published. There is one hash for each claim and stream, so that a
failure names what changed. The tests are skipped if the data are not available. Write the hashes again with

    GOLDEN=write python -m pytest tests/golden -n 0
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from . import program
from .canon import WRITE, digest, round_floats

HASHES = Path(__file__).with_name("shared.json")
HUBS = ("small-caps", "fomc", "panic-selling", "roic")
AS_OF = "2026-08-20"
STREAMS = ("fin_reuters_guardian_cnbc_2017_2020", "fin_benzinga_head10k", "og2021_eng_first_half")
DOCUMENTS = 6000  # of each stream
DIGITS = 7

NUMBERS = ("id", "verdict", "estimate", "median", "ci_low", "ci_high", "n", "wins", "placebo_p")
OF_READINGS = ("verdict", "estimate", "n")

pytestmark = pytest.mark.slow


@pytest.mark.shared(twin="tests/golden/test_golden.py::test_evaluation")
@pytest.mark.parametrize("hub", HUBS)
def test_numbers_of_claims(market_data: Path, tmp_path: Path, hub: str) -> None:
    arguments = ("claims", "evaluate", hub, "--data", str(market_data), "--as-of", AS_OF, "--json")
    claims = json.loads(program.run(tmp_path, *arguments))["claims"]
    check(f"claims of {hub}", {claim["id"]: digest(round_floats(select_decisions(claim), DIGITS)) for claim in claims})


def select_decisions(claim: dict[str, Any]) -> dict[str, Any]:
    """Select the numbers and decisions of a claim, without its words."""
    kept = {name: claim.get(name) for name in NUMBERS}
    events = [[event["date"], event["value"]] for event in claim["events"]]
    readings = [[reading[name] for name in OF_READINGS] for reading in claim["readings"]]
    return {**kept, "events": events, "readings": readings}


@pytest.mark.shared(twin="tests/golden/test_golden.py::test_detection")
@pytest.mark.parametrize("stream", STREAMS)
def test_stories_and_hubs_of_streams(news_data: Path, tmp_path: Path, stream: str) -> None:
    documents = program.first_documents(news_data, f"{stream}.jsonl.gz", DOCUMENTS)
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in documents), encoding="utf-8")
    program.run(tmp_path, "stories", "cluster", "docs.jsonl", "-o", "stories.jsonl")
    program.run(tmp_path, "hubs", "tag", "docs.jsonl", "-o", "tags.jsonl")
    stories: dict[str, list[str]] = {}
    for row in read_rows(tmp_path / "stories.jsonl"):
        stories.setdefault(row["story"], []).append(row["id"])
    hubs = {row["id"]: sorted(row["hubs"]) for row in read_rows(tmp_path / "tags.jsonl")}
    found = {"stories": digest(sorted(map(sorted, stories.values()))), "hubs": digest(hubs)}
    check(stream, {"documents": str(len(documents)), "number of stories": str(len(stories)), **found})


def check(part: str, found: dict[str, str]) -> None:
    """Compare results with the committed hashes, and name those that differ."""
    known = json.loads(HASHES.read_text(encoding="utf-8")) if HASHES.is_file() else {}
    if WRITE:
        HASHES.write_text(json.dumps({**known, part: found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return
    expected = known.get(part, {})
    changed = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    assert not changed, f"{part}: {', '.join(changed)} differ from {HASHES.name}"


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
