"""The calendars of releases over the loopback: the agency first, then FRED with a key, then what ships."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from groundswell.app import facade
from groundswell.markets.events.releases import ReleaseDay, list_release_days
from groundswell.markets.indicators.calendars import CALENDARS
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.sources.services.registry import DATA_SERVICES

from . import loopback_services
from .test_first_start import START, House, open_house
from .test_service_contradictions import choose_vix

TODAY = START.date()
MADE = loopback_services.RELEASE_DAYS
CHAIN = ("bls", "fredreleases")


@pytest.fixture(autouse=True)
def no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facade, "load_default_feeds", tuple)


def list_made(house: House, statistic: str = "cpi") -> dict[date, str]:
    """Return the releases of the year that are on made days, each with the services that sent them."""
    listed: tuple[ReleaseDay, ...] = list_release_days(statistic, TODAY, house.groundswell._evidence.book())
    return {
        one.day: " and ".join(name for name in CHAIN if DATA_SERVICES[name].title in one.source)
        for one in listed
        if one.day in MADE
    }


def list_until(house: House) -> dict[str, date | None]:
    return {one.name: one.known_until for one in house.groundswell.status_page().calendars}


def list_serving(house: House) -> set[str]:
    """Return the services that serve the release days of consumer prices now."""
    chains = [one for one in house.groundswell.status_page().chains if one.id == RELEASE_DAYS.ref("cpi").id]
    return {link.service for chain in chains for link in chain.links if link.serves}


@pytest.mark.parametrize("mode", ["refuse", "wrong"])
def test_fred_stands_in_for_a_calendar_that_fails_and_gives_way_to_it(mode: str, tmp_path: Path) -> None:
    with open_house(tmp_path, CHAIN, hubs=choose_vix(), keys={"fredreleases": "k"}, bls=mode) as house:
        assert list_made(house) == dict.fromkeys(MADE, "fredreleases")
        assert list_serving(house) == {"fredreleases"}
        assert list_until(house)["us-cpi"] == max(MADE)
        house.servers["bls"].mode = "well"
        house.run(60)
        assert list_serving(house) == {"bls"}
        assert list(list_made(house)) == list(MADE)


def test_without_a_key_the_shipped_calendar_stays(tmp_path: Path) -> None:
    with open_house(tmp_path, CHAIN, hubs=choose_vix(), keys={}, bls="refuse") as house:
        assert house.servers["fredreleases"].asked == []
        assert list_until(house)["us-cpi"] == CALENDARS["us-cpi"].known_until(TODAY)


def test_where_both_fail_the_shipped_calendar_stays_and_is_right_again_later(tmp_path: Path) -> None:
    with open_house(
        tmp_path, CHAIN, hubs=choose_vix(), keys={"fredreleases": "k"}, bls="dead", fredreleases="wrong"
    ) as house:
        assert house.groundswell._evidence.book().get(RELEASE_DAYS.ref("cpi")) is None
        assert list_until(house)["us-cpi"] == CALENDARS["us-cpi"].known_until(TODAY)
        house.servers["fredreleases"].mode = "well"
        house.run(60)
        assert list_made(house, "jobs") == dict.fromkeys(MADE, "fredreleases")
