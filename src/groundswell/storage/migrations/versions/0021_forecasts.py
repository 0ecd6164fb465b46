"""Stored forecasts, and one chain over registrations, evaluations and forecasts.

The links of evaluations move to a table of their own, with the same digests: who noted one finds it again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecasts",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("hub", sa.String(40), nullable=False),
        sa.Column("claim", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
    )
    op.create_index("ix_forecasts_event", "forecasts", ["hub", "claim", "version", "day", "kind"], unique=True)
    op.create_table(
        "links",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.String(12), nullable=False),
        sa.Column("key", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_links_record", "links", ["record", "key"], unique=True)
    op.execute(
        "INSERT INTO links (place, record, key, digest) SELECT row_number() OVER (ORDER BY key), 'evaluation', key,"
        " digest FROM evaluations WHERE digest IS NOT NULL"
    )
    for column in ("digest", "previous"):
        op.drop_column("evaluations", column)


def downgrade() -> None:
    """Give evaluations their digests again, unless other rows are in the chain, which releases before do not know."""
    op.add_column("evaluations", sa.Column("previous", sa.String(64)))
    op.add_column("evaluations", sa.Column("digest", sa.String(64)))
    op.execute(
        "UPDATE evaluations SET"
        " digest = (SELECT digest FROM links WHERE links.key = evaluations.key),"
        " previous = (SELECT coalesce(before.digest, '') FROM links LEFT JOIN links AS before"
        " ON before.place = links.place - 1 WHERE links.key = evaluations.key)"
        " WHERE NOT EXISTS (SELECT 1 FROM links WHERE record <> 'evaluation')"
    )
    op.drop_table("links")
    op.drop_table("forecasts")
