"""Run by Alembic: migrations are applied on the connection that the store hands over."""

from alembic import context

from groundswell.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
