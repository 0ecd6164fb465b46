"""Which topics changed: noted by triggers in the transaction of each write, read by whoever keeps pages.

The table ``changes`` has a row for each topic with the number of its last change. Triggers write it, so that no writer
has to remember to. Only SQLite has them; on other databases, as after a write that no trigger noted, every topic counts
as changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, inspect, select

from groundswell.model.changes import (
    EVERYTHING,
    EVIDENCE,
    NEWS,
    PAST,
    SOURCES,
    ChangeMark,
    Changes,
    name_hub_topic,
    name_story_topic,
)
from groundswell.storage.schema import articles, changes, metadata, tags

MARK_QUERIES = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()"}
"""By kind of database, a query whose result differs after every commit that a reader would see."""

NUMBERS_KEPT = 20_000
NUMBERS_BETWEEN_REMOVALS = 1_000
TRIGGER_PREFIX = "changes_of_"

_STORY = name_story_topic("")
_HUB = name_hub_topic("")
_NEWS = f"SELECT '{NEWS}'"
_EVIDENCE = f"SELECT '{EVIDENCE}'"
_OWN_STORY = f"SELECT '{_STORY}' || {{row}}.story_id"
# Real articles replace the demonstration on every page.
_FIRST_REAL = (
    f"SELECT '{EVERYTHING}' WHERE {{row}}.origin <> 'demo' AND NOT EXISTS"  # noqa: S608
    " (SELECT 1 FROM articles WHERE origin <> 'demo' AND seq <> {row}.seq)"
)


def _past(column: str) -> str:
    return f"SELECT '{PAST}' WHERE {{row}}.{column} < datetime('now', '-1 day')"


TOPICS: dict[str, tuple[str, ...]] = {
    "articles": (_NEWS, _OWN_STORY, _past("first_seen_at"), _FIRST_REAL),
    "tags": (_NEWS, _OWN_STORY, f"SELECT '{_HUB}' || {{row}}.hub", _past("first_seen_at")),
    "repairs": (
        _NEWS,
        f"SELECT '{_STORY}' || {{row}}.source",
        f"SELECT '{_STORY}' || {{row}}.target",
        _past("at"),
    ),
    "moves": (_NEWS, f"SELECT '{_STORY}' || {{row}}.source", _past("at")),
    "upstreams": (f"SELECT '{SOURCES}'",),
    "subscriptions": (f"SELECT '{SOURCES}'",),
    "service_answers": (_EVIDENCE, f"SELECT '{SOURCES}'"),  # the reason of a claim without its series names them
    "series": (_EVIDENCE,),
    "service_observations": (_EVIDENCE,),
    "contradictions": (_EVIDENCE, f"SELECT '{SOURCES}'"),
    "reloads": (_EVIDENCE,),
    "checks": (_EVIDENCE,),
    "evaluations": (_EVIDENCE,),
    "registrations": (_EVIDENCE,),
    "forecasts": (_EVIDENCE,),
    "taggings": ("SELECT 'taggings'",),  # which no page shows
}
"""By table, queries for the topics of a changed ``row``. A table that is not here is a change of everything."""

UNNOTED = frozenset({"changes", "observations", "sightings", "article_keys", "links"})
"""Observations are stored together with their series, many thousands at once; sightings and keys with a write of their
article, and links with that of their record."""


def install_triggers(connection: Connection) -> bool:
    """Create the triggers that note changes, or replace those of an earlier version.

    Returns whether that is done: not before all tables exist, as in a store that is about to be migrated.
    """
    if connection.dialect.name != "sqlite":
        return True
    found = _read_triggers(connection)
    wanted = _build_triggers()
    if found != wanted:
        if not metadata.tables.keys() <= set(inspect(connection).get_table_names()):
            return False
        drop_triggers(connection)
        for statement in wanted.values():
            connection.exec_driver_sql(statement)
    return True


def drop_triggers(connection: Connection) -> None:
    """Drop the triggers that note changes, so that a migration may rename the tables they name."""
    if connection.dialect.name == "sqlite":
        for name in _read_triggers(connection):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def read_changes(connection: Connection, since: ChangeMark | None) -> Changes:
    """Read which topics changed since a mark; all of them where there is none. The connection must be kept.

    SQLite counts the changes by others for each connection: a mark is comparable for one connection only. The change
    of a story is one of every hub that it belongs to.
    """
    version = str(connection.exec_driver_sql(MARK_QUERIES[connection.dialect.name]).scalar())
    if since is not None and version == since.version:
        return Changes(since, frozenset())
    newest = connection.scalar(select(func.coalesce(func.max(changes.c.number), 0))) or 0
    mark = ChangeMark(version, newest)
    if since is None or not since.number < newest < since.number + NUMBERS_KEPT - NUMBERS_BETWEEN_REMOVALS:
        return Changes(mark, frozenset({EVERYTHING}))
    topics = set(connection.scalars(select(changes.c.topic).where(changes.c.number > since.number)))
    stories = [topic.removeprefix(_STORY) for topic in topics if topic.startswith(_STORY)]
    return Changes(mark, frozenset(topics | {name_hub_topic(hub) for hub in _read_hubs(connection, stories)}))


def _read_hubs(connection: Connection, story_ids: Sequence[str]) -> Iterable[str]:
    """Read the hubs of stories, some of them more than once."""
    tagged = select(tags.c.hub).join(articles, articles.c.seq == tags.c.article_seq).distinct()
    for start in range(0, len(story_ids), 500):
        yield from connection.scalars(tagged.where(articles.c.story_id.in_(story_ids[start : start + 500])))


def _read_triggers(connection: Connection) -> dict[str, str]:
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB '{TRIGGER_PREFIX}*'"  # noqa: S608
    return {row.name: row.sql for row in connection.exec_driver_sql(query)}


def _build_triggers() -> dict[str, str]:
    """Return the statements that create the triggers, by name."""
    statements = {
        f"{TRIGGER_PREFIX}changes": (
            f"CREATE TRIGGER {TRIGGER_PREFIX}changes AFTER INSERT ON changes"  # noqa: S608
            f" WHEN new.number % {NUMBERS_BETWEEN_REMOVALS} = 0"
            f" BEGIN DELETE FROM changes WHERE number <= new.number - {NUMBERS_KEPT}; END"
        )
    }
    for table in sorted(metadata.tables.keys() - UNNOTED):
        for event, rows in (("insert", ("new",)), ("update", ("old", "new")), ("delete", ("old",))):
            name = f"{TRIGGER_PREFIX}{table}_{event}"
            queries = [
                query.format(row=row) for row in rows for query in TOPICS.get(table, (f"SELECT '{EVERYTHING}'",))
            ]
            statements[name] = (
                f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table}"
                f" BEGIN INSERT OR REPLACE INTO changes(topic) {' UNION '.join(queries)}; END"
            )
    return statements
