"""A new hub file is good as it stands, whatever it is called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.errors import UsageError
from groundswell.hubs.file.load import parse_hub
from groundswell.hubs.file.scaffold import write_skeleton

PRINTABLE = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and text.isprintable())


@given(title=PRINTABLE)
@settings(max_examples=25, deadline=None)
def test_any_printable_title_makes_a_good_file(title: str) -> None:
    hub = parse_hub(write_skeleton("clean-water", title), "clean-water")
    assert hub.title == title.strip()
    assert {claim.id for claim in hub.claims} == {"T1", "T2"}


@pytest.mark.parametrize(
    ("slug", "title", "message"),
    [
        ("Bad Slug", "Title", "is not a valid slug"),
        ("-a", "Title", "is not a valid slug"),
        ("a" * 41, "Title", "is not a valid slug"),
        ("good", " ", "is not a valid title"),
        ("good", "two\nlines", "is not a valid title"),
    ],
)
def test_an_invalid_slug_or_title_is_refused(slug: str, title: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        write_skeleton(slug, title)
