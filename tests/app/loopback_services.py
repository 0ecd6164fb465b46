"""Data services of made values on the loopback, each of which can be made to fail in the ways in which real ones do."""

from __future__ import annotations

import json
import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from urllib.parse import parse_qs, unquote, urlsplit

from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Measure
from groundswell.sources.shipped.load import load_shipped

LAST = date(2026, 8, 21)
FIRST = date(1990, 1, 2)
YEARS_OF_SHORT = 3


class Sent:
    """Up to which day the services have values."""

    until = LAST


RATES = {"DGS2": (4.0, 0.04), "DGS5": (4.2, 0.04), "DGS10": (4.5, 0.04), "DGS30": (4.8, 0.04), "BAA10Y": (2.5, 0.02)}
"""The level and the typical daily change of each rate."""

RELEASE_DAYS = tuple(date(2026, month, 11) for month in range(1, 11))
"""The days on which every statistic is released."""

MODES = ("refuse", "forbid", "dead", "hang", "empty", "hollow", "page", "wrong", "short")
"""How a service fails: HTTP 429 and 403, no connection, no answer, no body, an answer of the right form without a row,
a web page, the answer to another question, and an answer that begins three years ago."""


@cache
def list_days() -> tuple[date, ...]:
    return tuple(sessions_between(FIRST, LAST).tolist())


@cache
def make_levels(symbol: str) -> dict[date, float]:
    """The closes of a symbol: a walk with a small rise, the same for every service."""
    if symbol == "^VIX":
        return {day: round(18 + 30 * abs(math.sin(number / 300)) ** 9, 2) for number, day in enumerate(list_days())}
    draw = random.Random(symbol)
    market = random.Random("market")
    steps = [0.8 * market.gauss(0.0003, 0.01) + draw.gauss(0.0, 0.005) for _ in list_days()]
    levels = (round(100.0 * math.exp(step), 4) for step in accumulate(steps))
    return dict(zip(list_days(), levels, strict=True))


@cache
def make_rate(name: str) -> dict[date, float]:
    """A rate in percent, to hundredths: as shipped, and made where nothing is; the policy rate then lies still."""
    shipped = list_shipped().get(name, {})
    fixed = {"DFF": 4.33, "DFEDTARL": 4.25, "DFEDTARU": 4.5}
    level, size = RATES.get(name, (3.0, 0.03))
    draw, value, values = random.Random(name), level, {}
    for day in list_days():
        if day in shipped:
            value = shipped[day]
        elif name in fixed:
            value = fixed[name]
        else:
            value = round(max(value + draw.gauss(0.0, size), 0.1), 2)
        values[day] = value
    return values


@cache
def list_shipped() -> dict[str, dict[date, float]]:
    """The rates that come with the program, which services send too."""
    return {
        one.ref.id: dict(zip(one.dates.tolist(), one.values.tolist(), strict=True))
        for one in load_shipped()
        if one.ref.measure is Measure.RATE
    }


class Upstream(ThreadingHTTPServer):
    """One data service. ``write`` makes its answer of an address, from a day on, and to another question if told to."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, write: Write) -> None:
        self.write, self.mode, self.asked = write, "well", list[str]()
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = f"http://127.0.0.1:{self.server_port}"

    def answer(self, address: str) -> bytes:
        first = date(LAST.year - YEARS_OF_SHORT, LAST.month, LAST.day) if self.mode == "short" else FIRST
        if self.mode == "hollow":
            first = date(2100, 1, 1)
        return self.write(address, first, self.mode == "wrong").encode()


Write = Callable[[str, date, bool], str]


class _Handler(BaseHTTPRequestHandler):
    server: Upstream

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(self.path)
        if server.mode == "dead":
            self.connection.close()
            return
        if server.mode == "hang":
            time.sleep(3.5)
            return
        status = {"refuse": 429, "forbid": 403}.get(server.mode, 200)
        bodies = {"refuse": b"slow down", "forbid": b"no", "empty": b"", "page": b"<!doctype html><p>busy</p>"}
        try:
            body = bodies[server.mode] if server.mode in bodies else server.answer(self.path)
        except LookupError:
            status, body = 404, b"<html>no such series</html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def write_yahoo(address: str, first: date, wrong: bool) -> str:
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    symbol = unquote(parts.path.rpartition("/")[2])
    named = "QQQQ" if wrong else symbol
    begin = max(first, datetime.fromtimestamp(int(query["period1"][0]), UTC).date())
    rows = [(day, level) for day, level in make_levels(named).items() if begin <= day <= Sent.until]
    closes = [level for _, level in rows]
    stamps = [int(datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC).timestamp()) for day, _ in rows]
    meta = {"symbol": named, "gmtoffset": -14400, "exchangeTimezoneName": "America/New_York", "dataGranularity": "1d"}
    chart = {"meta": meta, "timestamp": stamps, "indicators": {"quote": [{"close": closes}]}}
    chart["indicators"]["adjclose"] = [{"adjclose": closes}]
    return json.dumps({"chart": {"result": [chart], "error": None}})


def write_tiingo(address: str, first: date, wrong: bool) -> str:
    parts = urlsplit(address)
    begin = max(first, date.fromisoformat(parse_qs(parts.query)["startDate"][0]))
    symbol = unquote(parts.path.split("/")[3])
    if wrong:  # Tiingo does not name its symbol: another resolution is what shows
        return json.dumps([{"date": f"{year}-01-03", "adjClose": 10.0 + year} for year in range(2000, 2026)])
    rows = make_levels(symbol).items()
    return json.dumps(
        [{"date": f"{day}T00:00:00.000Z", "adjClose": level} for day, level in rows if begin <= day <= Sent.until]
    )


def write_treasury(address: str, first: date, wrong: bool) -> str:
    year = urlsplit(address).path.split("/")[-2]
    names = {"2 Yr": "DGS2", "5 Yr": "DGS5", "10 Yr": "DGS10", "30 Yr": "DGS30"}
    titles = [f"{name} real" for name in names] if wrong else list(names)
    days = [day for day in list_days() if first <= day <= Sent.until and year in ("all", str(day.year))]
    lines = (
        ",".join([f"{day:%m/%d/%Y}", *(f"{make_rate(name)[day]:.2f}" for name in names.values())])
        for day in reversed(days)
    )
    return "\n".join([",".join(["Date", *(f'"{title}"' for title in titles)]), *lines]) + "\n"


def write_fred(address: str, first: date, wrong: bool) -> str:
    query = parse_qs(urlsplit(address).query)
    name = query["id"][0]
    begin = max(first, date.fromisoformat(query["cosd"][0])) if "cosd" in query else first
    values = make_levels("^VIX") if name == "VIXCLS" else make_rate(name)
    lines = (f"{day},{value}" for day, value in values.items() if begin <= day <= Sent.until)
    return "\n".join([f"observation_date,{'UNRATE' if wrong else name}", *lines]) + "\n"


def write_new_york_fed(address: str, first: date, wrong: bool) -> str:
    query = parse_qs(urlsplit(address).query)
    begin = max(first, date.fromisoformat(query["startDate"][0]))
    rates = [
        {
            "effectiveDate": str(day),
            "type": "SOFR" if wrong else "EFFR",
            "percentRate": value,
            "targetRateFrom": make_rate("DFEDTARL")[day],
            "targetRateTo": make_rate("DFEDTARU")[day],
        }
        for day, value in make_rate("DFF").items()
        if begin <= day <= Sent.until
    ]
    return json.dumps({"refRates": rates[::-1]})


def write_cboe(address: str, first: date, wrong: bool) -> str:
    path = urlsplit(address).path
    if path.endswith("VIX_History.csv"):
        rows = (
            (day, value + 300.0 * wrong) for day, value in make_levels("^VIX").items() if first <= day <= Sent.until
        )
        return "DATE,OPEN,HIGH,LOW,CLOSE\n" + "".join(f"{day:%m/%d/%Y},1,1,1,{value:.2f}\n" for day, value in rows)
    symbol = unquote(path.rpartition("/")[2].removesuffix(".json"))
    named = "QQQQ" if wrong else symbol
    rows = make_levels("^VIX" if symbol == "_VIX" else named).items()
    bars = [{"date": str(day), "close": value} for day, value in rows if first <= day <= Sent.until]
    return json.dumps({"symbol": named, "data": bars})


def write_fred_releases(address: str, first: date, wrong: bool) -> str:
    query = parse_qs(urlsplit(address).query)
    if urlsplit(address).path == "/fred/release/dates":
        number = int(query["release_id"][0])
        return json.dumps(
            {
                "release_dates": [
                    {"release_id": number + wrong, "date": str(day)} for day in RELEASE_DAYS if day >= first
                ]
            }
        )
    rows = [
        {"date": str(day.replace(day=1)), "realtime_start": str(day), "value": "300.1"}
        for day in RELEASE_DAYS
        if first <= day <= Sent.until
    ]
    return json.dumps({"observations": rows})


def write_bls(address: str, first: date, wrong: bool) -> str:
    titles = ["Real Earnings"] if wrong else ["Consumer Price Index", "Employment Situation"]
    events = (
        f"BEGIN:VEVENT\nUID:{day}{title}\nDTSTART;VALUE=DATE:{day:%Y%m%d}\nSUMMARY:{title}\nEND:VEVENT"
        for day in RELEASE_DAYS
        if day >= first
        for title in titles
    )
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Made//EN", *events, "END:VCALENDAR", ""])


WRITERS: dict[str, Write] = {
    "treasury": write_treasury,
    "newyorkfed": write_new_york_fed,
    "fred": write_fred,
    "fredreleases": write_fred_releases,
    "bls": write_bls,
    "tiingo": write_tiingo,
    "yahoo": write_yahoo,
    "cboe": write_cboe,
}


@contextmanager
def serve(names: tuple[str, ...]) -> Iterator[dict[str, Upstream]]:
    """Run the services of these names."""
    servers = {name: Upstream(WRITERS[name]) for name in names}
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}) for server in servers.values()
    ]
    for thread in threads:
        thread.start()
    try:
        yield servers
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
