"""The tables of articles, their stories and their tags."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from groundswell.storage.instant import Instant
from groundswell.storage.schema.base import metadata

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
