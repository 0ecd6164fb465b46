"""Hostile text becomes one plain line; only safe addresses pass."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.fetch.urls import safe_address

CASES = [
    ("S&P 500", "S&P 500"),
    ("AT&amp;T", "AT&T"),
    ("AT&amp;amp;T", "AT&T"),
    ("Barnes&Noble &notit", "Barnes&Noble &notit"),
    ("Margin <5% in 2026", "Margin <5% in 2026"),
    ("<b>Up</b> <script>alert(1)</script>today", "Up today"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;kept", "kept"),
    ("&amp;lt;img src=x onerror=alert(1)&amp;gt;kept", "kept"),
    ("<p>One</p><p>Two</p>", "One Two"),
    ("a\x00b\x07c", "abc"),
    ("left\u202eright\u200b", "leftright"),
    ("&#x202e;turned", "turned"),
    ("\ud800lone", "lone"),
    ("  folded\n\t white  ", "folded white"),
    ("<a href='open", ""),
    ("Apple <AAPL.O> rose, <NYSE:X> fell", "Apple <AAPL.O> rose, <NYSE:X> fell"),
    ("&lt;/kubernetes&gt; &amp;lt;x&amp;gt;", "</kubernetes> <x>"),
    ("<p>Price <b and c rises</p>", "Price <b and c rises"),
    ("Use of <script> in pages", "Use of <script> in pages"),
    ("<script>alert(1)", ""),
    ("&lt;![CDATA[Body of it]]&gt;", "Body of it"),
    ("<![CDATA[<p>Body</p>]]>", "Body"),
    ("<g-emoji alias='x'>!</g-emoji><o:p></o:p>", "!"),
    ("Gr\u00c3\u00b6\u00c3\u0178e", "Größe"),
    ("Ã ist ein Buchstabe", "Ã ist ein Buchstabe"),
    ("السوق يصعد", "السوق يصعد"),
    ("Markets 🚀 rise", "Markets 🚀 rise"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_text_becomes_plain(text, expected):
    assert to_plain_text(text, 500) == expected


def test_a_long_text_is_cut_with_an_ellipsis():
    cut = to_plain_text("word " * 50_000, 500)
    assert len(cut) <= 500
    assert cut.endswith("word…")


@given(st.text(alphabet=st.sampled_from("ab<>&;#x/lgt amp\"'\u202e\x00\n"), max_size=60))
def test_plain_text_holds_no_tag_or_unseen_character(text):
    plain = to_plain_text(text, 500)
    assert not re.search(r"</?(?:a|b)(?:\s[^<>]*)?/?>", plain)
    assert not re.search("[\x00-\x1f\u202e]", plain)
    assert to_plain_text(plain, 500) == plain


@given(st.text(max_size=300), st.integers(min_value=1, max_value=50))
def test_plain_text_keeps_to_its_limit(text, limit):
    assert len(to_plain_text(text, limit)) <= limit


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "https://a.example:8443/p?q=1#f", "HTTPS://A.example/x", "https://xn--bcher-kva.example/ä"],
)
def test_absolute_web_addresses_pass(url):
    assert safe_address(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "/relative",
        "//a.example/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/x",
        "https://",
        "https:///path",
        "https://user:word@a.example/",
        "https://good.example\\@bad.example/",
        "https://a.example/with space",
        'https://a.example/"onclick',
        "https://a.example:99999/",
        "https://[broken/",
        "https://a.example/\u202etxt",
        "https://a.example/" + "x" * 3_000,
    ],
)
def test_other_addresses_are_refused(url):
    assert safe_address(url) is None


@pytest.mark.parametrize(
    "text",
    [
        "<title>" * 9 + "<script>alert(1)</script>Fed holds",  # each pass removes one of them: the rest is its text
        "&" + "amp;" * 9 + "lt;script>alert(1)&lt;/script> Fed holds",
        "".join(f"<title>x{n}<textarea>" for n in range(9)) + "Fed holds",
    ],
)
def test_what_was_made_to_outlast_the_passes_is_taken_away(text: str) -> None:
    found = to_plain_text(text, MAX_ENTRY_TITLE_CHARACTERS)
    assert found.endswith("Fed holds")
    assert not set(found) & {"<", ">"}
    assert to_plain_text(found, MAX_ENTRY_TITLE_CHARACTERS) == found
