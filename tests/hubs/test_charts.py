"""Charts are drawn from common dates and described in words; a missing chart gives the reason."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.hubs.charts import Chart, Marks, MissingChart, build_chart, find_marks
from groundswell.hubs.spec import ChartSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import is_session
from groundswell.model import Frequency, Measure, Series, SeriesRef

NAMES = {"A": "apples", "B": "Bananas"}
LATE = dt.date(2030, 1, 1)
NO_MARKS = Marks()


def series(symbol, dates, values, measure=Measure.TOTAL_RETURN, frequency=Frequency.DAILY):
    days = np.array(dates, dtype="datetime64[D]")
    return Series(
        SeriesRef(symbol, measure),
        frequency,
        "a file",
        days,
        np.array(values, dtype=float),
        days.astype("datetime64[s]"),
    )


def chart(**fields):
    return ChartSpec.model_validate({"id": "c", "title": "t", "long": "A", "short": "B", **fields})


def draw(spec, *loaded, marks=NO_MARKS, day=LATE):
    found = build_chart(spec, {one.ref: one for one in loaded}.get, marks, NAMES, day)
    assert isinstance(found, Chart), found
    return found


DAYS = ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"]


def test_relative_line_on_common_dates_from_100():
    line = draw(chart(), series("A", DAYS, [10, 20, 30, 40]), series("B", DAYS[1:], [5, 5, 20]))
    assert line.dates.tolist() == [dt.date(2024, 1, 3), dt.date(2024, 1, 4), dt.date(2024, 1, 5)]
    assert line.values.tolist() == [100, 150, 50]
    assert line.finding == "Apples lagged Bananas by 50.0 % from 3 January 2024 to 5 January 2024."
    assert [(use.series, use.source, use.last) for use in line.sources] == [
        ("A (total return)", "a file", dt.date(2024, 1, 5)),
        ("B (total return)", "a file", dt.date(2024, 1, 5)),
    ]


def test_nothing_after_the_day_is_drawn():
    loaded = (series("A", DAYS, [1, 2, 3, 4]), series("B", DAYS, [1, 1, 1, 1]))
    line = draw(chart(), *loaded, day=dt.date(2024, 1, 3))
    assert line.values.tolist() == [100, 200]
    assert "led Bananas by 100.0 %" in line.finding


@pytest.mark.parametrize(
    ("frequency", "dates", "base"),
    [
        (Frequency.MONTHLY, ["2024-02-29", "2024-03-31"], dt.date(2024, 1, 31)),
        (Frequency.DAILY, ["2024-02-29", "2024-03-01"], dt.date(2024, 2, 28)),
    ],
)
def test_period_returns_are_cumulated_from_the_end_of_the_period_before(frequency, dates, base):
    loaded = series("A", dates, [0.1, -0.5], Measure.PERIOD_RETURN, frequency)
    line = draw(chart(short="", measure="period return"), loaded)
    assert line.dates[0].item() == base
    assert line.values == pytest.approx([100, 110, 55])
    assert line.finding.startswith("Apples lost 45.0 % from ")


def test_marks_within_the_line_are_kept_unless_the_chart_has_none():
    loaded = (series("A", DAYS, [1, 2, 3, 4]), series("B", DAYS, [1, 1, 1, 1]))
    marks = Marks((dt.date(2001, 1, 3), dt.date(2024, 1, 4), dt.date(2024, 9, 18)))
    assert draw(chart(), *loaded, marks=marks).marks == (dt.date(2024, 1, 4),)
    assert find_marks(chart(mark="none"), SeriesBook.of(loaded), LATE) == Marks()


@pytest.mark.parametrize(
    ("mark", "title", "days", "sources"),
    [
        ("first_cuts", "first cuts of easing cycles since 1994", [dt.date(2007, 9, 18)], ["Fed target-rate decisions"]),
        ("year_ends", "", [dt.date(2006, 12, 29)], []),
        ("corrections", "falls of the S&P 500 by a tenth", [dt.date(2007, 1, 3)], ["^GSPC (price)"]),
    ],
)
def test_any_event_list_can_be_marked_and_its_sources_are_named(mark, title, days, sources):
    dates = np.arange("2005-01-01", "2007-12-31", dtype="datetime64[D]")
    dates = dates[is_session(dates)]
    levels_of_index = np.where(dates < np.datetime64("2007-01-03"), 100.0, 80.0)
    line = series("A", dates, np.ones(len(dates)))
    book = SeriesBook.of((line, series("^GSPC", dates, levels_of_index, Measure.PRICE)))
    spec = chart(short="", mark=mark)
    drawn = draw(spec, line, marks=find_marks(spec, book, dt.date(2007, 12, 31)), day=dt.date(2007, 12, 31))
    assert set(days) <= set(drawn.marks)
    assert [use.series for use in drawn.sources] == ["A (total return)", *sources]
    assert drawn.event_title.startswith(title)


def test_only_known_event_lists_can_be_marked():
    with pytest.raises(ValueError, match="mark: must be 'none' or one of first_cuts,"):
        chart(mark="cuts")


@pytest.mark.parametrize(
    ("loaded", "reason"),
    [
        ((), "there are no data for A (total return) and B (total return)"),
        ((series("A", DAYS, [1, 2, 3, 4]),), "there are no data for B (total return)"),
        ((series("A", DAYS, [1, 2, 3, 4]), series("B", [], [])), "there are no data for B (total return)"),
        (
            (series("A", DAYS[:2], [1, 2]), series("B", DAYS[1:], [1, 2, 3])),
            "A (total return) and B (total return) have fewer than two common dates up to 1 January 2030",
        ),
    ],
)
def test_a_missing_line_says_why(loaded, reason):
    spec = chart()
    assert build_chart(spec, {one.ref: one for one in loaded}.get, Marks(), NAMES, LATE) == MissingChart(spec, reason)


def test_period_returns_that_begin_after_the_day_are_missing():
    loaded = series("A", DAYS, [0.1] * 4, Measure.PERIOD_RETURN)
    spec = chart(short="", measure="period return")
    assert isinstance(build_chart(spec, {loaded.ref: loaded}.get, Marks(), NAMES, dt.date(2020, 1, 1)), MissingChart)


def test_a_long_line_is_thinned_to_weeks_and_says_so():
    days = np.arange("2010-01-01", "2020-01-01", dtype="datetime64[D]")
    line = draw(chart(), series("A", days, np.linspace(1, 2, len(days))), series("B", days, np.ones(len(days))))
    assert 500 < len(line.dates) < 530
    assert (line.dates[0], line.dates[-1]) == (days[0], days[-1])
    assert all(day.item().isoweekday() == 7 for day in line.dates[1:-1])
    assert line.values[[0, -1]] == pytest.approx([100, 200])
    assert line.finding == (
        "Apples led Bananas by 100.0 % from 1 January 2010 to 31 December 2019; over the last year it led it by 5.3 %."
    )
    assert line.weekly


@pytest.mark.parametrize(
    ("short", "values", "words"),
    [
        ("B", [1, 1.0001], "stayed level with Bananas"),
        ("", [1, 1.0001], "stayed level"),
        ("", [1, 2], "gained 100.0 %"),
    ],
)
def test_words_of_a_move(short, values, words):
    line = draw(chart(short=short), series("A", DAYS[:2], values), series("B", DAYS[:2], [1, 1]))
    assert line.finding == f"Apples {words} from 2 January 2024 to 3 January 2024."


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=30), st.floats(0.5, 50))
def test_the_base_of_a_series_does_not_matter(values, scale):
    days = np.datetime64("2024-01-01") + np.arange(len(values))
    other = series("B", days, np.ones(len(values)))
    plain = draw(chart(), series("A", days, values), other)
    scaled = draw(chart(), series("A", days, np.array(values) * scale), other)
    assert plain.values == pytest.approx(scaled.values)
    assert plain.values[0] == pytest.approx(100)


def levels(**fields):
    made = {"kind": "levels", "short": "", "measure": "rate", "unit": "percent", "labels": ["the A rate"]}
    return chart(**(made | fields))


def test_levels_are_drawn_unchanged_and_described_against_their_history():
    days = np.arange("2018-01-01", "2020-07-01", dtype="datetime64[D]")
    loaded = series("A", days, np.linspace(1, 4, len(days)), Measure.RATE)
    line = draw(levels(), loaded, day=dt.date(2020, 6, 30), marks=Marks((dt.date(2019, 7, 31),)))
    assert (line.unit, line.weekly, line.second) == ("percent", False, None)
    assert line.values[[0, -1]].tolist() == [1.0, 4.0]
    assert line.marks == (dt.date(2019, 7, 31),)
    assert line.finding == (
        "The A rate was at 4.00 % on 30 June 2020, after 2.80 % a year before, above 100 % of its values since 2018."
    )


def test_two_levels_each_keep_their_own_dates():
    spec = levels(short="B", labels=["the A rate", "the B rate"])
    loaded = (series("A", DAYS, [1, 2, 3, 4], Measure.RATE), series("B", DAYS[1:3], [5, 6], Measure.RATE))
    line = draw(spec, *loaded)
    assert [(curve.label, len(curve.dates)) for curve in line.series] == [("the A rate", 4), ("the B rate", 2)]
    assert line.finding == "The A rate was at 4.00 % on 5 January 2024; the B rate at 6.00 %."


def test_shares_are_described_under_their_title():
    spec = levels(title="Open shops", measure="level", unit="share", labels=["small towns"])
    line = draw(spec, series("A", DAYS, [0.1, 0.2, 0.3, 0.4], Measure.LEVEL))
    assert line.finding == "Open shops: small towns 40.0 % on 5 January 2024."


def test_the_target_range_is_that_known_on_the_day():
    days = np.arange("1993-06-01", "2019-08-10", dtype="datetime64[D]")
    loaded = series("A", days, np.full(len(days), 2.0), Measure.RATE)
    line = draw(levels(target=True, mark="none"), loaded, day=dt.date(2019, 8, 9))
    assert line.dates[0].item() == line.decisions[0].announced == dt.date(1994, 2, 4)
    assert (line.decisions[-1].announced, line.decisions[-1].upper) == (dt.date(2019, 7, 31), 2.25)
    assert line.marks == ()
    assert line.finding.endswith("; the target range is 2.00 to 2.25 %.")
    assert line.sources[-1].series == "Fed target-rate decisions"
    before = draw(levels(target=True), loaded, day=dt.date(2008, 1, 31))
    assert before.finding.endswith("; the target is 3.00 %.")


def test_levels_before_their_first_values_are_missing():
    loaded = series("A", DAYS, [1, 2, 3, 4], Measure.RATE)
    found = build_chart(levels(), {loaded.ref: loaded}.get, Marks(), NAMES, dt.date(2024, 1, 2))
    assert isinstance(found, MissingChart)
    assert found.reason == "A (rate) have fewer than two values up to 2 January 2024"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"measure": "rate"}, "need the kind 'levels'"),
        ({"kind": "levels", "short": ""}, "need the kind 'levels'"),
        ({"labels": ["a"]}, "only the kind 'levels' uses them"),
        ({"target": True}, "only the kind 'levels' uses them"),
        ({"kind": "levels", "measure": "rate", "labels": ["a"]}, "give one label for each series"),
        ({"kind": "levels", "measure": "rate", "labels": ["a", "b"], "target": True}, "so the unit must be percent"),
    ],
)
def test_fields_that_do_not_fit_together_are_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        chart(**fields)
