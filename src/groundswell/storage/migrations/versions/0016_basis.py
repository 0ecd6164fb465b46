"""The basis of each evaluation: the declared measurement of its claim, or a stand-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("basis", sa.String(20), nullable=False, server_default="declared"))


def downgrade() -> None:
    # A program that knows no basis would read these verdicts, and changes to and from them, as those of the claims.
    op.execute(sa.text("DELETE FROM evaluations WHERE basis <> 'declared'"))
    op.drop_column("evaluations", "basis")
