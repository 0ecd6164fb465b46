"""Who said it: of all that feeds say of an article, the word of its own site counts, now and as of any day."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from itertools import permutations
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.feeds.opml import Outline
from groundswell.model import Ingested, Outcome, StoryFilter
from groundswell.ports import Retrieved
from groundswell.testing.fakes import FixedClock
from groundswell.web.app import create_app

from .conftest import NOW

FED = Outline("https://www.federalreserve.gov/feeds/own.xml", "Federal Reserve", "")
BLOG = Outline("https://blog.example/rss", "A blog", "")
PAGE = "https://www.federalreserve.gov/newsevents/1.htm"
FALSE = "Russell 2000 small caps to soar at once, chair says"
TRUE = "FOMC statement: committee keeps federal funds rate unchanged"


def item(title: str, link: str = PAGE, guid: str = "", date: str = "", more: str = "") -> str:
    parts = [f"<title>{title}</title><link>{link}</link>{more}"]
    parts += [f"<guid isPermaLink='false'>{guid}</guid>"] if guid else []
    parts += [f"<pubDate>{date}</pubDate>"] if date else []
    return f"<item>{''.join(parts)}</item>"


def poll(groundswell: Groundswell, feed: Outline, *items: str):
    (state,) = [one for one in groundswell.feed_states().values() if one.address == feed.url]
    body = f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()
    return groundswell.take_feed(state, Retrieved(Outcome.OK, "HTTP 200", body))


@pytest.fixture
def groundswell(tmp_path: Path, clock: FixedClock):
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock) as opened:
        opened.add_feeds([FED, BLOG])
        yield opened


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def read_member(groundswell: Groundswell, words: str = ""):
    (story,) = groundswell.search(StoryFilter(words=words)).stories
    (member,) = story.members
    return member


def hubs(groundswell: Groundswell, day: date | None = None) -> set[str]:
    return {slug for slug in ("fomc", "small-caps") if groundswell.hub_page(slug, as_of=day).story_count}


def test_the_feds_own_feed_displaces_a_false_title_of_a_blog(groundswell: Groundswell, clock: FixedClock) -> None:
    poll(groundswell, BLOG, item(FALSE))
    assert hubs(groundswell) == {"small-caps"}
    clock.advance(timedelta(days=1))
    taken = poll(groundswell, FED, item(TRUE, date="Tue, 01 Oct 2024 08:00:00 GMT"))
    assert (taken.new, taken.edited) == (0, 1)
    member = read_member(groundswell)
    assert (member.article.title, member.article.publisher) == (TRUE, "Federal Reserve")
    assert member.article.published_at.hour == 8
    assert [(one.publisher, one.title) for one in member.sightings] == [("A blog", FALSE), ("Federal Reserve", TRUE)]
    assert member.earlier == ()
    assert hubs(groundswell) == {"fomc"}
    assert groundswell.search(StoryFilter(words="soar")).stories == ()
    assert read_member(groundswell, "committee").article.title == TRUE


def test_a_page_of_a_past_day_shows_what_was_elected_by_then(groundswell: Groundswell, clock: FixedClock) -> None:
    yesterday = clock.now.date()
    poll(groundswell, BLOG, item(FALSE))
    clock.advance(timedelta(days=1))
    poll(groundswell, FED, item(TRUE))
    (story,) = groundswell.search(StoryFilter()).stories
    then = groundswell.story_page(story.id, as_of=yesterday).story
    assert [(one.article.title, one.article.publisher) for one in then.members] == [(FALSE, "A blog")]
    assert [tag.hub for tag in then.tags] == ["small-caps"]
    assert hubs(groundswell, yesterday) == {"small-caps"}
    assert groundswell.hub_page("small-caps", as_of=yesterday).stories[0].headline == FALSE
    assert [article.title for article, _ in groundswell.articles(as_of=yesterday).articles] == [FALSE]
    assert groundswell.search(StoryFilter(words="committee"), as_of=yesterday).stories == ()


def test_a_later_time_does_not_change_the_order_of_a_story_on_a_past_day(
    groundswell: Groundswell, clock: FixedClock
) -> None:
    yesterday = clock.now.date()
    poll(groundswell, BLOG, item(TRUE, "https://blog.example/1", guid="b"), item(TRUE, guid="f"))
    (before,) = groundswell.search(StoryFilter()).stories
    clock.advance(timedelta(days=1))
    assert poll(groundswell, FED, item(TRUE, date="Tue, 01 Oct 2024 08:00:00 GMT")).edited == 1
    ids = [one.article.id for one in before.members]
    for day, expected in ((yesterday, ids), (None, ids[::-1])):
        story = groundswell.story_page(before.id, as_of=day).story
        assert [one.article.id for one in story.members] == expected


def test_the_page_of_a_story_shows_who_listed_it_otherwise(groundswell: Groundswell, clock: FixedClock) -> None:
    poll(groundswell, BLOG, item(FALSE))
    clock.advance(timedelta(days=1))
    poll(groundswell, FED, item(TRUE))
    (story,) = groundswell.search(StoryFilter()).stories
    client = TestClient(create_app(groundswell, "http://testserver"))
    page = unescape(client.get(f"/stories/{story.id}").text)
    assert f"As listed by A blog: “{FALSE}”" in page
    assert page.index(TRUE) < page.index(FALSE)
    (shown,) = client.get(f"/api/v1/stories/{story.id}").json()["articles"]
    assert (shown["title"], shown["publisher"]) == (TRUE, "Federal Reserve")
    told = [(one["listed_by"], one["rank"], one["elected"], one["shown_until"]) for one in shown["sightings"]]
    instant = clock.now.isoformat().replace("+00:00", "Z")
    assert told == [("A blog", "other", False, instant), ("Federal Reserve", "owner", True, None)]
    then = client.get(f"/stories/{story.id}?as_of=2024-10-01").text
    assert FALSE in unescape(then)
    assert TRUE not in unescape(then)


def test_a_feed_with_the_same_words_is_named_as_another_that_lists_it(groundswell: Groundswell) -> None:
    poll(groundswell, FED, item(TRUE))
    poll(groundswell, BLOG, item(TRUE))
    (story,) = groundswell.search(StoryFilter()).stories
    page = TestClient(create_app(groundswell, "http://testserver")).get(f"/stories/{story.id}").text
    assert "Also listed by A blog" in page
    assert "As listed by" not in page


def test_a_blog_displaces_nothing(groundswell: Groundswell, clock: FixedClock) -> None:
    poll(groundswell, FED, item(TRUE))
    clock.advance(timedelta(hours=1))
    assert poll(groundswell, BLOG, item(FALSE)).edited == 0
    member = read_member(groundswell)
    assert member.article.title == TRUE
    assert [one.feed for one in member.sightings] == [member.article.feed, "blog-example-rss"]


@pytest.mark.parametrize("owner_first", [False, True])
@pytest.mark.parametrize("start", ["https://blog.example/1", PAGE])
@pytest.mark.parametrize("at_once", [False, True])
def test_a_feed_takes_no_article_of_another_by_moving_the_link_of_its_guid(
    groundswell: Groundswell, clock: FixedClock, *, owner_first: bool, start: str, at_once: bool
) -> None:
    pages = [f"https://www.federalreserve.gov/newsevents/{n}.htm" for n in range(1, 5)]
    releases = [item(f"Release {n}: {TRUE}", link, guid=f"f{n}") for n, link in enumerate(pages)]
    links = [start, *pages, "https://blog.example/1"]
    moves = [item(FALSE, link, guid="one", date="Tue, 01 Oct 2024 08:00:00 GMT") for link in links]
    for answer in [releases] * owner_first + ([moves] if at_once else [[move] for move in moves]) + [releases]:
        clock.advance(timedelta(hours=1))
        poll(groundswell, FED, *answer) if answer is releases else poll(groundswell, BLOG, *answer)
    by_address = {article.url: (article.title, article.publisher) for article, _ in groundswell.articles().articles}
    for n, link in enumerate(pages):
        assert by_address[link] == (f"Release {n}: {TRUE}", "Federal Reserve")
    assert poll(groundswell, FED, *releases) == Ingested(offered=4)


def test_tagging_again_keeps_the_tags_of_former_titles(groundswell: Groundswell, clock: FixedClock) -> None:
    yesterday = clock.now.date()
    poll(groundswell, BLOG, item(FALSE))
    clock.advance(timedelta(days=1))
    poll(groundswell, FED, item(TRUE))
    before = hubs(groundswell), hubs(groundswell, yesterday)
    with groundswell._store.write() as connection:
        connection.exec_driver_sql("UPDATE taggings SET digest = 'older rules'")
    assert groundswell.retag() > 0
    assert (hubs(groundswell), hubs(groundswell, yesterday)) == before == ({"fomc"}, {"small-caps"})


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_feeds_does_not_change_what_is_shown(tmp_path: Path, order: tuple[int, ...]) -> None:
    clock = FixedClock(NOW)
    other = Outline("https://other.example/rss", "Other", "")
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock) as groundswell:
        groundswell.add_feeds([FED, BLOG, other])
        words = [(FED, TRUE), (BLOG, FALSE), (other, "Fed decision")]
        for place in order:
            clock.advance(timedelta(minutes=5))
            poll(groundswell, words[place][0], item(words[place][1], date="Tue, 01 Oct 2024 08:00:00 GMT"))
        member = read_member(groundswell)
        assert (member.article.title, member.article.publisher) == (TRUE, "Federal Reserve")
        assert len(member.sightings) == 3
        assert hubs(groundswell) == {"fomc"}


def test_a_false_title_does_not_keep_an_article_in_the_story_that_it_copied(
    groundswell: Groundswell, clock: FixedClock
) -> None:
    others = [item(f"Harbour Bank collapses after run on deposits, {n}", f"https://news.example/{n}") for n in range(3)]
    poll(groundswell, BLOG, *others, item("Harbour Bank collapses after run on deposits, Fed"))
    (story,) = groundswell.search(StoryFilter()).stories
    assert len(story.members) == 4
    clock.advance(timedelta(hours=1))
    poll(groundswell, FED, item(TRUE))
    stories = {one.headline: one for one in groundswell.search(StoryFilter()).stories}
    assert len(stories) == 2
    assert len(stories[TRUE].members) == 1
    page = groundswell.story_page(stories[TRUE].id)
    assert [repair.kind for repair in page.lineage] == ["split"]


def test_the_founder_of_a_story_stays_and_those_that_joined_its_false_title_leave(
    groundswell: Groundswell, clock: FixedClock
) -> None:
    poll(groundswell, BLOG, item("Harbour Bank collapses after run on deposits, Fed"))
    clock.advance(timedelta(minutes=5))
    poll(groundswell, BLOG, item("Harbour Bank collapses after run on deposits, 2", "https://news.example/2"))
    (story,) = groundswell.search(StoryFilter()).stories
    clock.advance(timedelta(hours=1))
    poll(groundswell, FED, item(TRUE))
    assert groundswell.story_page(story.id).story.headline == TRUE
    assert sorted(len(one.members) for one in groundswell.search(StoryFilter()).stories) == [1, 1]


def test_stories_after_a_restart_are_those_without_one(tmp_path: Path) -> None:
    """The detector's memory follows what is shown, so that a restored one assigns the same."""
    answers = []
    for restarts in (False, True):
        clock = FixedClock(NOW)
        path = str(tmp_path / f"{restarts}.db")
        groundswell = Groundswell.open(path, clock=clock)
        groundswell.add_feeds([FED, BLOG])
        for n in range(12):
            clock.advance(timedelta(minutes=20))
            page = f"https://www.federalreserve.gov/{n}.htm"
            poll(groundswell, BLOG, item(f"Harbour Bank collapses after run on deposits, day {n // 3}", page))
            if restarts:
                groundswell.close()
                groundswell = Groundswell.open(path, clock=clock)
            earlier = f"https://www.federalreserve.gov/{n // 2}.htm"
            subject = "capital rules" if n % 2 else "run at Harbour Bank, deposits"
            own = f"Fed governor speaks on bank {subject} {n // 4}"
            poll(groundswell, FED, item(own, earlier, date=f"Tue, 01 Oct 2024 0{n // 2}:00:00 GMT"))
        with groundswell._store.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, story_id, title, at, reasons FROM articles ORDER BY seq")
            answers.append(list(map(tuple, rows)))
        groundswell.close()
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("aggregator", "publishers", "independent"), [(False, 1, 1), (True, 3, 3)])
def test_a_source_counts_as_a_publisher_only_of_a_marked_aggregator(
    tmp_path: Path, aggregator: bool, publishers: int, independent: int
) -> None:
    feed = Outline("https://news.example/rss", "News", "", aggregator)
    titles = ["Bank runs spread to three lenders", "Runs on three banks spread fear", "Spread of bank runs: three shut"]
    with Groundswell.open(str(tmp_path / "a.db"), clock=FixedClock(NOW)) as groundswell:
        groundswell.add_feeds([feed])
        rows = [
            item(title, f"https://news.example/{n}", more=f'<source url="https://p{n}.example">Paper {n}</source>')
            for n, title in enumerate(titles)
        ]
        poll(groundswell, feed, *rows)
        (story,) = groundswell.search(StoryFilter()).stories
        assert len(story.members) == 3
        assert len(story.publishers) == publishers
        assert groundswell.story_page(story.id).facets.independent_publishers == independent


def test_the_mark_of_an_aggregator_is_stored_and_can_be_taken_back(tmp_path: Path) -> None:
    url = "https://news.example/rss"
    for mark, expected in ((True, True), (None, True), (False, False)):
        with Groundswell.open(str(tmp_path / "a.db"), clock=FixedClock(NOW)) as groundswell:
            groundswell.add_feeds([Outline(url, "", "", mark)])
            assert [feed.aggregator for feed in groundswell.feeds() if feed.url == url] == [expected]


def test_the_items_of_a_rotating_feed_are_one_article_each(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    feed = Outline("https://news.google.com/rss/search?q=x", "Query", "", True)
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock) as groundswell:
        groundswell.add_feeds([feed])
        new = []
        for turn in range(3):
            clock.advance(timedelta(hours=1))
            rows = [
                item(
                    f"News {n} - Paper",
                    f"https://news.google.com/rss/articles/{turn}{n}",
                    guid=f"{turn}{n}",
                    date=f"Mon, 30 Sep 2024 0{n}:00:00 GMT",
                    more='<source url="https://paper.example">Paper</source>',
                )
                for n in range(9)
            ]
            new.append(poll(groundswell, feed, *rows).new)
        assert new == [9, 0, 0]
        assert {article.title for article, _ in groundswell.articles().articles} == {f"News {n}" for n in range(9)}


@pytest.mark.parametrize("polls", [3])
def test_ten_feeds_with_stable_guids_and_changing_links_bring_no_surplus(tmp_path: Path, polls: int) -> None:
    clock = FixedClock(NOW)
    feeds = [Outline(f"https://f{n}.example/rss", f"F{n}", "") for n in range(10)]
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock) as groundswell:
        groundswell.add_feeds(feeds)
        new = []
        for turn in range(polls):
            clock.advance(timedelta(hours=1))
            taken = [
                poll(
                    groundswell,
                    feed,
                    *(item(f"News {n} of {k}", f"{feed.url}/{n}?s={turn}{k}", guid=f"g{n}") for n in range(25)),
                )
                for k, feed in enumerate(feeds)
            ]
            new.append(sum(one.new for one in taken))
        assert new == [250, 0, 0]


def test_any_number_of_feeds_may_list_an_article_under_changing_links(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    feeds = [Outline(f"https://f{n}.example/rss", f"F{n}", "") for n in range(30)]
    date = "Tue, 01 Oct 2024 08:00:00 GMT"
    with Groundswell.open(str(tmp_path / "a.db"), clock=clock) as groundswell:
        groundswell.add_feeds(feeds)
        new = []
        for turn in range(3):
            clock.advance(timedelta(hours=1))
            link = f"{PAGE}?t={turn}" if turn else PAGE
            new += [poll(groundswell, feed, item(TRUE, link, guid="g", date=date)).new for feed in feeds]
        assert new == [1] + [0] * 89
