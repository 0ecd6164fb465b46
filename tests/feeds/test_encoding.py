"""Feeds are decoded correctly, whatever their declarations say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.encoding import decode_feed

TEXT = "<rss>Café “S&P” – €5 und größer</rss>"


def body(encoding, declared, text=TEXT, mark=b""):
    start = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return mark + (start + text).encode(encoding)


@pytest.mark.parametrize(
    ("sent", "content_type"),
    [
        (body("utf-8", "utf-8"), ""),
        (body("utf-8", ""), ""),
        (body("utf-8", "utf-8", mark=b"\xef\xbb\xbf"), "text/xml"),
        (body("utf-8", "iso-8859-1"), "text/xml"),
        (body("utf-8", "utf-8"), "text/xml; charset=iso-8859-1"),
        (body("utf-8", "utf-16"), ""),
        (body("cp1252", "utf-8"), "text/xml; charset=utf-8"),
        (body("cp1252", "iso-8859-1"), ""),
        (body("cp1252", "us-ascii"), ""),
        (body("cp1252", "utf-16"), ""),
        (body("cp1252", "utf-16") + b" ", ""),
        (body("cp1252", "utf-16le"), "text/xml; charset=utf-16"),
        (body("cp1252", "Windows-1252"), ""),
        (body("cp1252", ""), "application/rss+xml; charset=windows-1252"),
        (body("cp1252", "nonsense"), "text/xml; charset=rot13"),
        (body("cp1252", "punycode"), "text/xml; charset=unicode_escape"),
        (body("utf-16", "utf-16"), ""),
        (body("utf-16-le", "utf-16"), "text/xml"),
        (body("utf-16-be", ""), "text/xml"),
        (body("utf-32", "utf-8"), ""),
    ],
)
def test_the_text_comes_back(sent, content_type):
    assert decode_feed(sent, content_type).strip() == TEXT


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-8859-2", "Łódź"),
        ("windows-1251", "Рынок растёт"),
        ("koi8-r", "Рынок"),
        ("shift_jis", "株価が上昇"),
        ("euc-jp", "株価"),
        ("iso-2022-jp", "株価"),
        ("gb2312", "股市上涨"),
        ("big5", "股市"),
        ("euc-kr", "주가"),
    ],
)
def test_declared_encodings_of_the_world_are_read(encoding, text):
    assert decode_feed(body(encoding, encoding, text), "").strip() == text
    assert decode_feed(text.encode(encoding), f'text/xml; charset="{encoding}"') == text


def test_a_few_bad_bytes_do_not_cost_the_others():
    assert decode_feed("Café, naïve, größer".encode() + b" \xe9", "") == "Café, naïve, größer \ufffd"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_nothing_raises(sent, content_type):
    assert isinstance(decode_feed(sent, content_type), str)
