"""Whether the confidence sequence of each evaluation confirms its verdict; null of those recorded before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("confirmed", sa.Boolean))


def downgrade() -> None:
    op.drop_column("evaluations", "confirmed")
