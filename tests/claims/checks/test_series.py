"""Series that do not fit what a claim uses them for, periods that were chosen, floors and pooled assets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from groundswell.claims.validate import check_claim
from groundswell.markets.series.income import is_bond_fund

from ..made import INF, claim

UP = (0.0, INF)
STUDY = {"events": "first_cuts", "long": "IWM", "short": "SPY"}


def find(estimand: str, arguments: dict[str, Any], names: dict[str, str] | None = None, **fields: Any):
    return [(path, message) for path, message in check_claim(claim(estimand, UP, arguments, **fields), names or {})]


@pytest.mark.parametrize(
    ("estimand", "arguments", "field", "words"),
    [
        ("event-change", {"rate": "UNRATE"}, "rate", "revised after the days they describe"),
        ("event-change", {"rate": "NFCI"}, "rate", "revised"),
        ("sensitivity", {"long": "IWM", "factor": "UNRATE"}, "factor", "revised"),
        ("sensitivity", {"long": "IWM", "controls": ["STLFSI4"]}, "controls", "revised"),
        ("event-change", {"rate": "WALCL"}, "rate", "refused as a level"),
        ("event-change", {"rate": "VIXCLS"}, "rate", "refused as a level"),
        ("event-change", {"rate": "^GSPC"}, "rate", "refused as a level"),
        ("event-change", {"rate": "large.breadth.above_50"}, "rate", "refused as a level"),
        ("event-change", {"rate": "ff.mkt-rf"}, "rate", "refused as a level"),
        ("event-study", {**STUDY, "long": "DGS10", "measure": "price"}, "long", "a published figure"),
        ("event-study", {**STUDY, "long": "TLT", "measure": "price"}, "long", "TLT is a bond fund"),
        ("event-study", {**STUDY, "short": "HYG", "measure": "price"}, "short", "HYG is a bond fund"),
        ("sensitivity", {"long": "LQD", "measure": "price"}, "long", "LQD is a bond fund"),
        ("trailing-comparison", {"long": "IEF", "short": "SPY", "measure": "price"}, "long", "IEF is a bond fund"),
        ("event-study", {**STUDY, "short": "^GSPC"}, "short", "^GSPC is an index without dividends"),
        ("sensitivity", {"long": "^RUT"}, "long", "^RUT is an index without dividends"),
        ("event-study", {**STUDY, "short": "^SP500TR", "measure": "price"}, "short", "with dividends and the other"),
        ("event-study", {**STUDY, "long": ["IWM", "XBI"]}, "long", "pooling several"),
        ("sensitivity", {"long": ["IWM", "XBI"]}, "long", "pooling several"),
        ("event-change", {"rate": ["DGS2", "DGS10"]}, "rate", "pooling several"),
        ("event-study", {**STUDY, "events": ["first_cuts", "cut_pauses"]}, "events", "name one event list"),
        ("sensitivity", {"long": "IWM", "of": "levels"}, "of", "a relation of levels is refused"),
        ("level-regression", {"long": "IWM"}, "estimand", "a correlation of levels is refused"),
        ("cointegration", {"long": "IWM"}, "estimand", "a correlation of levels is refused"),
    ],
)
def test_a_series_that_does_not_fit_its_use_is_refused(estimand, arguments, field, words):
    ((path, message),) = find(estimand, arguments)
    assert path[-1] == field
    assert words in message


@pytest.mark.parametrize(
    ("estimand", "arguments"),
    [
        ("event-change", {"rate": "DGS2"}),
        ("event-change", {"rate": "MINE"}),
        ("event-study", {**STUDY, "long": "TLT"}),
        ("event-study", {**STUDY, "long": "^RUT", "short": "^GSPC", "measure": "price"}),
        ("event-study", {**STUDY, "long": "IWM", "short": "^GSPC", "measure": "price"}),
        ("event-study", {**STUDY, "long": "DGS", "short": "SPY", "measure": "price"}),
    ],
)
def test_a_series_that_fits_passes(estimand, arguments):
    assert find(estimand, arguments) == []


def test_the_names_of_a_hub_say_what_a_symbol_is():
    own = {"XYZB": "Euro government bonds (XYZB)", "XYZS": "Shares of bondholders (XYZS)", "XYZR": "A company"}
    arguments = {**STUDY, "long": "XYZB", "measure": "price"}
    assert find("event-study", arguments) == []
    assert "XYZB is a bond fund" in find("event-study", arguments, own)[0][1]
    assert find("event-study", {**STUDY, "long": "XYZS", "measure": "price"}, own) == []
    assert "XYZR is a security" in find("event-change", {"rate": "XYZR"}, own)[0][1]
    assert not is_bond_fund("^TNX", "Treasury yield")


def test_readings_and_fallbacks_are_checked_too():
    readings = [{"name": "price", "arguments": {"long": "TLT", "measure": "price"}}]
    assert find("event-study", STUDY, readings=readings)[0][0] == ("readings", 0, "arguments", "long")
    fallbacks = [{**readings[0], "why": "to test"}]
    assert find("event-study", STUDY, fallbacks=fallbacks)[0][0] == ("fallbacks", 0, "arguments", "long")
    grid = {"axes": {"horizon": [21, 63]}, "variants": readings}
    assert find("event-study", STUDY, grid=grid)[0][0] == ("grid",)


CHOSEN = {"long": "TLT", "factor": "market", "first": dt.date(2022, 1, 1), "last": dt.date(2023, 12, 31)}
WHOLE = {"name": "The whole sample", "estimand": "sensitivity", "arguments": {"long": "TLT", "factor": "market"}}


def test_a_chosen_period_needs_a_reason_and_the_whole_sample():
    without = find("sensitivity", CHOSEN)
    assert [path[-1] for path, _ in without] == ["first", "first"]
    assert "say in chosen_by who chose it and why" in without[0][1]
    assert 'name = "The whole sample", estimand = "sensitivity"' in without[1][1]
    reason = {"chosen_by": "the author, because inflation was high"}
    assert len(find("sensitivity", CHOSEN, measure=reason)) == 1
    assert len(find("sensitivity", CHOSEN, readings=[WHOLE])) == 1
    assert find("sensitivity", CHOSEN, measure=reason, readings=[WHOLE]) == []
    shorter = {**WHOLE, "arguments": {**WHOLE["arguments"], "first": dt.date(2010, 1, 1)}}
    assert len(find("sensitivity", CHOSEN, measure=reason, readings=[shorter])) == 1
    other = {**WHOLE, "arguments": {**WHOLE["arguments"], "step": "month"}}
    assert len(find("sensitivity", CHOSEN, measure=reason, readings=[other])) == 1


def test_a_period_is_free_in_readings_and_since_needs_a_reason():
    whole = {"long": "TLT", "factor": "market"}
    assert find("sensitivity", whole, readings=[{"name": "2022 and 2023", "arguments": CHOSEN}]) == []
    ((path, message),) = find("event-study", STUDY, measure={"since": dt.date(2015, 1, 1)})
    assert (path, "chosen_by" in message) == (("measure", "since"), True)


def test_a_claim_can_only_raise_the_floor():
    ((path, message),) = find("sensitivity", {"long": "IWM"}, measure={"minimum_events": 51})
    assert path == ("measure", "minimum_events")
    assert "minimum_events = 51 is less than the 52 that sensitivity needs" in message
    assert find("sensitivity", {"long": "IWM"}, measure={"minimum_events": 104}) == []
