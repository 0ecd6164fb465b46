"""International hosts of stored addresses in their ASCII form."""

from __future__ import annotations

from urllib.parse import urlsplit

import idna
import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ADDRESSES = (
    ("articles", "seq", "url"),
    ("sightings", "article_seq", "url"),
    ("subscriptions", "slug", "url"),
    ("upstreams", "name", "address"),
    ("upstreams", "name", "moved_to"),
)
"""Tables, their columns with addresses, and a column by which rows are found quickly."""


def upgrade() -> None:
    connection = op.get_bind()
    for name, key, column in ADDRESSES:
        table = sa.table(name, sa.column(key), sa.column(column))
        keys, addresses = table.c[key], table.c[column]
        changed = [
            (which, before, after)
            for which, before in connection.execute(sa.select(keys, addresses))
            if before and not before.isascii() and (after := _with_ascii_host(before)) != before
        ]
        for which, before, after in changed:
            connection.execute(table.update().where(keys == which, addresses == before).values({column: after}))


def downgrade() -> None:
    """Leave the ASCII forms, which lead to the same places."""


def _with_ascii_host(address: str) -> str:
    """Return an address with its host in ASCII, or the address itself if its host has no such form."""
    try:
        parts = urlsplit(address)
        if parts.netloc.isascii() or not parts.hostname or len(parts.hostname) > 253:
            return address
        host = idna.encode(parts.hostname, uts46=True).decode("ascii")
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return address
    start = address.index("//") + 2
    return f"{address[:start]}{host}{port}{address[start + len(parts.netloc) :]}"
