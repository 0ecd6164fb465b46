"""words of headlines."""

from alembic import op

from groundswell.storage import search

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search.install(op.get_bind())


def downgrade() -> None:
    search.remove(op.get_bind())
