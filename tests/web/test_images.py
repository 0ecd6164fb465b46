"""Social cards, files of charts, and the links to them."""

from __future__ import annotations

import csv
import io
import re
import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from starlette.testclient import TestClient

from groundswell.web.app import create_app
from groundswell.web.charts import palette, social_card

PAGES = ["/", "/hubs/small-caps", "/hubs/fomc", "/stories/s-rally", "/claims/small-caps/C1", "/claims/small-caps/C4"]


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG")
    return struct.unpack(">II", picture[16:24])


@pytest.mark.parametrize("path", PAGES)
def test_each_page_links_an_existing_card(client: TestClient, path: str) -> None:
    page = client.get(path)
    found = re.search(r'<meta property="og:image" content="https://hubs.example([^"]*)">', page.text)
    assert found is not None
    assert '<meta name="twitter:card" content="summary_large_image">' in page.text
    card = client.get(found[1])
    assert card.headers["content-type"] == "image/png"
    assert card.headers["cross-origin-resource-policy"] == "cross-origin"
    assert size(card.content) == (social_card.WIDTH, social_card.HEIGHT)


def test_a_card_as_of_a_past_date_shows_that_date(client: TestClient) -> None:
    text = client.get("/hubs/small-caps?as_of=2024-09-18").text
    assert 'content="https://hubs.example/hubs/small-caps/card.png?as_of=2024-09-18"' in text
    assert client.get("/hubs/small-caps/card.png?as_of=2024-09-18").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/hubs/none/card.png",
        "/stories/none/card.png",
        "/claims/small-caps/C99/card.png",
        "/hubs/small-caps/charts/x.csv",
    ],
)
def test_unknown_files_are_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_card_shows_the_result_of_its_page(hubs) -> None:
    claim = texts(social_card.draw_svg(social_card.build_claim_card(hubs.claim_page("small-caps", "C1"))))
    shown = "✗ Refuted: −2.1\u202f%, 95 % interval −5.6\u202f% to +1.9\u202f%, n = 7"
    assert shown in " ".join(claim)
    assert [line for line in claim if line.startswith("Data to ") and line.endswith(" 2024 · Groundswell")]
    story = " ".join(texts(social_card.draw_svg(social_card.build_story_card(hubs.story_page("s-rally")))))
    assert "3 articles from 3 publishers, 2 independent." in story
    assert "“The Russell 2000 closed 2.4 % higher" in story
    hub = " ".join(texts(social_card.draw_svg(social_card.build_hub_card(hubs.hub_page("small-caps")))))
    assert "Federal Reserve:" in hub
    assert "Jan 2001" in hub
    assert "Data to 30 September 2024" in hub


def test_a_card_copes_with_hostile_and_long_texts(hubs) -> None:
    page = hubs.story_page("s-hostile")
    endless = replace(page, story=replace(page.story, headline=page.story.headline + " word" * 300))
    written = social_card.draw_svg(social_card.build_story_card(endless))
    assert "<script" not in written
    rows = [text for text in texts(written) if "word" in text]
    assert len(rows) <= 4
    assert rows[-1].endswith("…")


def texts(written: str) -> list[str]:
    root = ET.fromstring(written)
    assert "var(--" not in written
    return [element.text for element in root.iter() if element.tag.endswith("text") and element.text]


def test_values_behind_a_chart(client: TestClient, chart_line) -> None:
    answer = client.get("/hubs/small-caps/charts/small-against-large.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="small-caps-small-against-large.csv"' in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["date", "index"]
    assert len(rows) == len(chart_line.dates)
    assert rows[0] == [str(chart_line.dates[0]), repr(float(chart_line.values[0]))]


def test_a_chart_as_png_and_as_specification(client: TestClient) -> None:
    assert size(client.get("/hubs/small-caps/charts/small-against-large.png").content)[0] > 1280
    spec = client.get("/hubs/small-caps/charts/small-against-large.vl.json").json()
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert spec["config"]["axis"]["labelColor"] == palette.light_colours()["muted"]


def test_colours_are_those_of_the_style_sheet() -> None:
    assert {"paper", "ink", "muted", "rule", "accent", "tint", "bad"} == set(palette.light_colours())
    assert (
        palette.replace_variables("a var(--accent) b currentColor")
        == f"a {palette.light_colours()['accent']} b {palette.light_colours()['ink']}"
    )


def test_a_hub_with_many_charts_stays_within_its_size_budget(hubs, hub_page, chart_line) -> None:
    """At most 120 kB compressed, with a dozen charts as irregular as prices."""
    steps = np.random.default_rng(5).normal(0, 0.01, (12, len(chart_line.dates)))
    lines = tuple(
        replace(
            chart_line,
            spec=chart_line.spec.model_copy(update={"id": f"chart-{number}"}),
            values=100 * np.exp(np.cumsum(row)),
        )
        for number, row in enumerate(steps)
    )
    hubs.hub_page = lambda *_, **__: replace(hub_page, charts=lines, stories=hub_page.stories * 4)
    answer = TestClient(create_app(hubs)).get("/hubs/small-caps", headers={"Accept-Encoding": "gzip"})
    assert answer.text.count("chart wide") == 12
    assert int(answer.headers["content-length"]) <= 120_000
