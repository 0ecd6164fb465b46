"""The tables. Instants are stored in UTC and returned aware."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

from groundswell.storage.instant import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# An article and its story are one row: no article is stored without a story, and none has two. Feed, title, text,
# publisher, address and time are of the elected sighting, elected at ``elected_at``; null: it was never another.
# ``sightings`` counts the rows of that table. ``id`` is the first key of the article.
articles = Table(
    "articles",
    metadata,
    Column("seq", Integer, primary_key=True),  # the order received
    Column("id", String(16), nullable=False, unique=True),
    Column("story_id", String(16), nullable=False, index=True),
    Column("founded", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("feed", String(80), nullable=False),
    Column("publisher", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("published_at", Instant),
    Column("first_seen_at", Instant, nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("day_only", Boolean, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("domain", Text),
    Column("elected_at", Instant),
    Column("sightings", Integer, nullable=False, server_default="1"),
    Index("ix_articles_origin_seen", "origin", "first_seen_at"),
    Index("ix_articles_publisher_at", "publisher", "at"),  # in SQLite without regard to case (revision 0011)
)

# What each feed said of an article: a row when it is first seen to say so. The text of the elected one is null, because
# the article has it.
sightings = Table(
    "sightings",
    metadata,
    Column("article_seq", Integer, ForeignKey("articles.seq"), primary_key=True),
    Column("feed", String(80), primary_key=True),
    Column("seen_at", Instant, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text),
    Column("listed_by", String(200), nullable=False),
    Column("publisher", String(200), nullable=False),
    Column("source", Text, nullable=False),
    Column("url", Text),
    Column("domain", Text),
    Column("published_at", Instant),
    Column("day_only", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("origin", String(8), nullable=False),
)

# Further keys by which an article is known, besides its id. A key without an article identifies nothing.
article_keys = Table(
    "article_keys",
    metadata,
    Column("key", String(16), primary_key=True),
    Column("article_seq", Integer, ForeignKey("articles.seq"), index=True),
)

# Repairs and the articles they moved: ``articles.story_id`` is where an article is now, ``moves`` is where it was.
repairs = Table(
    "repairs",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("source", String(16), nullable=False, index=True),
    Column("target", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False),
)
moves = Table(
    "moves",
    metadata,
    Column("article_seq", Integer, ForeignKey("articles.seq"), primary_key=True),
    Column("repair_key", Integer, ForeignKey("repairs.key"), primary_key=True, index=True),
    Column("at", Instant, nullable=False),
    Column("source", String(16), nullable=False, index=True),
)

# ``at`` and ``story_id`` repeat the article's, so that one index lists a hub's newest stories. A tag is of the title
# that the article had from ``first_seen_at`` until ``dropped_at``; null: until now.
tags = Table(
    "tags",
    metadata,
    Column("article_seq", Integer, ForeignKey("articles.seq"), primary_key=True),
    Column("hub", String(40), primary_key=True),
    Column("story_id", String(16), nullable=False),
    Column("first_seen_at", Instant, primary_key=True),
    Column("dropped_at", Instant),
    Column("at", Instant, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("reasons", JSON, nullable=False),
    Index("ix_tags_hub_at", "hub", "at", "story_id"),
    Index("ix_tags_hub_story", "hub", "story_id", "origin", "first_seen_at", "dropped_at"),
)

# Up to which article a hub's tags follow the rules of ``digest``; ``upto_seq`` is null when all do.
taggings = Table(
    "taggings",
    metadata,
    Column("hub", String(40), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("upto_seq", Integer),
)

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
    Column("previous", String(64)),  # the digest of the row before; null: recorded before there was a chain
    Column("digest", String(64)),
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

# The number of the last change of each topic, written by triggers (storage/changes.py).
changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("topic", String(80), nullable=False, unique=True),
)
