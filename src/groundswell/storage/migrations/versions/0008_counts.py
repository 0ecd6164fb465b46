"""Indexes from which articles and a hub's stories are counted without reading their rows."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_articles_origin_seen", "articles", ["origin", "first_seen_at"], unique=False)
    op.create_index("ix_tags_hub_story", "tags", ["hub", "story_id", "origin", "first_seen_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_tags_hub_story", table_name="tags")
    op.drop_index("ix_articles_origin_seen", table_name="articles")
