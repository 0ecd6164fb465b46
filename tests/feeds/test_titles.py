"""Titles lose their markup and keep every word; ``kinds.py`` has named cases."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.titles import clean_title

TAGS = ("b", "i", "em", "a", "p", "br", "div", "script", "title", "table", "kubernetes", "AAPL.O", "x:y", "String")
WORDS = st.sampled_from(("rates", "are", "cut", "3", "<3", "a<b", "R&D", "&amp;", "&lt;b&gt;", "größer", "<", ">"))
MARKS = st.sampled_from([f"<{end}{tag}{rest}>" for tag in TAGS for end, rest in (("", ""), ("/", ""), ("", " x='1'"))])
TITLES = st.lists(WORDS | MARKS, max_size=12).map(" ".join) | st.lists(WORDS | MARKS, max_size=12).map("".join)
SIGNS = st.text(alphabet="ab<>&;#x/ltgmp\"'= \n!-", max_size=60)
FORMS = pytest.mark.parametrize("form", Form)


@FORMS
@given(title=TITLES | SIGNS | st.text(max_size=60))
def test_a_title_is_one_clean_line(form: Form, title: str) -> None:
    cleaned = clean_title(title, form, 100)
    assert len(cleaned) <= 100
    assert cleaned == " ".join(cleaned.split())
    assert not re.search("[\\x00-\\x1f\u202e]", cleaned)
    assert clean_title(cleaned, Form.PLAIN, 100) == cleaned
    cleaned.encode()


@pytest.mark.parametrize("form", [Form.MARKUP, Form.UNSURE])
@given(title=TITLES | SIGNS)
def test_no_tag_that_does_something_survives(form: Form, title: str) -> None:
    cleaned = clean_title(title, form)
    assert not re.search(r"<[A-Za-z]+\s[^<>]*\w=[^<>]*>", cleaned)
    assert not re.search(r"<(b|i|em|a|p|div|table)>.*</\1>", cleaned)
    assert not re.search(r"<(br|wbr|hr) ?/?>", cleaned)
    assert clean_title(cleaned, Form.UNSURE) == cleaned


@FORMS
@given(pieces=st.lists(st.sampled_from(("Rates", "are", "cut", "now", "3")) | MARKS, max_size=12))
def test_the_words_around_tags_stay_in_their_order(form: Form, pieces: list[str]) -> None:
    words = [piece for piece in pieces if "<" not in piece]
    text = " ".join(pieces)
    if re.search(r"<script x='1'>.*</script", text):  # a script with its end: what is in it goes
        return
    cleaned = iter(clean_title(text, form).split())
    assert all(word in cleaned for word in words)


@given(st.text(alphabet="abc <>/=\"'", max_size=40))
def test_a_plain_title_stays_as_it_is(title: str) -> None:
    assert clean_title(title, Form.PLAIN) == " ".join(title.split())


@pytest.mark.parametrize("form", [Form.MARKUP, Form.UNSURE])
@pytest.mark.parametrize(
    "title",
    [
        "<scr<script>ipt>alert(1)</scr</script>ipt> Fed holds",
        "<" * 30 + "b>" * 30 + "Fed holds",
        "&" + "amp;" * 9 + "lt;b>x</b> Fed holds",
        "</title><script>alert(1)</script><script>Fed holds",
        "<b a='" * 2_000 + "Fed holds",
        "<script>" * 2_000 + "Fed holds",
        "<!--" * 2_000 + "Fed holds",
    ],
)
def test_what_was_made_to_outlast_the_cleaning_is_bounded(form: Form, title: str) -> None:
    cleaned = clean_title(title, form)
    assert len(cleaned) <= 500
    assert "alert" not in cleaned
    assert clean_title(cleaned, Form.PLAIN) == cleaned
