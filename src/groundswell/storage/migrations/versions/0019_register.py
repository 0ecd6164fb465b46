"""Registered specifications of claims, and the chain of evaluations: rows recorded before have no link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registrations",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("hub", sa.String(40), nullable=False),
        sa.Column("claim", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("canonical", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_registrations_claim", "registrations", ["hub", "claim", "version"], unique=True)
    op.add_column("evaluations", sa.Column("version", sa.Integer))
    op.add_column("evaluations", sa.Column("inputs", sa.JSON))
    op.add_column("evaluations", sa.Column("previous", sa.String(64)))
    op.add_column("evaluations", sa.Column("digest", sa.String(64)))


def downgrade() -> None:
    for column in ("digest", "previous", "inputs", "version"):
        op.drop_column("evaluations", column)
    op.drop_table("registrations")
