"""Name stored things by the field's terms: title versions, observations of services, data issues and their impacts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = {"touches": "impacts", "defect": "issue", "care": "action", "mend": "remedy"}
KINDS = {
    "another dividend": "different dividend",
    "price that holds dividends": "price includes dividends",
    "survivors only": "survivorship bias",
}


def upgrade() -> None:
    op.rename_table("editions", "title_versions")
    op.rename_table("arrivals", "service_observations")
    op.drop_index("ix_arrivals_series", table_name="service_observations")
    op.create_index("ix_service_observations_series", "service_observations", ["id", "measure", "date"], unique=False)
    op.alter_column("service_observations", "kept_at", new_column_name="received_at")
    op.alter_column("checks", "defects", new_column_name="data_issues")
    _rewrite("checks", "data_issues", KEYS, KINDS)
    _rewrite("evaluations", "body", KEYS, KINDS)


def downgrade() -> None:
    keys = {new: old for old, new in KEYS.items()}
    kinds = {new: old for old, new in KINDS.items()}
    _rewrite("evaluations", "body", keys, kinds)
    _rewrite("checks", "data_issues", keys, kinds)
    op.alter_column("checks", "data_issues", new_column_name="defects")
    op.alter_column("service_observations", "received_at", new_column_name="kept_at")
    op.drop_index("ix_service_observations_series", table_name="service_observations")
    op.create_index("ix_arrivals_series", "service_observations", ["id", "measure", "date"], unique=False)
    op.rename_table("service_observations", "arrivals")
    op.rename_table("title_versions", "editions")


def _rewrite(table: str, column: str, keys: Mapping[str, str], kinds: Mapping[str, str]) -> None:
    """Rename keys and kinds within the stored JSON, row by row; a row that has none of them is left as it is."""
    rows = sa.table(table, sa.column("key", sa.Integer), sa.column(column, sa.JSON))
    connection = op.get_bind()
    last = 0
    while batch := connection.execute(
        sa.select(rows.c.key, rows.c[column]).where(rows.c.key > last).order_by(rows.c.key).limit(500)
    ).all():
        for key, body in batch:
            renamed = _renamed(body, keys, kinds)
            if json.dumps(renamed) != json.dumps(body):
                connection.execute(rows.update().where(rows.c.key == key).values({column: renamed}))
        last = batch[-1][0]


def _renamed(value: Any, keys: Mapping[str, str], kinds: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(part, keys, kinds) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        keys.get(name, name): kinds.get(part, part)
        if name == "kind" and isinstance(part, str)
        else _renamed(part, keys, kinds)
        for name, part in value.items()
    }
