"""Every path is made in one module, and a route serves each of them."""

import re
from datetime import date
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from starlette.routing import Match

import groundswell
from groundswell.schemas import addresses
from groundswell.schemas.addresses import (
    Site,
    path_of_api,
    path_of_card,
    path_of_chart,
    path_of_claim,
    path_of_claim_bundle,
    path_of_claim_rows,
    path_of_claim_series,
    path_of_claims,
    path_of_demo,
    path_of_event_lists,
    path_of_feed,
    path_of_forecasts,
    path_of_hub,
    path_of_hub_stories,
    path_of_index,
    path_of_json,
    path_of_methodology,
    path_of_openapi,
    path_of_opml,
    path_of_search,
    path_of_sitemap,
    path_of_static,
    path_of_status,
    path_of_story,
    path_of_story_list,
    path_of_verdict_feed,
    with_query,
)
from groundswell.web.app import create_app

DAY = date(2024, 9, 18)
SOURCES = Path(groundswell.__file__).parent

PAGES = {
    path_of_index(DAY): "/?as_of=2024-09-18",
    path_of_hub("fomc"): "/hubs/fomc",
    path_of_hub("fomc", DAY, limit=50): "/hubs/fomc?limit=50&as_of=2024-09-18",
    path_of_story("1f2e", DAY): "/stories/1f2e?as_of=2024-09-18",
    path_of_claim("fomc", "C1", DAY): "/claims/fomc/C1?as_of=2024-09-18",
    path_of_search(q="rate cut"): "/search?q=rate%20cut",
    path_of_forecasts(DAY): "/forecasts?as_of=2024-09-18",
    path_of_methodology(): "/methodology",
    path_of_status(): "/status",
}
OTHERS = {
    path_of_hub_stories("fomc", DAY): "/hubs/fomc/stories?as_of=2024-09-18",
    path_of_claims("fomc"): "/claims/fomc",
    path_of_claim_rows("fomc", "C1", DAY): "/claims/fomc/C1.csv?as_of=2024-09-18",
    path_of_claim_series("fomc", "C1"): "/claims/fomc/C1.series.csv",
    path_of_claim_bundle("fomc", "C1"): "/claims/fomc/C1/bundle.zip",
    path_of_chart("fomc", "rates", "vl.json", DAY): "/hubs/fomc/charts/rates.vl.json?as_of=2024-09-18",
    path_of_chart("fomc", "rates", "csv"): "/hubs/fomc/charts/rates.csv",
    path_of_chart("fomc", "rates", "png"): "/hubs/fomc/charts/rates.png",
    path_of_feed("atom"): "/feed.atom",
    path_of_feed("json", "fomc", before=2000): "/hubs/fomc/feed.json?before=2000",
    path_of_verdict_feed("atom"): "/verdicts.atom",
    path_of_verdict_feed("json", "fomc"): "/hubs/fomc/verdicts.json",
    path_of_opml(): "/feeds.opml",
    path_of_event_lists(): "/api/v1/events",
    path_of_story_list("fomc"): "/api/v1/stories?hub=fomc",
    path_of_openapi(): "/openapi.json",
    path_of_sitemap(): "/sitemap.xml",
    path_of_sitemap("pages"): "/sitemaps/pages.xml",
    path_of_sitemap("stories-2"): "/sitemaps/stories-2.xml",
    path_of_demo(): "/demo",
    path_of_static("mark.svg", "0a1b"): "/static/mark.svg?v=0a1b",
    path_of_card(path_of_index(DAY)): "/card.png?as_of=2024-09-18",
    path_of_card(path_of_hub("fomc")): "/hubs/fomc/card.png",
    path_of_card(path_of_story("1f2e")): "/stories/1f2e/card.png",
    path_of_card(path_of_claim("fomc", "C1", DAY)): "/claims/fomc/C1/card.png?as_of=2024-09-18",
    path_of_json(path_of_hub_stories("fomc")): "/hubs/fomc/stories.json",
}
TWINS = {
    path_of_json(path_of_index()): "/index.json",
    path_of_json(path_of_claim("fomc", "C1", DAY)): "/claims/fomc/C1.json?as_of=2024-09-18",
    path_of_api(path_of_index(DAY)): "/api/v1/hubs?as_of=2024-09-18",
    path_of_api(path_of_claims("fomc")): "/api/v1/claims/fomc",
}


def served(path: str) -> bool:
    app = create_app(MagicMock())
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0], "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


@pytest.mark.parametrize(("path", "written"), [*PAGES.items(), *OTHERS.items(), *TWINS.items()])
def test_a_path_is_as_readers_have_it_and_is_served(path: str, written: str) -> None:
    assert path == written
    assert served(path)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_json_next_to_it_and_in_the_api(page: str) -> None:
    assert served(path_of_json(page))
    assert served(path_of_api(page))


def test_a_path_without_a_route_is_noticed() -> None:
    assert not served("/hub/fomc")


def test_every_function_of_the_module_is_tested_here() -> None:
    made = {name for name in vars(addresses) if name.startswith("path_of_")}
    text = Path(__file__).read_text(encoding="utf-8")
    assert {name for name in made if f"{name}(" not in text} == set()


def test_slugs_and_ids_are_quoted() -> None:
    assert path_of_hub("a/b c") == "/hubs/a%2Fb%20c"
    assert path_of_claim("x?y", "#1") == "/claims/x%3Fy/%231"
    assert path_of_story("//elsewhere.example") == "/stories/%2F%2Felsewhere.example"


def test_parameters_without_a_value_are_left_out() -> None:
    assert with_query("/search", q="", hub=None, limit=0) == "/search?limit=0"


def test_an_absolute_address_begins_with_the_sites() -> None:
    assert Site("https://hubs.example").url(path_of_hub("fomc")) == "https://hubs.example/hubs/fomc"


def test_no_other_module_writes_a_path() -> None:
    """Only the declarations of routes keep their patterns. Addresses below ``sources`` are those of other servers."""
    pages = "hubs|stories|claims"
    roots = "api|static|healthz|readyz|metrics"
    path = re.compile(
        rf"""/({pages})/\{{|/api/v1["'/]|\?as_of=\{{|=["']/({pages}|search|status|methodology)\b|["'(]/({roots})\b"""
    )
    allowed = "@router."
    found = [
        f"{file.relative_to(SOURCES)}: {line.strip()}"
        for file in SOURCES.rglob("*")
        if file.suffix in {".py", ".html", ".txt"} and file.name != "addresses.py"
        if file.relative_to(SOURCES).parts[0] != "sources"
        for line in file.read_text(encoding="utf-8").splitlines()
        if path.search(line) and allowed not in line
    ]
    assert found == []
