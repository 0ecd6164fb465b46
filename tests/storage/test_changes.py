"""Each write notes the topics that it changed, however it was made, and no other write does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command

from groundswell.model import (
    Article,
    Assignment,
    FeedSpec,
    Measure,
    Member,
    Merge,
    Observation,
    Origin,
    Outcome,
    SeriesRef,
    Tag,
    TagPeriod,
    UpstreamKind,
    UpstreamState,
)
from groundswell.model.changes import EVERYTHING, EVIDENCE, NEWS, PAST, SOURCES, name_hub_topic, name_story_topic
from groundswell.storage import changes, migrations
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import observations
from groundswell.storage.news import articles, elections, lineage, tags
from groundswell.storage.schema import metadata
from groundswell.storage.upstreams import states, subscriptions

NOW = datetime.now(UTC)
FEED = UpstreamState("wire", UpstreamKind.FEED, "Wire", "https://wire.example/", "", enabled=True)


def make_member(
    number: int, story: str, hubs: tuple[str, ...] = (), *, at: datetime = NOW, origin: Origin = Origin.LIVE
) -> Member:
    article_id = f"article-{number}"
    article = Article(article_id, "wire", f"Title {number}", "", "Wire", None, at, at, False, origin)
    assigned = Assignment(article_id, story, founded=False, score=1.0, reasons=())
    return Member(article, assigned, tuple(Tag(hub, ("because",)) for hub in hubs))


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with a story of two articles in the hub ``fomc``, and another one in no hub."""
    with store.write() as connection:
        articles.add_members(connection, [make_member(1, "s1", ("fomc",)), make_member(2, "s1"), make_member(3, "s2")])
        states.save_states(connection, [FEED])
    return store


def write(store: Store, step: Callable[..., object], *arguments: object) -> set[str]:
    """Write, and return the topics that changed."""
    mark = store.read_changes().mark
    with store.write() as connection:
        step(connection, *arguments)
    return set(store.read_changes(mark).topics)


STORY, OTHER, HUB = name_story_topic("s1"), name_story_topic("s2"), name_hub_topic("fomc")
LATER = NOW + timedelta(minutes=1)
LAST_YEAR = NOW - timedelta(days=365)
NEW_TITLE = replace(make_member(2, "s1").article, title="Another")
MERGE = Merge("s2", "s1", "equal")
POLLED = replace(FEED, outcome=Outcome.NOT_MODIFIED, last_tried_at=NOW)
FUND = SeriesRef("IWM", Measure.TOTAL_RETURN)


@pytest.mark.parametrize(
    ("step", "arguments", "topics"),
    [
        pytest.param(articles.add_members, ([make_member(4, "s2")],), {NEWS, OTHER}, id="article"),
        pytest.param(articles.add_members, ([make_member(4, "s1")],), {NEWS, STORY, HUB}, id="article of a hub"),
        pytest.param(
            articles.add_members, ([make_member(4, "s2", at=LAST_YEAR)],), {NEWS, OTHER, PAST}, id="old article"
        ),
        pytest.param(elections.save_elected, (2, NEW_TITLE, LATER), {NEWS, STORY, HUB}, id="title"),
        pytest.param(elections.count_sightings, ({2: 2},), {NEWS, STORY, HUB}, id="sighting"),
        pytest.param(lineage.apply_repairs, ([MERGE], NOW), {NEWS, STORY, OTHER, HUB}, id="repair"),
        pytest.param(tags.replace_tags, ({1: []}, "fomc"), {NEWS, STORY, HUB}, id="tag removed"),
        pytest.param(
            tags.replace_tags,
            ({3: [TagPeriod(Tag("roic", ("because",)), NOW, NOW, None)]}, "roic"),
            {NEWS, OTHER, name_hub_topic("roic")},
            id="tag added",
        ),
        pytest.param(tags.save_progress, ("fomc", "digest", 1), {"taggings"}, id="progress of tagging"),
        pytest.param(
            states.save_states,
            ([replace(FEED, outcome=Outcome.NOT_MODIFIED, last_tried_at=NOW)],),
            {SOURCES},
            id="poll",
        ),
        pytest.param(states.remove_state, ("wire",), {SOURCES}, id="feed removed"),
        pytest.param(
            subscriptions.save_subscriptions,
            ([FeedSpec("wire", "Wire", "https://wire.example/", "", True, 30, "")],),
            {SOURCES},
            id="subscription",
        ),
        pytest.param(
            observations.add_observations,
            ([Observation(FUND, date(2024, 9, 18), 1.0, NOW, "tiingo")], NOW),
            {EVIDENCE},
            id="observation",
        ),
    ],
)
def test_a_write_changes_the_topics_that_it_names_and_no_other(filled: Store, step, arguments, topics) -> None:
    assert write(filled, step, *arguments) == topics


def test_the_first_real_article_changes_everything_and_the_next_does_not(store: Store) -> None:
    demonstration = make_member(1, "s1", origin=Origin.DEMO)
    assert EVERYTHING not in write(store, articles.add_members, [demonstration])
    assert EVERYTHING in write(store, articles.add_members, [make_member(2, "s2")])
    assert EVERYTHING not in write(store, articles.add_members, [make_member(3, "s3")])


def test_a_topic_that_changes_again_is_seen_again(filled: Store) -> None:
    assert [write(filled, states.save_states, [FEED]) for _ in range(3)] == [{SOURCES}] * 3


def test_nothing_changes_by_a_write_that_is_undone_or_empty(filled: Store) -> None:
    mark = filled.read_changes().mark
    with suppress(RuntimeError), filled.write() as connection:
        states.save_states(connection, [FEED])
        raise RuntimeError
    with filled.write():
        pass
    assert filled.read_changes(mark).topics == frozenset()


def test_every_table_is_noted_and_an_unknown_one_is_a_change_of_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(changes.TOPICS, "checks")
    triggers = changes._build_triggers()
    for table in metadata.tables.keys() - changes.UNNOTED:
        for event in ("insert", "update", "delete"):
            statement = triggers[f"{changes.TRIGGER_PREFIX}{table}_{event}"]
            assert (f"'{EVERYTHING}' UNION" in statement or f"'{EVERYTHING}';" in statement) == (table == "checks")


def test_a_write_that_nothing_noted_is_a_change_of_everything(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path / "store.db"))
    mark = store.read_changes().mark
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("CREATE TABLE notes (text)")
    assert store.read_changes(mark).topics == {EVERYTHING}
    store.close()


def test_a_reader_that_looks_too_seldom_sees_a_change_of_everything(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "NUMBERS_KEPT", 2_000)
    with filled.write() as connection:
        changes.drop_triggers(connection)
        changes.install_triggers(connection)
    mark = filled.read_changes().mark
    few = [make_member(number, f"s{number}") for number in range(10, 210)]
    assert EVERYTHING not in write(filled, articles.add_members, few)
    for start in range(1000, 5000, 1000):
        write(
            filled, articles.add_members, [make_member(number, f"s{number}") for number in range(start, start + 1000)]
        )
    assert filled.read_changes(mark).topics == {EVERYTHING}
    with filled.read() as connection:
        assert (connection.exec_driver_sql("SELECT count(*) FROM changes").scalar() or 0) < 2_000 + 1_000 + 2


def test_triggers_of_an_earlier_version_are_replaced_at_the_first_write(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Store.open(str(path)).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TRIGGER changes_of_old AFTER INSERT ON upstreams BEGIN SELECT 1; END")
    store = Store.open(str(path))
    assert write(store, states.save_states, [FEED]) >= {SOURCES}
    with store.read() as connection:
        assert changes._read_triggers(connection) == changes._build_triggers()
    store.close()


def test_a_migration_finds_no_triggers(filled: Store) -> None:
    """A migration that renames a table would fail on a trigger that names it."""
    config = migrations._config()
    with filled.write() as connection:
        assert changes._read_triggers(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        config.attributes.clear()
        assert not changes._read_triggers(connection)
