"""What the gate does with files and answers: dates, sessions that are not over, several sources in one file."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Action, IssueKind, Measure, SeriesRef
from groundswell.sources.folder import load_folder
from groundswell.sources.services.base import Row, SeriesRows, UnusableAnswerError
from groundswell.sources.services.new_observations import find_new_observations

DAYS = sessions_between(date(2024, 1, 2), date(2025, 6, 30))
N = len(DAYS)
IWM = SeriesRef("IWM", Measure.TOTAL_RETURN)
NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)


def walk(seed=1):
    return 100.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.01, N)))


def rows(days, values, **columns):
    return pl.DataFrame({"date": days, "adj_close": values, **columns})


def issues(loaded):
    return [(one.kind, one.series, one.action) for one in loaded.data_issues]


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_file_that_is_dated_a_day_off_is_read_on_its_sessions(tmp_path, shift):
    rows(DAYS + np.timedelta64(shift, "D"), walk()).write_csv(tmp_path / "IWM.csv")
    loaded = load_folder(tmp_path)
    (series,) = loaded.series
    np.testing.assert_array_equal(series.dates, DAYS)
    np.testing.assert_allclose(series.values, walk())
    assert issues(loaded) == [(IssueKind.WRONG_DAYS, "IWM (total return)", Action.CORRECTED)]


def test_a_file_that_is_not_used_is_named_as_such(tmp_path):
    rows(DAYS, walk()).write_csv(tmp_path / "IWM.csv")
    other = rows(DAYS[100:], 2.0 * walk(2)[100:] * np.where(np.arange(N)[100:] < 200, 300.0, 1.0), symbol="IWM")
    other.with_columns(pl.col("date").dt.offset_by("-1d")).write_csv(tmp_path / "other.csv")
    loaded = load_folder(tmp_path)
    assert (IssueKind.WRONG_DAYS, "IWM (total return)", Action.UNUSED) in issues(loaded)
    assert (IssueKind.WRONG_DAYS, "IWM (total return)", Action.CORRECTED) not in issues(loaded)


def test_a_splice_keeps_its_seam_when_its_rows_are_moved(tmp_path):
    sources = np.where(np.arange(N) < 200, "one", "two")
    early = DAYS - np.timedelta64(1, "D")
    frame = rows(early, walk() * np.where(np.arange(N) < 200, 1.0, 1.25), symbol="IWM", source=sources)
    peer = rows(DAYS, walk(), symbol="SPY", source="one")
    pl.concat([frame, peer]).write_parquet(tmp_path / "prices.parquet")
    jumps = [one for one in load_folder(tmp_path).data_issues if one.kind is IssueKind.LEVEL_JUMP]
    assert [one.days for one in jumps] == [(DAYS[200].item(),)]


def test_a_session_that_is_not_over_is_left_out(tmp_path):
    rows(DAYS, walk()).write_csv(tmp_path / "IWM.csv")
    loaded = load_folder(tmp_path, latest=date(2025, 6, 26))
    (series,) = loaded.series
    assert series.last == date(2025, 6, 26)
    assert all(kind is IssueKind.UNFINISHED and action is Action.DROPPED for kind, _, action in issues(loaded))


def test_a_spike_is_dropped_and_a_change_that_stays_is_kept(tmp_path):
    spiked, split = walk(), walk(2)
    spiked[150] *= 100.0
    split[:150] *= 35.0
    pl.concat([rows(DAYS, spiked, symbol="IWM"), rows(DAYS, split, symbol="XBI")]).write_parquet(tmp_path / "a.parquet")
    loaded = load_folder(tmp_path)
    by_id = {series.ref.id: series for series in loaded.series}
    np.testing.assert_array_equal(by_id["IWM"].dates, np.delete(DAYS, 150))
    assert len(by_id["XBI"]) == N
    assert [(one.kind, one.action) for one in loaded.data_issues if one.series.startswith("XBI")] == [
        (IssueKind.SPLIT, Action.WITHHELD)
    ]
    assert (IssueKind.ONE_DAY, "IWM (total return)", Action.DROPPED) in issues(loaded)


def answer(days, values):
    return SeriesRows(IWM, tuple(Row(day, value) for day, value in zip(days.tolist(), values.tolist(), strict=True)))


@pytest.mark.parametrize(("shift", "word"), [(-1, "early"), (1, "late")])
@pytest.mark.parametrize("count", [22, N])
def test_an_answer_that_is_dated_a_day_off_is_refused(shift, word, count):
    moved = answer(DAYS[-count:] + np.timedelta64(shift, "D"), walk()[-count:])
    with pytest.raises(UnusableAnswerError, match=f"rows are dated a day {word}, such as S"):
        find_new_observations(moved, None, (), "yahoo", now=NOW, asked_before=None)
    right = answer(DAYS[-count:], walk()[-count:])
    assert len(find_new_observations(right, None, (), "yahoo", now=NOW, asked_before=None)) == count
