"""The rates that ship with the program, and an owner's own values of the same series."""

from __future__ import annotations

import importlib.util
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from groundswell.markets.events.fed_decisions import list_decisions, table_ends
from groundswell.model import Frequency, Measure, Series, SeriesRef
from groundswell.sources.folder import load_folder
from groundswell.sources.release_times import known_at
from groundswell.sources.shipped import interest_rates
from groundswell.sources.shipped.load import join_shipped, load_shipped

REPOSITORY = Path(__file__).parents[2]


def rate(name: str) -> SeriesRef:
    return SeriesRef(name, Measure.RATE)


def shipped(name: str) -> Series:
    (series,) = (series for series in load_shipped() if series.ref == rate(name))
    return series


def own(name: str, dates: np.ndarray, values: np.ndarray, frequency: Frequency = Frequency.DAILY) -> Series:
    days = dates.astype("datetime64[D]")
    return Series(rate(name), frequency, "mine.csv", days, values, known_at(rate(name), frequency, days))


def join(series: Series) -> Series:
    (joined,) = (each for each in join_shipped(load_shipped(), [series]) if each.ref == series.ref)
    return joined


def value_on(series: Series, day: str) -> float:
    return series.at(np.array([day], dtype="datetime64[D]"))[0]


@pytest.mark.parametrize(
    ("name", "first", "rows"),
    [
        ("DGS2", "1976-06-01", 12552),
        ("DGS5", "1962-01-02", 16144),
        ("DGS10", "1962-01-02", 16144),
        ("DGS30", "1977-02-15", 12374),
        ("DFF", "1954-07-01", 26349),
    ],
)
def test_the_rates_of_the_release(name, first, rows):
    series = shipped(name)
    assert (series.frequency, series.revised, series.last) == (Frequency.DAILY, False, date(2026, 8, 20))
    assert (str(series.dates[0]), len(series)) == (first, rows)
    assert "Federal Reserve Board, release H.15" in series.source
    assert str(series.known_at[-1]) == "2026-08-21T21:30:00"
    assert np.isfinite(series.values).all()


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [  # extremes that the history of each series is known for
        ("DGS10", "1981-09-30", 15.84),
        ("DGS10", "2020-08-04", 0.52),
        ("DFF", "1981-07-22", 22.36),
    ],
)
def test_published_values(name, day, value):
    series = shipped(name)
    assert value_on(series, day) == value
    assert value in (series.values.min(), series.values.max())


def test_the_target_range_follows_from_the_decisions():
    lower, upper = shipped("DFEDTARL"), shipped("DFEDTARU")
    decisions = [decision for decision in list_decisions(date.max) if decision.announced > date(2008, 12, 16)]
    for decision in decisions:
        following = np.datetime64(decision.announced) + 1
        assert value_on(upper, following) == decision.upper
        assert value_on(lower, following) == decision.lower
        assert value_on(upper, following - 1) == pytest.approx(decision.upper - decision.change_bp / 100)
    assert lower.last == np.datetime64(table_ends()) + 1
    assert (np.diff(upper.dates) == np.timedelta64(1, "D")).all()
    assert value_on(upper, "2008-12-16") == 0.25


def test_a_day_of_the_target_range_is_known_on_the_evening_after_it():
    """The cut of half a point of 2024-09-18 is in force on the 19th, which is published on the 20th."""
    upper = shipped("DFEDTARU")
    evening = upper.known_by(datetime(2024, 9, 19, 23, tzinfo=UTC))
    assert (evening.last, evening.values[-1]) == (date(2024, 9, 18), 5.5)
    following = upper.known_by(datetime(2024, 9, 20, 23, tzinfo=UTC))
    assert (following.last, following.values[-1]) == (date(2024, 9, 19), 5.0)


def test_every_series_ships_once():
    refs = [series.ref for series in load_shipped()]
    assert len(refs) == len(set(refs))
    assert {rate(name) for name in ("DGS2", "DGS5", "DGS10", "DGS30", "DFF", "DFEDTARL", "DFEDTARU")} < set(refs)


class TestOwnValues:
    def test_they_count_within_their_days_and_the_shipped_ones_on_either_side(self):
        base = shipped("DGS10")
        inside = (base.dates >= np.datetime64("2001-01-02")) & (base.dates <= np.datetime64("2010-12-31"))
        values = base.values[inside] + 0.01
        joined = join(own("DGS10", base.dates[inside], values))
        assert (joined.dates == base.dates).all()  # no row twice
        assert joined.values[inside] == pytest.approx(values)
        assert joined.values[~inside] == pytest.approx(base.values[~inside])
        assert joined.known_at.tolist() == base.known_at.tolist()
        assert joined.source == (
            f"mine.csv; 1962-01-02 to 2000-12-29: {base.source}; 2011-01-03 to 2026-08-20: {base.source}"
        )

    def test_later_values_continue_the_shipped_ones(self):
        days = np.array(["2026-08-20", "2026-08-21", "2026-08-24"], dtype="datetime64[D]")
        joined = join(own("DGS10", days, np.array([4.69, 4.70, 4.75])))
        assert (joined.dates[0], joined.last) == (np.datetime64("1962-01-02"), date(2026, 8, 24))
        assert joined.values[-3:].tolist() == [4.69, 4.70, 4.75]
        assert "1962-01-02 to 2026-08-19: Federal Reserve Board" in joined.source

    def test_a_day_that_they_leave_out_is_not_filled_in(self):
        base = shipped("DGS10")
        kept = base.dates != np.datetime64("2010-06-01")
        assert np.datetime64("2010-06-01") not in join(own("DGS10", base.dates[kept], base.values[kept])).dates

    @pytest.mark.parametrize("change", [lambda values: values / 100, lambda values: values + 1.0])
    def test_values_of_another_kind_stand_alone(self, change):
        base = shipped("DGS10")
        mine = own("DGS10", base.dates[-500:-100], change(base.values[-500:-100]))
        assert join(mine) is mine

    def test_monthly_values_stand_alone(self):
        months = np.arange(np.datetime64("2001-01"), np.datetime64("2003-01")).astype("datetime64[D]")
        mine = own("DGS10", months, np.full(24, 4.5), Frequency.MONTHLY)
        assert join(mine) is mine

    @pytest.mark.parametrize(("first", "is_joined"), [("2026-08-24", True), ("2026-10-01", False)])
    def test_without_a_common_day_only_neighbours_are_joined(self, first, is_joined):
        days = np.arange(np.datetime64(first), np.datetime64(first) + 3)
        joined = join(own("DFF", days, np.full(3, 3.6)))
        assert (len(joined) > 3) is is_joined

    def test_factors_of_an_earlier_version_give_way_to_those_that_ship(self):
        (smb,) = (series for series in load_shipped() if series.ref.id == "ff.smb")
        old = Series(smb.ref, smb.frequency, "an earlier version", smb.dates[:5], smb.values[:5], smb.known_at[:5])
        assert join(old) is smb

    def test_other_series_stay_as_they_are(self):
        mine = own("DGS7", np.array(["2020-01-02"], dtype="datetime64[D]"), np.array([1.8]))
        assert join(mine) is mine


class TestGenerator:
    @pytest.fixture
    def tool(self):
        spec = importlib.util.spec_from_file_location("h15", REPOSITORY / "tools/h15.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_it_writes_a_file_that_reads_back(self, tool, tmp_path):
        days = [date(2020, 1, 2), date(2020, 1, 3), date(2020, 1, 6)]
        rows = [
            f"{day},{ref.id},{1.0 + index / 100}"
            for ref in interest_rates.SOURCES
            for index, day in enumerate(days)
            if (ref.id, index) != ("DGS30", 1)
        ]
        lines = ["date,series,value", *rows, f"{days[0]},BAMLH0A0HYM2,3.6"]
        (tmp_path / "rates.csv").write_text("\n".join(lines))
        (tmp_path / "out").mkdir()
        tool.write_rates([tmp_path / "rates.csv"], tmp_path / "out" / "h15.parquet")
        found = {series.ref.id: series for series in load_folder(tmp_path / "out").series}
        assert set(found) == {"DGS2", "DGS5", "DGS10", "DGS30", "DFF"}
        assert found["DGS30"].dates.tolist() == [days[0], days[2]]
        assert found["DFF"].values.tolist() == [1.0, 1.01, 1.02]

    def test_a_series_that_is_missing_stops_it(self, tool, tmp_path):
        (tmp_path / "rates.csv").write_text("date,DGS2\n2020-01-02,1.5\n2020-01-03,1.6\n")
        with pytest.raises(SystemExit, match="no values of DFF, DGS10, DGS30, DGS5"):
            tool.write_rates([tmp_path / "rates.csv"], tmp_path / "h15.parquet")


def test_the_notice_names_the_sources_of_what_ships():
    notice = (REPOSITORY / "NOTICE").read_text()
    for words in ("Kenneth R. French", "published figures", "Apache License does not", "H.15", "french_factors.csv"):
        assert words in " ".join(notice.split())
    folder = REPOSITORY / "src/groundswell/sources/shipped"
    assert all(file.name in notice for file in folder.iterdir() if file.suffix in (".csv", ".parquet"))
