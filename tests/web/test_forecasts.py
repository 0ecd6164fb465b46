"""The page on forecasts: their scores in all and by hub, those that are open, and what became of others."""

from __future__ import annotations

import lxml.html
from starlette.testclient import TestClient


def read_rows(client: TestClient, section: str) -> dict[str, list[str]]:
    """The cells of each row of a section's table, by the head of the row."""
    page = lxml.html.fromstring(client.get("/forecasts").text)
    rows = page.xpath(f"//section[@aria-labelledby='{section}']//tbody/tr")
    return {
        " ".join(row.xpath("string(th)").split()): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in rows
    }


def test_scores_stand_next_to_a_coin_and_the_usual_share(client):
    rows = read_rows(client, "scores")
    # (0.3 - 0)^2 and (0.3 - 1)^2, and (0.2 - 0)^2 and (0.2 - 1)^2; one of two values lies in -0.05 to 0.07
    assert rows["All"] == ["2", "1", "1", "0.290", "0.250", "0.290", "0.340", "1 of 2"]
    assert rows["On record"] == rows["After registration"] == ["0", "1", "0", "–", "–", "–", "–", "–"]
    assert rows["Small-Caps Revival"] == rows["All"]


def test_open_forecasts_say_since_when_they_are_on_record(client):
    (row,) = read_rows(client, "open").values()
    assert row == ["18 September 2024", "19 September 2024", "18 December 2024", "30 %", "2 of 8"]


def test_outcomes_are_listed_newest_first_and_voids_with_their_reason(client):
    page = lxml.html.fromstring(client.get("/forecasts").text)
    outcomes = [cell.text_content() for cell in page.xpath("//td[@data-name='outcome']")]
    assert outcomes == ["reached", "not reached", "void: SPY has <no> value on 2007-12-17"]


def test_calibration_is_of_all_resolved_forecasts(client):
    assert read_rows(client, "calibration") == {"20 % to 40 %": ["2", "30 %", "50 %"]}


def test_the_json_has_the_same_scores(client):
    found = client.get("/forecasts.json").json()
    assert (found["score"]["resolved"], found["recorded"]["open"], found["hubs"][0]["hub"]) == (2, 1, "small-caps")
