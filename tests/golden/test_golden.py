"""The answers of the program to made data are those of the committed files.

A change of behaviour shows as a difference of text. If the change is meant, write the files again, and read the
difference before you commit it:

    GOLDEN=write python -m pytest tests/golden

``made.py`` makes the data; ``program.py`` is the only module here that imports the program. The version and the path of
the store are replaced by a word, and the clock is fixed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from . import program
from .canon import compare, round_floats, shorten, write_json, write_page

HUBS = ("small-caps", "fomc", "panic-selling", "roic")
AS_OF = "2024-12-31"
CLAIMS = (
    "small-caps/C1", "small-caps/C3", "small-caps/C4", "small-caps/C6", "small-caps/C8", "small-caps/C12",
    "small-caps/C14", "fomc/F1", "fomc/F5", "panic-selling/P5", "roic/R3", "roic/R6",
)  # fmt: skip

PAGES = {
    "index": "/",
    "index-past": "/?as_of=2024-12-18",
    **{f"hub-{slug}": f"/hubs/{slug}" for slug in HUBS},
    "hub-past": "/hubs/small-caps?as_of=2024-12-18",
    "hub-long-past": "/hubs/fomc?as_of=2019-09-30",
    "hub-stories": "/hubs/fomc/stories?q=cut",
    **{f"claim-{name.replace('/', '-')}": f"/claims/{name}" for name in CLAIMS},
    "claim-past": "/claims/small-caps/C1?as_of=2020-06-30",
    "status": "/status",
    "search": "/search?q=rate+cuts",
    "search-empty": "/search",
    "search-narrow": "/search?q=%22small+caps%22&hub=small-caps&publisher=Harbor+Wire&from=2024-12-10&to=2024-12-27",
    "methodology": "/methodology",
    "absent": "/hubs/fomx",
    "bad-day": "/?as_of=yesterday",
}

ANSWERS = {
    "hubs": "hubs",
    "hubs-past": "hubs?as_of=2024-12-18",
    **{f"hub-{slug}": f"hubs/{slug}" for slug in HUBS},
    "hub-past": "hubs/panic-selling?as_of=2024-12-18",
    "claims-fomc": "claims/fomc",
    **{f"claim-{name.replace('/', '-')}": f"claims/{name}" for name in CLAIMS},
    "claim-past": "claims/fomc/F4?as_of=2020-06-30",
    "verdict-changes": "verdict-changes",
    "stories": "stories?limit=5",
    "stories-narrow": "stories?hub=fomc&from=2024-12-18&to=2024-12-19&limit=3",
    "articles": "articles?limit=6",
    "search": "search?q=cutting+rates&limit=5",
    "search-past": "search?q=small+caps&as_of=2024-12-18&limit=5",
    "events": "events",
    **{f"events-{name}": f"events/{name}" for name in ("first_cuts", "priced_in_pivots", "corrections", "final_cuts")},
    "events-past": "events/vix_above_40?as_of=2012-01-01",
    "series": "series",
    "observations": "series/IWM/observations?from=2024-12-10&to=2024-12-20",
    "observations-rate": "series/DGS2/observations?measure=rate&from=2024-12-10&limit=5",
    "status": "status",
    "methodology": "methodology",
    "absent": "hubs/fomx",
    "bad-limit": "stories?limit=0",
}

DOCUMENTS = {
    "feed.atom": "/feed.atom",
    "feed.json": "/feed.json",
    "hub-feed.atom": "/hubs/roic/feed.atom",
    "verdicts.atom": "/verdicts.atom",
    "verdicts.json": "/hubs/fomc/verdicts.json",
    "sitemap.xml": "/sitemap.xml",
    "sitemap-pages.xml": "/sitemaps/pages.xml",
    "sitemap-news.xml": "/sitemaps/news.xml",
    "robots.txt": "/robots.txt",
    "llms.txt": "/llms.txt",
    "feeds.opml": "/feeds.opml",
    "chart.csv": "/hubs/small-caps/charts/iwm-spy.csv",
    "claim.csv": "/claims/small-caps/C1.csv",
    "claim-series.csv": "/claims/small-caps/C1.series.csv",
}
LINES = 120  # a longer document keeps so many lines and the hash of the others

MOVED = ("/index.json", "/status.json", "/search.json?q=fed", "/hubs", "/hubs/fomc.json", "/claims/fomc",
         "/claims/fomc/F1.json", "/hubs/fomc/stories.json", "/methodology.json")  # fmt: skip


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def replace_variable_parts(text: str, folder: Path) -> str:
    """Replace what differs from run to run and from version to version."""
    text = text.replace(str(folder), "FOLDER")
    text = re.sub(r'("version": ?")\d[^"]*(")', r"\1VERSION\2", text)
    return re.sub(r"Version \d+\.\d+\.\w+", "Version VERSION", text)


def test_detection(made_folder: Path) -> None:
    program.run(made_folder, "stories", "cluster", "docs.jsonl", "-o", "stories.jsonl")
    stories: dict[str, list[str]] = {}
    for row in read_rows(made_folder / "stories.jsonl"):
        stories.setdefault(row["story"], []).append(row["id"])
    found = sorted((sorted(ids), story) for story, ids in stories.items())
    compare("detection.json", "[\n" + ",\n".join(json.dumps([story, ids]) for ids, story in found) + "\n]")


def test_pairs(made_folder: Path) -> None:
    program.run(made_folder, "stories", "pairs", "docs.jsonl", "pairs.jsonl", "-o", "judged.jsonl")
    judged = [{**row, "score": round(row["score"], 4)} for row in read_rows(made_folder / "judged.jsonl")]
    compare("pairs.json", "\n".join(map(json.dumps, judged)))


def test_tagging(made_folder: Path) -> None:
    program.run(made_folder, "hubs", "tag", "docs.jsonl", "-o", "tags.jsonl")
    rows = [json.dumps(round_floats(row), ensure_ascii=False) for row in read_rows(made_folder / "tags.jsonl")]
    compare("tagging.json", "\n".join(rows))


@pytest.mark.parametrize("hub", HUBS)
def test_evaluation(made_folder: Path, hub: str) -> None:
    answer = program.run(made_folder, "claims", "evaluate", hub, "--data", "market", "--as-of", AS_OF, "--json")
    compare(f"evaluation-{hub}.json", write_json(shorten(round_floats(json.loads(answer)))))


def test_evaluation_as_a_table(made_folder: Path) -> None:
    answer = program.run(made_folder, "claims", "evaluate", "fomc", "--data", "market", "--as-of", "2020-06-30")
    compare("evaluation-fomc-table.txt", "\n".join(line.rstrip() for line in answer.splitlines()))


@pytest.mark.parametrize("name", PAGES)
def test_page(site: TestClient, made_folder: Path, name: str) -> None:
    answer = site.get(PAGES[name])
    compare(
        f"pages/{name}.txt", f"{answer.status_code}\n{replace_variable_parts(write_page(answer.text), made_folder)}"
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_answer(site: TestClient, made_folder: Path, name: str) -> None:
    answer = site.get(f"/api/v1/{ANSWERS[name]}")
    text = write_json({"status": answer.status_code, "body": shorten(round_floats(answer.json()))})
    compare(f"api/{name}.json", replace_variable_parts(text, made_folder))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document(site: TestClient, made_folder: Path, name: str) -> None:
    answer = site.get(DOCUMENTS[name])
    text = answer.text if not name.endswith(".json") else write_json(shorten(answer.json()))
    if name.endswith(".atom"):
        text = text.replace("><", ">\n<")
    if name.endswith(".csv"):
        text = "\n".join(",".join(map(round_cell, line.split(","))) for line in text.splitlines())
    lines = text.splitlines()
    if len(lines) > LINES:
        lines = [*lines[:LINES], json.dumps(shorten(lines[LINES:])[-1])]
    kind = answer.headers["content-type"]
    compare(
        f"documents/{name}", replace_variable_parts("\n".join([f"{answer.status_code} {kind}", *lines]), made_folder)
    )


def round_cell(text: str) -> str:
    """Round a float in the cell of a table to nine significant digits."""
    return str(round_floats(float(text))) if re.fullmatch(r"-?\d+\.\d{6,}(e-?\d+)?", text) else text


def test_addresses_that_lead_on(site: TestClient) -> None:
    answers = {path: site.get(path) for path in MOVED}
    found = [f"{path} {one.status_code} {one.headers.get('location')}" for path, one in answers.items()]
    compare("moved.txt", "\n".join(found))


@pytest.fixture(scope="module")
def stories(site: TestClient) -> list[dict[str, Any]]:
    """All stories of the store, as the API gives them."""
    return [site.get(f"/api/v1/stories/{row['id']}").json() for row in fetch_all(site, "stories", 100)]


def test_stories_of_the_store(stories: list[dict[str, Any]]) -> None:
    """The articles of each story, taken in the way that live news take, and its hubs."""
    lines = [
        json.dumps([story["id"], sorted(one["id"] for one in story["articles"]), sorted(list_hubs(story))])
        for story in stories
    ]
    compare("stories.json", "[\n" + ",\n".join(sorted(lines)) + "\n]")


def test_merges_and_splits(stories: list[dict[str, Any]]) -> None:
    moves = {json.dumps(move, ensure_ascii=False) for story in stories for move in story["lineage"]}
    compare("lineage.json", "\n".join(sorted(moves)))


def test_addresses_of_articles_lead_to_their_stories(site: TestClient) -> None:
    articles = fetch_all(site, "articles", 1000)
    moved = [
        f"{ident} {answer.headers['location']}"
        for ident in sorted(row["id"] for row in articles)
        if (answer := site.get(f"/stories/{ident}")).status_code == 301
    ]
    compare("led-on.txt", "\n".join(moved))


def test_pages_of_stories(site: TestClient, made_folder: Path, stories: list[dict[str, Any]]) -> None:
    """The two largest stories, one in two hubs, and one from each hub, as pages and as JSON."""
    stories = sorted(stories, key=lambda one: (-len(one["articles"]), one["id"]))
    chosen = {
        "largest": stories[0],
        "second": stories[1],
        "several-hubs": next(s for s in stories if len(list_hubs(s)) > 1),
    }
    for hub in HUBS:
        chosen[hub] = [one for one in stories if hub in list_hubs(one)][-1]
    for name, story in chosen.items():
        answer = site.get(f"/stories/{story['id']}")
        compare(
            f"pages/story-{name}.txt",
            f"{answer.status_code}\n{replace_variable_parts(write_page(answer.text), made_folder)}",
        )
        compare(f"api/story-{name}.json", write_json(shorten(round_floats(story))))


def fetch_all(site: TestClient, what: str, limit: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = site.get(f"/api/v1/{what}?limit={limit}{cursor}").json()
        rows += answer[what]
        if answer["next"] is None:
            return rows
        cursor = f"&cursor={answer['next']}"


def list_hubs(story: dict[str, Any]) -> list[str]:
    return [tag["hub"] for tag in story["tags"]]
