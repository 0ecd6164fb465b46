"""Structured data, sitemaps, CORS and ETags, read by third-party parsers."""

from __future__ import annotations

import json

import lxml.html
import pytest
from openapi_spec_validator import validate
from protego import Protego
from pyld import jsonld
from starlette.testclient import TestClient

SCHEMA = "https://schema.org/"


def load_context(url: str, _options: object) -> dict[str, object]:
    """The context of schema.org in short: names stand for its terms."""
    assert url == "https://schema.org"
    context = {"@context": {"@vocab": SCHEMA, "id": "@id", "type": "@type"}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}


def linked_data(client: TestClient, path: str) -> list[dict[str, object]]:
    """The nodes of a page's metadata, expanded."""
    page = lxml.html.fromstring(client.get(path).content)
    (block,) = page.xpath('//script[@type="application/ld+json"]')
    return jsonld.expand(json.loads(block.text), {"documentLoader": load_context})


def value(node, name):
    return node[SCHEMA + name][0].get("@value")


def by_type(nodes) -> dict[str, dict]:
    return {node["@type"][0].removeprefix(SCHEMA): node for node in nodes}


def test_a_hub_is_a_collection_with_questions_and_data(client: TestClient) -> None:
    nodes = by_type(linked_data(client, "/hubs/small-caps"))
    assert set(nodes) == {"CollectionPage", "FAQPage", "Dataset"}
    items = nodes["CollectionPage"][SCHEMA + "mainEntity"][0]
    assert value(items, "numberOfItems") == 3
    question = nodes["FAQPage"][SCHEMA + "mainEntity"][0]
    assert value(question, "name") == "Does history back the trade?"
    assert "−2.1 %" in value(question[SCHEMA + "acceptedAnswer"][0], "text").replace("\u202f", " ")
    assert value(nodes["Dataset"], "temporalCoverage") == "1989-06-06/2020-06-02"


def test_a_story_is_an_aggregate_that_points_to_its_sources(client: TestClient) -> None:
    (story,) = linked_data(client, "/stories/s-rally")
    sources = story[SCHEMA + "isBasedOn"]
    assert [value(source, "url") for source in sources] == [f"https://news.example/{n}?a=1&b=2" for n in (1, 2, 3)]
    assert value(story, "dateModified") == "2024-10-01T10:00:00+00:00"
    (abstract,) = story[SCHEMA + "abstract"]
    assert abstract["@value"].endswith("barely moved. Traders put the odds of another half point at six in ten.")


@pytest.mark.parametrize(
    ("claim", "verdict", "rating"), [("C1", "refuted", 1), ("C2", "supported", 5), ("C4", "not measured", None)]
)
def test_a_claim_is_a_review_with_the_verdict_in_words(client: TestClient, claim, verdict, rating) -> None:
    nodes = by_type(linked_data(client, f"/claims/small-caps/{claim}"))
    rating_node = nodes["ClaimReview"][SCHEMA + "reviewRating"][0]
    assert value(rating_node, "alternateName") == verdict
    assert (SCHEMA + "ratingValue" in rating_node) is (rating is not None)
    if rating is not None:
        assert value(rating_node, "ratingValue") == rating
    assert ("Dataset" in nodes) is (claim != "C4")


def test_the_site_describes_its_search(client: TestClient) -> None:
    site = by_type(linked_data(client, "/"))["WebSite"]
    target = site[SCHEMA + "potentialAction"][0][SCHEMA + "target"][0]
    assert value(target, "urlTemplate") == "https://hubs.example/search?q={search_term_string}"


def test_hostile_text_cannot_leave_the_block(client: TestClient) -> None:
    page = client.get("/stories/s-hostile").text
    _, block = page.split('<script type="application/ld+json">')
    block, _ = block.split("</script>", 1)
    assert "<" not in block
    (story,) = linked_data(client, "/stories/s-hostile")
    assert value(story, "headline").startswith('<script>alert("x")</script> & "S&P 500"')
    assert SCHEMA + "url" not in story[SCHEMA + "isBasedOn"][0]


@pytest.mark.parametrize("path", ["/", "/hubs/small-caps", "/stories/s-rally", "/claims/small-caps/C1", "/status"])
def test_every_page_has_a_canonical_address_and_a_preview(client: TestClient, path: str) -> None:
    page = lxml.html.fromstring(client.get(f"{path}?as_of=2024-09-18").content)
    assert page.xpath('//link[@rel="canonical"]/@href') == [f"https://hubs.example{path}"]
    preview = dict(zip(page.xpath("//meta/@property"), page.xpath("//meta[@property]/@content"), strict=True))
    assert preview["og:url"] == f"https://hubs.example{path}"
    assert preview["og:title"]
    assert preview["og:description"] == page.xpath('//meta[@name="description"]/@content')[0] != ""


def test_robots_txt_names_the_sitemap_and_excludes_the_api(client: TestClient) -> None:
    rules = Protego.parse(client.get("/robots.txt").text)
    assert list(rules.sitemaps) == ["https://hubs.example/sitemap.xml"]
    assert rules.can_fetch("https://hubs.example/hubs/small-caps", "any")
    assert not rules.can_fetch("https://hubs.example/api/v1/hubs", "any")
    assert not rules.can_fetch("https://hubs.example/search?q=a", "any")


def test_each_page_has_a_json_address(client: TestClient) -> None:
    for path, title in [
        ("/hubs/small-caps", "slug"),
        ("/stories/s-rally", "headline"),
        ("/claims/small-caps/C1", "id"),
    ]:
        answer = client.get(f"{path}.json?as_of=2024-09-18", follow_redirects=False)
        assert answer.headers["location"] == f"/api/v1{path}?as_of=2024-09-18"
        assert title in client.get(f"{path}.json").json()
    assert client.get("/index.json").json()["hubs"]
    assert client.get("/status.json").json()["feeds"]
    assert client.get("/methodology.json").json()["sections"]


def test_scripts_of_other_sites_may_read_public_paths(client: TestClient) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    for path in ("/api/v1/hubs", "/openapi.json", "/hubs/small-caps/feed.atom", "/hubs/small-caps.json"):
        assert client.get(path, headers=origin).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/hubs/small-caps", headers=origin).headers
    asked = origin | {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "If-None-Match"}
    answer = client.options("/api/v1/hubs", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert client.post("/api/v1/hubs").status_code == 405


def test_a_cached_response_is_readable_by_another_site(client: TestClient) -> None:
    assert "access-control-allow-origin" not in client.get("/api/v1/hubs").headers
    answer = client.get("/api/v1/hubs", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/api/v1/hubs").headers


@pytest.mark.parametrize(
    "path",
    ["/", "/hubs/small-caps", "/api/v1/hubs", "/hubs/small-caps/feed.atom", "/robots.txt", "/openapi.json"],
)
def test_an_unchanged_page_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert "content-security-policy" in again.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert client.head(path).headers["etag"] == tag


@pytest.mark.parametrize("path", ["/hubs/small-caps/feed.atom", "/api/v1/hubs", "/static/groundswell.css", "/card.png"])
@pytest.mark.parametrize("suffix", ["-gzip", "--gzip", ";gzip", "-br", "-zstd", "-deflate"])
def test_a_tag_that_a_compressing_proxy_changed_is_recognised(client: TestClient, path: str, suffix: str) -> None:
    tag = client.get(path).headers["etag"]
    changed = f'{tag[:-1]}{suffix}"'
    assert client.get(path, headers={"If-None-Match": changed}).status_code == 304
    assert client.get(path, headers={"If-None-Match": f'"other", {changed}'}).status_code == 304
    assert client.get(path, headers={"If-None-Match": f'{tag[:-2]}{suffix}"'}).status_code == 200


def test_the_etag_depends_on_the_content_and_not_on_the_render_time(client: TestClient, hubs, monkeypatch) -> None:
    from dataclasses import replace
    from datetime import timedelta

    before = [client.get(path).headers["etag"] for path in ("/hubs/small-caps", "/api/v1/hubs/small-caps")]
    page = hubs.hub_page("small-caps")
    later = replace(page, made_at=page.made_at + timedelta(hours=1))
    monkeypatch.setattr(hubs, "hub_page", lambda *_: later)
    assert [client.get(path).headers["etag"] for path in ("/hubs/small-caps", "/api/v1/hubs/small-caps")] == before
    monkeypatch.setattr(hubs, "hub_page", lambda *_: replace(later, story_count=216))
    after = [client.get(path).headers["etag"] for path in ("/hubs/small-caps", "/api/v1/hubs/small-caps")]
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_errors_have_no_etag(client: TestClient) -> None:
    answer = client.get("/hubs/unknown", headers={"If-None-Match": "*"})
    assert answer.status_code == 404
    assert "etag" not in answer.headers


def test_the_openapi_description_is_valid(client: TestClient) -> None:
    validate(client.get("/openapi.json").json())
