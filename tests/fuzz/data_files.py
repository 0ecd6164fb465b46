"""Mutated data files: their reader never raises, and what it returns is a series or a fault in one line."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from groundswell.sources.files.listing import DataFile
from groundswell.sources.files.table import read_table

LATEST = dt.date(2026, 12, 1)
DATA_FILES = [
    b"Date,Open,Close,Adj Close,Volume\n2024-06-03,1.5,1.6,1.55,100\n2024-06-04,1.6,1.7,1.65,100\n2024-06-05,1.6,,.,\n",
    b"Price,Close,Close\nTicker,IWM,SPY\nDate,,\n2024-06-03,1.5,1.6\n2024-06-04,1.5,1.6\n",
    b"date,symbol,close,dividends,splits\n2024-06-03,IWM,100,0,0\n2024-06-04,IWM,49,1,2\n2024-06-04,NA,52,0,0\n",
    "Fonds\n\nDatum;Schluß;Volumen\n13.06.2024;1.200,50 €;7\n14.06.2024;1.201,25 €;7\nEnde\n".encode("cp1252"),
    'Date,"Price","Vol."\n"06/13/2024","1,200.50","1.2M"\n"06/14/2024","1,201.25","1M"\n'.encode("utf-16"),
    b'"Unit:","Percent"\n"Time Period","RIFLGFCY10_N.B"\n2024-06-03,4.01\n2024-06-04,ND\n',
    b"date,series,value\n2024-06-03T22:00:00Z,DGS10,4\n1717421400,DGS10,5\nJun 5 2024,DGS10,6\n",
    b"date,IWM,SPY\n3/6/24,1,2\n4/6/24,1,2\n13/6/24,1,x\n",
]  # fmt: skip


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="groundswell-fuzz-"))


def check_data_file(body: bytes) -> None:
    path = _folder() / "IWM.csv"
    path.write_bytes(body)
    contents = read_table(DataFile("IWM.csv", (path,)), None, LATEST)
    assert contents.parts or contents.reason or contents.faults or contents.usable
    for part in contents.parts:
        assert np.isfinite(part.values).all()
        assert (np.diff(part.dates) > np.timedelta64(0, "D")).all()
    for fault in contents.faults:
        assert fault.file == "IWM.csv"
        assert fault.text
        assert fault.fix
        assert "\n" not in str(fault)
        assert 0 <= fault.line <= body.count(b"\n") + body.count(b"\r") + 2
    for _, finding, _ in contents.findings:
        assert finding.text
