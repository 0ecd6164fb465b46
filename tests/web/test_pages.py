"""Pages with sample data: their content, past dates, hostile content and empty cases."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import lxml.html
import pytest
from starlette.testclient import TestClient

from groundswell.model import Verdict
from groundswell.web.app import create_app

PAGES = [
    "/",
    "/hubs/small-caps",
    "/hubs/small-caps?as_of=2024-09-18",
    "/hubs/fomc",
    "/stories/s-rally",
    "/stories/s-hostile",
    "/stories/s-demo",
    "/claims/small-caps/C1",
    "/claims/small-caps/C4",
    "/status",
    "/hubs/unknown",
]
PAGES += [
    "/search",
    "/search?q=small+caps",
    "/search?q=absent",
    "/hubs/small-caps/stories",
    "/hubs/small-caps/stories?instrument=IWM&from=2024-09-01",
    "/forecasts",
    "/methodology",
    "/style",
]
VOID = {"meta", "link", "br", "input"}


class Outline(HTMLParser):
    """The tags of a page with their attributes, and whether they are nested correctly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def text_of(client: TestClient, path: str) -> str:
    """Return the text of a page without tags and repeated spaces."""
    page = re.sub(r"<(title|desc|script)\b.*?</\1>", "", client.get(path).text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_well_formed_and_outlined(client: TestClient, path: str) -> None:
    outline = Outline(client.get(path).text)
    assert outline.open == []
    assert len(outline.of("h1")) == 1
    assert len(outline.of("main")) == 1
    assert outline.of("a")[0] == {"class": "skip", "href": "#content"}
    assert len(outline.of("table")) == len(outline.of("caption"))
    assert all("scope" in attrs for attrs in outline.of("th"))
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_inline_style(client: TestClient, path: str) -> None:
    outline = Outline(client.get(path).text)
    assert all(attrs == {"type": "application/ld+json"} for attrs in outline.of("script"))  # data, which never runs
    assert not outline.of("style")
    assert not [attrs for _, attrs in outline.tags if "style" in attrs or any(name.startswith("on") for name in attrs)]


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_to_pages_or_are_marked_as_external(client: TestClient, path: str) -> None:
    for attrs in Outline(client.get(path).text).of("a"):
        target = attrs["href"] or ""
        if attrs.get("rel") == "nofollow":
            assert client.get(target).status_code == 200
        elif attrs.get("rel"):
            assert target.startswith(("https://", "http://"))
            assert {"noopener", "nofollow"} <= set((attrs["rel"] or "").split())
        elif target.startswith("https://hubs.example/"):
            assert client.get(target.removeprefix("https://hubs.example")).status_code == 200
        elif not target.startswith("#"):
            assert target.startswith("/")
            assert client.get(target).status_code == 200


def test_hostile_headlines_are_shown_as_text(client: TestClient) -> None:
    page = client.get("/stories/s-hostile").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &#34;S&amp;P 500&#34;" in page
    assert "Bad &lt;b&gt;Press&lt;/b&gt;" in page
    assert "javascript:" not in page


def test_index_lists_hubs_with_their_verdicts_and_latest_story(client: TestClient) -> None:
    text = text_of(client, "/")
    assert "Small-Caps Revival" in text
    assert "1 refuted" in text
    assert "Numbers to 1 October 2024" in text
    assert "Latest of 215 stories: Small caps jump" in text
    assert "No stories yet." in text


def test_hub_shows_its_parts_in_order(client: TestClient) -> None:
    text = text_of(client, "/hubs/small-caps")
    parts = [
        "Numbers to 30 September 2024",
        "Latest coverage",
        "3 articles from Harbor Wire, Market Ledger, The Daily Tape",
        "Included because: the headline holds “small caps”",
        "3 of 215 stories shown",
        "The thesis",
        "The bull case",
        "✗ refuted 0 of 2 readings support it; 1 refutes C1",
        "−2.1 %, 95 % interval −5.6 % to +1.9 %, n&nbsp;=&nbsp;7",
        "The bear case",
        "Context",
        "No fundamentals are loaded.",
        "Questions and answers",
        "Does history back the trade?",
        "Charts",
        "Small caps lagged the S&amp;P 500 by 21.4 % from 2 June 2000",
        "cannot be drawn: there are no data for KRE (total return)",
        "Instruments",
        "Related hubs",
        "About this page",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_figures_in_answers_lead_to_their_claims(client: TestClient) -> None:
    page = client.get("/hubs/small-caps").text
    assert '<a class="figure" href="/claims/small-caps/C1">−2.1 %</a>' in page
    assert '<a class="figure" href="/claims/small-caps/C1">7</a>' in page


def test_hub_as_of_a_past_date_says_so_and_keeps_the_date_in_its_links(client: TestClient) -> None:
    page = client.get("/hubs/small-caps?as_of=2024-09-18").text
    assert 'Shown as of <time datetime="2024-09-18">18 September 2024</time>' in page
    assert "/claims/small-caps/C1?as_of=2024-09-18" in page
    assert "/stories/s-rally?as_of=2024-09-18" in page
    assert "Shown as of" not in client.get("/hubs/small-caps").text


def test_empty_hub_reports_the_state_of_the_feeds(client: TestClient) -> None:
    text = text_of(client, "/hubs/fomc")
    assert "No stories on this thesis yet." in text
    assert "6 feeds are on: 0 responded, 6 failed, 0 not requested yet." in text
    assert "No articles are stored." in text
    assert "Market Ledger: unreachable (no answer within 10 seconds)" in text


def test_the_methodology_is_the_same_on_its_page_and_in_json(client: TestClient) -> None:
    document = client.get("/methodology.json").json()["sections"]
    sections = lxml.html.fromstring(client.get("/methodology").content).xpath("//section[h2]")
    assert [one.get("aria-labelledby") for one in sections] == [part["id"] for part in document]
    for section, part in zip(sections, document, strict=True):
        shown = " ".join(section.text_content().split())
        texts = (part["title"], *part["paragraphs"], *part["points"], *(term["text"] for term in part["terms"]))
        assert len(texts) > 1
        assert all(" ".join(text.split()) in shown for text in texts)
    assert [term["name"] for term in document[0]["terms"]] == list(Verdict)


def test_hub_lists_more_stories_on_request(client: TestClient) -> None:
    assert client.get("/hubs/small-caps?limit=1").text.count('class="headline"') == 1
    assert "/hubs/small-caps?limit=51#coverage" in client.get("/hubs/small-caps?limit=1").text


def test_demonstration_is_marked_on_a_story(client: TestClient, hubs) -> None:
    hubs.is_invented = True
    assert "Demonstration headlines" in client.get("/stories/s-demo").text
    assert "Demonstration headlines" not in client.get("/stories/s-rally").text


def test_story_lists_articles_with_reasons_and_hubs(client: TestClient) -> None:
    text = text_of(client, "/stories/s-rally")
    assert "3 articles from 3 publishers: Harbor Wire, Market Ledger, The Daily Tape." in text
    assert "First article of the story" in text
    assert "Joined because: shares the names Russell 2000 and Powell; within two hours of the last article" in text
    assert "1 October 2024" in text
    assert "07:30 UTC · Harbor Wire" in text
    assert "3 articles in one day." in text
    assert "FOMC" in text
    assert "Permanent address: https://hubs.example/stories/s-rally" in text


def test_story_shows_related_claims_and_prices(client: TestClient) -> None:
    text = text_of(client, "/stories/s-rally?as_of=2024-09-30")
    assert "readings support it; 1 refutes C1 of Small-Caps Revival, as of 30 September 2024" in text
    assert "Included because: 'small caps' beside 'rate cut' &lt;b>" in text.replace("&gt;", ">").replace("&#39;", "'")
    assert 'href="/claims/small-caps/C1?as_of=2024-09-30"' in client.get("/stories/s-rally?as_of=2024-09-30").text
    assert "The first session that could react was 19 September 2024" in text
    assert "Returns from the previous close" in text
    assert "IWM (total return), price folder, last value 30 September 2024" in text
    assert "No prices around that day: KRE." in text
    assert "Prices around the story" not in text_of(client, "/stories/s-fund")


def test_the_api_has_claims_and_prices_of_a_story(client: TestClient) -> None:
    document = client.get("/api/v1/stories/s-rally").json()
    assert [(one["hub"], one["claim"], one["verdict"]) for one in document["claims"]] == [
        ("small-caps", "C1", "refuted")
    ]
    assert document["prices"]["session"] == "2024-09-19"
    assert {"symbol", "day", "rank", "week", "since", "last", "source"} <= set(document["prices"]["moves"][0])
    assert client.get("/api/v1/stories/s-fund").json()["prices"] is None


def test_story_shows_its_facets(client: TestClient) -> None:
    text = text_of(client, "/stories/s-rally")
    for part in (
        "The Russell 2000 closed 2.4 % higher while the S&amp;P 500 barely moved.",
        "Sentences are quoted from the articles below.",
        "Federal Reserve, Harbor &amp; Sons Holdings",
        "IWM",
        "United States, New York",
        "Emerging",
        "High (0.83)",
        "2 of 3",
    ):
        assert part in text
    page = client.get("/stories/s-rally").text
    assert 'href="https://news.example/2"' in page


def test_empty_facets_leave_no_empty_sections(client: TestClient) -> None:
    text = text_of(client, "/stories/s-fund")
    assert "In short" not in text
    assert "Organisations" not in text
    assert "Closed" in text
    assert "Low (0.08)" in text


def test_hostile_facets_are_harmless(client: TestClient) -> None:
    page = client.get("/stories/s-hostile").text
    assert "<script>alert" not in page
    assert "<i>Acme" not in page
    assert 'href="javascript' not in page


def test_a_day_without_a_time_is_shown_as_a_day(client: TestClient) -> None:
    page = client.get("/stories/s-fund").text
    assert '<time datetime="2024-09-30">30 September 2024</time>' in page
    assert "06:30" not in page


def test_claim_shows_all_that_is_needed_to_reproduce_it(client: TestClient) -> None:
    text = text_of(client, "/claims/small-caps/C1")
    for part in (
        "✗ refuted 0 of 2 readings support it; 1 refutes as of 30 September 2024",
        "The whole 95 % interval lies short of the claimed 5 %.",
        "Relative return after policy events.",
        "Claimed range +5.0 % to +15.0 %",
        "Median −2.7 %",
        "On the claimed side 2 of 7",
        "Placebo p 0.412",
        "Sign test p 0.453",
        "31 July 2019",
        "18 September 2024 : the window of 63 sessions is not over",
        "2 of 3 readings give an estimate, 1 of 2 (50 %) with the same sign as the main measurement.",
        "2 have enough events for a verdict, 1 of 2 (50 %) the same verdict as the main measurement.",
        "price folder",
        "28 June 2024 : ≈ inconclusive",
        "The first cut of 2024 is left out until its window is over.",
    ):
        assert part in text


def test_abnormal_returns_have_errors(client: TestClient) -> None:
    text = text_of(client, "/claims/small-caps/C2")
    assert (
        "Error t Beta Window start Window end 31 July 2019 +1.2 % 4.0 % +0.30 1.13 31 July 2019 29 October 2019" in text
    )
    assert "Error t Beta" not in text_of(client, "/claims/small-caps/C1")
    rows = client.get("/claims/small-caps/C2.csv").text.splitlines()
    (row,) = [one for one in rows if one.startswith("market model")]
    assert row.endswith(",2019-07-31,2019-07-31,2019-10-29,0.012,0.04,1.13,,,return")


def test_claim_shows_data_issues_in_its_windows_and_verdict_changes(client: TestClient) -> None:
    text = " ".join(client.get("/claims/small-caps/C1").text.split())
    assert "<strong>Stale value</strong>: IWM (total return)" in text
    assert "at most −123.0 bp" in text
    assert "Affects the main measurement and 2 readings." in text
    assert "Affects 1 other reading." in text
    assert "Remedy: load newer values." in text
    assert "was inconclusive on" in text
    assert "1 new event: 18 March 2024 (−9.4 %)" in text
    untouched = client.get("/claims/small-caps/C2").text
    assert "Defects of the data" not in untouched
    assert "When it changed" not in untouched


def test_status_lists_the_data_issues_of_the_stored_series(client: TestClient) -> None:
    text = " ".join(client.get("/status").text.split())
    assert "KRE (total return)" in text
    assert "Source: &lt;b&gt;prices&lt;/b&gt;.csv." in text


def test_claim_that_is_not_measured_says_why(client: TestClient) -> None:
    text = text_of(client, "/claims/small-caps/C4")
    assert "○ not measured" in text
    assert "Nothing is measured for this claim: No fundamentals are loaded." in text
    assert "Events" not in text


def test_status_says_that_nothing_is_polled(client: TestClient, hubs) -> None:
    assert "not polled" not in text_of(client, "/status")
    with TestClient(create_app(hubs, polled=False)) as unpolled:
        text = text_of(unpolled, "/status")
    assert "the program runs without polling ( live = false or --no-live )" in text
    assert "not polled in this mode" in text
    assert "not tried yet" not in text
    assert "unreachable no answer within 10 seconds" in text


def test_status_lists_every_feed_and_source(client: TestClient) -> None:
    text = text_of(client, "/status")
    for part in (
        "Harbor Wire: markets",
        "3,021",
        "unreachable no answer within 10 seconds",
        "off",
        "Prices in a folder",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/hubs/unknown", 404, "There is no hub"),
        ("/stories/s-none", 404, "There is no story"),
        ("/claims/small-caps/C99", 404, "has no claim"),
        ("/claims/fomc/C1.csv", 404, "has no claim"),
        ("/nothing", 404, "There is nothing at /nothing."),
        ("/hubs/small-caps?as_of=18.9.2024", 400, "must be a date such as 2024-09-18"),
        ("/hubs/small-caps?as_of=20240918", 400, "(YYYY-MM-DD)"),
        ("/claims/small-caps/C1?as_of=2024-02-30", 400, "(YYYY-MM-DD)"),
        ("/hubs/small-caps?as_of=2031-01-01", 400, "not a past day"),
        ("/hubs/small-caps?limit=0", 400, "limit: "),
    ],
)
def test_errors_are_pages_with_one_clear_line(client: TestClient, path: str, status: int, message: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert message in answer.text


def test_wrong_method_is_refused(client: TestClient) -> None:
    answer = client.post("/status")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/", "/api/v1/hubs"])
def test_the_text_of_an_unexpected_exception_is_never_shown(client: TestClient, hubs, path: str) -> None:
    hubs.broken = True
    answer = client.get(path)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "in the server log" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", [*PAGES, "/static/groundswell.css", "/api/v1/hubs", "/hubs/small-caps/feed.atom"])
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for part in ("default-src 'none'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_robots_and_static_files(client: TestClient) -> None:
    assert "Disallow: /api/" in client.get("/robots.txt").text
    assert len(client.get("/static/groundswell.css").content) < 12_000


def test_the_story_list_shows_mentions_and_independent_publishers(client: TestClient) -> None:
    page = text_of(client, "/hubs/small-caps")
    assert (
        "(2 of 3 independent) · mentions Federal Reserve, Harbor &amp; Sons Holdings, IWM, United States, New York"
        in page
    )
    assert "mentions &lt;i&gt;Acme&lt;/i&gt; Corp" in page
    assert page.count("independent)") == 1


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/hubs", "/"),
        ("/hubs?as_of=2024-09-18", "/?as_of=2024-09-18"),
        ("/claims/small-caps", "/hubs/small-caps"),
        ("/claims/%2F%2Fevil.example", "/claims/%2F%2Fevil.example"),
    ],
)
def test_a_shortened_address_redirects_to_the_list(client: TestClient, path: str, leads_to: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert answer.headers.get("location", path) == leads_to
    assert answer.status_code == (307 if leads_to != path else 404)


def test_the_status_page_refuses_past_dates(client: TestClient) -> None:
    answer = client.get("/status?as_of=2024-09-18")
    assert answer.status_code == 400
    assert "leave as_of out" in answer.text
