"""The last answer of each data service for each series, so that a series has a chain of services."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_answers",
        sa.Column("service", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("measure", sa.String(20), primary_key=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ok_at", sa.DateTime(timezone=True)),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("short", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("service_answers")
