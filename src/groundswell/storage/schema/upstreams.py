"""The tables of feeds and data services, and what they answered."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text, false

from groundswell.storage.instant import Instant
from groundswell.storage.schema.base import metadata

upstreams = Table(
    "upstreams",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("title", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_tried_at", Instant),
    Column("last_ok_at", Instant),
    Column("next_due_at", Instant, index=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_body_at", Instant),
    Column("due_reason", Text, nullable=False, server_default=""),
    Column("interval_minutes", Integer, nullable=False, server_default="0"),
    Column("interval_reason", Text, nullable=False, server_default=""),
    Column("moved_to", Text),
    Column("moved_times", Integer, nullable=False, server_default="0"),
)

# The feeds that the owner added, and the shipped ones that the owner turned on or off, by slug.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("publisher", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("aggregator", Boolean, nullable=False, server_default=false()),
)

# What each data service last answered for each series that it was asked for: one row for both.
service_answers = Table(
    "service_answers",
    metadata,
    Column("service", String(40), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("measure", String(20), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("tried_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("ok_at", Instant),
    Column("first", Date),
    Column("last", Date),
    Column("short", Boolean, nullable=False),
)

# What services say in place of what is stored of a series, and the series that were loaded again in full for it.
contradictions = Table(
    "contradictions",
    metadata,
    *(Column(name, String(size), primary_key=True) for name, size in (("service", 40), ("id", 80), ("measure", 20))),
    *(Column(name, kind, nullable=False) for name, kind in (("since", Instant), ("days", Integer), ("last_on", Date))),
    *(Column(name, Text, nullable=False) for name in ("detail", "sample")),
)
reloads = Table(
    "reloads",
    metadata,
    Column("key", Integer, primary_key=True),
    *(Column(name, String(size), nullable=False) for name, size in (("id", 80), ("measure", 20), ("service", 40))),
    *(Column(name, kind, nullable=False) for name, kind in (("at", Instant), ("after_key", Integer), ("detail", Text))),
)
