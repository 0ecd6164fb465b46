"""The sensitivity of a claim over every three years."""

from __future__ import annotations

from typing import Any

import pytest

from groundswell.claims.rolling import measure_rolling
from groundswell.claims.spec import ClaimSpec
from groundswell.markets.studies.factors import FACTORS
from groundswell.markets.studies.rolling import rolling_betas

from .made import END, book, normal, price, rate

IWM, SPY, YIELD = price("IWM", normal(1, 0.01)), price("SPY", normal(2, 0.01)), rate("DGS2", normal(3, 0.05))
BOOK = book(IWM, SPY, YIELD)


def claim(**arguments: Any) -> ClaimSpec:
    measure = {"estimand": "sensitivity", "arguments": {"long": "IWM", "factor": "DGS2"} | arguments, "range": [0, 1]}
    return ClaimSpec.model_validate({"id": "C7", "side": "bull", "text": "Rates matter.", "measure": measure})


def test_it_is_the_regression_of_the_claim_over_each_window():
    found = measure_rolling(claim(short="SPY"), BOOK, END)
    expected = rolling_betas(IWM, SPY, [FACTORS["DGS2"]], [YIELD], END)
    assert found.betas.betas == pytest.approx(expected.betas)
    assert found.betas.errors == pytest.approx(expected.errors)
    assert found.weeks == 156
    assert {use.series for use in found.sources} == {"IWM (total return)", "SPY (total return)", "DGS2 (rate)"}


def test_nothing_later_is_used():
    day = END.replace(year=2012)
    whole, part = (measure_rolling(claim(), BOOK, as_of).betas for as_of in (END, day))
    assert part.betas == pytest.approx(whole.betas[: len(part.betas)])
    assert part.ends[-1].item() <= day


@pytest.mark.parametrize(
    "arguments",
    [{"step": "month"}, {"rises_only": True}, {"peers": ["SPY"]}, {"first": END.replace(year=2010)}, {"long": "XBI"}],
    ids=str,
)
def test_there_is_none_where_it_would_be_of_something_else(arguments):
    assert measure_rolling(claim(**arguments), BOOK, END) is None


def test_there_is_none_of_what_is_not_measured():
    assert (
        measure_rolling(ClaimSpec(id="C4", side="context", text="Debt.", unmeasured="no accounts"), BOOK, END) is None
    )
    assert measure_rolling(claim(), BOOK, END.replace(year=2001)) is None
