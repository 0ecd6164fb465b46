"""The plausibility gate for both ways in: files of a folder, and observations of data services in the store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.series import make_series

from groundswell import Groundswell
from groundswell.app.data_folder import evaluate_hub
from groundswell.app.evidence import Evidence
from groundswell.hubs.file.load import load_hubs
from groundswell.markets.series.adjust import adjust
from groundswell.markets.series.calendar import is_session, sessions_between
from groundswell.model import Action, Basis, IssueKind, Measure, Observation, SeriesRef, Verdict
from groundswell.sources.loaded import Loaded
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import observations, series

NOW = datetime(2026, 8, 21, 9, tzinfo=UTC)
TODAY = date(2026, 8, 20)
DAYS = sessions_between(date(1993, 1, 4), date(2025, 12, 31))
SPY, IWM = (SeriesRef(name, Measure.TOTAL_RETURN) for name in ("SPY", "IWM"))


def at(day: str) -> int:
    return int(np.searchsorted(DAYS, np.datetime64(day)))


def make_prices() -> dict[str, np.ndarray]:
    """A market in which IWM falls behind SPY by 20 % in each quarter after a first cut, and so do their indices."""
    generator = np.random.default_rng(3)
    spy = 100.0 * np.exp(np.cumsum(generator.normal(0.0003, 0.005, len(DAYS))))
    iwm = spy * np.exp(np.cumsum(generator.normal(0.0, 0.001, len(DAYS))))
    for cut in ("1995-07-06", "1998-09-29", "2001-01-03", "2007-09-18", "2019-07-31", "2024-09-18"):
        iwm *= 0.8 ** np.clip((np.arange(len(DAYS)) - at(cut)) / 60, 0.0, 1.0)  # at once would be a data issue
    return {"SPY": spy, "IWM": iwm, "^GSPC": spy.copy(), "^RUT": iwm.copy()}


def write(folder: Path, prices: dict[str, np.ndarray]) -> Path:
    folder.mkdir(exist_ok=True)
    frames = [pl.DataFrame({"date": DAYS, "symbol": name, "adj_close": made}) for name, made in prices.items()]
    pl.concat(frames).write_parquet(folder / "a.parquet")
    return folder


def in_pence_from(prices: dict[str, np.ndarray], day: str) -> dict[str, np.ndarray]:
    return prices | {"SPY": np.where(np.arange(len(DAYS)) < at(day), prices["SPY"], prices["SPY"] * 100.0)}


@pytest.fixture
def groundswell(tmp_path: Path):
    with Groundswell.open(str(tmp_path / "store.db"), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def hubs():
    return load_hubs(None)


def test_a_folder_with_an_impossible_change_withholds_until_it_is_right_again(tmp_path, groundswell):
    right = make_prices()
    groundswell.load(write(tmp_path / "data", right))
    groundswell.record(date(2025, 6, 30))
    groundswell.load(write(tmp_path / "data", in_pence_from(right, "2019-09-03")))
    groundswell.record(date(2025, 7, 31))
    claim = groundswell.claim_page("small-caps", "C1", date(2025, 7, 31)).evaluation
    assert (claim.verdict, claim.basis, claim.estimate, claim.events) == (
        Verdict.NOT_MEASURED,
        Basis.WITHHELD,
        None,
        (),
    )
    assert claim.reason.startswith("withheld: SPY (total return): it rises to ")
    assert "2019-09-03" in claim.reason
    withheld = [one.kind for one in groundswell.status_page().data_issues if one.action is Action.WITHHELD]
    assert withheld == [IssueKind.IMPOSSIBLE]
    groundswell.load(write(tmp_path / "data", right))
    groundswell.record(date(2025, 8, 29))
    after = groundswell.claim_page("small-caps", "C1", date(2025, 8, 29))
    assert [(past.verdict, past.basis) for past in after.evaluation.history] == [
        (Verdict.REFUTED, Basis.DECLARED),
        (Verdict.NOT_MEASURED, Basis.WITHHELD),
        (Verdict.REFUTED, Basis.DECLARED),
    ]
    assert after.verdict_changes == ()


def test_gauges_and_charts_on_such_days_are_withheld(tmp_path, groundswell):
    groundswell.load(write(tmp_path / "data", in_pence_from(make_prices(), "2025-09-03")))
    page = groundswell.hub_page("small-caps", date(2025, 12, 31))
    reason = "withheld: SPY (total return): it rises to "
    assert any(chart.reason.startswith(reason) for chart in page.missing_charts)
    assert any(gauge.reason.startswith(reason) for gauge in page.state.missing)


def test_a_change_outside_the_windows_withholds_nothing(tmp_path, groundswell):
    groundswell.load(write(tmp_path / "data", in_pence_from(make_prices(), "2016-02-01")))
    assert groundswell.claim_page("small-caps", "C1", TODAY).evaluation.verdict is Verdict.REFUTED


def test_a_hub_that_is_evaluated_from_a_folder_is_withheld_too(tmp_path, hubs):
    folder = write(tmp_path / "data", in_pence_from(make_prices(), "2019-09-03"))
    small_caps = next(hub for hub in hubs if hub.slug == "small-caps")
    claim = next(one for one in evaluate_hub(small_caps, folder, TODAY) if one.id == "C1")
    assert claim.withheld


@pytest.fixture
def store(tmp_path):
    made = Store.open(str(tmp_path / "evidence.db"))
    yield made
    made.close()


def send(store: Store, ref: SeriesRef, levels: np.ndarray, days: np.ndarray = DAYS) -> None:
    """Store growth as a data service that was first asked today would."""
    times = [datetime.combine(day, datetime.min.time(), UTC).replace(hour=21) for day in days.tolist()]
    first = Observation(ref, days[0].item(), 100.0, times[0], "yahoo")
    growth = levels[1:] / levels[:-1]
    rows = zip(days[1:].tolist(), growth.tolist(), times[1:], days[:-1].tolist(), strict=True)
    new = [first, *(Observation(ref, day, value, known, "yahoo", since) for day, value, known, since in rows)]
    with store.write() as connection:
        observations.add_observations(connection, new, NOW)


def find_claim(evidence: Evidence, name: str = "C1"):
    return next(one for one in evidence.evaluate("small-caps", TODAY) if one.id == name)


def test_observations_of_a_service_pass_the_gate(store, hubs):
    prices = make_prices()
    evidence = Evidence(store, hubs, lambda: NOW)
    for ref in (SPY, IWM):
        send(store, ref, prices[ref.id])
    assert find_claim(evidence).verdict is Verdict.REFUTED
    split = prices["IWM"] * np.where(np.arange(len(DAYS)) < at("2024-11-21"), 190.0, 1.0)
    send(store, IWM, split)  # a revision of that day alone
    claim = find_claim(evidence)
    assert claim.withheld
    assert "a split of about 19" in claim.reason
    (issue,) = evidence.data_issues()[str(IWM)]
    assert (issue.kind, issue.first) == (IssueKind.SPLIT, date(2024, 11, 21))
    send(store, IWM, prices["IWM"])
    assert find_claim(evidence).verdict is Verdict.REFUTED


def test_yields_of_a_service_in_another_unit(store, hubs):
    evidence = Evidence(store, hubs, lambda: NOW)
    ref = SeriesRef("DGS10", Measure.RATE)
    yields = 4.2 + np.round(np.cumsum(np.random.default_rng(1).normal(0.0, 0.01, len(DAYS))), 2)
    known = datetime(2026, 1, 2, tzinfo=UTC)
    new = [
        Observation(ref, day, value / 100.0, known, "fred") for day, value in zip(DAYS.tolist(), yields, strict=True)
    ]
    with store.write() as connection:
        observations.add_observations(connection, new, NOW)
    (issue,) = evidence.data_issues()[str(ref)]
    assert (issue.kind, issue.withholds) == (IssueKind.OTHER_UNIT, True)


def test_what_is_in_the_store_already_is_repaired_when_it_is_read(store, hubs):
    every_day = np.arange(DAYS[0], DAYS[-1] + 1)
    weekdays = every_day[np.is_busday(every_day)]
    prices = make_prices()
    filled = prices["SPY"][np.searchsorted(DAYS, weekdays, side="right") - 1]
    series = (make_series("SPY", weekdays, filled), make_series("IWM", DAYS - np.timedelta64(1, "D"), prices["IWM"]))
    evidence = Evidence(store, hubs, lambda: NOW)
    evidence.load_folder(Loaded(Path("data"), series, (), ()))
    spy, iwm = evidence.book().get(SPY), evidence.book().get(IWM)
    np.testing.assert_array_equal(spy.dates, DAYS)
    np.testing.assert_array_equal(iwm.dates, DAYS)
    assert (iwm.known_at == DAYS.astype("datetime64[s]") + np.timedelta64(21, "h")).all()
    (carried,) = evidence.data_issues()[str(SPY)]
    assert (carried.kind, carried.action) == (IssueKind.CARRIED, Action.DROPPED)
    assert set(carried.days) == set(weekdays[~is_session(weekdays)].tolist())
    assert [issue.kind for issue in evidence.data_issues()[str(IWM)]] == [IssueKind.WRONG_DAYS]
    assert len(evidence.stored_book().get(SPY)) == len(weekdays)
    assert find_claim(evidence).verdict is Verdict.REFUTED


def test_an_issue_that_was_stored_with_the_load_is_shown_once(tmp_path, groundswell):
    groundswell.load(write(tmp_path / "data", in_pence_from(make_prices(), "2019-09-03")))
    assert [one.source for one in groundswell.status_page().data_issues] == ["a.parquet"]


def test_what_an_earlier_release_adjusted_twice_is_withheld_until_the_files_are_read_again(store, hubs):
    prices = make_prices()
    evidence = Evidence(store, hubs, lambda: NOW)
    dividends = np.where(np.arange(len(DAYS)) % 63 == 62, prices["SPY"] * 0.005, 0.0)
    stored = {
        SeriesRef("SPY", Measure.PRICE): prices["SPY"],
        SPY: adjust(prices["SPY"], dividends, np.ones(len(DAYS))).total,
        IWM: prices["IWM"],
    }
    with store.write() as connection:
        series.add_series(
            connection, [make_series(ref.id, DAYS, values, ref.measure) for ref, values in stored.items()], NOW
        )
    claim = find_claim(evidence)
    assert claim.withheld
    assert claim.reason.startswith("withheld: SPY (total return): on its 131 ex-dividend days the price does not fall")
    with store.write() as connection:
        series.add_series(connection, [make_series("SPY", DAYS, prices["SPY"])], NOW)
    assert find_claim(evidence).verdict is Verdict.REFUTED
