from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell.claims.binding import describe_claim, list_needs
from groundswell.claims.spec import ClaimSpec
from groundswell.errors import BadInputError
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators.breadth import BREADTH_MEASURES
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.markets.series.catalogue import INDEX_BREADTH
from groundswell.model import Verdict
from groundswell.sources.derived.breadth import MIN_MEMBERS, breadth_series
from groundswell.sources.folder import load_folder

from ..claims.made import evaluate_claim

DAYS = sessions_between(date(2020, 1, 2), date(2021, 6, 30))
NAMES = [f"L{number:02d}" for number in range(30)]
ALL = [INDEX_BREADTH.ref(group, gauge) for group in ("large", "small") for gauge in BREADTH_MEASURES]


def written(folder: Path, name: str, names: list[str], days: np.ndarray, levels: np.ndarray) -> None:
    """A file of prices: ``levels`` has one row a name and one column a day, NaN where there is no row."""
    rows = [
        {"date": day, "symbol": one, "adj_close": level}
        for one, row in zip(names, levels.tolist(), strict=True)
        for day, level in zip(days.tolist(), row, strict=True)
        if np.isfinite(level)
    ]
    pl.DataFrame(rows).write_parquet(folder / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty large companies that rise for a year; a third of them then falls, and all do in the second file."""
    table = {"ticker": [*NAMES, "S0"], "price_symbol": [*NAMES, "S0"]}
    flags = {"in_iwm_2021": ["False"] * 30 + ["True"], "in_sp500_2021": ["True"] * 30 + ["False"]}
    pl.DataFrame({**table, **flags}).write_csv(tmp_path / "constituents_universe.csv")
    steps = np.full((30, 300), 1.001)
    steps[:10, 280:] = 0.98
    steps[11, 290] = np.nan
    levels = 100 * np.cumprod(np.nan_to_num(steps, nan=1.0), axis=1)
    levels[11, 290] = np.nan
    levels[5, 3] = -1.0
    written(tmp_path, "constituents_adjclose_2020.parquet", NAMES, DAYS[:300], levels)
    later = 50 * np.cumprod(np.full((25, 100), 0.99), axis=1)
    written(tmp_path, "constituents_later.parquet", NAMES[:25], DAYS[270:370], later)
    pl.DataFrame({"date": ["2020-01-02"], "symbol": ["L00"]}).write_parquet(tmp_path / "constituents_other.parquet")
    pl.DataFrame({"date": ["2019-01-02"], "value": [1.0]}).write_csv(tmp_path / "DGS2.csv")
    return tmp_path


def made(folder: Path) -> dict:
    return {series.ref: series for series in load_folder(folder, ALL).series}


def test_gauges_by_session(folder):
    found = made(folder)
    assert set(found) == {
        INDEX_BREADTH.ref("large", gauge) for gauge in BREADTH_MEASURES
    }  # one small company is no group
    above = found[INDEX_BREADTH.ref("large", "above_50")]
    assert above.dates[0] == DAYS[49]
    assert above.values[0] == 1.0
    values = dict(zip(above.dates.tolist(), above.values.tolist(), strict=True))
    assert values[DAYS[289].item()] == pytest.approx(20 / 30)
    assert values[DAYS[290].item()] == pytest.approx(19 / 29)  # one has no price on the day, nor a mean for fifty more
    assert values[DAYS[291].item()] == pytest.approx(19 / 29)
    assert DAYS[300].item() not in values  # the later file has no fifty closes yet
    assert values[DAYS[369].item()] == 0.0
    moved = found[INDEX_BREADTH.ref("large", "net_advances")]
    assert moved.values[[2, 3, 4]] == pytest.approx([1.0, 1.0, 1.0])  # the price that is not positive is left out
    assert moved.dates[-1] == DAYS[369]
    assert above.source == (
        "constituents_adjclose_2020.parquet, 29 of 30, to 2021-03-11; constituents_later.parquet, 25 of 30, to "
        "2021-06-21: members of one later list, so that companies that left are missing"
    )
    assert above.revised
    assert above.known_at[0] == np.datetime64(f"{DAYS[49]}T21:00")


def test_days_that_are_no_sessions_are_left_out(folder):
    file = folder / "constituents_adjclose_2020.parquet"
    before = made(folder)
    extra = pl.DataFrame({"date": [date(2020, 2, 1)] * 2, "symbol": ["L00", "L01"], "adj_close": [9.0, 9.0]})
    pl.concat([pl.read_parquet(file), extra]).write_parquet(file)
    assert all((made(folder)[ref].values == one.values).all() for ref, one in before.items())


def test_two_prices_of_a_day_are_a_mistake(folder):
    file = folder / "constituents_later.parquet"
    table = pl.read_parquet(file)
    pl.concat([table, table.head(1)]).write_parquet(file)
    (fault,) = load_folder(folder, ALL).faults
    assert fault.file == "constituents_later.parquet"
    assert "two prices of a member on one day" in fault.text


def test_the_order_of_rows_is_of_no_importance(folder):
    file = folder / "constituents_adjclose_2020.parquet"
    before = made(folder)
    pl.read_parquet(file).sample(fraction=1.0, shuffle=True, seed=1).write_parquet(file)
    assert all((made(folder)[ref].values == series.values).all() for ref, series in before.items())


@pytest.mark.parametrize("name", ["constituents_later.parquet", "constituents_universe.csv"])
def test_a_damaged_file_is_named(folder, name):
    (folder / name).write_bytes(b"\xff\xfe no table \x00")
    (fault,) = load_folder(folder, ALL).faults
    assert fault.file == name
    with pytest.raises(BadInputError, match=name):
        breadth_series(folder, ALL)


def test_a_price_that_is_no_number_is_left_out(folder):
    file = folder / "constituents_later.parquet"
    before = made(folder)
    odd = {"date": [DAYS[372].item()] * 2, "symbol": ["L00", "L01"], "adj_close": [float("nan"), float("inf")]}
    pl.concat([pl.read_parquet(file), pl.DataFrame(odd)]).write_parquet(file)
    assert all((made(folder)[ref].values == series.values).all() for ref, series in before.items())


def test_too_few_members_make_no_share(folder):
    for name in ("constituents_adjclose_2020.parquet", "constituents_later.parquet"):
        kept = pl.col("symbol").is_in(NAMES[: MIN_MEMBERS - 1])
        pl.read_parquet(folder / name).filter(kept).write_parquet(folder / name)
    assert [len(series) for series in made(folder).values()] == [0, 0, 0, 0]
    for name in ("constituents_adjclose_2020.parquet", "constituents_later.parquet"):
        pl.read_parquet(folder / name).filter(pl.col("symbol") == "none").write_parquet(folder / name)
    assert made(folder) == {}
    (folder / "constituents_universe.csv").unlink()
    assert made(folder) == {}


def spec(estimand: str, claimed: tuple[float, float], **fields) -> ClaimSpec:
    measure = {"estimand": estimand, "range": claimed, **fields}
    return ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "So it is", "measure": measure})


def test_the_estimand_reads_the_gauge_on_the_day_of_each_event(folder):
    few = spec("breadth", (0.0, 0.7), arguments={"events": "first_cuts"}, holds="within")
    book = SeriesBook.of(load_folder(folder, list_needs([few])).series)
    found = evaluate_claim("h", few, book, date(2021, 7, 1))
    assert (found.verdict, found.n, found.wins) == (Verdict.INSUFFICIENT, 0, None)
    assert found.absent[0].reason.endswith("; it is available from 2020-03-13 to 2021-06-21")
    pauses = spec("breadth", (0.5, 1.0), arguments={"events": "cut_pauses"}, holds="within")
    found = evaluate_claim("h", pauses, book, date(2021, 7, 1))
    assert [(str(event.date), event.value) for event in found.events] == [("2020-04-29", 1.0)]
    assert found.notes[0].startswith("Members are those of one later list")
    assert "table" not in found.reason
    assert any("decisions" in use.series for use in found.sources)
    same_day = spec("breadth", (0.5, 1.0), arguments={"events": "cut_pauses", "base": 1})
    assert "is after 2020-04-29" in evaluate_claim("h", same_day, book, date(2020, 4, 29)).absent[-1].reason
    assert "close 1 session after the event's session" in describe_claim(same_day)
    assert describe_claim(pauses).count("companies of the S&P 500") == 1


def test_each_file_is_told_with_what_was_made_of_it(folder):
    told = {note.file: (note.used, note.text) for note in load_folder(folder, ALL).notes}
    of_large = ", ".join(f"{ref} (level)" for ref in sorted(ref.id for ref in ALL if ref.id.startswith("large")))
    assert told == {
        "DGS2.csv": (False, "not used: it holds none of the series that are used"),
        "constituents_adjclose_2020.parquet": (True, f"used for {of_large}"),
        "constituents_later.parquet": (
            True,
            "used for large.breadth.above_50 (level), large.breadth.net_advances (level)",
        ),
        "constituents_other.parquet": (False, "not used: it describes the members of a fund"),
        "constituents_universe.csv": (True, "read with constituents_adjclose_2020.parquet, constituents_later.parquet"),
    }


def test_washouts_begin_again_once_half_have_recovered(folder):
    book = SeriesBook.of(load_folder(folder, ALL).series)
    washed = EVENT_LISTS["breadth_washouts"].find(date(2021, 7, 1), book)
    assert [event.date for event in washed] == [DAYS[319].item()]  # the fiftieth session of the later file


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"events": "luck"}, "there is no list 'luck'"),
        ({"gauge": "luck"}, "there is no gauge 'luck'; there are above_50"),
        ({"group": "middle"}, "there is no group 'middle'; there are small, large"),
        ({"against": "large"}, "large cannot be compared with itself"),
    ],
)
def test_mistakes(arguments, words):
    found = evaluate_claim("h", spec("breadth", (0.0, 1.0), arguments=arguments), SeriesBook.of(()), date(2022, 1, 3))
    assert words in found.reason


def test_two_groups_are_set_against_each_other():
    from dataclasses import replace

    from groundswell.model import Frequency, Series

    large, small = (INDEX_BREADTH.ref(group, "above_50") for group in ("large", "small"))
    known = DAYS.astype("datetime64[s]") + np.timedelta64(21, "h")
    first = Series(large, Frequency.DAILY, "made", DAYS, np.linspace(0.2, 0.9, len(DAYS)), known)
    second = replace(first, ref=small, values=first.values - 0.15)
    claim = spec("breadth", (0.0, 1.0), arguments={"events": "cut_pauses", "against": "small"})
    found = evaluate_claim("h", claim, SeriesBook.of((first, second)), date(2021, 7, 1))
    assert found.estimate == pytest.approx(0.15)
    assert found.placebo_p is not None
    assert "less the same of smaller companies" in describe_claim(claim)
