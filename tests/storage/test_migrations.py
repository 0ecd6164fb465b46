"""Every released schema can be upgraded and downgraded, and its rows are read by today's code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event, inspect

from groundswell.model import Action, IssueKind, Measure, SeriesRef, TitleVersion, Verdict
from groundswell.storage import migrations
from groundswell.storage.changes import install_triggers
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import evaluations, observations, quality_checks
from groundswell.storage.news import articles
from groundswell.storage.schema import metadata
from groundswell.storage.upstreams import states, subscriptions

STORED_0008 = Path(__file__).parent / "data" / "revision_0008.jsonl"
"""Rows that the release with revision 0008 stored, as SQLite holds them: ``{"table", "row"}``."""

REVISIONS = [
    script.revision for script in ScriptDirectory.from_config(migrations._config()).walk_revisions("base", "heads")
][::-1]


@contextmanager
def connect(path: Path) -> Iterator[Connection]:
    """A connection that writes as the store's does, in one transaction."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        yield connection
    engine.dispose()


def migrate_to(connection: Connection, revision: str, *, down: bool = False) -> None:
    config = migrations._config()
    config.attributes["connection"] = connection
    try:
        (command.downgrade if down else command.upgrade)(config, revision)
    finally:
        config.attributes.clear()


def read_schema(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The columns of each table and index by its name, and the name of each trigger."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").scalars()
    return {
        name: [
            tuple(row)
            for pragma in ("table_info", "index_info")
            for row in connection.exec_driver_sql(f"PRAGMA {pragma}({name})").all()
        ]
        for name in names.all()
    }


def read_rows(connection: Connection, tables: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of tables; JSON is read, so that only its spacing does not count, but the order of its keys does."""
    return {
        table: [
            {name: _parse(value) for name, value in row._mapping.items()}
            for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY rowid").all()
        ]
        for table in tables
    }


def _parse(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value, object_pairs_hook=list)
    return value


@pytest.fixture
def old_store(tmp_path: Path) -> Path:
    """A store at revision 0008, filled."""
    path = tmp_path / "store.db"
    with connect(path) as connection:
        migrate_to(connection, "0008")
        for line in STORED_0008.read_text(encoding="utf-8").splitlines():
            table, row = json.loads(line).values()
            marks = ", ".join("?" * len(row))
            statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
            connection.exec_driver_sql(statement, tuple(row.values()))
    return path


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_upgrades_to_the_head_and_downgrades_again(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "store.db"
    with connect(path) as connection:
        migrate_to(connection, revision)
        before = read_schema(connection)
    with connect(path) as connection:
        migrate_to(connection, "head")
    Store.open(str(path)).close()
    with connect(path) as connection:
        migrate_to(connection, revision, down=True)
        assert read_schema(connection) == before
    with connect(path) as connection:
        migrate_to(connection, "base", down=True)
        assert _list_tables(connection) == {"alembic_version"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_of_each_revision_is_upgraded_when_it_is_opened(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "old.db"
    Store.open(f"sqlite:///{path}").close()  # with the triggers of the present program, as far as they go
    with connect(path) as connection:
        migrate_to(connection, revision, down=True)
    store = Store.open(f"sqlite:///{path}")
    with store.write() as connection:
        assert install_triggers(connection)
    store.close()
    with connect(path) as connection:
        assert _list_tables(connection) >= metadata.tables.keys()


def test_rows_of_revision_0008_are_read_by_the_present_code(old_store: Path) -> None:
    store = Store.open(str(old_store))
    with store.read() as connection:
        (r3, r4) = (evaluations.read_latest(connection, "roic")[claim] for claim in ("R3", "R4"))
        assert (r3.verdict, r3.impacts) == (Verdict.NOT_MEASURED, ())
        assert (r4.verdict, r4.as_of, r4.n) == (Verdict.SUPPORTED, date(2025, 1, 2), 112)
        issue = r4.impacts[0].issue
        assert (r4.impacts[0].main, issue.kind, issue.action) == (True, IssueKind.SURVIVORS, Action.KEPT)
        assert issue.remedy == "load members as of each past day, with those that left"
        assert [point.as_of for point in evaluations.read_history(connection, "roic", "R4", date.max)] == [
            date(2024, 12, 11),
            date(2025, 1, 2),
        ]
        (c5,) = evaluations.read_latest(connection, "small-caps").values()
        assert len(c5.impacts) == 6
        kinds = [[issue.kind for issue in issues] for issues in quality_checks.load_issues(connection).values()]
        assert [IssueKind.OFF_SESSION, IssueKind.OTHER_DIVIDEND, IssueKind.INCLUDES_DIVIDENDS] in kinds
        assert [IssueKind.SURVIVORS] in kinds
        by_series = observations.load_observations(connection)
        ((treasury,), (fund,)) = (
            by_series[ref] for ref in (SeriesRef("DGS10", Measure.RATE), SeriesRef("IWM", Measure.TOTAL_RETURN))
        )
        assert (treasury.value, treasury.date, treasury.since) == (4.55, date(2024, 12, 30), None)
        assert (treasury.source, fund.source) == ("fred", "tiingo")
        assert (fund.value, fund.since) == (1.004, date(2024, 12, 30))
        assert fund.known_at == datetime(2025, 1, 1, 9, tzinfo=UTC)
        members = [
            member
            for story in articles.read_members(connection, _story_ids(connection), None).values()
            for member in story
            if member.earlier
        ]
        assert [member.article.title for member in members] == [members[0].earlier[0].title + " – update"]
        assert isinstance(members[0].earlier[0], TitleVersion)
        assert {state.name for state in states.list_states(connection)} >= {"data:folder", "data:factors"}
        assert [feed.minutes for feed in subscriptions.load_subscriptions(connection)] == [20]
    store.close()


def test_rows_of_revision_0008_are_the_same_after_upgrade_and_downgrade(old_store: Path) -> None:
    with connect(old_store) as connection:
        tables = sorted(table for table in _list_tables(connection) if not table.startswith("article_words"))
        schema, before = read_schema(connection), read_rows(connection, tables)
    Store.open(str(old_store)).close()
    with connect(old_store) as connection:
        assert set(_list_tables(connection)) != set(tables)
        migrate_to(connection, "0008", down=True)
        assert read_rows(connection, tables) == before
        assert read_schema(connection) == schema


ADDRESSES = {
    "https://b\u00fccher.example:8443/\u00e4?\u00f6": "https://xn--bcher-kva.example:8443/\u00e4?\u00f6",
    "http://\u0430pple.example/": "http://xn--pple-43d.example/",
    "https://a.example/\u00e4": "https://a.example/\u00e4",
    "https://\u2764.example/": "https://\u2764.example/",
}


def test_stored_hosts_are_in_ascii_from_revision_0014_on(old_store: Path) -> None:
    with connect(old_store) as connection:
        migrate_to(connection, "0013")
        places = [("articles", "url"), ("sightings", "url"), ("upstreams", "address"), ("upstreams", "moved_to")]
        for table, column in places:
            key = "name" if table == "upstreams" else "rowid"
            keys = [row[0] for row in connection.exec_driver_sql(f"SELECT {key} FROM {table} ORDER BY 1 LIMIT 4")]
            for which, address in zip(keys, ADDRESSES, strict=False):
                connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (address, which))
    with connect(old_store) as connection:
        before = {place: _read_column(connection, *place) for place in places}
        assert all(set(ADDRESSES) & set(values) for values in before.values())
        migrate_to(connection, "0014")
        for place, values in before.items():
            assert _read_column(connection, *place) == [ADDRESSES.get(value, value) for value in values]


def _read_column(connection: Connection, table: str, column: str) -> list[str]:
    return list(connection.exec_driver_sql(f"SELECT {column} FROM {table} ORDER BY rowid").scalars())


def _story_ids(connection: Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT DISTINCT story_id FROM articles").scalars())


def _list_tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())
