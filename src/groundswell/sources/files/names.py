"""Names of files and columns as symbols: what vendors add to a name is taken off, small letters are spelt large."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import PurePath

from groundswell.sources.tables.headings import SYMBOL
from groundswell.sources.tables.numbers import MISSING_MARKS
from groundswell.sources.tables.vocabulary import Role, find_role, find_series_name

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz", ".xlsx", ".xls", ".parquet")
"""The endings of files that are read."""

PLAIN_TEXT_SUFFIXES = (".txt", ".txt.gz")
"""Endings that notes of any kind have too: such a file is passed over in silence where it holds no table."""

FILE_NAME_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<symbol>\S+) (?:(?:ETF|Stock|Fund|Index|Futures|-) )*(?:Price History|Historical Data|Historical Prices"
        r"|Historische (?:Daten|Kurse)|Données Historiques|Datos históricos|Dati Storici|Dados Históricos)",
        r"(?P<symbol>\^?[a-z0-9\-]+)(?:_us)?_[dwm]",  # Stooq: iwm_us_d
        r"daily_(?:adjusted_)?(?P<symbol>\S+)",  # Alpha Vantage
        r"(?P<symbol>[^\s_]+)_(?:daily_)?(?:price-history|historical-data)-\d{2}-\d{2}-\d{4}",  # Barchart
        r"Download Data - \w+_US_[A-Z]+_(?P<symbol>\S+)",  # MarketWatch
        r"(?:STOCK|FUND|ETF|INDEX)_[A-Z]{2}_[A-Z]{4}_(?P<symbol>\S+)",  # MarketWatch: STOCK_US_ARCX_IWM
        r"[A-Z]+_(?P<symbol>[^\s,]+), 1[DWM](?:_[0-9a-f]+)?",  # TradingView: BATS_IWM, 1D
        r"(?P<symbol>VIX\d*[A-Z]?|VVIX|SKEW|RVX|VXN|OVX|GVZ)_History",  # Cboe
    )
)
"""How vendors name the file of a symbol."""

COPY_NUMBER = re.compile(r"\s*\(\d+\)$")
"""What browsers add to the name of a second download."""

GENERAL_NAMES = re.compile(
    r"(historical(data|prices|quotes)?|download|export|data|prices?|history|quotes?|table|daily|ohlcv?|part|values?|series"
    r"|untitled|book|sheet|ddp|frb_h15|fredgraph|daily-treasury-rates)([-_. ]?\d+)*"
    r"|(?:19|20)\d\d(?:[-_. ]?(?:q[1-4]|\d\d|(?:19|20)\d\d))*",
    re.IGNORECASE,
)
"""Names of files that are surely not those of a series: what files are called, and years and months."""

HIVE_KEY = re.compile(r"(?P<key>[^=/]+)=(?P<value>.*)")
LOWER_CASE_SYMBOL = re.compile(r"\^?[a-z][a-z0-9]{0,11}(?:[.\-=][a-z0-9]{1,4})?")
US_LISTING = re.compile(r"(?P<symbol>[A-Z][A-Z0-9\-]*)\.US")
"""How Stooq and EODHD write what the exchange itself calls IWM."""


DATE_NAMES = ("date", "observation_date")
ID_NAMES = ("symbol", "series", "ticker")
"""How files of members name their columns of days and symbols."""


def normalise_name(name: str) -> str:
    """Return a column's name in lower case, with underscores for spaces."""
    return name.strip().lower().replace(" ", "_")


def strip_suffixes(name: str | PurePath) -> str:
    """Return a file's name without its suffix."""
    return PurePath(name).name.removesuffix(".gz").rpartition(".")[0]


def find_symbol_in_name(file: str) -> str | None:
    """Return the symbol that a file of one series is named after, or its folder; None where neither is a symbol.

    ``file`` is the path inside the data folder.
    """
    path = PurePath(file)
    stem = COPY_NUMBER.sub("", strip_suffixes(path.name))
    for form in FILE_NAME_FORMS:
        if match := form.fullmatch(stem):
            stem = match["symbol"]
            break
    keys = [match for folder in path.parent.parts if (match := HIVE_KEY.fullmatch(folder))]
    named = next((match["value"] for match in keys if find_role(match["key"]) is Role.SYMBOL), None)
    if named is not None or (SYMBOL.fullmatch(stem) and not GENERAL_NAMES.fullmatch(stem)):
        return named or stem
    for folder in reversed(path.parent.parts):
        if not HIVE_KEY.fullmatch(folder) and SYMBOL.fullmatch(folder) and folder == folder.upper():
            return folder
    return None


def spell_symbols(names: Iterable[str], wanted: Collection[str] | None) -> dict[str, str]:
    """Return the symbol that each name of one file stands for.

    A name that is wanted as it is stays so. A name in small letters is spelt large, unless the file has both
    spellings, or the name may stand for a missing value next to others in capitals; ``IWM.US`` is ``IWM``.
    """
    listed = list(dict.fromkeys(names))
    all_small = all(name == name.lower() for name in listed)
    spelt = {}
    for name in listed:
        symbol = name
        may_be_missing = name in MISSING_MARKS and not all_small
        if (wanted is None or name not in wanted) and LOWER_CASE_SYMBOL.fullmatch(name) and not may_be_missing:
            symbol = name.upper() if name.upper() not in listed else name
        match = US_LISTING.fullmatch(symbol)
        if match and (wanted is None or symbol not in wanted) and match["symbol"] not in listed:
            symbol = match["symbol"]
        known = find_series_name(symbol)
        spelt[name] = known if wanted is None or symbol not in wanted else symbol
    return spelt
