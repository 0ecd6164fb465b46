"""Name the data service of an observation by its name, which stays, and not by its title, which may be reworded."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAMES = {
    "US Treasury par yields": "treasury",
    "New York Fed reference rates": "newyorkfed",
    "Federal Reserve Board: FOMC calendar and statements": "fomc",
    "FRED": "fred",
    "Tiingo end-of-day prices": "tiingo",
    "Yahoo charts": "yahoo",
    "iShares holdings": "ishares",
    "SEC company facts": "sec",
}


def upgrade() -> None:
    _rename(NAMES)


def downgrade() -> None:
    _rename({name: title for title, name in NAMES.items()})


def _rename(names: Mapping[str, str]) -> None:
    observations = sa.table("service_observations", sa.column("source", sa.String))
    for old, new in names.items():
        op.execute(observations.update().where(observations.c.source == old).values(source=new))
