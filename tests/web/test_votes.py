"""How readings vote stands wherever a verdict does: in lists, badges, feeds, cards, rows and structured data."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from groundswell.web.charts import social_card

C1_WORDS = "0 of 2 readings support it; 1 refutes"
HUB_WORDS = "0 of 3 readings support their claims; 1 refutes"
C1_VOTES = {"support": 0, "refute": 1, "open": 1}
HUB_VOTES = {"support": 0, "refute": 1, "open": 2}


def read_text(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/", HUB_WORDS, id="index"),
        pytest.param("/hubs/small-caps", C1_WORDS, id="hub"),
        pytest.param("/claims/small-caps/C1", C1_WORDS, id="claim"),
        pytest.param("/search?q=small+caps", C1_WORDS, id="search"),
        pytest.param("/stories/s-rally", C1_WORDS, id="story"),
        pytest.param("/verdicts.atom", C1_WORDS, id="changes as Atom"),
        pytest.param("/verdicts.json", C1_WORDS, id="changes as JSON Feed"),
        pytest.param("/hubs/small-caps/verdicts.atom", C1_WORDS, id="changes of a hub"),
        pytest.param("/hubs/small-caps/feed.atom", C1_WORDS, id="hub as Atom"),
        pytest.param("/hubs/small-caps/feed.json", C1_WORDS, id="hub as JSON Feed"),
    ],
)
def test_words_stand_next_to_a_verdict(client: TestClient, path: str, words: str) -> None:
    assert words in read_text(client.get(path).text)


def test_the_list_of_changes_has_those_of_each_change(client: TestClient) -> None:
    changes = client.get("/claims/small-caps/C1").text.split("<h3>Changes</h3>")[1]
    assert f"30 August 2024 ; {C1_WORDS}" in read_text(changes)


@pytest.mark.parametrize(
    ("path", "keys", "votes"),
    [
        pytest.param("/hubs", ("hubs", 0), HUB_VOTES, id="hubs"),
        pytest.param("/hubs/small-caps", ("claims", 0), C1_VOTES, id="hub"),
        pytest.param("/claims/small-caps", ("claims", 0), C1_VOTES, id="claims"),
        pytest.param("/claims/small-caps/C1", (), C1_VOTES, id="claim"),
        pytest.param("/claims/small-caps/C1", ("verdict_changes", 0), C1_VOTES, id="its changes"),
        pytest.param("/verdict-changes", ("verdict_changes", 0), C1_VOTES, id="changes"),
        pytest.param("/search?q=small+caps", ("claims", 0), C1_VOTES, id="search"),
        pytest.param("/stories/s-rally", ("claims", 0), C1_VOTES, id="story"),
    ],
)
def test_rows_of_the_api_have_the_counts(client: TestClient, path: str, keys: tuple, votes: dict) -> None:
    row = client.get(f"/api/v1{path}").json()
    for key in keys:
        row = row[key]
    assert row["readings_judged"] == votes


def test_cards_have_them(hubs) -> None:
    cards = (
        (social_card.build_index_card(hubs.index_page()), HUB_WORDS),
        (social_card.build_hub_card(hubs.hub_page("small-caps")), HUB_WORDS),
        (social_card.build_claim_card(hubs.claim_page("small-caps", "C1")), C1_WORDS),
    )
    for card, words in cards:
        drawn = " ".join(ET.fromstring(social_card.draw_svg(card)).itertext())
        assert words in drawn


def test_structured_data_have_them(client: TestClient) -> None:
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get("/claims/small-caps/C1").text
    )
    (review,) = (node for node in json.loads(block)["@graph"] if node["@type"] == "ClaimReview")
    assert review["reviewBody"].endswith(f"{C1_WORDS}.")
