"""What is missing is said in words: no id of ours that a reader could not know stands in a message."""

from datetime import date

import pytest

from groundswell.claims.binding import list_needs
from groundswell.hubs.file.load import load_catalog
from groundswell.model import Measure, SeriesRef
from groundswell.wording.missing_data import describe_missing_series

DAY = date(2026, 8, 20)
LEVEL = Measure.LEVEL


@pytest.mark.parametrize(
    ("refs", "message"),
    [
        (
            [SeriesRef("IWM", Measure.TOTAL_RETURN), SeriesRef("DGS2", Measure.RATE)],
            "no total returns of IWM, no rates of DGS2 known by 2026-08-20; load a folder with IWM and DGS2: "
            "--data DIR",
        ),
        (
            [SeriesRef(name, Measure.TOTAL_RETURN) for name in ("IWM", "XBI", "KRE", "IWM")],
            "no total returns of IWM, XBI and KRE known by 2026-08-20; load a folder with IWM, XBI and KRE: --data DIR",
        ),
        (
            [SeriesRef("small.loss_share.mean", LEVEL), SeriesRef("large.loss_share.sd", LEVEL)],
            "no annual accounts of small and large companies known by 2026-08-20; set contact, so that the SEC is "
            "asked for them, or put constituents_universe.csv and a file fundamentals…annual….parquet into the data "
            "folder and load it: --data DIR",
        ),
        (
            [SeriesRef("SPY.concentration.top10", LEVEL), SeriesRef("IWM.concentration.top10", LEVEL)],
            "no lists of the holdings of SPY known by 2026-08-20; put a file holdings_SPY_….csv into the data folder "
            "and load it: --data DIR; no lists of the holdings of IWM known by 2026-08-20; put a file "
            "holdings_IWM_….csv into the data folder and load it: --data DIR",
        ),
        (
            [SeriesRef("large.breadth.above_50", LEVEL), SeriesRef("SPY", Measure.TOTAL_RETURN)],
            "no total returns of SPY known by 2026-08-20; load a folder with SPY: --data DIR; no breadth of the "
            "companies of an index known by 2026-08-20; put constituents_universe.csv and files constituents_….parquet "
            "with their prices into the data folder and load it: --data DIR",
        ),
        (
            [SeriesRef("ff.smb", Measure.PERIOD_RETURN)],
            "no monthly Fama-French factors known by 2026-08-20; they come with the program",
        ),
    ],
)
def test_in_words(refs, message):
    assert describe_missing_series(refs, DAY) == message


def test_no_internal_id_is_shown_for_a_series_that_a_hub_needs():
    own = {ref for hub in load_catalog() for ref in list_needs(hub.claims) if "." in ref.id}
    assert len(own) > 10
    for ref in own:
        assert ref.id not in describe_missing_series([ref], DAY)
