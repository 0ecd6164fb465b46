"""The reference of estimands names every one, each of its arguments, every list of events, factor and metric."""

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


@pytest.mark.parametrize("name", ESTIMANDS)
def test_every_estimand_has_its_page(name):
    assert PAGES[name].startswith(f"# `{name}`: ")
    assert f"[`{name}`](estimands/{name}.md)" in INDEX
    everything = INDEX + "".join(PAGES.values())
    assert all(f"`{field}`" in everything for field in ESTIMANDS[name].arguments.model_fields)


def test_no_page_is_of_an_estimand_that_is_gone():
    assert PAGES.keys() == set(ESTIMANDS)


@pytest.mark.parametrize(
    "name", [*EVENT_LISTS, *FACTORS, *METRICS, *breadth.BREADTH_MEASURES, *concentration.CONCENTRATION_MEASURES]
)
def test_everything_that_can_be_named_is_told(name):
    assert f"`{name}`" in INDEX + "".join(PAGES.values())
