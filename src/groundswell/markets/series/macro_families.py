"""The families of macroeconomic series, by the names that FRED gives them."""

from __future__ import annotations

from groundswell.markets.series.family import FIGURES, NEXT_DAY, Kind, Release, SeriesFamily
from groundswell.model import Frequency, Measure


def _macro(
    pattern: str,
    title: str,
    unit: str = "percent",
    measure: Measure = Measure.RATE,
    *,
    revised: bool = False,
    discontinued: bool = False,
    max_change: float | None = None,
    release: Release | None = None,
    published: Frequency | None = Frequency.DAILY,
) -> SeriesFamily:
    # A price of this name is that of a security: DGS is a fund too.
    return SeriesFamily(
        pattern,
        title,
        Kind.MACRO,
        measure,
        unit,
        measures=FIGURES,
        release=release,
        revised=revised,
        discontinued=discontinued,
        max_change=max_change,
        published=published,
    )


WEEKLY, MONTHLY = Frequency.WEEKLY, Frequency.MONTHLY
MACRO = (
    _macro(
        "ICSA",
        "initial claims for unemployment insurance",
        "claims a week",
        Measure.LEVEL,
        revised=True,
        published=WEEKLY,
    ),
    _macro("PAYEMS", "employees on nonfarm payrolls", "thousands", Measure.LEVEL, revised=True, published=MONTHLY),
    _macro("UNRATE", "unemployment rate", revised=True, max_change=4.0, published=MONTHLY),
    _macro(
        "WALCL",
        "total assets of the Federal Reserve",
        "millions of US dollars",
        Measure.LEVEL,
        release=NEXT_DAY,
        published=WEEKLY,
    ),
    _macro("VIXCLS", "implied volatility of the S&P 500 (VIX)", "points", Measure.LEVEL),
    _macro(
        "A?NFCI",
        "financial conditions, Chicago Fed",
        "standard deviations",
        Measure.LEVEL,
        revised=True,
        published=WEEKLY,
    ),
    _macro(
        "STLFSI4",
        "financial stress, St. Louis Fed",
        "standard deviations",
        Measure.LEVEL,
        revised=True,
        published=WEEKLY,
    ),
    _macro("DFF|OBFR", "overnight bank funding and federal funds rates", "percent a year", max_change=12.0),
    _macro(
        "FEDFUNDS",
        "overnight bank funding and federal funds rates",
        "percent a year",
        max_change=12.0,
        published=MONTHLY,
    ),
    _macro("SOFR", "secured overnight financing rate", "percent a year", max_change=6.0),
    _macro("IORB", "interest rate on reserve balances", "percent a year", max_change=2.0),
    _macro("DFEDTAR", "target of the federal funds rate, to 2008", "percent a year", discontinued=True, max_change=2.0),
    _macro("DFEDTAR.*", "target range of the federal funds rate", "percent a year", max_change=2.0),
    _macro("BAMLH0A0HYM2", "option-adjusted spread of high-yield bonds", "percentage points", max_change=4.0),
    _macro(
        "[AB]AA10Y", "yield of corporate bonds less that of 10-year Treasuries", "percentage points", max_change=2.0
    ),
    _macro("DGS.*", "yields of Treasuries at constant maturity", "percent a year", max_change=2.5),
    _macro("DFII.*", "real yields of inflation-indexed Treasuries", "percent a year", max_change=2.5),
    _macro(
        "T10Y(2Y|3M|FF|IE)|T5Y(IE|IFR)",
        "slopes of the yield curve and break-even inflation",
        "percentage points",
        max_change=3.0,
    ),
    _macro(
        "(T10Y|T5Y).*",
        "slopes of the yield curve and break-even inflation",
        "percentage points",
        max_change=3.0,
        published=None,
    ),
)
"""Series of FRED. Values of other series are unknown to the catalogue, so that no service is asked for them."""
