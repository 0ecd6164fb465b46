"""repairs and taggings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repairs",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_repairs")),
    )
    op.create_index(op.f("ix_repairs_source"), "repairs", ["source"], unique=False)
    op.create_index(op.f("ix_repairs_target"), "repairs", ["target"], unique=False)
    op.create_table(
        "taggings",
        sa.Column("hub", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("upto_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("hub", name=op.f("pk_taggings")),
    )
    op.create_table(
        "moves",
        sa.Column("article_seq", sa.Integer(), nullable=False),
        sa.Column("repair_key", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_moves_article_seq_articles")),
        sa.ForeignKeyConstraint(["repair_key"], ["repairs.key"], name=op.f("fk_moves_repair_key_repairs")),
        sa.PrimaryKeyConstraint("article_seq", "repair_key", name=op.f("pk_moves")),
    )
    op.create_index(op.f("ix_moves_source"), "moves", ["source"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_moves_source"), table_name="moves")
    op.drop_table("moves")
    op.drop_table("taggings")
    op.drop_index(op.f("ix_repairs_target"), table_name="repairs")
    op.drop_index(op.f("ix_repairs_source"), table_name="repairs")
    op.drop_table("repairs")
