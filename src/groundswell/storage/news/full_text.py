"""Full-text search: an index of headlines next to the articles, and an index of the texts of claims.

In SQLite the index is FTS5 over the rows of the articles. Triggers update it in the same transaction, so that it never
differs from them. Other databases compare each headline with the words: slower, and without stemming.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, column, func, literal_column, or_, table
from sqlalchemy.sql import operators
from sqlalchemy.sql.expression import UnaryExpression

from groundswell.storage.schema import articles
from groundswell.text.words import split_plain_words

INDEX_TABLE = "article_words"
MAX_PHRASES_PER_QUERY = 16  # further ones are ignored

_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
_words = table(INDEX_TABLE, column("rowid"))

# The tokens of both indexes: "cuts" finds "cut", "societe" finds "Société".
_STATEMENTS = (
    """CREATE VIRTUAL TABLE article_words USING fts5(
      title, content='articles', content_rowid='seq', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER article_words_added AFTER INSERT ON articles BEGIN
      INSERT INTO article_words(rowid, title) VALUES (new.seq, new.title); END""",
    """CREATE TRIGGER article_words_removed AFTER DELETE ON articles BEGIN
      INSERT INTO article_words(article_words, rowid, title) VALUES ('delete', old.seq, old.title); END""",
    """CREATE TRIGGER article_words_changed AFTER UPDATE OF title ON articles BEGIN
      INSERT INTO article_words(article_words, rowid, title) VALUES ('delete', old.seq, old.title);
      INSERT INTO article_words(rowid, title) VALUES (new.seq, new.title); END""",
    "INSERT INTO article_words(article_words) VALUES ('rebuild')",
)


def create_index(connection: Connection) -> None:
    """Create the index, filled from the stored articles. Only SQLite has one."""
    if connection.dialect.name == "sqlite":
        for statement in _STATEMENTS:
            connection.exec_driver_sql(statement)


def drop_index(connection: Connection) -> None:
    """Drop the index and its triggers."""
    if connection.dialect.name == "sqlite":
        for name in ("added", "removed", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER article_words_{name}")
        connection.exec_driver_sql("DROP TABLE article_words")


def split_phrases(words: str) -> tuple[str, ...]:
    """Split a query into words and double-quoted phrases, of letters and digits; everything else is dropped."""
    pieces = (quoted or bare for quoted, bare in _PIECE.findall(words))
    cleaned = (" ".join(split_plain_words(piece)) for piece in pieces)
    return tuple(dict.fromkeys(phrase for phrase in cleaned if phrase))[:MAX_PHRASES_PER_QUERY]


def match_headlines(query: Select[Any], words: str, names: Sequence[str], dialect: str) -> Select[Any]:
    """Restrict a query over articles to headlines with every phrase of ``words`` and one of ``names``.

    The last received comes first. Names match in any case and inflection here; the caller compares them exactly.
    """
    phrases = split_phrases(words)
    if dialect != "sqlite":
        headline = func.lower(articles.c.title)
        contained = [headline.contains(phrase.lower(), autoescape=True) for phrase in phrases]
        named = [headline.contains(name.lower(), autoescape=True) for name in names]
        return query.where(*contained, *([or_(*named)] if named else [])).order_by(articles.c.seq.desc())
    expression = _write_expression(phrases)
    if names:
        alternatives = (f"({_write_expression(pieces)})" for pieces in map(_split_name, names) if pieces)
        expression = " AND ".join(filter(None, (expression, f"({' OR '.join(alternatives)})")))
    matches: ColumnElement[Any] = literal_column(INDEX_TABLE).op("MATCH")(bindparam("wanted", expression))
    return query.where(matches, articles.c.seq == _words.c.rowid).order_by(_words.c.rowid.desc())


def without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column for a condition that SQLite is to check row by row, next to a search for words.

    With an index for the condition, it would look up each row that meets it in the index of words, which is slow, and
    sort what it found. Read in the order of the index of words, the list ends when it is long enough.
    """
    return UnaryExpression(column, operator=operators.custom_op("+"), type_=column.type)


def _split_name(name: str) -> tuple[str, ...]:
    """Return the one phrase of a name; none if it has neither letter nor digit."""
    phrase = " ".join(split_plain_words(name))
    return (phrase,) if phrase else ()


class ClaimIndex:
    """An index of the texts of claims, searched by the same rules as headlines. Thread-safe."""

    def __init__(self, claims: Iterable[tuple[str, str, str]]) -> None:
        """``claims`` are tuples of hub, id and text, in the order in which results are listed."""
        self._claims = tuple(claims)
        self._lock = threading.Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "CREATE VIRTUAL TABLE claims USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')"
        )
        rows = ((place, text) for place, (_, _, text) in enumerate(self._claims))
        self._index.executemany("INSERT INTO claims(rowid, text) VALUES (?, ?)", rows)

    def find(self, words: str) -> tuple[tuple[str, str], ...]:
        """Return hub and id of each claim whose text contains every phrase of ``words``, or whose id is ``words``."""
        phrases = split_phrases(words)
        if not phrases:
            return ()
        query = "SELECT rowid FROM claims WHERE claims MATCH ?"
        with self._lock:
            places = {place for (place,) in self._index.execute(query, (_write_expression(phrases),))}
        named = words.strip().casefold()
        return tuple(
            (hub, claim_id)
            for place, (hub, claim_id, _) in enumerate(self._claims)
            if place in places or claim_id.casefold() == named
        )

    def close(self) -> None:
        self._index.close()


def _write_expression(phrases: Iterable[str]) -> str:
    """Write an FTS5 query for all of the phrases, which consist of letters, digits and spaces only."""
    return " AND ".join(f'"{phrase}"' for phrase in phrases)
