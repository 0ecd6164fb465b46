"""An index of the moves of a repair, so that a story's page does not read all moves to list its repairs."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_moves_repair_key", "moves", ["repair_key"])


def downgrade() -> None:
    op.drop_index("ix_moves_repair_key", table_name="moves")
