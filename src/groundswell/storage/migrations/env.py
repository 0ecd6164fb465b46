"""Run by Alembic: applies migrations on the connection that the store passes in."""

from alembic import context

from groundswell.storage.changes import drop_triggers
from groundswell.storage.schema import metadata

drop_triggers(context.config.attributes["connection"])  # the next write of a store creates them again
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
