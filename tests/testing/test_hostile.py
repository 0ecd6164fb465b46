"""Every hostile feed is survived: the kit against the real retriever and parser, then against the pages."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.feeds.offers import build_offers
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.fetch.client import HttpRetriever
from groundswell.model import FeedSpec, Origin, Outcome
from groundswell.testing.hostile import CASES, Answer, Case, run_cases, serve_cases
from groundswell.testing.hostile.content import CONTENT
from groundswell.testing.hostile.server import resolve_hostile_host
from groundswell.web.app import create_app

NOW = datetime(2026, 8, 17, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def results():
    """The result of each case, run in a separate process so that its memory can be measured."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "groundswell.testing.hostile"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert len(rows) == len(CASES), done.stderr
    assert done.returncode == any(row["faults"] for row in rows.values())
    return rows


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_case_holds(results, name):
    assert results[name]["faults"] == []


def test_memory_stays_within_bounds_over_all_cases(results):
    assert sum(row["megabytes"] for row in results.values()) < 300


def test_each_case_says_what_is_sent_and_what_must_hold():
    assert len({case.name for case in CASES}) == len(CASES) >= 80
    assert all(case.sent and case.holds for case in CASES)


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (Case("a", "", "", lambda request: Answer([b"<rss/>"]), Outcome.REFUSED), "the outcome is"),
        (Case("b", "", "", lambda request: Answer([b"<rss version='2.0'/>"]), titles=("x",)), "'x' was not read"),
        (
            Case(
                "c",
                "",
                "",
                lambda request: Answer([b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>"]),
                absent=("x",),
            ),
            "'x' was let through",
        ),
    ],
)
def test_the_kit_reports_faults(case, fault):
    (result,) = run_cases([case])
    assert any(fault in fault_found for fault_found in result.faults)


def test_a_name_that_leads_inside_is_not_asked():
    with serve_cases(CASES) as root:
        port = root.rpartition(":")[2]
        retriever = HttpRetriever("", (ip_network("127.0.0.1"),), resolver=resolve_hostile_host)
        for host in ("metadata.hostile", "inside.hostile"):
            got = retriever.retrieve(f"http://{host}:{port}/script", None, None)
            assert (got.outcome, got.detail.split(":")[0]) == (Outcome.REFUSED, "not asked")


LIVE = (
    "<script>alert",
    "onerror=alert",
    "<svg",
    "<math",
    "<iframe",
    "<base",
    "javascript:alert",
    "srcset=",
    "http-equiv",
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A site whose flagship hub shows every hostile headline."""
    spec = FeedSpec("hostile", "Hostile", "https://hostile.example/rss", "small-caps", True, 30, "")
    with serve_cases(CONTENT) as root:
        retriever = HttpRetriever("", (ip_network("127.0.0.1"),))
        bodies = [retriever.retrieve(f"{root}/{case.name}", None, None).body for case in CONTENT]
    bodies = [body.replace(b"<title>", b"<title>Russell 2000 small caps rally: ") for body in bodies]
    entries = [entry for body in bodies for entry in parse_feed(body, "", spec).entries]
    store = tmp_path_factory.mktemp("hostile") / "a.db"
    with Groundswell.open(str(store), clock=lambda: NOW) as groundswell:
        done = groundswell._ingest.add(build_offers(entries, NOW, Origin.LIVE))
        assert done.tagged == done.new >= 30
        yield groundswell, TestClient(create_app(groundswell, "https://hub.example"))


OWN_DRAWING = r'<svg class="spark"|<svg xmlns="http://www.w3.org/2000/svg" viewBox="[\d. ]+" class="chart '
"""How the sparklines and charts of the page itself begin."""


@pytest.mark.parametrize("path", ["/hubs/small-caps", "/hubs/small-caps/feed.atom", "/", "/status"])
def test_no_page_holds_live_markup_of_a_feed(pages, path):
    answer = pages[1].get(path)
    assert answer.status_code == 200
    foreign = re.sub(OWN_DRAWING, "", answer.text)
    assert [piece for piece in LIVE if piece in foreign] == []


def test_json_and_story_pages_hold_no_live_markup(pages):
    groundswell, client = pages
    feed = client.get("/hubs/small-caps/feed.json").json()
    assert feed["items"]
    assert not any(str(item.get("external_url") or item["url"]).startswith("javascript:") for item in feed["items"])
    stories = groundswell.stories("small-caps", limit=40)
    assert stories
    for story in stories:
        text = client.get(f"/stories/{story.id}").text
        assert [piece for piece in LIVE if piece in text] == []
        assert all(member.article.at <= NOW for member in story.members)  # nothing from the year 9999 leads the page


def test_guids_that_change_at_every_try_do_not_make_new_articles(tmp_path):
    spec = FeedSpec("churn", "Churn", "https://churn.example/rss", "", True, 30, "")
    with Groundswell.open(str(tmp_path / "a.db"), clock=lambda: NOW) as groundswell:
        new = []
        for turn in range(3):
            items = "".join(
                f"<item><title>Headline {n}{'!' * turn}</title><link>https://a.example/{n}?utm_id={turn}</link>"
                f"<guid>{turn}-{n}</guid></item>"
                for n in range(5)
            )
            entries = parse_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "", spec).entries
            new.append(groundswell._ingest.add(build_offers(entries, NOW, Origin.LIVE)).new)
        assert new == [5, 0, 0]
