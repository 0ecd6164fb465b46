"""A wrong history that was stored first: no verdict rests on it once services contradict it, and it is replaced."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from groundswell.app import facade
from groundswell.app.evidence import StoredData
from groundswell.hubs.file.load import load_catalog
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import NOTHING
from groundswell.model import IssueKind, Measure, SeriesRef
from groundswell.storage.evidence.observations import load_observations
from groundswell.storage.schema import service_observations

from . import loopback_services
from .loopback_services import make_levels
from .test_first_start import OPEN, House, open_house

IWM = SeriesRef("IWM", Measure.TOTAL_RETURN)
VIX = SeriesRef("^VIX", Measure.PRICE)


def choose_hub(slug: str, *, claim: str = "", gauge: str = "") -> tuple[HubSpec, ...]:
    """Return a hub with a single claim or gauge: a store with few series is quick."""
    (hub,) = (hub for hub in load_catalog() if hub.slug == slug)
    claims = tuple(one for one in hub.claims if one.id == claim)
    gauges = tuple(one for one in hub.gauges if one.id == gauge)
    return (hub.model_copy(update={"claims": claims, "gauges": gauges, "charts": (), "instruments": ()}),)


def choose_vix() -> tuple[HubSpec, ...]:
    return choose_hub("panic-selling", gauge="vix")


@pytest.fixture(autouse=True)
def no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facade, "load_default_feeds", tuple)


def list_issues(house: House, kind: IssueKind) -> list[str]:
    return [issue.series for issue in house.groundswell.status_page().data_issues if issue.kind is kind]


def read_values(house: House, ref: SeriesRef) -> dict[date, float]:
    series = house.groundswell._evidence.book().get(ref)
    return dict(zip(series.dates.tolist(), series.values.tolist(), strict=True))


def count_rows(house: House, ref: SeriesRef) -> int:
    table = service_observations
    with house.groundswell._store.read() as connection:
        query = select(func.count()).where(table.c.id == ref.id, table.c.measure == ref.measure.value)
        return connection.scalar(query) or 0


def open_with_wrong(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    hubs: tuple[HubSpec, ...],
    change: Callable[[dict[date, float]], dict[date, float]],
    symbol: str = "^VIX",
) -> tuple[AbstractContextManager[House], Callable[[], None]]:
    """Open a store into which services sent wrong levels of a symbol at first, and right ones from then on."""
    right = make_levels

    def make_wrong(name: str) -> dict[date, float]:
        return change(right(name)) if name == symbol else right(name)

    monkeypatch.setattr(loopback_services, "make_levels", make_wrong)
    house = open_house(folder, ("cboe", "fred", "yahoo"), hubs=hubs)
    return house, lambda: monkeypatch.setattr(loopback_services, "make_levels", right)


def pass_hours(house: House, hours: float) -> None:
    """Run the first cycle after some hours, and the next one."""
    house.clock.advance(timedelta(hours=hours))
    house.cycles.run_once()
    house.run(5)


def raise_levels(levels: dict[date, float]) -> dict[date, float]:
    return {day: round(value * 1.3, 2) for day, value in levels.items()}


def test_services_that_agree_replace_a_wrong_history_from_the_first_of_the_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, put_right = open_with_wrong(tmp_path, monkeypatch, choose_vix(), raise_levels)
    with opening as house:
        wrong, rows = read_values(house, VIX), count_rows(house, VIX)
        put_right()
        assert wrong[loopback_services.LAST] != make_levels("^VIX")[loopback_services.LAST]
        pass_hours(house, 7)
        assert list_issues(house, IssueKind.CONTRADICTED) == []
        (issue,) = [one for one in house.groundswell.status_page().data_issues if one.kind is IssueKind.RELOADED]
        assert issue.series == str(VIX)
        assert "loaded again in full from Cboe delayed quotes on 2026-08-22" in issue.text
        assert issue.text.endswith("kept as earlier vintages")
        assert not [one for one in house.servers["yahoo"].asked if "VIX" in one], "no third service is needed"
        assert read_values(house, VIX) == pytest.approx(make_levels("^VIX"))
        assert count_rows(house, VIX) >= 2 * rows, "the earlier values stay in the store"
        with house.groundswell._store.read() as connection:
            used = load_observations(connection, [VIX])[VIX]
        assert {one.value for one in used} <= set(make_levels("^VIX").values())
        assert {one.source for one in used} == {"cboe"}
        pass_hours(house, 7)
        assert read_values(house, VIX) == pytest.approx(make_levels("^VIX"))
        assert list_issues(house, IssueKind.RELOADED) == [str(VIX)], "once"


def test_another_service_gives_the_history_where_the_first_fails_after_it_contradicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, put_right = open_with_wrong(tmp_path, monkeypatch, choose_vix(), raise_levels)
    with opening as house:
        put_right()
        house.clock.advance(timedelta(hours=7))
        house.cycles.run_once()
        assert list_issues(house, IssueKind.CONTRADICTED) == [str(VIX)]
        house.servers["cboe"].mode = "dead"
        house.run(5)
        assert read_values(house, VIX) == pytest.approx(make_levels("^VIX"))
        assert list_issues(house, IssueKind.CONTRADICTED) == []


def test_one_service_is_believed_on_its_third_day_and_no_verdict_is_wrong_until_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, hubs = make_levels("XYZ"), choose_hub("small-caps", claim="C1")
    opening, put_right = open_with_wrong(tmp_path, monkeypatch, hubs, lambda _: dict(other), "IWM")
    with opening as house:
        put_right()
        for _ in range(2):
            house.clock.advance(timedelta(hours=24))
            house.cycles.run_once()
            assert str(IWM) in list_issues(house, IssueKind.CONTRADICTED)
            small = house.claims()["small-caps/C1"]
            assert small.verdict in OPEN, small
            assert "contradicted the stored values since 2026-08-23" in small.reason
        pass_hours(house, 24)
        values, right = read_values(house, IWM), make_levels("IWM")
        last, before = loopback_services.LAST, date(2026, 8, 3)
        assert values[last] / values[before] == pytest.approx(right[last] / right[before])
        assert str(IWM) in list_issues(house, IssueKind.RELOADED)


def test_one_wrong_answer_neither_replaces_nor_withholds_what_another_service_confirms(tmp_path: Path) -> None:
    with open_house(tmp_path, ("cboe", "fred"), hubs=choose_vix()) as house:
        before = read_values(house, VIX)
        house.servers["cboe"].mode = "wrong"
        for _ in range(4):
            house.clock.advance(timedelta(hours=24))
            house.cycles.run_once()
            assert [one for one in house.servers["fred"].asked if "VIX" in one], "which confirms what is stored"
            assert read_values(house, VIX) == before
            assert not list_issues(house, IssueKind.CONTRADICTED)
        assert not list_issues(house, IssueKind.RELOADED)


def test_values_that_an_earlier_release_stored_in_another_unit_are_replaced(tmp_path: Path) -> None:
    with open_house(tmp_path, ("cboe",), hubs=choose_vix()) as house:
        right = read_values(house, VIX)
        with house.groundswell._store.write() as connection:
            table = service_observations
            mine = (table.c.id == VIX.id, table.c.measure == VIX.measure.value)
            connection.execute(table.update().where(*mine).values(value=table.c.value / 100.0))
        house.groundswell._evidence._data = StoredData((-1, -1, -1), NOTHING, NOTHING, (), {})
        pass_hours(house, 7)
        assert read_values(house, VIX) == pytest.approx(right)
        assert str(VIX) in list_issues(house, IssueKind.RELOADED)
