"""Forecasts of events on record: a row when one opens, and one when it is closed. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from groundswell.model import Forecast, Registration
from groundswell.storage.evidence.links import FORECAST, add_link, take_key
from groundswell.storage.schema import forecasts

OPENED, CLOSED = "opened", "closed"

_MADE = ("n", "hits", "probability", "low", "high", "usual")
_OUTCOME = ("value", "hit", "void")


def add_forecast(
    connection: Connection,
    forecast: Forecast,
    registration: Registration,
    recorded_at: datetime,
    inputs: Mapping[str, str],
) -> None:
    """Record that a forecast opened, or what became of a closed one, with the hashes of the series behind it."""
    is_closed = forecast.closed is not None
    body = {name: getattr(forecast, name) for name in (_OUTCOME if is_closed else _MADE)}
    if not is_closed:
        body["ends"] = forecast.ends.isoformat() if forecast.ends else None
    inserted = connection.execute(
        forecasts.insert().values(
            hub=forecast.hub,
            claim=forecast.claim,
            version=registration.version,
            day=forecast.day,
            kind=CLOSED if is_closed else OPENED,
            as_of=forecast.closed or forecast.opened,
            recorded_at=recorded_at,
            body=body,
            inputs=dict(inputs),
        )
    )
    add_link(connection, FORECAST, take_key(inserted), registration)


def read_forecasts(connection: Connection, hub: str | None = None, until: date | None = None) -> tuple[Forecast, ...]:
    """Read the forecasts (of a hub) as they stood at the end of a day, in the order in which they opened."""
    query = select(forecasts).order_by(forecasts.c.key)
    if hub is not None:
        query = query.where(forecasts.c.hub == hub)
    if until is not None:
        query = query.where(forecasts.c.as_of <= until)
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in connection.execute(query):
        place = (row.hub, row.claim, row.version, row.day)
        if row.kind == OPENED:
            ends = date.fromisoformat(row.body["ends"])
            named = {"hub": row.hub, "claim": row.claim, "day": row.day, "version": row.version, "opened": row.as_of}
            found[place] = {**row.body, **named, "ends": ends}
        else:
            found[place] |= {**row.body, "closed": row.as_of}
    return tuple(Forecast(**fields) for fields in found.values())
