"""words of headlines."""

from alembic import op

from groundswell.storage.news import full_text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    full_text.create_index(op.get_bind())


def downgrade() -> None:
    full_text.drop_index(op.get_bind())
