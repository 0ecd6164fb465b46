"""An index from which a publisher's articles are listed, newest first, without reading all others."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE INDEX ix_articles_publisher_at ON articles (publisher COLLATE NOCASE, at)")
    else:
        op.create_index("ix_articles_publisher_at", "articles", ["publisher", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_articles_publisher_at", table_name="articles")
