"""What the packaged hubs must hold."""

import re

import pytest

from groundswell.claims.binding import bind_claim
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.tagging.tagger import Tagger

HUBS = {hub.slug: hub for hub in load_catalog()}
FLAGSHIP = HUBS["small-caps"]
each_hub = pytest.mark.parametrize("hub", HUBS.values(), ids=HUBS)


def test_the_flagship_has_all_fourteen_claims_and_its_instruments():
    assert [claim.id for claim in FLAGSHIP.claims] == [f"C{number}" for number in range(1, 15)]
    assert {"IWM", "SPY", "RSP", "XBI", "KRE", "HYG"} <= {one.symbol for one in FLAGSHIP.instruments}
    assert {claim.side for claim in FLAGSHIP.claims} == {"bull", "bear", "context"}


def test_the_first_claim_is_bound_to_the_declared_measurement():
    claim = FLAGSHIP.claims[0]
    assert claim.measure is not None
    assert claim.measure.estimand == "event-study"
    assert claim.measure.range == (0.05, 0.15)
    assert claim.measure.minimum_events == 5
    assert claim.measure.arguments == {
        "events": "first_cuts",
        "long": "IWM",
        "short": "SPY",
        "extend": {"IWM": "^RUT", "SPY": "^GSPC"},
        "measure": "total return",
        "horizon": 63,
        "unit": "sessions",
    }
    assert len(claim.readings) == 15
    assert len(bind_claim(claim).readings) == 15 + 2 * 12 - 1 - 4 - 1


@each_hub
def test_related_hubs_exist_and_relate_back(hub):
    assert set(hub.related) == set(HUBS) - {hub.slug}


@each_hub
def test_what_is_not_measured_says_so_with_a_reason(hub):
    for claim in hub.claims:
        assert claim.measure is not None or re.match(r"not measured yet: \S", claim.unmeasured)


@each_hub
def test_headline_tests_hold_both_answers(hub):
    assert len(hub.tests) >= 14
    assert {test.belongs for test in hub.tests} == {True, False}


@each_hub
def test_the_headline_tests_of_a_hub_pass(hub):
    tagger = Tagger([hub])
    assert [test.title for test in hub.tests if bool(tagger.tag(test.title)) != test.belongs] == []


@each_hub
def test_examples_of_both_kinds_are_many_and_each_stands_once(hub):
    both = (*hub.examples.belongs, *hub.examples.others)
    assert len(hub.examples.belongs) >= 25
    assert len(hub.examples.others) >= 15
    assert len(set(both)) == len(both)


@each_hub
def test_an_example_that_does_not_belong_is_not_let_in(hub):
    tagger = Tagger([hub])
    assert [title for title in hub.examples.others if tagger.tag(title)] == []
    assert [title for title in hub.examples.belongs if not tagger.tag(title)] == []


@each_hub
def test_prose_carries_no_bare_figures(hub):
    """Numbers in the thesis and answers are names (Russell 2000, S&P 500) or references to claims."""
    prose = " ".join((*hub.thesis, *(question.answer for question in hub.questions)))
    names = r"Russell 2000|S&P\s+500|SmallCap 600|\{[A-Z]+\d+\.\w+\}|\b[CFPR]\d+\b|2-year|5 to 15 points|95 %"
    assert re.findall(r"\d+", re.sub(names, "", prose)) == []


@each_hub
def test_charts_name_instruments_so_that_findings_have_words(hub):
    symbols = {one.symbol for one in hub.instruments}
    relative = [chart for chart in hub.charts if chart.kind == "relative"]
    assert {name for chart in relative for name in (chart.long, chart.short) if name} <= symbols
