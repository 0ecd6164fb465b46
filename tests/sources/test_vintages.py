"""What arrives becomes a series: nothing early, nothing unfinished, nothing overwritten, gaps healed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Frequency, Measure, Observation, Series, SeriesRef
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.vintages import join_observations

TOTAL, YIELD = SeriesRef("IWM", Measure.TOTAL_RETURN), SeriesRef("DGS10", Measure.RATE)
MON, TUE, WED, THU, FRI = (date(2026, 8, 17) + timedelta(days=one) for one in range(5))
NIGHT = datetime(2026, 8, 21, 23, tzinfo=UTC)


def series(ref: SeriesRef, values: dict[date, float]) -> Series:
    days = np.array(list(values), dtype="datetime64[D]")
    known = days.astype("datetime64[s]") + np.timedelta64(21, "h")
    return Series(ref, Frequency.DAILY, "file", days, np.array(list(values.values())), known)


def take(
    ref: SeriesRef,
    rows: dict[date, float],
    base: Series | None = None,
    kept: tuple[Observation, ...] = (),
    *,
    now: datetime = NIGHT,
    before: datetime | None = None,
) -> tuple[Observation, ...]:
    found = SeriesRows(ref, tuple(Row(day, value) for day, value in rows.items()))
    new = find_new_observations(found, join_observations(base, kept), kept, "service", now=now, asked_before=before)
    return (*kept, *new)


def values(one: Series | None) -> dict[date, float]:
    return dict(zip(one.dates.tolist(), one.values.tolist(), strict=True)) if one else {}


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2026, 8, 20, 21, 29, tzinfo=UTC), WED),  # within half an hour of the close
        (datetime(2026, 8, 20, 21, 30, tzinfo=UTC), THU),
        (datetime(2026, 8, 20, 15, 0, tzinfo=UTC), WED),
    ],
)
def test_a_session_that_is_not_over_has_no_price(now: datetime, last: date) -> None:
    kept = take(TOTAL, {TUE: 10.0, WED: 11.0, THU: 12.0}, now=now)
    assert join_observations(None, kept).last == last


def test_days_to_come_and_days_that_are_no_sessions_are_left_out() -> None:
    saturday = FRI + timedelta(days=1)
    assert values(join_observations(None, take(TOTAL, {FRI: 10.0, saturday: 11.0}, now=NIGHT + timedelta(days=3)))) == {
        FRI: 100.0
    }
    assert values(join_observations(None, take(YIELD, {FRI: 4.0, saturday: 5.0}))) == {FRI: 4.0}


def test_prices_on_another_scale_go_on_by_their_growth() -> None:
    base = series(TOTAL, {MON: 50.0, TUE: 51.0})
    one = join_observations(base, take(TOTAL, {TUE: 102.0, WED: 104.04, THU: 104.04}, base))
    assert values(one) == pytest.approx({MON: 50.0, TUE: 51.0, WED: 52.02, THU: 52.02})
    assert one.source == "file; 2026-08-19 to 2026-08-20: service"


def test_prices_without_a_day_in_common_are_refused() -> None:
    with pytest.raises(UnusableAnswerError, match="without a day in common with those stored up to 2026-08-17"):
        take(TOTAL, {WED: 1.0, THU: 2.0}, series(TOTAL, {MON: 50.0}))


def test_a_gap_is_healed_by_a_later_answer() -> None:
    base = series(TOTAL, {MON: 50.0})
    kept = take(TOTAL, {MON: 100.0, TUE: 102.0, THU: 110.0}, base)
    assert list(values(join_observations(base, kept))) == [MON, TUE, THU]
    kept = take(TOTAL, {MON: 100.0, TUE: 102.0, WED: 105.0, THU: 110.0}, base, kept)
    assert values(join_observations(base, kept)) == pytest.approx({MON: 50.0, TUE: 51.0, WED: 52.5, THU: 55.0})


def test_a_corrected_price_is_a_row_more_and_marks_the_series() -> None:
    kept = take(TOTAL, {MON: 100.0, TUE: 102.0, WED: 104.0})
    assert not join_observations(None, kept).revised
    after = take(TOTAL, {MON: 100.0, TUE: 103.0, WED: 104.0}, kept=kept)
    assert after[: len(kept)] == kept
    assert join_observations(None, after).revised
    assert values(join_observations(None, after)) == pytest.approx({MON: 100.0, TUE: 103.0, WED: 104.0})


def test_a_longer_history_of_the_same_service_goes_before_a_short_one_without_a_break() -> None:
    kept = take(TOTAL, {WED: 10.0, THU: 11.0})
    assert values(join_observations(None, kept)) == pytest.approx({WED: 100.0, THU: 110.0})
    after = take(TOTAL, {MON: 8.0, TUE: 9.0, WED: 10.0, THU: 11.0, FRI: 12.0}, kept=kept)
    expected = {MON: 100.0, TUE: 112.5, WED: 125.0, THU: 137.5, FRI: 150.0}
    assert values(join_observations(None, after)) == pytest.approx(expected)
    assert take(TOTAL, {MON: 8.0, TUE: 9.0, WED: 10.0, THU: 11.0, FRI: 12.0}, kept=after) == after


def test_a_past_rescaled_by_a_dividend_changes_nothing() -> None:
    kept = take(TOTAL, {MON: 100.0, TUE: 102.0, WED: 104.0})
    assert take(TOTAL, {MON: 99.0, TUE: 100.98, WED: 102.96}, kept=kept) == kept


def test_a_first_value_is_known_at_its_usual_time_but_later_where_the_service_did_not_have_it_then() -> None:
    (first,) = take(YIELD, {MON: 4.0})
    assert first.known_at == datetime(2026, 8, 18, 21, 30, tzinfo=UTC)
    (today,) = take(YIELD, {FRI: 4.0})
    assert today.known_at == NIGHT
    late = take(YIELD, {TUE: 4.1, THU: 4.2}, kept=(first,), before=datetime(2026, 8, 20, 12, tzinfo=UTC))[1:]
    assert [one.known_at for one in late] == [NIGHT, datetime(2026, 8, 21, 21, 30, tzinfo=UTC)]


def test_a_revised_value_is_seen_from_its_revision_on_and_the_one_before_it_until_then() -> None:
    base = series(YIELD, {MON: 4.0, TUE: 4.1})
    one = join_observations(base, take(YIELD, {MON: 4.0, TUE: 4.5}, base))
    assert values(one) == {MON: 4.0, TUE: 4.5}
    assert values(one.known_by(NIGHT - timedelta(seconds=1))) == {MON: 4.0, TUE: 4.1}
    assert values(one.known_by(NIGHT).known_by(NIGHT - timedelta(seconds=1))) == {MON: 4.0, TUE: 4.1}
    assert values(one.known_by(datetime(2026, 8, 17, 22, tzinfo=UTC))) == {MON: 4.0}


def test_a_vintage_seen_twice_is_kept_once_and_goes_before_what_came_out_later() -> None:
    early, late = datetime(2026, 8, 19, 21, 30, tzinfo=UTC), datetime(2026, 8, 20, 21, 30, tzinfo=UTC)
    found = SeriesRows(YIELD, (Row(MON, 4.1, early), Row(MON, 4.2, late)))
    kept = find_new_observations(found, None, (), "service", now=NIGHT, asked_before=None)
    again = find_new_observations(found, join_observations(None, kept), kept, "service", now=NIGHT, asked_before=NIGHT)
    assert again == ()
    one = join_observations(None, kept)
    assert values(one) == {MON: 4.2}
    assert values(one.known_by(early)) == {MON: 4.1}
    assert values(join_observations(None, kept[::-1])) == {MON: 4.2}


def test_a_vintage_without_a_day_never_replaces_a_later_one() -> None:
    early = datetime(2026, 8, 19, 21, 30, tzinfo=UTC)
    found = SeriesRows(YIELD, (Row(MON, 4.0), Row(MON, 4.1, early)))
    base = series(YIELD, {MON: 4.1})
    assert find_new_observations(found, base, (), "service", now=NIGHT, asked_before=None) == ()
    kept = find_new_observations(found, None, (), "service", now=NIGHT, asked_before=None)
    assert [one.value for one in kept] == [4.0, 4.1]
    assert (
        find_new_observations(found, join_observations(None, kept), kept, "service", now=NIGHT, asked_before=NIGHT)
        == ()
    )


DAYS = sessions_between(date(2026, 6, 1), date(2026, 7, 31)).tolist()
STEPS = st.lists(st.floats(-0.2, 0.2), min_size=len(DAYS), max_size=len(DAYS))


@given(STEPS, st.lists(st.integers(2, len(DAYS)), min_size=1, max_size=6))
def test_however_an_answer_is_cut_the_growth_is_the_same(steps: list[float], cuts: list[int]) -> None:
    levels = dict(zip(DAYS, np.exp(np.cumsum(steps)).tolist(), strict=True))
    kept: tuple[Observation, ...] = ()
    for cut in [*sorted(cuts), len(DAYS)]:
        kept = take(TOTAL, dict(list(levels.items())[:cut]), kept=kept)
    one = join_observations(None, kept)
    assert one.dates.tolist() == DAYS
    assert one.values / one.values[0] == pytest.approx(np.array(list(levels.values())) / levels[DAYS[0]], rel=1e-9)
    assert not one.revised
