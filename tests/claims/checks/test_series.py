"""Series that do not fit what a claim uses them for, periods that were chosen, floors and pooled assets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from groundswell.claims.validate import check_claim
from groundswell.markets.series.calendar import as_days
from groundswell.markets.series.income import is_bond_fund
from groundswell.model import Verdict

from ..made import DAYS, END, INF, book, claim, evaluate_claim, normal, price, rate

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
        ("trailing-comparison", {"long": "PAYEMS", "short": "SPY", "measure": "price"}, "long", "revised"),
        ("sensitivity", {"long": "UNRATE"}, "long", "revised"),
        ("event-study", {**STUDY, "extend": {"IWM": "UNRATE", "SPY": "^GSPC"}}, "extend", "revised"),
        ("surprise-sensitivity", {"long": "SPY", "surprise": "SP500"}, "surprise", "what shares themselves did"),
        ("event-change", {"rate": "SPY"}, "rate", "SPY is a security"),
        ("event-change", {"rate": "GC=F"}, "rate", "GC=F is a security"),
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
    apart = {**WHOLE, "asks": "Is it so in all years?"}
    assert "without asks" in find("sensitivity", CHOSEN, measure=reason, readings=[apart])[0][1]
    assert len(find("sensitivity", CHOSEN, measure={"chosen_by": " "}, readings=[WHOLE])) == 1


def test_no_stand_in_is_of_a_chosen_period():
    fallbacks = [{"name": "two years", "arguments": {**CHOSEN, "factor": "DGS10"}, "why": "to test"}]
    ((path, message),) = find("sensitivity", {"long": "XYZ", "factor": "market"}, fallbacks=fallbacks)
    assert path == ("fallbacks", 0, "arguments")
    assert "a stand-in of a chosen period" in message


def test_a_period_ends_after_it_begins():
    reading = {"name": "backwards", "arguments": {"first": dt.date(2023, 1, 1), "last": dt.date(2020, 1, 1)}}
    ((path, message),) = find("sensitivity", {"long": "TLT", "factor": "market"}, readings=[reading])
    assert path == ("readings", 0, "arguments", "last")
    assert message == "2020-01-01 is before the first day, 2023-01-01: no data lie between them"


RATES = normal(2, 0.05)
SIGNS = np.where(as_days(np.datetime64("2008-01-01")) > DAYS, 0.1, -0.1)
"""The return gains on rising rates until 2008, and loses on them from then on."""


def test_a_chosen_period_says_who_chose_it_and_what_the_whole_sample_gives():
    made = book(price("A", SIGNS * RATES + normal(3, 0.001)), rate("DGS10", RATES))
    chosen = {"long": "A", "factor": "DGS10", "first": dt.date(2002, 1, 1), "last": dt.date(2007, 12, 31)}
    whole = {**WHOLE, "arguments": {"long": "A", "factor": "DGS10"}}
    spec = claim("sensitivity", UP, chosen, measure={"chosen_by": "The author, to test."}, readings=[whole])
    found = evaluate_claim("h", spec, made, END)
    assert (found.verdict, found.readings[0].verdict) == (Verdict.SUPPORTED, Verdict.REFUTED)
    assert found.notes[0].startswith(
        "Who chose the period, and why: The author, to test. Over the whole sample the claim is refuted: slope"
    )
    assert found.measured.endswith("weeks, from 2002-01-01 to 2007-12-31.")


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
