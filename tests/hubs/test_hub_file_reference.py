"""The reference of the hub file names every field."""

from pathlib import Path

import pytest

from groundswell.claims.spec import ClaimSpec, FallbackSpec, Grid, MeasureSpec, ReadingSpec
from groundswell.hubs.answers import FIGURE_WRITERS
from groundswell.hubs.spec import (
    ChartSpec,
    ClaimMentionRule,
    Examples,
    GaugeSpec,
    HeadlineTest,
    HubSpec,
    Instrument,
    Pair,
    Question,
    Tagging,
)

REFERENCE = (Path(__file__).parents[2] / "docs" / "hub-file.md").read_text(encoding="utf-8")
SECTIONS = {part.splitlines()[0].strip(): part for part in REFERENCE.split("\n## ")[1:]}
MODELS = {
    "The hub": HubSpec,
    "[[instruments]]": Instrument,
    "[[claims]]": ClaimSpec,
    "[claims.measure]": MeasureSpec,
    "[[claims.readings]]": ReadingSpec,
    "[claims.grid]": Grid,
    "[[claims.fallbacks]]": FallbackSpec,
    "[[questions]]": Question,
    "[[charts]]": ChartSpec,
    "[[gauges]]": GaugeSpec,
    "[[claim_mentions]]": ClaimMentionRule,
    "[tagging]": Tagging,
    "[[tagging.pairs]]": Pair,
    "[examples]": Examples,
    "[[tests]]": HeadlineTest,
}


@pytest.mark.parametrize("section", MODELS)
def test_fields_are_those_of_the_model(section):
    rows = [line.split("|")[1].strip() for line in SECTIONS[section].splitlines() if line.startswith("| `")]
    assert rows == [f"`{field}`" for field in MODELS[section].model_fields]


def test_fields_of_references_are_documented():
    assert all(f"`{field}`" in SECTIONS["[[questions]]"] for field in FIGURE_WRITERS)


def test_the_example_of_the_reference_is_a_good_hub():
    from groundswell.hubs.file.load import parse_hub

    example = REFERENCE.split("```toml\n")[1].split("```")[0]
    assert parse_hub(example, "water").slug == "water"
