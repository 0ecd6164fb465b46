"""Formats of values on pages."""

from __future__ import annotations

import datetime as dt

import pytest

from groundswell.errors import UsageError
from groundswell.model import Verdict
from groundswell.web import formats
from groundswell.web.dependencies import parse_day_parameter
from groundswell.wording.plurals import write_count

INFINITE = float("inf")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0325, "return", "+3.2\u202f%"),
        (-0.0207, "return", "−2.1\u202f%"),
        (0.0, "return", "0.0\u202f%"),
        (0.2, "share", "20.0\u202f%"),
        (None, "return", "–"),
    ],
)
def test_figures(value: float | None, unit: str, text: str) -> None:
    assert formats.write_figure(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.092, "return", "9.2\u202f%"),
        (-0.092, "return", "9.2\u202f%"),
        (0.31, "difference of shares", "31.0\u202fpercentage points"),
        (0.0, "return", "0.0\u202f%"),
    ],
)
def test_sizes_have_no_sign(value: float, unit: str, text: str) -> None:
    assert formats.write_size(value, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.01, 0.02, "−1.0\u202f% to +2.0\u202f%"),
        (0.05, INFINITE, "+5.0\u202f% or more"),
        (-INFINITE, 0.0, "0.0\u202f% or less"),
        (None, 0.1, "–"),
    ],
)
def test_intervals(low: float | None, high: float | None, text: str) -> None:
    assert formats.write_bounds(low, high, "return") == text


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://news.example/1", True),
        ("http://news.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//news.example", False),
        ("https:///path", False),
        ("http://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_linked(address: str | None, allowed: bool) -> None:
    assert formats.is_web_address(address) is allowed


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("no data are loaded", "No data are loaded."),
        ("Done!", "Done!"),
        ("  two words ", "Two words."),
        ("ff.smb is held", "ff.smb is held."),
        ("", ""),
    ],
)
def test_sentences(text: str, written: str) -> None:
    assert formats.write_sentence(text) == written


def test_counts_and_instants() -> None:
    assert write_count(1, "story", "stories") == "1 story"
    assert write_count(1204, "story", "stories") == "1,204 stories"
    assert write_count(0, "article") == "0 articles"
    assert formats.write_instant(dt.datetime(2024, 9, 8, 4, 5, tzinfo=dt.UTC)) == "8 September 2024, 04:05 UTC"


def test_every_verdict_has_its_own_symbol() -> None:
    assert len({formats.get_verdict_symbol(verdict) for verdict in Verdict}) == len(Verdict)
    assert {formats.write_css_class(verdict) for verdict in Verdict} >= {"insufficient-data", "not-measured"}


@pytest.mark.parametrize(("text", "day"), [(None, None), ("", None), ("2024-09-18", dt.date(2024, 9, 18))])
def test_dates_are_parsed(text: str | None, day: dt.date | None) -> None:
    assert parse_day_parameter(text) == day


@pytest.mark.parametrize("text", ["18.9.2024", "20240918", "2024-W38-3", "2024-02-30", "٢٠٢٤-٠٩-١٨", "x" * 500])
def test_other_date_formats_are_refused_in_one_short_line(text: str) -> None:
    with pytest.raises(UsageError, match="a date such as 2024-09-18") as refused:
        parse_day_parameter(text)
    assert len(str(refused.value)) < 150
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("momentum", "words"),
    [
        (0.889, "high (0.89)"),
        (0.6, "rising (0.60)"),
        (0.5, "steady (0.50)"),
        (0.3, "slowing (0.30)"),
        (0.0, "low (0.00)"),
    ],
)
def test_momentum_in_words(momentum, words):
    assert formats.write_momentum(momentum) == words
