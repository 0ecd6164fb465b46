"""Makes data for tests: a stream of headlines, labelled pairs of them, and a folder of market data.

Everything comes from ``random.Random`` and plain arithmetic, so that it is the same on every machine. Members of funds
and futures are written as Parquet files, the only form in which they are read.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import polars as pl

from .headlines import (
    BODIES,
    COLUMNS,
    COMPANIES,
    EVENTS,
    FAMILIES,
    PUBLISHERS,
    ROUND_UPS,
    SAGA,
    SINGLES,
)

Row = dict[str, str]

# --- news -------------------------------------------------------------------------------------------------------------

START = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)
FIRST_DAY, LAST_DAY = 9, 31


def stream() -> tuple[list[Row], dict[str, str]]:
    """Make the documents in order of publication, and the event that each one reports."""
    rng = random.Random(20241209)
    reports = [*_events(rng), *_companies(rng), *_columns(), *_round_ups(rng), *_singles(rng)]
    reports.sort(key=lambda one: (one[0], one[2], one[3]))
    rows, events = [], {}
    for number, (at, event, publisher, title) in enumerate(reports):
        row = {"id": f"g{number:03}", "published": f"{at:%Y-%m-%dT%H:%M:%SZ}", "title": title, "source": publisher}
        if number % 7:
            slug = "-".join(word for word in title.lower().split() if word.isalnum())
            row["url"] = f"https://{publisher.lower().replace(' ', '-')}.example/{at:%Y/%m/%d}/{slug}-{number}"
        if number % 3 == 0:
            body = BODIES[number // 3 % len(BODIES)]
            row["text"] = body.format(title=title, day=f"{at:%-d %B}")
        rows.append(row)
        events[row["id"]] = event
    return rows, events


Report = tuple[dt.datetime, str, str, str]


def _events(rng: random.Random) -> Iterator[Report]:
    for number, (day, hour, titles) in enumerate(EVENTS):
        names = rng.sample(PUBLISHERS, len(PUBLISHERS))
        for place, title in enumerate(titles):
            yield _at(day, hour + place * rng.choice((0.1, 0.4, 1.5))), f"e{number}", names[place % len(names)], title
        again = rng.randrange(len(titles))  # printed a second time, with the name of the paper after it
        yield _at(day, hour + 2.5), f"e{number}", names[-1], f"{titles[again]} - {names[-1]}"
        if number % 4 == 0:  # and once more by another, word for word
            yield _at(day, hour + 3.25), f"e{number}", names[-2], titles[again]
    for place, (day, hour, title) in enumerate(SAGA):
        yield _at(day, hour), "saga", PUBLISHERS[place % len(PUBLISHERS)], title


def _companies(rng: random.Random) -> Iterator[Report]:
    for number in range(36):
        one, two = rng.sample(COMPANIES, 2)
        day, hour = rng.randint(FIRST_DAY, LAST_DAY - 1), rng.randint(6, 20)
        family = FAMILIES[number % len(FAMILIES)]
        names = rng.sample(PUBLISHERS, len(family))
        filled = {"one": one, "two": two, "n": str(rng.randint(2, 9))}
        for place, wording in enumerate(family):
            at = _at(day, hour + place * rng.choice((0.2, 0.7, 2.0)))
            yield at, f"c{number}", names[place], wording.format(**filled)


def _columns() -> Iterator[Report]:
    for number, (publisher, hour, title) in enumerate(COLUMNS):
        for day in range(FIRST_DAY, LAST_DAY + 1):
            if (START + dt.timedelta(days=day - 1)).weekday() < 5:
                yield _at(day, hour), f"column{number}-{day}", publisher, title.format(day=f"{day} December")


def _round_ups(rng: random.Random) -> Iterator[Report]:
    for number, title in enumerate(ROUND_UPS):
        yield _at(20 + number % 3, 17 + number), f"round{number}", rng.choice(PUBLISHERS), title


def _singles(rng: random.Random) -> Iterator[Report]:
    for number, title in enumerate(SINGLES):
        day, hour = rng.randint(FIRST_DAY, LAST_DAY), rng.randint(5, 22)
        yield _at(day, hour), f"single{number}", rng.choice(PUBLISHERS), title


def _at(day: int, hour: float) -> dt.datetime:
    return START + dt.timedelta(days=day - 1, minutes=round(hour * 60))


def pairs(rows: list[Row], events: dict[str, str]) -> list[Row]:
    """Make 64 pairs of documents: 32 on one event, 32 on two, half of these with similar wordings."""
    rng = random.Random(7)
    by_event: dict[str, list[str]] = {}
    for row in rows:
        by_event.setdefault(events[row["id"]], []).append(row["id"])
    several = sorted(event for event, ids in by_event.items() if len(ids) > 1)
    made = [(*rng.sample(by_event[event], 2), "SAME") for event in rng.sample(several, 32)]
    for number in range(16):
        one, two = (
            (f"c{number}", f"c{number + 6}") if number % 2 else (f"column{number % 4}-11", f"column{number % 4}-12")
        )
        made.append((rng.choice(by_event[one]), rng.choice(by_event[two]), "DIFFERENT"))
        first, second = rng.sample(several, 2)
        made.append((rng.choice(by_event[first]), rng.choice(by_event[second]), "DIFFERENT"))
    return [{"a": a, "b": b, "label": label} for a, b, label in made]


def write_lines(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


# --- numbers ----------------------------------------------------------------------------------------------------------

FIRST, LAST = dt.date(1998, 1, 2), dt.date(2024, 12, 31)

# symbol: first year, beta, response to a change of the 10-year yield, drift and noise per day
FUNDS: dict[str, tuple[int, float, float, float, float]] = {
    "RSP": (2003, 1.02, 0.0, 0.00002, 0.0020),
    "XBI": (2006, 1.10, -0.02, 0.00010, 0.0120),
    "KRE": (2006, 1.05, 0.05, 0.00000, 0.0090),
    "HYG": (2007, 0.35, 0.0, 0.00006, 0.0020),
    "IEF": (2002, -0.10, -0.07, 0.00008, 0.0010),
    "TLT": (2002, -0.20, -0.15, 0.00010, 0.0025),
    "LQD": (2002, 0.05, -0.06, 0.00010, 0.0015),
    "IJR": (2000, 1.08, 0.01, 0.00004, 0.0045),
    "XLI": (1999, 1.00, 0.0, 0.00002, 0.0040),
    "PSCI": (2010, 1.10, 0.01, 0.00003, 0.0055),
    "QUAL": (2013, 0.98, 0.0, 0.00003, 0.0015),
}

# falls: first day, sessions, drift per day
FALLS = [
    ("1998-07-20", 30, -0.006), ("2000-09-05", 40, -0.004), ("2001-08-27", 18, -0.008), ("2002-06-10", 32, -0.008),
    ("2008-09-15", 40, -0.012), ("2010-05-03", 25, -0.005), ("2011-07-25", 20, -0.009), ("2015-08-17", 8, -0.014),
    ("2018-10-03", 18, -0.005), ("2018-12-03", 15, -0.010), ("2020-02-20", 22, -0.018), ("2022-04-05", 45, -0.004),
    ("2024-12-18", 2, -0.022),
]  # fmt: skip

# points on the path of rates, with straight lines between them: day, effective rate, 2-year, 10-year, spread
RATE_PATH = [
    ("1998-01-02", 5.5, 5.6, 5.7, 3.0), ("1998-10-15", 5.0, 4.2, 4.6, 6.0), ("1999-06-30", 4.9, 5.5, 5.8, 5.0),
    ("2000-06-01", 6.5, 6.6, 6.2, 6.0), ("2000-12-20", 6.5, 5.2, 5.2, 8.5), ("2001-12-15", 1.8, 3.0, 5.0, 8.0),
    ("2003-06-25", 1.0, 1.2, 3.5, 6.5), ("2004-06-30", 1.1, 2.7, 4.6, 4.0), ("2006-06-30", 5.2, 5.2, 5.2, 3.3),
    ("2007-09-10", 5.2, 3.9, 4.4, 4.6), ("2008-12-16", 0.2, 0.7, 2.3, 19.0), ("2010-01-04", 0.1, 1.0, 3.8, 6.4),
    ("2015-12-16", 0.2, 1.0, 2.3, 6.8), ("2018-11-08", 2.2, 2.9, 3.2, 3.6), ("2019-07-31", 2.4, 1.8, 2.0, 4.0),
    ("2020-03-20", 0.1, 0.4, 1.0, 10.5), ("2021-12-31", 0.1, 0.7, 1.5, 3.1), ("2023-07-26", 5.3, 4.9, 3.9, 3.9),
    ("2024-09-17", 5.3, 3.6, 3.6, 3.4), ("2024-12-31", 4.3, 4.2, 4.5, 2.9),
]  # fmt: skip


def write_market(folder: Path) -> None:
    """Write the folder: prices in three forms, rates in two, members, accounts, holdings and futures."""
    folder.mkdir()
    rng = random.Random(1998)
    days = sessions()
    rates = _rates(rng, days)
    market = _market(rng, days)
    _write_rates(folder, days, rates)
    _write_prices(folder, rng, days, market, rates)
    _write_members(folder, rng, days, market)
    _write_futures(folder, days, rates)


def _noise(rng: random.Random) -> float:
    """Draw a value that is about normal, with mean zero and deviation one, by addition alone."""
    return (rng.random() + rng.random() + rng.random() - 1.5) * 2.0


def sessions() -> list[dt.date]:
    """List the weekdays without the common holidays; closures for mourning and storms are ignored."""
    days = (FIRST + dt.timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < 5 and not _holiday(day)]


def _holiday(day: dt.date) -> bool:
    month, nth = day.month, (day.day + 6) // 7
    mondays = {(1, 3), (2, 3), (9, 1)}
    if day.weekday() == 0 and ((month, nth) in mondays or (month == 5 and day.day > 24)):
        return True
    if day.weekday() == 3 and (month, nth) == (11, 4):
        return True
    fixed = [(1, 1), (7, 4), (12, 25)] + [(6, 19)] * (day.year >= 2022)
    near = {(day.month, day.day)}
    if day.weekday() == 0:
        before = day - dt.timedelta(days=1)
        near.add((before.month, before.day))
    after = day + dt.timedelta(days=1)
    if day.weekday() == 4 and after.month != 1:
        near.add((after.month, after.day))
    return bool(near.intersection(fixed)) or day == _easter(day.year) - dt.timedelta(days=2)


def _easter(year: int) -> dt.date:
    """Compute Easter Sunday by Gauss's rule for 1900 to 2099, without its two exceptions."""
    d = (19 * (year % 19) + 24) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
    return dt.date(year, 3, 22) + dt.timedelta(days=d + e)


def _rates(rng: random.Random, days: list[dt.date]) -> dict[str, list[float]]:
    points = [(dt.date.fromisoformat(day).toordinal(), values) for day, *values in RATE_PATH]
    names = ("DFF", "DGS2", "DGS10", "BAMLH0A0HYM2")
    made: dict[str, list[float]] = {name: [] for name in names}
    off, place = [0.0] * len(names), 0
    for day in days:
        while place + 2 < len(points) and points[place + 1][0] <= day.toordinal():
            place += 1
        (start, first), (end, last) = points[place], points[place + 1]
        part = (day.toordinal() - start) / (end - start)
        for number, name in enumerate(names):
            off[number] = off[number] * 0.97 + _noise(rng) * (0.01, 0.04, 0.05, 0.08)[number]
            made[name].append(round(max(0.05, first[number] + part * (last[number] - first[number]) + off[number]), 2))
    made["BAA10Y"] = [round(1.2 + 0.25 * value, 2) for value in made["BAMLH0A0HYM2"]]
    return made


def _market(rng: random.Random, days: list[dt.date]) -> list[float]:
    """Make the daily returns of the market."""
    falls = [(dt.date.fromisoformat(day), count, drift) for day, count, drift in FALLS]
    made, left, drift = [], 0, 0.0
    for day in days:
        for first, count, down in falls:
            if day == first:
                left, drift = count, down
        wild = left > 0
        made.append((drift if wild else 0.00055) + _noise(rng) * (0.016 if wild else 0.0075))
        left -= 1
    return made


def _write_rates(folder: Path, days: list[dt.date], rates: dict[str, list[float]]) -> None:
    with (folder / "macro.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("date", "series", "value"))
        for name in ("DFF", "DGS2", "DGS10"):
            writer.writerows((day, name, value) for day, value in zip(days, rates[name], strict=True))
    _write_wide(folder / "spreads_rate.csv", days, {name: rates[name] for name in ("BAMLH0A0HYM2", "BAA10Y")})


def _write_wide(path: Path, days: list[dt.date], columns: dict[str, list[float]]) -> None:
    """Write columns next to dates; a column that is shorter than the dates begins late."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("date", *columns))
        padded = [[""] * (len(days) - len(values)) + values for values in columns.values()]
        writer.writerows(zip(days, *padded, strict=True))


def _write_prices(
    folder: Path, rng: random.Random, days: list[dt.date], market: list[float], rates: dict[str, list[float]]
) -> None:
    tens = rates["DGS10"]
    spreads = rates["BAMLH0A0HYM2"]
    steps = [0.0, *(after - before for before, after in pairwise(tens))]
    widened = [0.0, *(after - before for before, after in pairwise(spreads))]
    funds = {}
    for symbol, (year, beta, answer, drift, noise) in FUNDS.items():
        start = next(place for place, day in enumerate(days) if day.year >= year)
        returns = [
            beta * market[place] + answer * steps[place] + drift + noise * _noise(rng)
            for place in range(start, len(days))
        ]
        funds[symbol] = _levels(returns, 40.0)
    stuck = days.index(dt.date(2019, 8, 1)) - len(days)
    funds["KRE"][stuck : stuck + 9] = [funds["KRE"][stuck]] * 9  # a data issue: the price does not change
    _write_wide(folder / "funds_total_return.csv", days, funds)
    small = [
        1.08 * one - 0.012 * wide + 0.01 * step + 0.005 * _noise(rng)
        for one, wide, step in zip(market, widened, steps, strict=True)
    ]
    _write_adjusted(folder / "IWM.csv", days, small)
    _write_raw(folder / "SPY.csv", days, market)
    vix, fear = [], 18.0
    for one in market:
        fear = max(9.5, fear + 0.06 * (16.0 - fear) - 130.0 * one + 0.5 * _noise(rng))
        vix.append(round(fear, 2))
    indices = {
        "^GSPC": _levels([one - 0.00006 for one in market], 970.0),
        "^RUT": _levels([one - 0.00004 for one in small], 430.0),
        "^VIX": vix,
    }
    _write_wide(folder / "indices_price.csv", days, indices)


def _levels(returns: list[float], start: float) -> list[float]:
    made, level = [], start
    for one in returns:
        level *= 1.0 + one
        made.append(round(level, 4))
    return made


def _write_adjusted(path: Path, days: list[dt.date], returns: list[float]) -> None:
    """Write a file of one series with a close and an adjusted close, which gains a little more each day."""
    adjusted, plain = _levels(returns, 40.0), _levels([one - 0.00004 for one in returns], 60.0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Date", "Close", "Adj Close"))
        writer.writerows(zip(days, plain, adjusted, strict=True))


def _write_raw(path: Path, days: list[dt.date], returns: list[float]) -> None:
    """Write a file of one series with raw closes and quarterly dividends."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Date", "Close", "Dividends", "Stock Splits"))
        level = 97.0
        for place, (day, one) in enumerate(zip(days, returns, strict=True)):
            dividend = round(level * 0.004, 4) if place % 63 == 50 else 0.0
            level = level * (1.0 + one) - dividend
            writer.writerow((day, round(level, 4), dividend, 0))


LARGE = [f"L{number:02}" for number in range(56)]
SMALL = [f"S{number:02}" for number in range(56)]
GROUPS = {"sp500": LARGE, "iwm": SMALL}
PRICED = 24
"""The number of members of each group that have prices; every member has accounts."""


def _write_members(folder: Path, rng: random.Random, days: list[dt.date], market: list[float]) -> None:
    names = LARGE + SMALL
    flags = {f"in_{index}_2024": [name in group for name in names] for index, group in GROUPS.items()}
    pl.DataFrame({"ticker": names, "price_symbol": names, **flags}).write_csv(folder / "constituents_universe.csv")
    since = next(place for place, day in enumerate(days) if day.year == 2008)
    columns: dict[str, list[object]] = {"date": [], "symbol": [], "adj_close": []}
    for number, name in enumerate(LARGE[:PRICED] + SMALL[:PRICED]):
        beta, drift = 0.8 + 0.02 * number, 0.00001 * (number % 9)
        returns = [beta * one + drift + 0.008 * _noise(rng) for one in market[since:]]
        columns["date"] += days[since:]
        columns["symbol"] += [name] * len(returns)
        columns["adj_close"] += _levels(returns, 50.0)
    pl.DataFrame(columns).write_parquet(folder / "constituents_adjclose_2008_2024.parquet")
    accounts = [_account(rng, name, year) for year in range(2018, 2024) for name in names]
    pl.DataFrame(accounts).write_parquet(folder / "fundamentals_made_annual.parquet")
    for fund, first in (("IVV", 7.0), ("SPY", 6.5)):
        weights = [round(first * 0.93**place, 2) for place in range(60)]
        rest = round(100.0 - sum(weights), 2)
        rows = [{"as_of": "2024-11-29", "ticker": f"H{place:02}", "weight": one} for place, one in enumerate(weights)]
        many = [
            {"as_of": "2024-11-29", "ticker": f"R{place:03}", "weight": max(rest, 0.0) / 200} for place in range(200)
        ]
        pl.DataFrame([*rows, *many]).write_csv(folder / f"holdings_{fund}_2024-11-29.csv")

    _write_lists(folder, days)


def _write_lists(folder: Path, days: list[dt.date]) -> None:
    """Write the sixty largest holdings of a fund of 500 that is set to equal weights each quarter, once a week."""
    columns: dict[str, list[object]] = {"date": [], "ticker": [], "weight": [], "etf": []}
    since, quarter = 0, 0
    for day in (day for day in days if day.year > 2022):
        since += 1
        if day.weekday() == 4:
            weights = [
                round(0.2 + (0.0015 + 0.0003 * (quarter % 3)) * since * (1 - place / 60), 2) for place in range(60)
            ]
            columns["date"] += [day] * 60
            columns["ticker"] += [f"Q{place:02}" for place in range(60)]
            columns["weight"] += weights
            columns["etf"] += ["RSP"] * 60
        if day.weekday() == 4 and day.month % 3 == 0 and 15 <= day.day <= 21:
            since, quarter = 0, quarter + 1
    pl.DataFrame(columns).write_parquet(folder / "holdings_history_2023_2024.parquet")


def _account(rng: random.Random, name: str, year: int) -> dict[str, object]:
    small, number = name[0] == "S", int(name[1:])
    short = round(5.0 + 10.0 * rng.random() + (12.0 if small else 0.0), 2)
    return {
        "ticker": name,
        "fiscal_year": year,
        "publish_date": f"{year + 1}-03-01",
        "short_term_debt": None if number == 3 else short,
        "long_term_debt": round(60.0 + 40.0 * rng.random(), 2),
        "interest_expense_net": -round(3.0 + 2.0 * rng.random() + (1.5 if small else 0.0), 2),
        "ebit": round(2.0 * rng.random() if small and number % 3 == 0 else 20.0 + 10.0 * rng.random(), 2),
        "net_income": -1.5 if small and number % 3 == 0 else 6.25,
    }


def _write_futures(folder: Path, days: list[dt.date], rates: dict[str, list[float]]) -> None:
    """Write contracts for the months of 2025 and early 2026, over the last sixty sessions."""
    months = [(2024 + (9 + place) // 12, (9 + place) % 12 + 1) for place in range(20)]
    columns: dict[str, list[object]] = {"date": [], "contract": [], "close": []}
    for ahead, (year, month) in enumerate(months):
        for day, rate in zip(days[-60:], rates["DFF"][-60:], strict=True):
            columns["date"].append(str(day))
            columns["contract"].append(f"{year}{month:02}")
            columns["close"].append(round(100.0 - rate + 0.04 * min(ahead, 12), 4))
    pl.DataFrame(columns).write_parquet(folder / "zq_made.parquet")
