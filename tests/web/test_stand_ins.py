"""A site without any data but what ships: claims on a stand-in, on every surface that shows a verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.app import read_data
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Votes
from groundswell.testing.fakes import FixedClock
from groundswell.web.app import create_app
from groundswell.wording.verdicts import write_votes

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
SERIES = {"IWM": "adj_close", "SPY": "adj_close", "^RUT": "close", "^GSPC": "close"}
C1, C10 = "/claims/small-caps/C1", "/claims/small-caps/C10"


@pytest.fixture(scope="module")
def groundswell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Groundswell]:
    store = str(tmp_path_factory.mktemp("offline") / "store.db")
    with Groundswell.open(store, load_catalog(), clock=FixedClock(NOW)) as opened:
        opened.load()
        opened.record(date(2025, 5, 30))
        opened.record(date(2025, 6, 2))
        yield opened


@pytest.fixture(scope="module")
def client(groundswell: Groundswell) -> Iterator[TestClient]:
    with TestClient(create_app(groundswell)) as opened:
        yield opened


def read_text(client: TestClient, path: str) -> str:
    text = re.sub(r"<(title|desc|script|svg)\b.*?</\1>", "", client.get(path).text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def read_json(client: TestClient, path: str) -> Any:
    return client.get(f"/api/v1{path}").json()


def test_the_page_of_a_claim_says_it_first(client: TestClient) -> None:
    text = read_text(client, C1)
    votes = write_votes(Votes(**read_json(client, C1)["readings_judged"]))
    assert votes
    assert f"insufficient data on a stand-in {votes} as of 2 June 2025" in text
    assert (
        "On a stand-in: small-minus-big factor to November 2018, n = 4; the declared measurement needs IWM, SPY, "
        "^RUT and ^GSPC" in text
    )
    assert "Not measured in this way: no total returns of IWM and SPY, no prices of ^RUT and ^GSPC known by" in text
    assert "Measured on a stand-in: small-minus-big factor. The factor compares the smaller half" in text
    assert "Window: the 3 calendar months after the month of the event." in text
    assert "30 June 2001" not in text.split("Other readings")[1]
    assert "same sign as the main measurement" not in text
    assert "inconclusive on a stand-in" in read_text(client, C10)


def test_lists_and_prose_say_it(client: TestClient) -> None:
    text = read_text(client, "/hubs/small-caps")
    assert text.count("insufficient data on a stand-in") >= 2
    assert "small companies returned −2.2 % (stand-in) relative to the S&amp;P 500 on average" in text
    assert "insufficient data on a stand-in" in read_text(client, "/search?q=small+companies+beat")
    index = read_text(client, "/")
    assert re.search(r"1\d not measured\W+\d on a stand-in", index)


def test_the_api_has_the_basis(client: TestClient) -> None:
    claim = read_json(client, C1)
    assert (claim["verdict"], claim["basis"], claim["qualifiers"]) == ("insufficient data", "stand-in", [])
    assert claim["stand_in"]["needs"] == ["IWM", "SPY", "^RUT", "^GSPC"]
    assert (claim["n"], len(claim["events"])) == (4, 4)
    votes = claim["readings_judged"]
    assert claim["history"] == [
        {
            "as_of": day,
            "verdict": "insufficient data",
            "basis": "stand-in",
            "confirmed": False,
            "version": 1,
            "readings_judged": votes,
        }
        for day in ("2025-05-30", "2025-06-02")
    ]
    assert read_json(client, C10)["verdict"] == "inconclusive"
    for hub in read_json(client, "/hubs")["hubs"]:
        assert sum(hub["verdicts"].values()) + hub["stand_ins"] == hub["claim_count"]
    assert {hub["slug"]: hub["stand_ins"] for hub in read_json(client, "/hubs")["hubs"]}["roic"] == 1


def test_search_engines_get_no_rating_of_it(client: TestClient) -> None:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(C1).text, re.DOTALL)
    (review,) = (node for node in json.loads(block)["@graph"] if node["@type"] == "ClaimReview")
    assert review["reviewRating"]["alternateName"] == "insufficient data on a stand-in"
    assert "ratingValue" not in review["reviewRating"]


def test_data_end_a_stand_in_without_a_change_of_the_verdict(tmp_path: Path) -> None:
    days = sessions_between(date(2000, 5, 26), date(2025, 5, 30))
    folder = tmp_path / "prices"
    folder.mkdir()
    for seed, (name, measure) in enumerate(SERIES.items()):
        closes = 100.0 * np.cumprod(1.0 + np.random.default_rng(seed).normal(0.0, 0.01, len(days)))
        rows = "".join(f"{day},{close}\n" for day, close in zip(days, closes, strict=True))
        (folder / f"{name}.csv").write_text(f"date,{measure}\n{rows}", encoding="utf-8")
    with Groundswell.open(str(tmp_path / "store.db"), load_catalog(), clock=FixedClock(NOW)) as opened:
        opened.load()
        opened.record(date(2025, 5, 30))
        opened.load(read_data(folder, load_catalog()))
        opened.record(date(2025, 6, 2))
        (found,) = (claim for claim in opened.claims("small-caps") if claim.id == "C1")
        assert [past.basis.value for past in found.history] == ["stand-in", "declared"]
        assert found.stand_in is None
        assert opened.verdict_changes("small-caps", "C1") == ()
        assert not [change for change in opened.hub_page("small-caps").state.changes if change.claim_id == "C1"]
        with TestClient(create_app(opened)) as client:
            assert "C1 is now" not in client.get("/hubs/small-caps/feed.atom").text
            assert "C1 is now" not in client.get("/verdicts.atom").text
