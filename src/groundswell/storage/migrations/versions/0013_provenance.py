"""Sightings of articles and what is elected of them, keys of articles, tags with an end, and marked aggregators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
RANK_OF_STORED = 1  # as for an aggregator: only the owner of the address displaces what was stored before
MAX_PUBLICATION_AGE = timedelta(days=30)
AGGREGATORS = (  # that ship with the program, where the owner turned one on or off
    "google-news-fomc",
    "google-news-small-caps",
    "google-news-sell-offs",
    "google-news-roic",
    "yahoo-finance-iwm",
    "yahoo-finance-rsp",
    "yahoo-finance-xbi",
    "yahoo-finance-kre",
    "yahoo-finance-news-index",
)
FIELDS = ("feed", "title", "publisher", "url", "published_at", "day_only")


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("article_seq", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(length=80), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("listed_by", sa.String(length=200), nullable=False),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("day_only", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_sightings_article_seq_articles")),
        sa.PrimaryKeyConstraint("article_seq", "feed", "seen_at", name=op.f("pk_sightings")),
    )
    op.create_table(
        "article_keys",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("article_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_article_keys_article_seq_articles")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article_keys")),
    )
    op.create_index(op.f("ix_article_keys_article_seq"), "article_keys", ["article_seq"], unique=False)
    op.add_column("articles", sa.Column("domain", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("elected_at", INSTANT, nullable=True))
    op.add_column("articles", sa.Column("sightings", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("subscriptions", sa.Column("aggregator", sa.Boolean(), nullable=False, server_default=sa.false()))
    subscriptions = _describe("subscriptions")
    op.execute(subscriptions.update().where(subscriptions.c.slug.in_(AGGREGATORS)).values(aggregator=True))
    _fill_sightings()
    op.drop_table("title_versions")
    _rebuild_tags(["article_seq", "hub", "first_seen_at"], [sa.Column("dropped_at", INSTANT, nullable=True)])


def downgrade() -> None:
    tags, articles = _describe("tags"), _describe("articles")
    first = sa.select(articles.c.first_seen_at).where(articles.c.seq == tags.c.article_seq).scalar_subquery()
    op.execute(tags.delete().where(tags.c.first_seen_at != first))
    _rebuild_tags(["article_seq", "hub"], [])
    op.create_table(
        "title_versions",
        sa.Column("article_seq", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_editions_article_seq_articles")),
        sa.PrimaryKeyConstraint("article_seq", "at", name=op.f("pk_editions")),
    )
    _restore_first_titles()
    op.drop_column("subscriptions", "aggregator")
    for name in ("sightings", "elected_at", "domain"):
        op.drop_column("articles", name)
    op.drop_index(op.f("ix_article_keys_article_seq"), table_name="article_keys")
    op.drop_table("article_keys")
    op.drop_table("sightings")


def _fill_sightings() -> None:
    """Make a sighting of each article and of each later title, and give the articles their latest titles."""
    articles, versions, sightings = _describe("articles"), _describe("title_versions"), _describe("sightings")
    columns = ["article_seq", *FIELDS, "origin", "seen_at", "title", "text", "rank", "source", "position", "listed_by"]
    columns = list(dict.fromkeys(columns))
    own: dict[str, sa.ColumnElement[Any]] = {name: articles.c[name] for name in (*FIELDS, "origin")}
    constants: dict[str, sa.ColumnElement[Any]] = {
        "rank": sa.literal(RANK_OF_STORED),
        "source": sa.literal(""),
        "position": sa.literal(0),
    }
    same = own | constants | {"article_seq": articles.c.seq, "listed_by": articles.c.publisher}
    first = same | {"seen_at": articles.c.first_seen_at, "text": sa.null()}
    later = same | {"seen_at": versions.c.at, "title": versions.c.title, "text": sa.literal("")}
    op.execute(sightings.insert().from_select(columns, sa.select(*[first[name] for name in columns])))
    joined = sa.select(*[later[name] for name in columns]).where(versions.c.article_seq == articles.c.seq)
    op.execute(sightings.insert().from_select(columns, joined))
    of_article = versions.c.article_seq == articles.c.seq
    newest = sa.select(versions.c.title).where(of_article).order_by(versions.c.at.desc()).limit(1)
    values = {
        "title": newest.scalar_subquery(),
        "elected_at": sa.select(sa.func.max(versions.c.at)).where(of_article).scalar_subquery(),
        "sightings": sa.select(sa.func.count() + 1).where(of_article).scalar_subquery(),
    }
    edited = articles.c.seq.in_(sa.select(versions.c.article_seq))
    op.execute(articles.update().where(edited).values(values))


def _restore_first_titles() -> None:
    """Give each article what its first sighting said, and make later titles of the later sightings of the same feed."""
    articles, versions = _describe("articles"), _describe("title_versions")
    connection = op.get_bind()
    for article, found in _read_sightings(connection):
        first = next(row for row in found if row.seen_at == article.first_seen_at)
        values = {name: getattr(first, name) for name in FIELDS}
        if first.text is not None:
            values["text"] = first.text
        values["at"] = _choose_instant(first.published_at, first.seen_at)
        connection.execute(articles.update().where(articles.c.seq == article.seq).values(values))
        title = first.title
        for row in found:
            if row.feed == first.feed and row.seen_at > first.seen_at and row.title != title:
                title = row.title
                connection.execute(versions.insert().values(article_seq=article.seq, at=row.seen_at, title=title))


def _read_sightings(connection: sa.Connection) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each article that has more than one sighting, with its sightings, oldest first."""
    articles, sightings = _describe("articles"), _describe("sightings")
    query = sa.select(articles.c.seq, articles.c.first_seen_at).where(articles.c.sightings > 1).order_by(articles.c.seq)
    for article in connection.execute(query).all():
        of_article = sa.select(sightings).where(sightings.c.article_seq == article.seq)
        yield article, list(connection.execute(of_article.order_by(sightings.c.seen_at, sightings.c.feed)))


def _choose_instant(published_at: datetime | None, first_seen_at: datetime) -> datetime:
    """Return the instant that an article is sorted by, as the program chose it at this revision."""
    if published_at is None or published_at > first_seen_at or first_seen_at - published_at > MAX_PUBLICATION_AGE:
        return first_seen_at
    return published_at


def _rebuild_tags(key: list[str], further: list[sa.Column[Any]]) -> None:
    """Make the table of tags again with another primary key and further columns, and copy its rows in their order."""
    op.execute("CREATE TABLE former_tags AS SELECT * FROM tags")
    op.drop_index("ix_tags_hub_story", table_name="tags")
    op.drop_index("ix_tags_hub_at", table_name="tags")
    op.drop_table("tags")
    op.create_table(
        "tags",
        sa.Column("article_seq", sa.Integer(), nullable=False),
        sa.Column("hub", sa.String(length=40), nullable=False),
        sa.Column("story_id", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        *further,
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_tags_article_seq_articles")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_tags")),
    )
    names = ["article_seq", "hub", "story_id", "at", "first_seen_at", "origin", "reasons"]
    former, made = _describe("former_tags"), _describe("tags")
    op.execute(made.insert().from_select(names, sa.select(*[former.c[name] for name in names])))
    op.drop_table("former_tags")
    op.create_index("ix_tags_hub_at", "tags", ["hub", "at", "story_id"], unique=False)
    columns = ["hub", "story_id", "origin", "first_seen_at", *(column.name for column in further)]
    op.create_index("ix_tags_hub_story", "tags", columns, unique=False)


def _describe(table: str) -> sa.Table:
    """Describe the table as the database has it at this point of the migration."""
    return sa.Table(table, sa.MetaData(), autoload_with=op.get_bind())
