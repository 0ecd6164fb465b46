"""The page on data services names each one, how often it is asked, and the settings it needs."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell.model import Measure, SeriesRef
from groundswell.settings import ServiceSettings
from groundswell.sources.services.registry import DATA_SERVICES, list_offering

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "data-services.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| `")]
CHAINS = re.findall(r"^\| [^|`]+ \| (\S+) \(([a-z ]+)\) \| (`.*`) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", DATA_SERVICES)
def test_every_service_has_a_row_with_its_interval_and_what_it_needs(name: str) -> None:
    service = DATA_SERVICES[name]
    (row,) = [line for line in ROWS if line.startswith(f"| `{name}` |")]
    assert f"every {service.interval // timedelta(hours=1)} hours" in row
    assert all(f"only with a {setting}" in row.replace("`", "") for setting in service.required_settings)


def test_services_are_listed_in_the_order_in_which_they_are_asked() -> None:
    assert [line.split("`")[1] for line in ROWS] == list(DATA_SERVICES)


@pytest.mark.parametrize(("series", "measure", "services"), CHAINS)
def test_chains_are_those_of_the_program(series: str, measure: str, services: str) -> None:
    assert tuple(services.replace("`", "").split(", ")) == list_offering(SeriesRef(series, Measure(measure)))


def test_every_service_of_common_series_is_in_a_chain() -> None:
    shown = {name for *_, services in CHAINS for name in services.replace("`", "").split(", ")}
    assert shown == {*DATA_SERVICES} - {"fomc", "sec", "secframes"}  # the only ones that have their series


@pytest.mark.parametrize("setting", ServiceSettings.model_fields)
def test_every_setting_of_a_service_is_described(setting: str) -> None:
    assert f"| `{setting}` |" in (DOCS / "settings.md").read_text(encoding="utf-8")
