"""How the readings of a claim voted with each recorded verdict; of rows recorded before it is not listed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("votes", sa.JSON))


def downgrade() -> None:
    op.drop_column("evaluations", "votes")
