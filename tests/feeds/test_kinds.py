"""Each kind of feed gives its item's title, link and date; a fault in one item or in the parser costs no other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from groundswell.feeds.parsing import parse
from groundswell.feeds.parsing.items import RawItem
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.xml_feed import document, salvage
from groundswell.feeds.parsing.xml_feed.fields import Field
from groundswell.feeds.parsing.xml_feed.items import build_raw_item
from groundswell.model import FeedSpec

from .kinds import KINDS, Kind, rss

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
    parsed = parse_feed(encode(kind.body), "", FEED)
    assert parsed.entries == expected.entries
    assert kind.body[:1] == "{" or "the program failed on it: KeyError" in parsed.problems[0]


def test_an_item_on_which_the_program_fails_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_at_second(fields: Sequence[Field]) -> RawItem:
        if any(field.text == "Second" for field in fields) and next(calls) < 2:
            raise KeyError("license")
        return build_raw_item(fields)

    calls = itertools.count()
    monkeypatch.setattr(document, "build_raw_item", fail_at_second)
    monkeypatch.setattr(salvage, "build_raw_item", fail_at_second)
    items = "</item><item>".join(f"<title>{title}</title>" for title in ("First", "Second", "Third"))
    parsed = parse_feed(rss(items).encode(), "", FEED)
    assert [entry.title for entry in parsed.entries] == ["First", "Second", "Third"]
    assert "the program failed on it: KeyError" in parsed.problems[0]


def test_a_body_on_which_even_the_plain_reader_fails_is_a_program_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(parse, "repair_xml", fail)
    parsed = parse_feed(rss("").encode(), "", FEED)
    assert (parsed.malformed, parsed.is_program_error) == ("the program failed on it: RecursionError", True)
