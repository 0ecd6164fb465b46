"""Whose turn it is in a chain, whose values give way, and which answers contradict what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from groundswell.markets.series.calendar import is_session
from groundswell.model import Frequency, Measure, Observation, Outcome, Series, SeriesRef
from groundswell.model.service_answers import ServiceAnswer
from groundswell.sources.services.answer_checks import (
    check_agreement,
    check_plausibility,
    check_reach,
    find_twins,
    find_vanished,
)
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.chains import find_yielding, link_chain
from groundswell.sources.services.new_observations import find_new_observations, require_session_dates

NOW = datetime(2026, 8, 21, 23, tzinfo=UTC)
REF, YIELD = SeriesRef("IWM", Measure.PRICE), SeriesRef("DGS10", Measure.RATE)
CHAIN = ("first", "second", "third")
OK, BAD = Outcome.OK, Outcome.REFUSED
DAYS = [date(2026, 8, 3) + timedelta(days=number) for number in range(12)]


def answers(**outcomes: tuple[Outcome, bool] | Outcome) -> dict[tuple[str, SeriesRef], ServiceAnswer]:
    made = {}
    for name, outcome in outcomes.items():
        kind, short = outcome if isinstance(outcome, tuple) else (outcome, False)
        made[name, REF] = ServiceAnswer(name, REF, kind, "", 0, NOW, NOW, short=short)
    return made


@pytest.mark.parametrize(
    ("given", "asked", "serving"),
    [
        ({}, ["first"], None),
        ({"first": OK}, ["first"], "first"),
        ({"first": BAD}, ["first", "second"], None),
        ({"first": BAD, "second": OK}, ["first", "second"], "second"),
        ({"first": BAD, "second": BAD}, ["first", "second", "third"], None),
        ({"first": OK, "second": BAD}, ["first"], "first"),
        ({"first": (OK, True)}, ["first", "second"], "first"),
        ({"first": (OK, True), "second": OK}, ["first", "second"], "second"),
        ({"first": (OK, True), "second": BAD, "third": BAD}, ["first", "second", "third"], "first"),
    ],
)
def test_the_next_is_asked_while_none_before_it_suffices(given: dict, asked: list[str], serving: str | None) -> None:
    links = link_chain(REF, CHAIN, answers(**given))
    assert [link.service for link in links if link.is_asked] == asked
    assert [link.service for link in links if link.serves] == ([serving] if serving else [])


def test_values_of_later_services_and_of_short_histories_give_way() -> None:
    others = {"first", "second", "third", "gone"}
    given = answers(first=(OK, True), second=OK, third=OK)
    assert find_yielding(REF, "second", CHAIN, given, others, short=False) == {"first", "third", "gone"}
    assert find_yielding(REF, "first", CHAIN, given, others, short=True) == frozenset()
    assert find_yielding(REF, "first", CHAIN, given, others, short=False) == {"second", "third", "gone"}


def build(ref: SeriesRef, values: list[float]) -> Series:
    days = np.array(DAYS[: len(values)], dtype="datetime64[D]")
    return Series(ref, Frequency.DAILY, "file", days, np.array(values), days.astype("datetime64[s]"))


def rows(values: list[float]) -> tuple[Row, ...]:
    return tuple(Row(day, value) for day, value in zip(DAYS, values, strict=False))


LONG = np.arange("2026-01-05", "2026-06-01", dtype="datetime64[D]")
LONG = LONG[np.is_busday(LONG)]


def build_long(ref: SeriesRef, values: list[float]) -> Series:
    days = LONG[: len(values)]
    return Series(ref, Frequency.DAILY, "file", days, np.array(values), days.astype("datetime64[s]"))


def long_rows(values: list[float]) -> tuple[Row, ...]:
    return tuple(Row(day, value) for day, value in zip(LONG.tolist(), values, strict=False))


MOVES = [100.0, 101.0, 99.5, 100.4, 102.0, 101.1, 100.0, 101.3, 102.2, 101.0, 99.9, 100.8]
OTHER = [50.0, 49.6, 50.3, 50.1, 49.5, 50.2, 50.6, 49.9, 49.8, 50.5, 50.9, 50.2]


def test_prices_on_another_scale_agree_and_those_of_another_security_do_not() -> None:
    check_agreement(REF, rows([value / 3 for value in MOVES]), build(REF, MOVES))
    check_agreement(
        REF, rows([*MOVES[:6], *(value * 0.9 for value in MOVES[6:])]), build(REF, MOVES)
    )  # one day differs
    check_agreement(REF, rows(OTHER[:5]), build(REF, MOVES))  # too few to say
    with pytest.raises(UnusableAnswerError, match="prices that do not move as those stored: on 11 days in common"):
        check_agreement(REF, rows(OTHER), build(REF, MOVES))


def test_rates_of_another_tenor_are_refused_and_corrected_days_are_not() -> None:
    kept = [4.0 + number / 100 for number in range(12)]
    check_agreement(YIELD, rows([*kept[:9], 5.0, 5.0, 5.0]), build(YIELD, kept))
    with pytest.raises(UnusableAnswerError, match="other values than those stored"):
        check_agreement(YIELD, rows([value + 0.2 for value in kept]), build(YIELD, kept))


def test_rates_that_contradict_for_two_weeks_or_are_negative_are_refused() -> None:
    kept = [4.0 + number % 3 * 0.04 for number in range(60)]
    stuck = [*kept[:45], *(kept[45],) * 15]
    for wrong in (stuck, [kept[0], *kept[:-1]], [-value for value in kept]):
        with pytest.raises(UnusableAnswerError, match="other values than those stored"):
            check_agreement(YIELD, long_rows(wrong), build_long(YIELD, kept))
    check_agreement(YIELD, long_rows([*kept[:56], 4.5, 4.5, *kept[58:]]), build_long(YIELD, kept))


@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_an_answer_in_another_unit_is_refused_before_anything_is_stored(factor: float) -> None:
    percent = [4.31 + number % 7 * 0.03 for number in range(60)]
    check_plausibility(YIELD, long_rows(percent), None)
    with pytest.raises(UnusableAnswerError, match=r"basis points|fractions"):
        check_plausibility(YIELD, long_rows([value * factor for value in percent]), None)


@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_volatility_in_another_unit_is_refused(factor: float) -> None:
    points = [18.0 + number % 7 for number in range(60)]
    check_plausibility(SeriesRef("^VIX", Measure.PRICE), long_rows(points), None)
    with pytest.raises(UnusableAnswerError, match=r"hundredths|fractions"):
        check_plausibility(SeriesRef("^VIX", Measure.PRICE), long_rows([value * factor for value in points]), None)


@pytest.mark.parametrize("wrong", [0.0, -99.9])
def test_prices_that_are_none_are_refused(wrong: float) -> None:
    with pytest.raises(UnusableAnswerError, match="which is no price"):
        check_plausibility(REF, long_rows([*MOVES, wrong]), None)


@pytest.mark.parametrize("ref", [YIELD, SeriesRef("^VIX", Measure.PRICE), REF], ids=str)
@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_a_misprint_is_refused_while_it_is_new(ref: SeriesRef, factor: float) -> None:
    kept = [14.31 + number % 7 * 0.03 for number in range(60)]
    for place in (-1, -2):
        wrong = list(kept)
        wrong[place] *= factor
        with pytest.raises(UnusableAnswerError, match="further than its kind allows"):
            check_plausibility(ref, long_rows(wrong), None)
    wrong = list(kept)
    wrong[-6] *= factor
    check_plausibility(ref, long_rows(wrong), None)  # the plausibility gate judges it
    if ref != REF:
        with pytest.raises(UnusableAnswerError, match="further than its kind allows"):
            check_plausibility(ref, long_rows(kept)[-1:], build_long(ref, [value * factor for value in kept[:-1]]))


def test_rates_that_are_dated_a_day_early_are_refused() -> None:
    days = np.arange("2026-03-01", "2026-06-01", dtype="datetime64[D]")
    right = tuple(Row(day, 4.0) for day in days[is_session(days)].tolist())
    require_session_dates(right)
    everyday = tuple(Row(day, 4.0) for day in days.tolist())
    now = datetime(2026, 6, 2, tzinfo=UTC)
    for ref in (YIELD, SeriesRef("DFF", Measure.RATE)):
        early = SeriesRows(ref, tuple(Row(row.date - timedelta(days=1), row.value) for row in right))
        with pytest.raises(UnusableAnswerError, match="dated a day early"):
            find_new_observations(early, None, (), "treasury", now=now, asked_before=None)
        assert find_new_observations(SeriesRows(ref, everyday), None, (), "fred", now=now, asked_before=None)


def test_an_end_before_the_last_one_and_days_that_vanish_are_noticed() -> None:
    answer = SeriesRows(YIELD, rows(MOVES[:6]))
    known = ServiceAnswer("first", YIELD, OK, "", 0, NOW, NOW, last=DAYS[5])
    check_reach(answer, known)
    with pytest.raises(UnusableAnswerError, match=f"values that end {DAYS[5]}: an earlier answer went on to {DAYS[8]}"):
        check_reach(answer, ServiceAnswer("first", YIELD, OK, "", 0, NOW, NOW, last=DAYS[8]))
    sent = [Observation(YIELD, day, 4.0, NOW, "first") for day in DAYS]
    gappy = SeriesRows(YIELD, (*answer.rows[:2], *answer.rows[3:]))
    assert find_vanished(gappy, sent, "first") == f"1 day that it sent before left out, such as {DAYS[2]}"
    assert not find_vanished(gappy, sent, "second")
    with pytest.raises(UnusableAnswerError, match="8 of 10 days that it sent before are gone"):
        find_vanished(SeriesRows(YIELD, (Row(DAYS[0], 4.0), Row(DAYS[9], 4.0))), sent, "first")


def test_the_prices_of_one_security_under_two_symbols_are_found() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(30)]
    same = tuple(Row(day, 100.0 + day.day) for day in days)
    spy = SeriesRef("SPY", Measure.PRICE)
    total = SeriesRef("IWM", Measure.TOTAL_RETURN)
    assert find_twins([SeriesRows(REF, same), SeriesRows(spy, same)]) == {REF: "SPY", spy: "IWM"}
    assert find_twins([SeriesRows(REF, same), SeriesRows(total, same)]) == {}, "a share without dividends"


def test_weekends_that_an_earlier_release_stored_are_not_missed() -> None:
    weeks = [date(2026, 1, 5) + timedelta(days=number) for number in range(28)]
    observations = [Observation(REF, day, 4.3, NOW, "fred") for day in weeks]
    weekdays = [Row(day, 4.3) for day in weeks if day.weekday() < 5]
    assert find_vanished(SeriesRows(REF, tuple(weekdays)), observations, "fred") == ""
    assert "1 day that it sent before left out" in find_vanished(
        SeriesRows(REF, tuple(weekdays[:5] + weekdays[6:])), observations, "fred"
    )
