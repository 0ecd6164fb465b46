"""Which addresses are safe to link to, and the ASCII form of their hosts."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.identity import canonicalize_address
from groundswell.fetch.urls import safe_address

ASCII_FORMS = [
    ("http://\u0430pple.com/news", "http://xn--pple-43d.com/news"),  # a Cyrillic letter
    ("https://M\u00dcNCHEN.example:8080/x?y=\u00fc#\u00e9", "https://xn--mnchen-3ya.example:8080/x?y=\u00fc#\u00e9"),
    ("http://stra\u00dfe.example", "http://xn--strae-oqa.example"),
    ("http://\u65e5\u672c.example/\u65e5\u672c", "http://xn--wgv71a.example/\u65e5\u672c"),
    ("http://news.example\u3002com/a", "http://news.example.com/a"),
    ("http://\u24d4xample.com/", "http://example.com/"),
    ("http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1/"),  # the checks on addresses see what browsers see
    ("http://\u00e4.example:/a", "http://xn--4ca.example/a"),
    ("http://[::1]/\u00e9", "http://[::1]/\u00e9"),
]


@pytest.mark.parametrize(("text", "expected"), ASCII_FORMS)
def test_a_host_is_returned_in_ascii_and_the_rest_as_it_is(text, expected):
    assert safe_address(text) == expected
    assert safe_address(expected) == expected
    assert canonicalize_address(safe_address(text)) == canonicalize_address(expected)


@pytest.mark.parametrize(
    "text",
    [
        "http://a\u2100b.example/",  # would become a/c
        "http://-\u00e4.example/",
        "http://\u00e4..example/",
        "http://" + "\u00e4" * 64 + ".example/",
        "http://" + "\u00e4." * 60 + "example/",
        "http://\u0661\u0662\u0667.0.0.1/",
        "http://a.example:8\u0660/",
        "http://ex%61mple.com/",
        "http://%D0%B0pple.com/",
        "http://user@\u00e4.example/",
    ],
)
def test_a_host_without_an_ascii_form_is_refused(text):
    assert safe_address(text) is None


@given(host=st.text(min_size=1, max_size=20), path=st.text(max_size=10))
def test_every_host_is_in_ascii_whatever_is_written(host, path):
    address = safe_address(f"http://{host}.example/{path}")
    if address is not None:
        assert urlsplit(address).netloc.isascii()
        assert safe_address(address) == address


@given(label=st.text(min_size=1, max_size=8))
def test_a_host_and_its_ascii_form_are_one_address(label):
    host = urlsplit(safe_address(f"http://{label}.example/") or "http://a.example/").hostname
    assert canonicalize_address(f"http://{host}/a") == canonicalize_address(safe_address(f"HTTP://{host.upper()}/a/"))
