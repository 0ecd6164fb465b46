"""Files of surprises of policy: sessions of announcements, empty cells, and what cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from groundswell.errors import BadInputError
from groundswell.markets.series.catalogue import POLICY_SURPRISES
from groundswell.model import Measure, SeriesRef
from groundswell.sources.derived.surprises import surprise_series
from groundswell.sources.folder import load_folder

WANTED = tuple(POLICY_SURPRISES.ref(name) for name in ("FF4", "TFUT10"))
HEAD = "start,description,FF4,TFUT10\n"


def read(folder: Path, rows: str, name: str = "fomc_surprises_jk.csv") -> dict[str, dict[str, float]]:
    (folder / name).write_text(HEAD + rows, encoding="utf-8")
    return {
        series.ref.id: {str(day): value for day, value in zip(series.dates, series.values, strict=True)}
        for series in surprise_series(folder, WANTED)
    }


def test_a_value_is_dated_when_the_news_could_first_be_traded(tmp_path):
    found = read(
        tmp_path,
        "2005-05-03 14:15:00,during the session,0.01,0.02\n"
        "2005-06-30 16:00:00,at the close,0.03,\n"
        "2008-01-22 08:20:00,before the open,-0.5,-0.1\n"
        "2020-03-15 17:00:00,on a Sunday,-0.2,-0.3\n",
    )
    assert found["surprise.FF4"] == {"2005-05-03": 0.01, "2005-07-01": 0.03, "2008-01-22": -0.5, "2020-03-16": -0.2}
    assert found["surprise.TFUT10"] == {"2005-05-03": 0.02, "2008-01-22": -0.1, "2020-03-16": -0.3}


def test_surprises_of_one_session_add_up(tmp_path):
    found = read(tmp_path, "2020-03-15 17:00:00,,-0.2,-0.3\n2020-03-16 10:00:00,,0.05,\n")
    assert found["surprise.FF4"] == {"2020-03-16": pytest.approx(-0.15)}
    assert found["surprise.TFUT10"] == {"2020-03-16": -0.3}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2020-03-15 17:00:00,,much,0.1\n", "line 2: FF4 is 'much' and no number"),
        ("2020-03-15 17:00:00,,inf,0.1\n", "line 2: FF4 is 'inf' and no number"),
        ("yesterday,,0.1,0.1\n", "line 2: 'yesterday' is no time"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(tmp_path, row, words):
    with pytest.raises(BadInputError, match=words):
        read(tmp_path, row)


def test_it_is_loaded_with_a_folder_where_wanted(tmp_path):
    (tmp_path / "IWM.csv").write_text("date,adj_close\n2020-03-13,100\n2020-03-16,90\n", encoding="utf-8")
    (tmp_path / "fomc_surprises_jk.csv").write_text(HEAD + "2020-03-15 17:00:00,,-0.2,-0.3\n", encoding="utf-8")
    loaded = load_folder(tmp_path, {*WANTED, SeriesRef("IWM", Measure.TOTAL_RETURN)}, latest=date(2020, 3, 31))
    assert {series.ref.id for series in loaded.series} == {"IWM", "surprise.FF4", "surprise.TFUT10"}
    (note,) = (note for note in loaded.notes if note.file == "fomc_surprises_jk.csv")
    assert note.text.startswith("used for surprise.FF4")


def test_a_broken_file_stops_no_other(tmp_path):
    (tmp_path / "IWM.csv").write_text("date,adj_close\n2020-03-13,100\n2020-03-16,90\n", encoding="utf-8")
    (tmp_path / "fomc_surprises_jk.csv").write_text(HEAD + "2020-03-15 17:00:00,,much,-0.3\n", encoding="utf-8")
    loaded = load_folder(tmp_path, {*WANTED, SeriesRef("IWM", Measure.TOTAL_RETURN)}, latest=date(2020, 3, 31))
    assert [series.ref.id for series in loaded.series] == ["IWM"]
    assert any("FF4 is 'much'" in str(fault) for fault in loaded.faults)


def test_a_file_without_times_is_none(tmp_path):
    (tmp_path / "earnings_surprises.csv").write_text("quarter,FF4\n2020Q1,0.1\n", encoding="utf-8")
    assert surprise_series(tmp_path, WANTED) == ()
    assert surprise_series(tmp_path, ()) == ()
