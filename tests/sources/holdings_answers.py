"""Made lists of holdings in the form of each publisher."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

WEIGHTS = tuple(round(weight, 6) for weight in (9.0, 7.5, 6.0, *(5.0,) * 8, *(2.0,) * 18))
"""Percent: 29 companies, 98.5 % of a fund; the rest is cash."""

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="holdings" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
"""What a workbook consists of next to its one sheet and its texts."""


def write_workbook(rows: Sequence[Sequence[str | float]], *, inline: bool = False) -> bytes:
    """Write the first sheet of a workbook, with its texts shared, as Excel does, or in their cells."""
    shared: list[str] = []
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for column, value in enumerate(row):
            reference = f"{chr(ord('A') + column)}{number}"
            if value == "":
                continue
            if isinstance(value, float):
                cells.append(f'<c r="{reference}"><v>{value}</v></c>')
            elif inline:
                cells.append(f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
            else:
                shared.append(value)
                cells.append(f'<c r="{reference}" t="s"><v>{len(shared) - 1}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        sheet = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        for name, part in PARTS.items():
            archive.writestr(name, part)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SPREADSHEET}">{strings}</sst>')
    return out.getvalue()


SSGA_HEADER = ("Name", "Ticker", "Identifier", "SEDOL", "Weight", "Sector", "Shares Held", "Local Currency")


def list_ssga_rows(day: date, fund: str = "SPY", weights: Sequence[float] = WEIGHTS) -> list[tuple[str | float, ...]]:
    companies: list[tuple[str | float, ...]] = [
        (f"COMPANY {n} & CO", f"T{n}", f"0000{n:05}", "2000001", weight, "-", 1000.0, "USD")
        for n, weight in enumerate(weights)
    ]
    return [
        ("Fund Name:", "State Street® SPDR® S&P 500® ETF Trust"),
        ("Ticker Symbol:", fund),
        ("Holdings:", f"As of {day:%d-%b-%Y}"),
        (),
        SSGA_HEADER,
        *companies,
        ("US DOLLAR", "-", "CASH_USD", "-", 1.5, "-", 1.0, "USD"),
        (),
        ("Past performance is no reliable indicator of future performance.",),
        (),
        ("Bonds, Ticker, Weight",),
    ]


def write_ssga(day: date, fund: str = "SPY", weights: Sequence[float] = WEIGHTS) -> bytes:
    return write_workbook(list_ssga_rows(day, fund, weights))


def write_invesco(day: date, weights: Sequence[float] = WEIGHTS, **changes: object) -> bytes:
    entry = {"securityTypeName": "Common Stock", "currency": "USD", "units": 10.0}
    companies = [
        entry | {"ticker": f"T{n}", "issuerName": f"Company {n}", "percentageOfTotalNetAssets": weight}
        for n, weight in enumerate(weights)
    ]
    cash = {"ticker": "AGPXX", "percentageOfTotalNetAssets": 1.5, "securityTypeName": "Money Market Fund"}
    answer = {
        "cusip": "46137V357",
        "effectiveDate": str(day),
        "effectiveBusinessDate": str(day),
        "totalNumberOfHoldings": len(weights) + 1,
        "holdings": [*companies, cash],
    }
    return json.dumps(answer | changes).encode()


def write_nport_index(*filings: tuple[date, str, str], trust: str = "1209466") -> bytes:
    """Write an index of filings, each with its day, its number and its form."""
    entries = "".join(
        f"<entry><content type='text/xml'><accession-number>{number}</accession-number>"
        f"<filing-date>{filed}</filing-date><filing-href>https://www.sec.gov/Archives/edgar/data/{trust}/"
        f"{number.replace('-', '')}/{number}-index.htm</filing-href><filing-type>{form}</filing-type></content></entry>"
        for filed, number, form in filings
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


def write_nport(day: date, series: str = "S000060812", weights: Sequence[float] = WEIGHTS) -> bytes:
    holding = (
        "<invstOrSec><name>{name}</name><cusip>000000000</cusip><valUSD>{value}</valUSD><pctVal>{weight}</pctVal>"
        "<payoffProfile>Long</payoffProfile><assetCat>{kind}</assetCat></invstOrSec>"
    )
    rows = [
        holding.format(name=f"Company {n} &amp; Co", value=weight * 1e6, weight=weight, kind="EC")
        for n, weight in enumerate(weights)
    ]
    rows.append(holding.format(name="Cash Fund", value=1.5e6, weight=1.5, kind="STIV"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><edgarSubmission xmlns="http://www.sec.gov/edgar/nport"><formData>'
        f"<genInfo><seriesName>A fund</seriesName><seriesId>{series}</seriesId><repPdEnd>2027-04-30</repPdEnd>"
        f"<repPdDate>{day}</repPdDate></genInfo><fundInfo><netAssets>100000000.00</netAssets></fundInfo>"
        f"<invstOrSecs>{''.join(rows)}</invstOrSecs></formData></edgarSubmission>"
    ).encode()
