"""The reference of estimands names every one, each of its arguments, every event list, factor and metric."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from groundswell.claims.registry import ESTIMANDS
from groundswell.markets.events.registry import EVENT_LISTS
from groundswell.markets.indicators import breadth, concentration
from groundswell.markets.indicators.fundamentals import METRICS
from groundswell.markets.studies.factors import FACTORS

DOCS = Path(__file__).parents[2] / "docs"
INDEX = (DOCS / "estimands.md").read_text(encoding="utf-8")
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in (DOCS / "estimands").glob("*.md")}


def list_gaps(name: str) -> list[str]:
    """List what is missing in the reference of an estimand: its page, the link to it, arguments."""
    everything = INDEX + "".join(PAGES.values())
    page = [] if PAGES.get(name, "").startswith(f"# `{name}`: ") else [f"the page docs/estimands/{name}.md"]
    link = [] if f"[`{name}`](estimands/{name}.md)" in INDEX else [f"a link to {name} in docs/estimands.md"]
    fields = [field for field in ESTIMANDS[name].arguments.model_fields if f"`{field}`" not in everything]
    return [*page, *link, *(f"the argument {field} of {name}" for field in fields)]


def list_undescribed(names: Iterable[str]) -> list[str]:
    return [name for name in names if f"`{name}`" not in INDEX + "".join(PAGES.values())]


@pytest.mark.parametrize("name", ESTIMANDS)
def test_every_estimand_has_its_page(name):
    assert list_gaps(name) == []


def test_every_page_describes_an_estimand():
    assert PAGES.keys() == set(ESTIMANDS)


@pytest.mark.parametrize(
    "name", [*EVENT_LISTS, *FACTORS, *METRICS, *breadth.BREADTH_MEASURES, *concentration.CONCENTRATION_MEASURES]
)
def test_every_name_in_hub_files_is_described(name):
    assert list_undescribed([name]) == []


def test_a_missing_page_is_named(install_plugin):
    install_plugin("groundswell.estimands", "odds", ODDS)
    install_plugin("groundswell.event_lists", "full_moons", FULL_MOONS)
    assert [gap for name in ESTIMANDS for gap in list_gaps(name)] == [
        "the page docs/estimands/odds.md",
        "a link to odds in docs/estimands.md",
        "the argument stakes of odds",
    ]
    assert list_undescribed(EVENT_LISTS) == ["full_moons"]


ODDS = """
from dataclasses import replace

from groundswell.claims.estimands.companies.cited_figures import CITED_FIGURES
from groundswell.claims.spec import Frozen


class OddsArguments(Frozen):
    stakes: int = 1


ODDS = replace(CITED_FIGURES, name="odds", arguments=OddsArguments, rank=1000)
"""

FULL_MOONS = """
from groundswell.markets.events.event_list import EventList

FULL_MOONS = EventList("full_moons", "Full moons", "Nights of full moon.", lambda as_of, book: ())
"""
