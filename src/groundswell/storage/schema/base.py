"""What all tables have in common. Instants are stored in UTC and returned aware."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The number of the last change of each topic, written by triggers (storage/changes.py).
changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("topic", String(80), nullable=False, unique=True),
)
