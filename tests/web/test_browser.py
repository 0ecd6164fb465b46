"""Every kind of page in a real browser: narrow and wide, light and dark, by keyboard and by accessibility rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from groundswell.web.app import create_app

from .browsing import NEEDS_BROWSER, launch, serve
from .conftest import FakeHubs

PAGES = [
    "/search?q=small+caps",
    "/hubs/small-caps/stories?instrument=IWM",
    "/forecasts",
    "/methodology",
    "/style",
    "/",
    "/hubs/small-caps?as_of=2024-09-18",
    "/hubs/fomc",
    "/stories/s-rally",
    "/stories/s-hostile",
    "/claims/small-caps/C1",
    "/claims/small-caps/C4",
    "/status",
    "/hubs/unknown",
]
SCREENS = [(320, "light"), (375, "light"), (375, "dark"), (768, "light"), (1440, "light"), (1440, "dark")]

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server over a made hub, which all tests of the module share."""
    with serve(lambda _: create_app(FakeHubs())) as address:
        yield address


@pytest.fixture(scope="module")
def shared_browser() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture
def browser(shared_browser: Browser) -> Iterator[Browser]:
    """The browser that all tests of the module share; the contexts that a test opens end with it."""
    yield shared_browser
    for context in shared_browser.contexts:
        context.close()


def open_screen(browser: Browser, width: int, scheme: str, bypass_csp: bool = False) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=bypass_csp, reduced_motion="reduce"
    )


def test_pages_fit_every_screen_without_console_messages(address: str, browser: Browser) -> None:
    faults = []
    for width, scheme in SCREENS:
        page = open_screen(browser, width, scheme).new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        for path in PAGES:
            page.goto(address + path)
            overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overhang > 0:
                faults.append(f"{path} at {width}: {overhang} px too wide")
    expected = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert [fault for fault in faults if fault != expected] == []
    assert faults.count(expected) == len(SCREENS)  # the page of an unknown hub, once a screen


def test_pages_request_no_other_site_and_do_not_shift(address: str, browser: Browser) -> None:
    page = open_screen(browser, 375, "light").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(address + path)
        shift = page.evaluate(
            "new Promise(done => new PerformanceObserver(list => done(list.getEntries().length))"
            ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 100))"
        )
        assert shift == 0, path
    assert [url for url in asked if not url.startswith(address)] == []


def test_axe_finds_nothing(address: str, browser: Browser) -> None:
    faults = []
    for width, scheme in [(375, "dark"), (1440, "light"), (1440, "dark")]:
        page = open_screen(browser, width, scheme, bypass_csp=True).new_page()
        for path in PAGES:
            page.goto(address + path)
            results = Axe().run(page)
            if results.violations_count:
                faults.append(f"{path} at {width} {scheme}: {results.generate_report()}")
    assert faults == []


def test_charts_follow_light_and_dark(address: str, browser: Browser) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = open_screen(browser, 1440, scheme).new_page()
        page.goto(f"{address}/hubs/small-caps")
        assert page.locator("svg.wide").is_visible()
        assert not page.locator("svg.narrow").is_visible()
        colours[scheme] = page.evaluate(
            "[...document.querySelectorAll('svg.wide path')].map(path => getComputedStyle(path).stroke)"
            ".filter(stroke => stroke.startsWith('rgb'))"
        )
    assert colours["light"]
    assert set(colours["light"]).isdisjoint(colours["dark"])


def test_the_first_keyboard_stop_skips_to_the_content(address: str, browser: Browser) -> None:
    page = open_screen(browser, 1440, "light").new_page()
    page.goto(f"{address}/hubs/small-caps")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_reader_opens_a_past_date_with_the_form(address: str, browser: Browser) -> None:
    page = open_screen(browser, 1440, "light").new_page()
    page.goto(f"{address}/hubs/small-caps")
    page.get_by_label("Show this page as of a past date").fill("2024-09-18")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/hubs/small-caps?as_of=2024-09-18")
    assert page.get_by_text("Shown as of 18 September 2024.").is_visible()


def test_a_reader_goes_from_a_hub_to_stories_claims_and_feeds(address: str, browser: Browser) -> None:
    page = open_screen(browser, 1440, "light").new_page()
    page.goto(address)
    page.get_by_role("link", name="Small-Caps Revival").click()
    page.get_by_label("Words").fill("rally")
    page.get_by_role("button", name="Show stories").click()
    page.wait_for_url("**/hubs/small-caps/stories?q=rally**")
    page.get_by_role("link", name="Small caps jump as traders bet").click()
    page.wait_for_url("**/stories/s-rally")
    assert page.get_by_role("img", name="3 articles in one day").is_visible()
    page.get_by_role("link", name="After the first cut of an easing cycle").click()
    page.wait_for_url("**/claims/small-caps/C1")
    assert page.get_by_text("Key figures").is_visible()
    page.go_back()
    page.get_by_role("link", name="Small-Caps Revival").click()
    page.locator("a.figure", has_text="−2.1").click()  # a figure in prose opens its claim
    page.wait_for_url("**/claims/small-caps/C1")
    page.goto(f"{address}/hubs/small-caps")
    for name, kind in (("Stories as an Atom feed", "atom+xml"), ("CSV", "text/csv"), ("PNG", "image/png")):
        link = page.get_by_role("link", name=name, exact=True).first.get_attribute("href")
        assert kind in page.request.get(f"{address}{link}").headers["content-type"]


def test_a_reader_searches_by_keyboard_alone(address: str, browser: Browser) -> None:
    page = open_screen(browser, 1440, "light").new_page()
    page.goto(address)
    focus(page, "Search")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")
    focus(page, "q")
    page.keyboard.type("small caps")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=small+caps**")
    focus(page, "After the first cut of an easing cycle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/small-caps/C1")
    focus(page, "The main measurement and")
    page.keyboard.press("Enter")
    assert page.get_by_role("rowheader", name="insurance cuts only").is_visible()


def focus(page: Page, start: str) -> None:
    """Press Tab until the focus is on what begins so, or has that name; where it is must be seen."""
    label_of_focus = "document.activeElement.name || document.activeElement.innerText || ''"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(label_of_focus).startswith(start):
            width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert float(width.removesuffix("px")) >= 2, start
            return
    raise AssertionError(f"no stop of the keyboard begins with {start!r}")


def test_a_printed_page_has_no_forms_or_navigation(address: str, browser: Browser) -> None:
    page = open_screen(browser, 700, "dark").new_page()
    page.emulate_media(media="print")
    page.goto(f"{address}/hubs/small-caps")
    assert not page.get_by_role("search").is_visible()
    assert not page.get_by_role("navigation", name="Site").is_visible()
    assert page.locator("svg.chart").first.is_visible()
    assert page.locator(".state td.reasons").first.is_visible(), "no figure is printed without its source"
    assert page.evaluate("document.documentElement.scrollWidth") == 700, "and none is cut off"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert len(page.pdf()) > 20_000
