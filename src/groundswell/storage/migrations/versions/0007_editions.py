"""editions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("article_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_editions_article_seq_articles")),
        sa.PrimaryKeyConstraint("article_seq", "at", name=op.f("pk_editions")),
    )


def downgrade() -> None:
    op.drop_table("editions")
