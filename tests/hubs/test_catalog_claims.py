"""The claims of the packaged hubs in real data."""

from datetime import date

import pytest

from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.registry import needed
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Verdict
from groundswell.sources.folder import load_folder
from groundswell.sources.french import load_french

HUBS = {hub.slug: hub for hub in load_catalog()}
EXPECTED = {
    "C1": ("insufficient data", 4, -0.0039),
    "C2": ("insufficient data", 4, -0.0178),
    "C3": ("inconclusive", 103, 0.0330),
    "C4": ("inconclusive", 657, 0.0216),
    "C5": ("insufficient data", 1, 0.0037),
    "C6": ("supported", 75, 0.001975),
    "C7": ("inconclusive", 1036, -0.0028),
    "C8": ("supported", 1036, 0.0570),
    "C9": ("inconclusive", 1036, 0.0240),
    "C10": ("insufficient data", 3, 0.0781),
    "C11": ("supported", 1368, -0.0142),
    "C12": ("inconclusive", 313, 0.0015),
    "C13": ("supported", 1215, -0.0122),
    "C14": ("supported", 557, -0.2381),
}


@pytest.fixture(scope="module")
def book(market_data) -> SeriesBook:
    refs = frozenset(ref for hub in load_catalog() for ref in needed(hub.claims))
    return SeriesBook.of([*load_folder(market_data, refs).series, *load_french()])


def test_all_fourteen_are_measured(book):
    found = evaluate_claims("small-caps", HUBS["small-caps"].claims, book, date(2026, 8, 20))
    assert {one.id: (one.verdict.value, one.n, pytest.approx(one.estimate, abs=1e-4)) for one in found} == EXPECTED
    assert all(one.sources and one.events and one.reason and one.window for one in found)


@pytest.mark.parametrize("slug", HUBS)
def test_each_hub_measures_four_claims_or_more(book, slug):
    found = evaluate_claims(slug, HUBS[slug].claims, book, date(2026, 8, 20))
    assert sum(one.verdict is not Verdict.NOT_MEASURED for one in found) >= 4


@pytest.mark.parametrize("slug", HUBS)
@pytest.mark.parametrize("as_of", [date(2008, 10, 10), date(2019, 8, 1)])
def test_a_past_day_knows_nothing_later(book, slug, as_of):
    cut = book.known_by(end_of_day(as_of))
    claims = HUBS[slug].claims
    assert evaluate_claims(slug, claims, cut, as_of) == evaluate_claims(slug, claims, book, as_of)
    for one in evaluate_claims(slug, claims, cut, as_of):
        assert all(event.end <= as_of for event in one.events)
        assert all(use.last is None or use.last <= as_of for use in one.sources)
