"""Schema migrations: append-only, applied when a store is opened."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect


@cache
def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


class SchemaState(StrEnum):
    """How a database's schema compares to this program's."""

    EMPTY = "is empty"
    OLDER = "was made by an older version"
    CURRENT = "is current"
    NEWER = "was made by a newer version of this program"
    FOREIGN = "contains the tables of another program"


def schema_state(connection: Connection) -> SchemaState:
    """Compare the schema of a database to this program's, without changing it."""
    script = ScriptDirectory.from_config(_config())
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return SchemaState.FOREIGN if inspect(connection).get_table_names() else SchemaState.EMPTY
    if current == script.get_current_head():
        return SchemaState.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return SchemaState.OLDER if current in known else SchemaState.NEWER


def migrate(connection: Connection) -> None:
    """Upgrade the schema to this program's version within the transaction of the connection."""
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    finally:
        config.attributes.clear()
