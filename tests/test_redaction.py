"""What is taken out of addresses and messages, and what stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.feeds.opml import build_feed_slug
from groundswell.feeds.public_addresses import publish_address
from groundswell.redaction import is_redacted, redact_address, redact_repeated, redact_text

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
SECRETS = st.from_regex(r"[a-z]{5}[0-9]{5}[A-Z]{5}[a-z0-9]{5,20}", fullmatch=True)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://news.example/rss?key=1", "https://news.example/rss?…"),
        ("https://news.example/rss#1", "https://news.example/rss#…"),
        ("https://me:pass@news.example:8443/rss", "https://…@news.example:8443/rss"),
        ("https://news.example/u/123e4567-e89b-12d3-a456-426614174000.rss", "https://news.example/u/…"),
        ("https://news.example/private/0123456789abcdef/feed", "https://news.example/private/…/feed"),
        ("https://news.example/AbC123dEf_456-GhI789jkl", "https://news.example/…"),
        ("postgresql://me:pa/ss@h/db?password=1", "postgresql://…@h/db?…"),
    ],
)
def test_what_may_be_a_secret_is_taken_out(address: str, shown: str) -> None:
    assert redact_address(address) == shown
    assert is_redacted(shown)


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example",
        "https://medium.example/feed/@user",
        "https://news.example/2024-q1-results-of-s-p-500-companies/feed",
        "https://news.example/2024/10/01/sp500-falls-as-q3-2024-earnings-miss.html",
        "https://news.example/20241001120000.xml",
        "https://news.example/RssFeed/orgclass/1/feedTitle/Newswire%20-%20News%20about%20Public%20Companies",
        "sqlite:////home/me/groundswell.db",
        "not an address",
    ],
)
def test_what_is_no_secret_stays(address: str) -> None:
    assert redact_address(address) == address
    assert redact_text(f"see {address}, please") == f"see {address}, please"
    assert not is_redacted(address)


def test_packaged_feeds_are_public() -> None:
    assert all(publish_address(feed.url) == feed.url for feed in load_default_feeds())
    assert publish_address("https://news.example/rss?key=1") == "https://news.example/rss?…"


@given(host=WORDS, path=WORDS, secret=SECRETS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_secret_in_an_address_is_in_no_message(host: str, path: str, secret: str, before: str, after: str) -> None:
    start = f"https://{host}.example/{path}"
    for address in (f"{start}?k={secret}", f"{start}?{secret}", f"{start}#{secret}", f"{start}/{secret}"):
        shown = redact_address(address)
        assert secret not in shown
        assert start in shown
        assert redact_address(shown) == shown
        assert is_redacted(shown)
        assert secret not in redact_text(f"{before} {address} {after}")
        assert secret not in redact_repeated(f"{before}{secret}{after}", address)
        assert secret.lower() not in build_feed_slug(address)
    assert secret not in redact_text(f"{before} https://me:{secret}@{host}.example/ {after}")
    assert secret not in redact_text(f"{before}{secret}{after}", [secret])
    assert secret not in redact_text(f"{before} token={secret} {after}")


@given(st.text())
def test_any_text_can_be_redacted(text: str) -> None:
    assert redact_text(redact_text(text)) == redact_text(text)
    redact_repeated(text, text)
    redact_address(text)


def test_two_private_feeds_of_a_host_have_slugs_of_their_own() -> None:
    slugs = {build_feed_slug(f"https://news.example/rss?key={key}") for key in ("a", "b", "c")}
    assert len(slugs) == 3
    assert all(slug.startswith("news-example-rss-") for slug in slugs)
