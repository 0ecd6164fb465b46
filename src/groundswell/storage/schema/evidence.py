"""The tables of series, and of what is on record of claims."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from groundswell.storage.instant import Instant
from groundswell.storage.schema.base import metadata

# Every load of a series that differs from the one before is a row of its own; readers take the newest.
series = Table(
    "series",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(80), nullable=False),
    Column("measure", String(20), nullable=False),
    Column("frequency", String(8), nullable=False),
    Column("source", Text, nullable=False),
    Column("revised", Boolean, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("loaded_at", Instant, nullable=False),
    Index("ix_series_id", "id", "measure", "key"),
)

observations = Table(
    "observations",
    metadata,
    Column("series_key", Integer, ForeignKey("series.key"), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("known_at", Instant, nullable=False),
    Column("value", Float, nullable=False),
)

# What data services sent: rows are added, never changed; a revision is a further row of the same day.
service_observations = Table(
    "service_observations",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(80), nullable=False),
    Column("measure", String(20), nullable=False),
    Column("date", Date, nullable=False),
    Column("value", Float, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("since", Date),
    Column("source", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("ix_service_observations_series", "id", "measure", "date"),
)

# The data issues that a check of a load found; a check with another result is a row of its own.
checks = Table(
    "checks",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("series_key", Integer, ForeignKey("series.key"), nullable=False, index=True),
    Column("checked_at", Instant, nullable=False),
    Column("data_issues", JSON, nullable=False),
)

# Recorded evaluations: added, never changed. ``body`` is the whole evaluation without its history.
evaluations = Table(
    "evaluations",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("hub", String(40), nullable=False),
    Column("claim", String(8), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("evaluated_at", Instant, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("basis", String(20), nullable=False, server_default="declared"),
    Column("body", JSON, nullable=False),
    Column("confirmed", Boolean),  # null: recorded before there were confidence sequences
    Column("version", Integer),  # of the claim's registration
    Column("inputs", JSON),  # the hash of each series, by its name
    Column("votes", JSON),  # how many readings support, refute, leave open; null: none votes, or an earlier release
    Index("ix_evaluations_claim", "hub", "claim", "as_of", "key"),
)

# Versions of the specification of each claim, from when they were first seen: added, never changed.
registrations = Table(
    "registrations",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("hub", String(40), nullable=False),
    Column("claim", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("canonical", Text, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Index("ix_registrations_claim", "hub", "claim", "version", unique=True),
)

# Forecasts of events: a row when one opens, and one when it is resolved or void. Added, never changed.
forecasts = Table(
    "forecasts",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("hub", String(40), nullable=False),
    Column("claim", String(8), nullable=False),
    Column("version", Integer, nullable=False),  # of the claim's registration
    Column("day", Date, nullable=False),  # of the event
    Column("kind", String(8), nullable=False),  # opened or closed
    Column("as_of", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    Column("inputs", JSON, nullable=False),  # the hash of each series, by its name
    Index("ix_forecasts_event", "hub", "claim", "version", "day", "kind", unique=True),
)

# The chain over registrations, evaluations and forecasts, in the order in which they were recorded. ``key`` is that of
# the row in its own table; ``digest`` is of that row and of the link before. Older rows have no link.
links = Table(
    "links",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("record", String(12), nullable=False),
    Column("key", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_links_record", "record", "key", unique=True),
)
