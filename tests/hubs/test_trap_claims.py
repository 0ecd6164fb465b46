"""Claims that must not get through as they are: each with what is right. Their kinds are in claims/checks."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from groundswell.claims.evaluate import evaluate_claims
from groundswell.hubs.file.load import load_usable_hub
from groundswell.hubs.file.validate import find_warnings, read_hub
from groundswell.hubs.spec import HubSpec
from groundswell.model import Qualifier, Verdict

from ..conftest import SHARED
from .reading import check_hub

TRAPS = SHARED / "cases" / "trap-claims"

AS_OF = date(2026, 8, 20)

REFUSED = {
    "t-collinear": "collinear",
    "t-self-control": "explains itself",
    "t-self-explaining": "explains itself",
    "t-impossible-range-low-high": "from low to high",
    "t-impossible-share": "5 is impossible",
    "t-everything-range": "nothing can miss",
    "t-tiny-n-weeks": "less than the 52",
    "t-cherry-window": "chosen period",
    "t-levels-correlation": "levels is refused",
    "t-levels-of": "levels is refused",
    "t-levels-by-cumulated-price": "refused as a level",
    "t-overlap-plain": "plain errors are refused",
    "t-pooled-list": "pooling several",
    "t-mixed-measure": "do not compare",
    "t-revised-rate-change": "revised after",
    "t-zero-zero": "write an equivalence",
    "t-within-straddle": "nothing can miss",
}


@pytest.mark.shared(twin="tests/hubs/test_load.py::test_one_bad_claim_does_not_stop_the_hub")
@pytest.mark.parametrize(("name", "words"), REFUSED.items())
def test_a_trap_is_refused_in_words_and_stops_nothing(name, words, market_book):
    path = TRAPS / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert any(words in str(mistake) for mistake in check_hub(text, name))
    assert tomllib.loads(text)["claims"][0]["measure"]
    hub = load_usable_hub(path)
    (found,) = evaluate_claims(hub.slug, hub.claims, market_book, AS_OF)
    assert (found.verdict, found.estimate) == (Verdict.NOT_MEASURED, None)
    assert words in found.reason


@pytest.mark.shared(twin="tests/claims/checks/test_hindsight.py::test_the_lists_that_ship")
@pytest.mark.parametrize(
    ("name", "qualifiers"),
    [
        ("t-lookahead-hindsight-final", (Qualifier.HINDSIGHT,)),
        ("t-stale-series", (Qualifier.STALE,)),
        ("t-sign-flipped", ()),
        ("t-text-mismatch", ()),
    ],
)
def test_a_trap_that_can_be_measured_says_what_to_know(name, qualifiers, market_book):
    hub = read_hub((TRAPS / f"{name}.toml").read_text(encoding="utf-8"), name)
    assert isinstance(hub, HubSpec)
    (found,) = evaluate_claims(name, hub.claims, market_book, AS_OF)
    assert set(qualifiers) <= set(found.qualifiers)
    assert found.measured
    if name == "t-sign-flipped":
        assert found.estimate > 0
        assert found.verdict is Verdict.INCONCLUSIVE
    if name == "t-text-mismatch":
        assert "names nothing of what is measured" in find_warnings(hub)[0]
