"""Attacks with XML, JSON and characters."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.model import Outcome
from groundswell.testing.hostile.case import FIRST, GOOD, Answer, Case, build_feed_case, build_rss

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_ATTRIBUTES = " ".join(f"a{n}=''" for n in range(200_000))
_SECRET = "hostile-secret"  # noqa: S105 - what an entity would become if it were expanded


def _stream(first: str, piece: str, times: int, last: str) -> Iterator[bytes]:
    yield first.encode()
    pieces_per_block = max(1, 50_000 // len(piece))
    block = (piece * pieces_per_block).encode()
    for _ in range(times // pieces_per_block):
        yield block
    yield last.encode()


def _streamed(name: str, sent: str, piece: str, times: int, *, outcome: Outcome, titles: tuple[str, ...] = ()) -> Case:
    head, tail = build_rss("\0").decode().split("\0")
    holds = (
        "it is refused as too large" if outcome is Outcome.TOO_LARGE else "what can be read is read, in bounded time"
    )
    return Case(name, sent, holds, lambda request: Answer(_stream(head, piece, times, tail)), outcome, titles)


def _json(name: str, sent: str, body: tuple[str, str, int, str], outcome: Outcome) -> Case:
    headers = {"Content-Type": "application/feed+json"}
    holds = "it is reported as what it is, in bounded time"
    return Case(name, sent, holds, lambda request: Answer(_stream(*body), 200, headers), outcome)


_FEED_START = '{"version":"https://jsonfeed.org/version/1.1","title":"J","items":['

MARKUP = (
    build_feed_case(
        "external-entity",
        "an entity that names a file",
        "<item><title>x &e;</title></item>",
        prologue='<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    ),
    build_feed_case(
        "internal-entity",
        "an entity that contains text",
        "<item><title>x &e;</title></item>",
        prologue=f'<!DOCTYPE rss [<!ENTITY e "{_SECRET}">]>',
        absent=(_SECRET,),
    ),
    Case(
        "parameter-entity",
        "a parameter entity that loads a document type from elsewhere",
        "the feed is refused or read without it; nothing is loaded",
        lambda request: Answer(
            [build_rss("", f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{request.root}/loop"> %p; ]><!DOCTYPE r>')]
        ),
        Outcome.MALFORMED,
    ),
    build_feed_case(
        "billion-laughs",
        "ten levels of entities",
        "<item><title>&l9;</title></item>",
        prologue=f'<!DOCTYPE rss [<!ENTITY l0 "ha">{_LAUGHS}]>',
        absent=("haha",),
    ),
    build_feed_case(
        "quadratic-entities",
        "one long entity used often",
        f"<item><title>{'&a;' * 20_000}</title></item>",
        prologue=f'<!DOCTYPE rss [<!ENTITY a "{"ha" * 2_000}">]>',
        absent=("haha",),
    ),
    build_feed_case(
        "inclusion",
        "an inclusion of a local file",
        '<item xmlns:xi="http://www.w3.org/2001/XInclude"><title>x</title><xi:include href="file:///etc/hostname"/></item>',
    ),
    build_feed_case(
        "style-sheet",
        "a processing instruction that names a style sheet",
        "",
        prologue='<?xml-stylesheet type="text/xsl" href="http://169.254.169.254/"?>',
    ),
    _streamed(
        "a-million-items", "a million items of twenty bytes each", "<item><title>", 1_000_000, outcome=Outcome.TOO_LARGE
    ),
    _streamed(
        "items-up-to-the-limit",
        "some 300,000 items, just below the limit of size",
        "<item><title>",
        300_000,
        outcome=Outcome.OK,
        titles=(FIRST,),
    ),
    _streamed("deep-markup", "100,000 elements within each other", "<b>", 100_000, outcome=Outcome.OK, titles=GOOD),
    _streamed("long-title", "a title of 100 MB", "<item><title>" + "x" * 100_000, 1_000, outcome=Outcome.TOO_LARGE),
    build_feed_case("title-below-the-limit", "a title of 4 MB", f"<item><title>{'x' * 4_000_000}</title></item>"),
    build_feed_case(
        "many-attributes",
        "an element of 200,000 attributes",
        f"<item><title>x</title><a {_ATTRIBUTES}/></item>",
    ),
    build_feed_case(
        "open-tags",
        "a million tags that never end",
        "<item><title>x</title>" + "<a b='" * 500_000 + "</item>",
        titles=(FIRST,),
    ),
    build_feed_case(
        "sections-without-end", "half a million CDATA sections that never end", "<![CDATA[" * 500_000, titles=(FIRST,)
    ),
    build_feed_case(
        "ampersands",
        "400,000 bare ampersands",
        f"<item><title>x</title><description>{'&' * 400_000}</description></item>",
    ),
    build_feed_case(
        "escaped-tags",
        "a text of 500,000 escaped tags, open",
        f"<item><title>x</title><description>{'&lt;b ' * 450_000}</description></item>",
    ),
    build_feed_case("crossed-tags", "elements that overlap", "<item><title>x<b></title></b></item></rss>"),
    build_feed_case(
        "unseen-characters",
        "NUL, text that changes direction, zero-width characters and tag characters",
        "<item><title>\0good\u202eevil\u2066\u200b\u200f\ufeff\U000e0041&#x202e;&#0;</title></item>",
        absent=("\0", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\U000e0041"),
    ),
    build_feed_case(
        "seven-bit",
        "a script in an encoding that browsers once guessed",
        "<item><title>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</title></item>",
        prologue='<?xml version="1.0" encoding="utf-7"?>',
        absent=("<script",),
    ),
    build_feed_case(
        "wrong-encoding",
        "UTF-8 that is declared as UTF-16",
        "<item><title>Größe</title></item>",
        prologue='<?xml version="1.0" encoding="utf-16"?>',
        titles=(*GOOD, "Größe"),
    ),
    build_feed_case(
        "slow-codec",
        "an encoding whose decoding takes quadratic time",
        f"<item><title>{'é' * 200_000}</title></item>",
        prologue='<?xml version="1.0" encoding="punycode"?>',
    ),
    _json("deep-json", "100,000 arrays within each other", ("", "[", 100_000, ""), Outcome.MALFORMED),
    _json("many-json-items", "a million empty items", (_FEED_START, "{},", 1_000_000, "0]}"), Outcome.OK),
    _json("long-json-number", "a number of a million digits", (_FEED_START, "9", 1_000_000, "]}"), Outcome.MALFORMED),
)
