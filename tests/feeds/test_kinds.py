"""Each kind of feed gives its item's title, link and date; a fault in one item or in the parser costs no other."""

from __future__ import annotations

import logging

import pytest

from groundswell.feeds.parsing import parse
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.model import FeedSpec

from .kinds import KINDS, Kind

FEED = FeedSpec("wire", "Wire", "https://feed.example/rss", "fomc", True, 15, "")


def encode(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_title_link_and_date_are_read(kind: Kind) -> None:
    parsed = parse_feed(encode(kind.body), "", FEED)
    assert parsed.malformed == ""
    (entry,) = parsed.entries
    date = entry.published_at.isoformat() if entry.published_at else None
    assert (entry.title, entry.url, date) == (kind.title, kind.link, kind.date)


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_plain_reader_reads_what_the_parser_reads(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parser fails at a feed, the plain reader takes over: for each kind it finds the same item."""

    def fail(*_: object) -> None:
        raise KeyError("where")

    expected = parse_feed(encode(kind.body), "", FEED)
    monkeypatch.setattr(parse, "read_document", fail)
    monkeypatch.setattr(parse, "_LOG", logging.getLogger("silent"))
    parsed = parse_feed(encode(kind.body), "", FEED)
    assert parsed.entries == expected.entries
    assert kind.body[:1] == "{" or "the parser failed at it (KeyError)" in parsed.problems[0]
