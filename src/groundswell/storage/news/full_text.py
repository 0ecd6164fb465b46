"""Words of headlines: a full-text index beside the articles, and the words of claims.

In SQLite the index is FTS5 over the articles' own rows. Triggers keep it, so that it changes with them in one
transaction and never differs. Other databases compare each headline with the words: slower, and without stemming.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, column, func, literal_column, table

from groundswell.storage.schema import articles

INDEX = "article_words"
MOST_WORDS = 16  # of a query; the rest is left out

_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_words = table(INDEX, column("rowid"))

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


def install(connection: Connection) -> None:
    """Make the index with what is stored already, in SQLite; elsewhere there is none to make."""
    if connection.dialect.name == "sqlite":
        for statement in _STATEMENTS:
            connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in ("added", "removed", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER article_words_{name}")
        connection.exec_driver_sql("DROP TABLE article_words")


def phrases(words: str) -> tuple[str, ...]:
    """What is looked for: single words and, from double quotes, phrases. All else that a query may hold is dropped."""
    pieces = (quoted or bare for quoted, bare in _PIECE.findall(words))
    found = (" ".join(_WORD.findall(piece)) for piece in pieces)
    return tuple(dict.fromkeys(phrase for phrase in found if phrase))[:MOST_WORDS]


def holding(query: Select[Any], words: str, dialect: str) -> Select[Any]:
    """Narrow a query over articles to those whose headline holds every phrase of ``words``, last arrivals first."""
    wanted = phrases(words)
    if dialect != "sqlite":
        spoken = func.lower(articles.c.title)
        held = (spoken.contains(phrase.lower(), autoescape=True) for phrase in wanted)
        return query.where(*held).order_by(articles.c.seq.desc())
    matches: ColumnElement[Any] = literal_column(INDEX).op("MATCH")(bindparam("wanted", _expression(wanted)))
    return query.where(matches, articles.c.seq == _words.c.rowid).order_by(_words.c.rowid.desc())


class ClaimWords:
    """The words of claims, found by the rules that headlines are found by. May be asked by several threads."""

    def __init__(self, claims: Iterable[tuple[str, str, str]]) -> None:
        """``claims`` are hub, id and text, in the order in which they shall be found."""
        self._claims = tuple(claims)
        self._turn = threading.Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "CREATE VIRTUAL TABLE claims USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')"
        )
        rows = ((place, text) for place, (_, _, text) in enumerate(self._claims))
        self._index.executemany("INSERT INTO claims(rowid, text) VALUES (?, ?)", rows)

    def find(self, words: str) -> tuple[tuple[str, str], ...]:
        """Hub and id of each claim that holds every phrase of ``words``, or whose id is the whole of it."""
        wanted = phrases(words)
        if not wanted:
            return ()
        query = "SELECT rowid FROM claims WHERE claims MATCH ?"
        with self._turn:
            held = {place for (place,) in self._index.execute(query, (_expression(wanted),))}
        named = words.strip().casefold()
        return tuple(
            (hub, ident)
            for place, (hub, ident, _) in enumerate(self._claims)
            if place in held or ident.casefold() == named
        )

    def close(self) -> None:
        self._index.close()


def _expression(wanted: Iterable[str]) -> str:
    """An FTS5 query of phrases, all of which must be there; they hold letters, digits and spaces alone."""
    return " AND ".join(f'"{phrase}"' for phrase in wanted)
