"""checks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checks",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("series_key", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["series_key"], ["series.key"], name=op.f("fk_checks_series_key_series")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_checks")),
    )
    op.create_index(op.f("ix_checks_series_key"), "checks", ["series_key"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_checks_series_key"), table_name="checks")
    op.drop_table("checks")
