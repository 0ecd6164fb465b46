"""The targets of fuzzing: for each the inputs, and what must be true for any input."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

from groundswell.claims.evaluate import evaluate_claims
from groundswell.feeds.identity import canonicalize_address
from groundswell.feeds.offers import build_offers
from groundswell.feeds.opml import OpmlError, read_opml, write_opml
from groundswell.feeds.parsing.dates import parse_date
from groundswell.feeds.parsing.forms import Form
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TEXT_CHARACTERS, MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.feeds.parsing.titles import clean_title
from groundswell.feeds.recognition import list_digests, recognise
from groundswell.feeds.standing import judge_feed
from groundswell.feeds.update import update_feed
from groundswell.fetch.urls import MAX_ADDRESS_CHARACTERS, safe_address
from groundswell.hubs.file.load import PACKAGED_SLUGS
from groundswell.hubs.file.validate import read_hub
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import COMPANY_ACCOUNTS, GROUP_ACCOUNTS, RELEASE_DAYS
from groundswell.model import FeedSpec, Measure, Origin, Outcome, SeriesRef, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.settings import ServiceSettings
from groundswell.sources.services.base import DataService, Request, UnusableAnswerError
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.services.registry import DATA_SERVICES, build_services
from groundswell.testing.hostile.case import ReceivedRequest
from groundswell.testing.hostile.content import CONTENT
from groundswell.testing.hostile.markup import MARKUP

from ..feeds.kinds import KINDS
from .data_files import DATA_FILES, check_data_file
from .mutation import TOKENS, mutate
from .vocabularies import feeds

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
FEED = FeedSpec("fuzz", "", "https://feed.example/rss", "", enabled=True, minutes=30, note="")
STATE = UpstreamState("fuzz", UpstreamKind.FEED, "Fuzz", FEED.url, "", enabled=True)


@dataclass(frozen=True, slots=True)
class Target:
    """``check`` raises if an input from the strategy ``inputs`` breaks a rule."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


LIVE_TAG = re.compile(
    r"<(?:script|img|a|b|iframe|svg|base|meta)\s[^<>]*\w=[^<>]*>|<(b|i|a|p|div)>.*</\1>", re.IGNORECASE
)
"""What a browser would act upon; a name in brackets, such as ``<script>`` as a word of a headline, is no markup."""


def check_text(text: str, limit: int) -> None:
    """Require text that can be shown and stored: one line within its limit, without invisible characters."""
    assert len(text) <= limit
    is_cut = len(text) == limit or text.endswith("…")
    assert text == clean_title(text, Form.PLAIN, limit) or is_cut, "reading it again changes it"
    assert text == " ".join(text.split())
    text.encode()
    assert not any(ord(character) < 32 for character in text)


def check_parser(body_and_type: tuple[bytes, str]) -> None:
    parsed = parse_feed(*body_and_type, FEED)
    assert "program failed" not in " ".join((parsed.malformed, *parsed.problems)), "the parser raised"
    assert not (parsed.malformed and parsed.entries)
    for entry in parsed.entries:
        assert entry.title
        for text, limit in (
            ("" if entry.title == entry.url else entry.title, MAX_ENTRY_TITLE_CHARACTERS),
            (entry.text, MAX_ENTRY_TEXT_CHARACTERS),
            (entry.publisher, MAX_ENTRY_TITLE_CHARACTERS),
        ):
            check_text(text, limit)
        for url in (entry.url, entry.source_url):
            assert url is None or safe_address(url) == url
    offers = build_offers(parsed.entries, NOW, Origin.LIVE, judge_feed(FEED, FEED.url))
    new = recognise(offers, {}, {})
    assert len(new.new) == len(offers)
    assert not new.stored
    digests = {digest for learnt in new.learnt.values() for digest in learnt}
    assert list_digests(offers) >= digests.difference(new.new)
    state, updated = update_feed(STATE, FEED, Retrieved(Outcome.OK, "HTTP 200", *body_and_type), NOW)
    assert updated == offers
    assert state.next_due_at is not None
    assert NOW < state.next_due_at <= NOW + dt.timedelta(days=2)


def check_vocabularies(body_and_titles: tuple[bytes, list[str]]) -> None:
    """Require every item with a title of its own, whatever stands next to it."""
    body, titles = body_and_titles
    check_parser((body, ""))
    parsed = parse_feed(body, "", FEED)
    found = iter(entry.title for entry in parsed.entries)
    assert not parsed.malformed
    assert all(title in found for title in titles), "a title was lost"


def check_cleaner(text: str) -> None:
    for limit in (MAX_ENTRY_TITLE_CHARACTERS, 10):
        check_text(clean_title(text, Form.PLAIN, limit), limit)
        for cleaned in (
            to_plain_text(text, limit),
            clean_title(text, Form.MARKUP, limit),
            clean_title(text, Form.UNSURE, limit),
        ):
            check_text(cleaned, limit)
            assert not LIVE_TAG.search(cleaned), "a tag of HTML was let through"


def check_address(text: str) -> None:
    url = safe_address(text)
    if url is None:
        return
    assert len(url) <= MAX_ADDRESS_CHARACTERS
    canonical = canonicalize_address(url)
    again = safe_address(f"https://{canonical}")
    assert again is not None, "the canonical form is no longer an address"
    assert canonicalize_address(again) == canonical


def check_date(text: str) -> None:
    date = parse_date(text)
    assert date is None or date.at.utcoffset() == dt.timedelta(0)


def check_opml(body: bytes) -> None:
    try:
        outlines, _ = read_opml(body)
    except OpmlError:
        return
    specs = [
        FeedSpec(f"f{n}", outline.title, outline.url, outline.topic, True, 30, "") for n, outline in enumerate(outlines)
    ]
    again, problems = read_opml(write_opml(specs).encode())
    assert not problems
    assert {outline.url for outline in again} == {outline.url for outline in outlines}


def check_hub(body: bytes) -> None:
    hub = read_hub(body.decode("utf-8", "replace"), "roic")
    if not isinstance(hub, HubSpec):
        assert hub
        assert all(mistake.line >= 1 and mistake.message for mistake in hub)


def check_claims(body: bytes) -> None:
    hub = read_hub(HUB + body.decode("utf-8", "replace"), "fuzz")
    if isinstance(hub, HubSpec):
        for evaluation in evaluate_claims(hub.slug, hub.claims, NOTHING, NOW.date()):
            assert evaluation.reason


def check_answer(number_and_body: tuple[int, bytes]) -> None:
    number, body = number_and_body
    source, request = REQUESTS[number]
    try:
        all_series = source.read(request, body)
    except UnusableAnswerError:
        return
    for series in all_series:
        try:
            for observation in find_new_observations(series, None, (), source.name, now=NOW, asked_before=None):
                assert observation.known_at <= NOW
        except UnusableAnswerError:
            continue


def _list_feeds() -> list[bytes]:
    request = ReceivedRequest("http://127.0.0.1", "", {})
    bodies = [b"".join(case.answer(request).body) for case in (*CONTENT, *MARKUP)]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title type="html">S&amp;P 500 &lt;b&gt;up'
        '&lt;/b&gt;</title><link rel="alternate" href="/1"/><id>urn:1</id><updated>2026-03-01T10:00:00Z</updated>'
        "<summary>x</summary><source><title>S</title></source></entry></feed>"
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>C</title></channel>'
        '<item rdf:about="http://a.example/1"><title>AT&T</title><link>http://a.example/1</link>'
        "<dc:date>Sun, 1 Mar 2026 10:00 EST</dc:date></item></rdf:RDF>"
    )
    jsonfeed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [{"id": 1, "title": "T", "url": "https://j.example/1", "date_published": "2026-03-01T10:00:00+01:00"}],
    }
    return [
        *(body for body in bodies if len(body) < 20_000),
        *(kind.body if isinstance(kind.body, bytes) else kind.body.encode() for kind in KINDS),
        atom.encode(),
        rdf.encode(),
        json.dumps(jsonfeed).encode(),
    ]


HUB = 'slug = "fuzz"\ntitle = "F"\nsummary = "S"\nthesis = ["T"]\n[tagging]\nstrong = ["fed"]\n'
FILES = {slug: files("groundswell.hubs").joinpath(f"catalog/{slug}.toml").read_bytes() for slug in PACKAGED_SLUGS}
CLAIMS = [b"[[claims]]" + part for text in FILES.values() for part in text.split(b"[[claims]]")[1:]]
ADDRESSES = [
    b"https://user:pw@news.example:443/a//b/?utm_source=x&b=2&a=1#frag",
    b"http://[::1]:80/?",
    "https://bücher.example/ä?q=%zz".encode(),
    b"HTTP://EXAMPLE.com./a/../b;c?x=y=z",
]
DATES = [b"Mon, 02 Mar 2026 10:00:00 GMT", b"2026-03-02T10:00:00.123+14:00", b"3/4/26 1:55 p.m. ET", b"1767225600000"]
LIST = (
    b'<opml version="2.0"><body><outline text="a"><outline xmlUrl="https://a.example/" title="A"/></outline></body>'
    b"</opml>"
)
REFS = (
    *(SeriesRef(name, Measure.RATE) for name in ("DGS10", "DFF", "FOMC.upper", "BAA10Y")),
    SeriesRef("FOMC.meeting", Measure.LEVEL),
    SeriesRef("IWM", Measure.TOTAL_RETURN),
    SeriesRef("^VIX", Measure.PRICE),
    *(SeriesRef(f"{fund}.concentration.top10", Measure.LEVEL) for fund in ("IVV", "SPY", "RSP")),
    COMPANY_ACCOUNTS.ref(1, "short_term_debt"),
    GROUP_ACCOUNTS.ref("small", "loss_share", "mean"),
    *(RELEASE_DAYS.ref(release) for release in ("cpi", "gdp")),
)
BODIES = [
    b'Date,"1 Mo","10 Yr"\n08/20/2025,3.71,4.41\n08/19/25,N/A,\n',
    b'{"refRates":[{"effectiveDate":"2025-08-20","type":"EFFR","percentRate":3.6,'
    b'"targetRateFrom":3.5,"targetRateTo":3.75}]}',
    b"2026 FOMC Meetings fomc-meeting__month x><strong>April/May</strong></div><div fomc-meeting__date y>30-1*<",
    b"decided to lower the target range for the federal funds rate by 1/4 percentage point to 3-1/2 to 3-3/4 percent",
    b"observation_date,BAA10Y\n2025-08-19,1.5\n2025-08-20,.\n",
    b'{"realtime_start":"2025-01-01","observations":[{"realtime_start":"2025-08-20",'
    b'"date":"2025-04-01","value":"4.1"}]}',
    b'[{"date":"2025-08-19T00:00:00.000Z","close":440.0,"adjClose":220.0}]',
    b'{"chart":{"result":[{"meta":{"gmtoffset":-14400},"timestamp":[1755610200],'
    b'"indicators":{"quote":[{"close":[220.5]}],"adjclose":[{"adjclose":[219.5]}]}}],"error":null}}',
    b'F\nFund Holdings as of,"Aug 20, 2025"\n\nTicker,Name,Asset Class,Market Value\n'
    + b'"A","B","Equity","1,000.00"\n' * 12,
    b'{"facts":{"us-gaap":{"DebtCurrent":{"units":{"USD":[{"end":"2024-12-31","val":7,'
    b'"form":"10-K","filed":"2025-02-20"}]}}}}}',
    b'{"taxonomy":"us-gaap","tag":"NetIncomeLoss","ccp":"CY2024","uom":"USD","pts":1,'
    b'"data":[{"cik":7,"end":"2024-12-31","val":5}]}',
    b'{"0":{"cik_str":7,"ticker":"MADE"}}',
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=US-Eastern:20251015T083000\r\n"
    b"SUMMARY:Consumer Price Index\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
]


def _list_requests() -> list[tuple[DataService, Request]]:
    services = (*build_services({}), *build_services({"fred": ServiceSettings(key="k")}))
    return [
        (source, request)
        for source in dict.fromkeys(services)
        for ref in REFS
        if source.offers(ref)
        for request in source.requests((ref,), NOTHING, NOW.date())[:2]
    ]


REQUESTS = _list_requests()
NEVER_FUZZED = DATA_SERVICES.keys() - {service.name for service, _ in REQUESTS}
assert not NEVER_FUZZED, f"add to REFS a series that these services offer: {sorted(NEVER_FUZZED)}"

TYPES = st.sampled_from(("", "application/xml; charset=utf-8", "text/xml; charset=shift_jis", "charset=utf-16"))
WORDS = st.text(max_size=60) | st.lists(st.text(max_size=8) | st.sampled_from(TOKENS).map(
    lambda token: token.decode("utf-8", "surrogatepass")), max_size=12).map("".join)  # fmt: skip


def _words(*seeds: bytes) -> st.SearchStrategy[str]:
    return WORDS | mutate(seeds).map(lambda body: body.decode("utf-8", "replace"))


TARGETS = {
    "parser": Target(st.tuples(mutate(_list_feeds()) | st.binary(max_size=200), TYPES), check_parser),
    "vocabularies": Target(feeds(), check_vocabularies),
    "cleaner": Target(_words(*(body for body in _list_feeds() if len(body) < 2_000)), check_cleaner),
    "canonical address": Target(_words(*ADDRESSES), check_address),
    "dates": Target(_words(*DATES), check_date),
    "opml": Target(mutate([LIST]), check_opml),
    "hub file": Target(mutate([FILES["roic"]]), check_hub),
    "data file": Target(mutate(DATA_FILES) | st.binary(max_size=200), check_data_file),
    "claims": Target(mutate(CLAIMS), check_claims),
    "answers of data services": Target(st.tuples(st.integers(0, len(REQUESTS) - 1), mutate(BODIES)), check_answer),
}
