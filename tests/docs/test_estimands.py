"""The reference of estimands names every one, each of its arguments, every list of events, factor and metric."""

from pathlib import Path

import pytest

from groundswell.claims.estimands import ESTIMANDS
from groundswell.markets import breadth, concentration
from groundswell.markets.events import EVENT_LISTS
from groundswell.markets.factors import FACTORS
from groundswell.markets.fundamentals import METRICS

REFERENCE = (Path(__file__).parents[2] / "docs" / "estimands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ESTIMANDS)
def test_every_estimand_has_its_section(name):
    assert f"\n## `{name}`: " in REFERENCE
    assert all(f"`{field}`" in REFERENCE for field in ESTIMANDS[name].arguments.model_fields)


@pytest.mark.parametrize("name", [*EVENT_LISTS, *FACTORS, *METRICS, *breadth.GAUGES, *concentration.GAUGES])
def test_everything_that_can_be_named_is_told(name):
    assert f"`{name}`" in REFERENCE
