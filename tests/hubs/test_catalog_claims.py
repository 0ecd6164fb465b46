"""The claims of the packaged hubs in the measuring data and in made data."""

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from groundswell.claims.evaluate import evaluate_claims
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Evaluation, Verdict
from groundswell.sources.shipped.load import join_shipped, load_shipped

HUBS = {hub.slug: hub for hub in load_catalog()}
EXPECTED = {
    "C1": ("refuted", 6, -0.0128),
    "C2": ("refuted", 6, -0.0083),
    "C3": ("refuted", 104, 3.0),
    "C4": ("supported", 5, 0.26),
    "C5": ("insufficient data", 1, 0.0037),
    "C6": ("supported", 124, 0.002674),
    "C7": ("inconclusive", 1036, 2.0),
    "C8": ("supported", 1036, 0.0570),
    "C9": ("inconclusive", 9, -0.0485),
    "C10": ("inconclusive", 11, -0.0219),
    "C11": ("supported", 1368, -0.0142),
    "C12": ("inconclusive", 313, 0.0015),
    "C13": ("inconclusive", 84, -0.0005),
    "C14": ("supported", 557, -0.3840),
}


@pytest.fixture(scope="module")
def evaluated(market_book) -> Callable[[str], tuple[Evaluation, ...]]:
    return cache(lambda slug: tuple(evaluate_claims(slug, HUBS[slug].claims, market_book, date(2026, 8, 20))))


@pytest.mark.shared(twin="tests/golden/test_golden.py::test_evaluation")
def test_all_fourteen_are_measured(evaluated):
    found = evaluated("small-caps")
    assert {one.id: (one.verdict.value, one.n, pytest.approx(one.estimate, abs=1e-4)) for one in found} == EXPECTED
    assert all(one.sources and one.events and one.reason and one.window for one in found)


@pytest.mark.shared(twin="tests/markets/test_market_events.py::test_rules_on_prices_and_spreads")
def test_banks_under_pressure_are_no_refutation(market_book):
    """On this day regional banks had lost half of their value in the fastest rises of rates in forty years."""
    (claim,) = (claim for claim in HUBS["small-caps"].claims if claim.id == "C9")
    (found,) = evaluate_claims("small-caps", [claim], market_book, date(2023, 5, 5))
    assert (found.verdict, found.n) == (Verdict.INCONCLUSIVE, 5)


@pytest.mark.shared(twin="tests/hubs/test_catalog_claims.py::test_each_hub_measures_four_claims_or_more_of_made_data")
@pytest.mark.parametrize("slug", HUBS)
def test_each_hub_measures_four_claims_or_more(evaluated, slug):
    assert sum(claim.verdict is not Verdict.NOT_MEASURED for claim in evaluated(slug)) >= 4


@pytest.mark.parametrize("slug", HUBS)
def test_each_hub_measures_four_claims_or_more_of_made_data(made_book, slug):
    claims = [claim.model_copy(update={"readings": (), "grid": None}) for claim in HUBS[slug].claims]
    found = evaluate_claims(slug, claims, made_book, date(2024, 12, 31))
    assert sum(claim.verdict is not Verdict.NOT_MEASURED for claim in found) >= 4


@pytest.mark.parametrize("slug", HUBS)
@pytest.mark.parametrize("as_of", [date(2008, 10, 10), date(2019, 8, 1)])
def test_a_past_day_knows_nothing_later(each_book, slug, as_of):
    cut = each_book.known_by(end_of_day(as_of))
    claims = HUBS[slug].claims
    found = evaluate_claims(slug, claims, cut, as_of)
    assert found == evaluate_claims(slug, claims, each_book, as_of)
    for claim in found:
        assert all(event.end <= as_of for event in claim.events)
        assert all(use.last is None or use.last <= as_of for use in claim.sources)


def test_without_a_network_nine_claims_have_content():
    book = SeriesBook.of(join_shipped(load_shipped(), ()))
    found = [
        claim for slug, hub in HUBS.items() for claim in evaluate_claims(slug, hub.claims, book, date(2026, 8, 20))
    ]
    assert len(found) == 31
    measured = {
        claim.id: (claim.basis.value, claim.n) for claim in found if claim.estimate is not None and claim.events
    }
    assert measured == {
        "C1": ("stand-in", 4),
        "C2": ("stand-in", 4),
        "C4": ("declared", 5),
        "C10": ("stand-in", 8),
        "F1": ("declared", 6),
        "F2": ("stand-in", 6),
        "F3": ("stand-in", 4),
        "F4": ("declared", 6),
        "R4": ("stand-in", 1),
    }
