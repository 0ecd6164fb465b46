"""The publisher's name at the end of a title goes, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.publisher_suffix import strip_publisher_suffix


@pytest.mark.parametrize(
    ("title", "name", "url", "expected"),
    [
        ("Rates stay put - Harbour Daily", "Harbour Daily", None, "Rates stay put"),
        ("Rates stay put - Harbour Daily News", "Harbour Daily", None, "Rates stay put"),
        ("Rates stay put – HARBOUR DAILY", "The Harbour Daily", None, "Rates stay put"),
        ("Rates stay put — HT", "Harbour Times", None, "Rates stay put"),
        ("Rates stay put | Harbour Times", "HT", None, "Rates stay put"),
        ("Suit filed - Ministry of Ports (.gov)", "MOP", None, "Suit filed"),
        ("Tides turn - Journal of the Harbour Pilots", "Journal of Harbour Pilots", None, "Tides turn"),
        ("Rates stay put - harbour.example", "", "https://www.harbour.example/1", "Rates stay put"),
        ("Rates stay put | The Harbour", "", "https://harbour.example/1", "Rates stay put"),
        ("Rates stay put | The Harbour", "", "https://the-harbour.example/1", "Rates stay put"),
        ("Rates stay put - Harbour Daily", "Harbour Daily - business", None, "Rates stay put"),
        ("Rates - again - Harbour Daily", "Harbour Daily", None, "Rates - again"),
        ("Rates stay put - Wire | Harbour Daily", "Harbour Daily - Wire", None, "Rates stay put"),
        ("Rates stay put • Harbour Daily", "Harbour Daily", None, "Rates stay put"),
        ("Rates stay put » Harbour Daily", "Harbour Daily", None, "Rates stay put"),
        ("Rates stay put -- Harbour Daily", "Harbour Daily", None, "Rates stay put"),
        # Nothing is taken off
        ("Rates stay put", "Harbour Daily", None, "Rates stay put"),
        ("Bank of the Harbour | a history", "Harbour Daily", None, "Bank of the Harbour | a history"),
        ("Rates stay put - Harbour Daily", "Lake Post", "https://lake.example/1", "Rates stay put - Harbour Daily"),
        ("Rates stay put - again", "A", None, "Rates stay put - again"),
        ("Well-known Harbour Daily", "Harbour Daily", None, "Well-known Harbour Daily"),
        ("- Harbour Daily", "Harbour Daily", None, "- Harbour Daily"),
        ("Launch - Google", "", "https://news.google.com/rss/articles/1", "Launch - Google"),
        ("News - the", "the", None, "News - the"),
        ("", "Harbour Daily", None, ""),
    ],
)
def test_a_name_at_the_end_goes_where_it_is_the_publishers(title, name, url, expected):
    assert strip_publisher_suffix(title, [name], [url]) == expected


TEXT = st.text(st.sampled_from("ab -–|·•"), max_size=30)


@given(TEXT, TEXT)
def test_what_stays_is_the_beginning_and_never_empty(title, name):
    stripped = strip_publisher_suffix(title, [name], [])
    assert title.startswith(stripped)
    assert bool(stripped.strip()) == bool(title.strip())


@given(st.text(max_size=600), st.text(max_size=600))
def test_any_text_is_taken(title, name):
    assert title.startswith(strip_publisher_suffix(title, [name], [name]))
