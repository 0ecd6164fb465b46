from __future__ import annotations

from datetime import date

import pytest

from groundswell.model import Frequency, Measure, SeriesRef
from groundswell.sources.french import load_french_factors


def test_the_packaged_factors_are_monthly_fractions_dated_at_month_ends():
    factors = {series.ref.id: series for series in load_french_factors()}
    assert list(factors) == ["ff.mkt-rf", "ff.smb", "ff.hml", "ff.rf"]
    for series in factors.values():
        assert series.ref == SeriesRef(series.ref.id, Measure.PERIOD_RETURN)
        assert (series.frequency, series.revised) == (Frequency.MONTHLY, True)
        assert (len(series), str(series.dates[0]), series.last) == (1109, "1926-07-31", date(2018, 11, 30))
        assert str(series.known_at[-1]) == "2018-12-30T21:30:00"
        assert "French" in series.source


def test_the_figures_are_those_of_the_library():
    import arch.data.frenchdata

    published = arch.data.frenchdata.load()
    factors = {series.ref.id: series.values for series in load_french_factors()}
    for name in published.columns:
        assert factors[f"ff.{name.lower()}"] == pytest.approx(published[name].to_numpy() / 100)
