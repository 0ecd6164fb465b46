"""Recorded streams: good lines are read, bad ones named."""

import gzip
import json
from datetime import UTC, date, datetime

import pytest

from groundswell.errors import BadInputError, NotFoundError
from groundswell.feeds.jsonl import read_feed_file, read_pairs, read_stream


def written(tmp_path, *lines, name="docs.jsonl"):
    path = tmp_path / name
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["docs.jsonl", "docs.jsonl.gz"])
def test_documents_become_entries(tmp_path, name):
    path = written(
        tmp_path,
        {"id": "a", "published": "2026-08-17T10:00:00-04:00", "title": "Oil up 8 %", "source": "Wire", "more": [1]},
        "",
        {"id": 7, "published": "2026-08-17", "title": "<b>x</b>", "text": "t", "url": "https://a.example/1"},
        {"id": "c", "published": None, "title": "Undated"},
        name=name,
    )
    first, second, third = read_stream(path)
    assert (first.guid, first.title, first.feed, first.publisher) == ("a", "Oil up 8%", "Wire", "Wire")
    assert (first.published_at, first.day_only) == (datetime(2026, 8, 17, 14, tzinfo=UTC), False)
    assert (second.guid, second.title, second.text, second.feed) == ("7", "x", "t", "stream")
    assert (second.url, second.day_only) == ("https://a.example/1", True)
    assert (third.published_at, third.day_only) == (None, False)


def test_until_leaves_out_the_later_and_the_undated(tmp_path):
    path = written(
        tmp_path,
        {"id": "1", "title": "x", "published": "2026-08-18T00:00:00Z"},
        {"id": "2", "title": "x", "published": "2026-08-17T23:59:59Z"},
        {"id": "3", "title": "x"},
    )
    assert [entry.guid for entry in read_stream(path, until=date(2026, 8, 17))] == ["2"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ('{"title": "x"}', "the field id is missing"),
        ('{"id": "1"}', "the field title is missing"),
        ('{"id": "1", "title": 1.5}', "the field title is missing"),
        ('{"id": true, "title": "x"}', "the field id is missing"),
        ('{"id": "1", "title": "x", "published": "yesterday"}', "ISO date"),
        ('{"id": "1", "title": "x", "published": 20260817}', "ISO date"),
        ('{"a":' * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_when_reached(tmp_path, line, what):
    path = written(tmp_path, {"id": "0", "title": "good"}, line)
    entries = read_stream(path)
    assert next(entries).guid == "0"
    with pytest.raises(BadInputError, match=what) as caught:
        next(entries)
    assert f"{path}, line 2: " in str(caught.value)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.jsonl.gz", b"plain"),
        ("a.jsonl.gz", gzip.compress(b'{"id": "1", "title": "x"}\n' * 99, mtime=0)[:-20]),
        ("a.jsonl", b"\xff\xfe\x00"),
    ],
)
def test_a_damaged_file_is_bad_input(tmp_path, name, body):
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(BadInputError, match="write the file again"):
        list(read_stream(path))


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match=r"none\.jsonl"):
        list(read_stream(tmp_path / "none.jsonl"))
    with pytest.raises(NotFoundError, match=r"none\.xml"):
        read_feed_file(tmp_path / "none.xml")


def test_a_saved_feed_is_read_under_its_own_title(tmp_path):
    path = tmp_path / "saved.xml"
    path.write_text("<rss version='2.0'><channel><title>Post</title><item><title>x</title></item></channel></rss>")
    (entry,) = read_feed_file(path).entries
    assert (entry.feed, entry.publisher, entry.title) == ("saved", "Post", "x")


@pytest.mark.parametrize("title", ["", "  ", "\u200b"])
def test_titles_may_be_blank_and_files_begin_with_a_mark(tmp_path, title):
    path = written(tmp_path, "\ufeff" + json.dumps({"id": "1", "title": title}))
    assert [entry.title for entry in read_stream(path)] == [""]


@pytest.mark.shared(twin="tests/feeds/test_jsonl.py::test_a_made_stream_is_read_whole")
@pytest.mark.slow
def test_a_large_stream_is_read_whole(news_data):
    assert sum(1 for _ in read_stream(news_data / "fin_reuters_guardian_cnbc_2017_2020.jsonl.gz")) == 53_330


def test_a_made_stream_is_read_whole(tmp_path):
    path = tmp_path / "stream.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": number, "title": f"Headline {number}"}) + "\n" for number in range(12_345))
    assert [entry.guid for entry in read_stream(path)] == [str(number) for number in range(12_345)]


def test_pairs_are_read_and_bad_ones_reported(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"a": "x", "b": 7, "label": "SAME"}\n\n{"a": "y", "b": "z"}\n', encoding="utf-8")
    assert list(read_pairs(path)) == [("x", "7"), ("y", "z")]
    path.write_text('{"a": "x"}\n', encoding="utf-8")
    with pytest.raises(BadInputError, match=r"line 1: the field b is missing; every line needs it"):
        list(read_pairs(path))
