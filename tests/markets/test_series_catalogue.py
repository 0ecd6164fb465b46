"""The catalogue gives each series of the table its measure, release times, marks, services and remedy."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

from groundswell.app.data_folder import collect_series_refs
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.indicators.policy_path import list_contract_months
from groundswell.markets.series.catalogue import (
    COMPANY_ACCOUNTS,
    EQUAL_WEIGHTS,
    FAMILIES,
    FED_FUNDS_FUTURES,
    FOMC_MEETINGS,
    FOMC_RANGE,
    FRENCH_FACTORS,
    FUND_CONCENTRATION,
    GROUP_ACCOUNTS,
    INDEX_BREADTH,
    INDICES,
    PAR_BONDS,
    family_of,
    has_arbitrary_scale,
    is_index,
    macro_family,
)
from groundswell.markets.series.family import Kind
from groundswell.model import Frequency, Measure, SeriesRef
from groundswell.sources.services.accounts.groups import SecFrames
from groundswell.sources.services.accounts.sec import Sec
from groundswell.sources.services.holdings.invesco import Invesco
from groundswell.sources.services.holdings.ishares import IShares
from groundswell.sources.services.holdings.nport import NPort
from groundswell.sources.services.holdings.ssga import StateStreet
from groundswell.sources.services.macro.fred import Fred
from groundswell.sources.services.prices.cboe import Cboe
from groundswell.sources.services.prices.tiingo import Tiingo
from groundswell.sources.services.prices.yahoo import Yahoo
from groundswell.wording.missing_data import describe_missing_series

DAY = dt.date(2026, 8, 20)
YES = {True: "yes", False: "no"}
with Path(__file__).with_name("series_catalogue.csv").open(encoding="utf-8") as lines:
    ROWS = list(csv.DictReader(lines))


def ref_of(row: dict[str, str]) -> SeriesRef:
    return SeriesRef(row["id"], Measure(row["measure"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']} ({row['measure']})")
def test_each_series_is_what_the_table_says(row: dict[str, str]) -> None:
    ref = ref_of(row)
    family, macro = family_of(ref), macro_family(ref.id)
    days = np.array([DAY], dtype="datetime64[D]")
    lists = (IShares(), StateStreet(), Invesco(), NPort(contact="c"))
    services = (Fred(), Tiingo(key="k"), Yahoo(), Cboe(), *lists, Sec(contact="c"), SecFrames(contact="c"))
    assert row == {
        "id": ref.id,
        "measure": ref.measure.value,
        "named": (macro.measure if macro else Measure.RATE).value,
        "macro": YES[macro is not None],
        "index": YES[is_index(ref.id)],
        "growth_only": YES[has_arbitrary_scale(ref)],
        "scheduled": YES[family.scheduled],
        "revised": YES[family.revised],
        **{
            frequency.value: str(family.find_releases(ref.measure, frequency, days)[0]).removeprefix("2026-")
            for frequency in Frequency
        },
        "services": " ".join(service.name for service in services if service.offers(ref)),
        "missing": describe_missing_series([ref], DAY),
    }


def test_the_table_holds_every_series_that_a_packaged_hub_uses() -> None:
    cataloged = {ref_of(row) for row in ROWS} | {FED_FUNDS_FUTURES.ref(*month) for month in list_contract_months()}
    assert collect_series_refs(load_catalog()) <= cataloged


@pytest.mark.parametrize(
    ("family", "parts", "series_id", "named"),
    [
        (EQUAL_WEIGHTS, ("p50",), "sp500.weight.p50", {"weight": "p50"}),
        (INDEX_BREADTH, ("small", "above_50"), "small.breadth.above_50", {"group": "small", "gauge": "above_50"}),
        (
            GROUP_ACCOUNTS,
            ("large", "loss_share", "n"),
            "large.loss_share.n",
            {"group": "large", "metric": "loss_share", "statistic": "n"},
        ),
        (FUND_CONCENTRATION, ("SPY", "top10"), "SPY.concentration.top10", {"fund": "SPY", "gauge": "top10"}),
        (FED_FUNDS_FUTURES, (2026, 9), "ZQ.2026-09", {"month": "2026-09"}),
        (PAR_BONDS, (30,), "UST.30y", {"years": "30"}),
        (FRENCH_FACTORS, ("mkt-rf",), "ff.mkt-rf", {"factor": "mkt-rf"}),
        (COMPANY_ACCOUNTS, (42, "cash"), "CIK0000000042.cash", {"company": "0000000042", "item": "cash"}),
        (FOMC_MEETINGS, (), "FOMC.meeting", {}),
        (FOMC_RANGE, ("lower",), "FOMC.lower", {"end": "lower"}),
        (INDICES, ("RUT",), "^RUT", {"name": "RUT"}),
    ],
)
def test_a_made_id_is_read_back_by_its_family(family, parts, series_id, named) -> None:
    ref = family.ref(*parts)
    assert ref == SeriesRef(series_id, family.measure)
    assert family_of(ref) is family
    assert {name: part for name, part in family.parts(series_id).items() if part is not None} == named
    assert family.parts("IWM") == {}


def test_every_family_says_what_it_is() -> None:
    for family in FAMILIES:
        assert family.title
        assert family.unit or family.kind in (Kind.OTHER, Kind.SECURITY)
        assert family.measure in family.measures
    assert {family.kind for family in FAMILIES} == set(Kind)


def test_no_other_module_reads_a_meaning_off_a_name() -> None:
    source = Path(__file__).parents[2] / "src/groundswell"
    reads = re.compile(r"\bref\.id\.(starts|ends|part|split|remove)|in ref\.id\b|ref\.id\[|match\([^)]*ref\.id")
    found = [
        f"{path.relative_to(source)}: {line.strip()}"
        for path in source.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if reads.search(line)
    ]
    assert found == []
