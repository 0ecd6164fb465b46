"""Store the number of the last change of each topic: a page is made again only after a change of what it shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
        sa.UniqueConstraint("topic", name="uq_changes_topic"),
    )


def downgrade() -> None:
    op.drop_table("changes")
