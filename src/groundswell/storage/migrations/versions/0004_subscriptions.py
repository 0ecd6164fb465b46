"""subscriptions, and when a feed is due and why."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("upstreams", sa.Column("last_body_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("upstreams", sa.Column("due_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("upstreams", sa.Column("interval_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("upstreams", sa.Column("interval_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("upstreams", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("upstreams", sa.Column("moved_times", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "subscriptions",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_subscriptions")),
    )


def downgrade() -> None:
    op.drop_table("subscriptions")
    for column in ("moved_times", "moved_to", "interval_reason", "interval_minutes", "due_reason", "last_body_at"):
        op.drop_column("upstreams", column)
