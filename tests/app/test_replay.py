"""A recorded stream by the way of live news: stories, restarts, kills, past days."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from groundswell import Groundswell
from groundswell.errors import BadInputError, MissingSeriesError, NotFoundError, UsageError
from groundswell.model import Origin
from groundswell.storage.engine.store import Store
from groundswell.storage.schema import articles

from ..demo_news import add_demo_news

NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)


def test_a_replay_makes_stories_and_tags_them(groundswell: Groundswell, stream: Path) -> None:
    replayed = groundswell.replay(stream)
    assert (replayed.ingested.offered, replayed.ingested.new) == (8, 8)
    assert replayed.as_of == date(2024, 9, 20)
    cut = next(story for story in groundswell.stories("fomc") if len(story.members) == 3)
    assert cut.publishers == ("Wire One", "Wire Two", "Morning Post")
    assert cut.first_at == datetime(2024, 9, 18, 18, 1, tzinfo=UTC)
    assert {tag.hub for tag in cut.tags} >= {"fomc"}
    assert all(tag.reasons for tag in cut.tags)
    assert all(member.article.origin is Origin.REPLAY for member in cut.members)
    assert not any(
        "swimming" in story.headline for hub in groundswell.hubs() for story in groundswell.stories(hub.slug)
    )


def test_a_replay_run_again_adds_nothing(groundswell: Groundswell, stream: Path) -> None:
    groundswell.replay(stream)
    before = groundswell.stories("small-caps")
    assert groundswell.replay(stream).ingested.new == 0
    assert groundswell.stories("small-caps") == before


def test_until_is_inclusive_and_the_rest_can_follow(groundswell: Groundswell, stream: Path) -> None:
    first = groundswell.replay(stream, until=date(2024, 9, 18))
    assert (first.ingested.new, first.as_of) == (5, date(2024, 9, 18))
    assert groundswell.replay(stream).ingested.new == 3


def test_verdicts_of_later_days_are_recomputed_from_the_data_of_a_replay(
    groundswell: Groundswell, stream: Path, tmp_path: Path
) -> None:
    def gap() -> tuple[date, bool]:
        found = next(one for one in groundswell.claims("small-caps") if one.id == "C1")
        return found.as_of, "IWM" in found.reason

    groundswell.load()
    groundswell.record(NOW.date())
    assert gap() == (NOW.date(), True)
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "IWM.csv").write_text("date,symbol,adj_close\n2024-09-03,IWM,100\n2024-09-04,IWM,101\n")
    groundswell.replay(stream, data=tmp_path / "prices")
    assert gap() == (NOW.date(), False)


def test_a_past_day_shows_nothing_received_later(groundswell: Groundswell, stream: Path) -> None:
    groundswell.replay(stream)
    eve = groundswell.hub_page("fomc", as_of=date(2024, 9, 17))
    assert [story.headline for story in eve.stories] == ["Russell 2000 climbs as traders await the Fed rate decision"]
    assert eve.story_count == 1
    assert eve.coverage.articles_stored == 2
    later = groundswell.stories("fomc", as_of=date(2024, 9, 18))[0]
    assert groundswell.story_page(later.id, as_of=date(2024, 9, 18)).story == later
    with pytest.raises(NotFoundError, match="as of 2024-09-17"):
        groundswell.story_page(later.id, as_of=date(2024, 9, 17))


@pytest.mark.parametrize("day", [date(2024, 10, 2), date(1969, 12, 31)])
def test_days_that_cannot_be_shown_are_refused(groundswell: Groundswell, day: date) -> None:
    with pytest.raises(UsageError, match="give a day from 1970-01-01 to 2024-10-01"):
        groundswell.hub_page("fomc", as_of=day)


def test_unknown_names_raise_with_a_suggestion(groundswell: Groundswell) -> None:
    with pytest.raises(NotFoundError, match="there is no hub 'gold'; there are small-caps, fomc"):
        groundswell.hub_page("gold")
    with pytest.raises(NotFoundError, match="has no claim 'C99'"):
        groundswell.claim_page("small-caps", "C99")
    with pytest.raises(NotFoundError, match="no story 'nope'"):
        groundswell.story_page("nope")


def test_absurd_dates_neither_stop_a_replay_nor_move_its_clock(groundswell: Groundswell, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "title": "Fed seen holding rates", "published": "0001-01-01T00:00:00Z"},
        {"id": "b", "title": "Fed holds rates steady", "published": "2024-09-01T10:00:00Z"},
        {"id": "c", "title": "Fed chair speaks on inflation", "published": "9999-12-31T23:59:59Z"},
        {"id": "d", "title": "Fed minutes show debate"},
        {"id": "e", "title": "Fed officials signal patience", "published": "2024-09-02T10:00:00Z"},
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    replayed = groundswell.replay(path)
    assert (replayed.ingested.new, replayed.as_of) == (5, date(2024, 9, 2))
    found = {m.article.title: m.article.at for s in groundswell.stories("fomc") for m in s.members}
    assert found["Fed chair speaks on inflation"] == datetime(2024, 9, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no file"),
        ("not json\n", "line 1"),
        ('{"id": "a"}\n', "line 1: the field title is missing"),
        ('{"id": "a", "title": "x", "published": "soon"}\n', "published is 'soon'"),
    ],
)
def test_an_unusable_stream_raises_and_nothing_is_stored(
    groundswell: Groundswell, tmp_path: Path, text, message
) -> None:
    path = tmp_path / "bad.jsonl"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises((BadInputError, NotFoundError), match=message):
        groundswell.replay(path)
    status = groundswell.status_page()
    assert status.coverage.articles_stored == 0
    assert status.data == ()


def test_a_folder_without_any_needed_series_raises(groundswell: Groundswell, stream: Path, tmp_path: Path) -> None:
    folder = tmp_path / "prices"
    folder.mkdir()
    (folder / "pets.csv").write_text("date,symbol,close\n2024-01-02,CATS,3.5\n", encoding="utf-8")
    with pytest.raises(MissingSeriesError, match="contains none of the series"):
        groundswell.replay(stream, data=folder)
    assert groundswell.status_page().coverage.articles_stored == 0


def _places(store: Path) -> list[tuple[str, str]]:
    opened = Store.open(str(store))
    with opened.read() as connection:
        rows = connection.execute(select(articles.c.id, articles.c.story_id).order_by(articles.c.seq)).all()
    opened.close()
    return [tuple(row) for row in rows]


def _held(store: Path) -> int:
    """How many articles another process has stored so far."""
    if not store.exists():
        return 0
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        except sqlite3.OperationalError:  # no tables yet
            return 0


def _long_stream(path: Path, count: int) -> Path:
    """Headlines that keep forming stories: each subject returns within hours, in other words."""
    pick = random.Random(7)
    actors = ["Fed", "Treasury", "Regional banks", "Small caps", "Biotech fund", "Grain exporter", "Ferry operator"]
    deeds = ["raises outlook", "cuts forecast", "warns on debt", "names new head", "faces inquiry", "plans merger"]
    ends = ["after weak quarter", "as demand cools", "despite protests", "in surprise move", "before vote"]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8") as lines:
        for place in range(count):
            at = start + timedelta(minutes=20 * place)
            subject = f"{pick.choice(actors)} {pick.choice(deeds)} {pick.choice(ends)} no. {pick.randrange(40)}"
            row = {"id": f"x{place}", "published": at.isoformat(), "source": f"wire {place % 5}", "title": subject}
            lines.write(json.dumps(row) + "\n")
    return path


@pytest.mark.slow
def test_killing_a_replay_anywhere_changes_nothing_in_the_end(tmp_path: Path) -> None:
    stream = _long_stream(tmp_path / "long.jsonl", 8_000)
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    command = [sys.executable, "-m", "groundswell", "replay", str(stream), "--db"]
    subprocess.run([*command, str(whole)], check=True, capture_output=True)
    pick = random.Random(3)
    kept = [0]
    for _ in range(5):
        with subprocess.Popen([*command, str(killed)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            while _held(killed) == kept[-1] and running.poll() is None:
                time.sleep(0.02)
            time.sleep(pick.uniform(0, 0.2))
            running.send_signal(signal.SIGKILL)
        kept.append(_held(killed))
    assert kept == sorted(kept), "an article that was stored is gone"
    assert any(0 < count < 8_000 for count in kept), f"no kill fell into the middle of the work: {kept}"
    subprocess.run([*command, str(killed)], check=True, capture_output=True)
    assert _places(killed) == _places(whole)


def test_demonstration_headlines_of_earlier_versions_are_on_no_page(groundswell: Groundswell, stream: Path) -> None:
    assert add_demo_news(groundswell, Origin.DEMO).new > 20
    page = groundswell.hub_page("small-caps")
    assert (page.stories, page.story_count, page.coverage.articles_stored) == ((), 0, 0)
    assert [card.latest for card in groundswell.index_page().cards] == [None] * len(groundswell.hubs())
    assert groundswell.stories("small-caps") == ()
    groundswell.replay(stream)
    after = groundswell.hub_page("small-caps")
    assert after.stories
    assert not any(story.demonstration for story in after.stories)


def test_the_demonstration_is_made_of_invented_headlines_and_stored_nowhere(groundswell: Groundswell) -> None:
    stories = groundswell.demonstration()
    assert len(stories) > 20
    assert any(len(story.members) > 1 for story in stories)
    assert {"small-caps", "fomc", "panic-selling", "roic"} == {tag.hub for story in stories for tag in story.tags}
    assert all(story.demonstration for story in stories)
    assert all("demonstration" in name for story in stories for name in story.publishers)
    assert groundswell.hub_page("small-caps").coverage.articles_stored == 0


def test_the_page_of_a_claim_shows_the_news_of_its_events(groundswell: Groundswell, stream: Path) -> None:
    groundswell.replay(stream)
    (event,) = groundswell.hub_page("small-caps").event_news
    assert (event.date, event.claim_id) == (date(2024, 9, 18), "C1")
    assert [len(story.members) for story in event.stories] == [3, 2]
    assert groundswell.claim_page("small-caps", "C1").event_news == (event,)
    assert groundswell.hub_page("small-caps", as_of=date(2024, 9, 17)).event_news == ()


def test_an_empty_hub_says_which_feeds_were_requested(groundswell: Groundswell) -> None:
    groundswell.register_sources()
    page = groundswell.hub_page("roic")
    assert page.stories == ()
    assert page.coverage.feeds_on == page.coverage.feeds_untried > 20
    assert page.coverage.last_asked_at is None
