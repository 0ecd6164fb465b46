from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.markets.credit import HIGH_YIELD, TREASURIES, credit_gauges
from groundswell.markets.marketevents import SPREAD
from groundswell.markets.series import SeriesBook
from groundswell.markets.sessions import end_of_day, sessions_between
from groundswell.types import Frequency, Series, SeriesRef

DAYS = sessions_between(date(2015, 1, 2), date(2020, 12, 31))


def made(ref: SeriesRef, values: np.ndarray, days: np.ndarray = DAYS) -> Series:
    return Series(ref, Frequency.DAILY, f"made {ref.id}", days, values, days.astype("datetime64[s]"))


SPREADS = made(SPREAD, np.linspace(3.0, 6.0, len(DAYS)))
BOOK = SeriesBook.of(
    (SPREADS, made(HIGH_YIELD, 1.001 ** np.arange(len(DAYS))), made(TREASURIES, 1.0005 ** np.arange(len(DAYS))))
)


def found(book: SeriesBook, as_of: date = date(2020, 12, 31)) -> dict:
    return {gauge.name: gauge for gauge in credit_gauges(book, as_of)}


def test_gauges_by_hand():
    gauges = found(BOOK)
    step = 3.0 / (len(DAYS) - 1)
    assert {name: gauge.value for name, gauge in gauges.items()} == {
        "spread": pytest.approx(6.0),
        "spread change": pytest.approx(21 * step),
        "spread rank": 1.0,
        "HYG-IEF 21": pytest.approx(1.001**21 - 1.0005**21),
        "HYG-IEF 63": pytest.approx(1.001**63 - 1.0005**63),
    }
    assert gauges["HYG-IEF 21"].window == f"{DAYS[-22]} to {DAYS[-1]}"
    assert (gauges["spread"].last, gauges["spread"].source) == (date(2020, 12, 31), "made BAMLH0A0HYM2")


def test_rank_counts_days_at_or_below():
    values = np.linspace(3.0, 6.0, len(DAYS))
    values[-1] = values[-631]
    gauges = found(SeriesBook.of((made(SPREAD, values),)))
    assert gauges["spread rank"].value == pytest.approx(631 / 1260)
    assert set(gauges) == {"spread", "spread change", "spread rank"}


def test_what_is_missing_says_why():
    short = SeriesBook.of((made(SPREAD, np.full(10, 4.0), DAYS[:10]),))
    gauges = found(short)
    assert (gauges["spread change"].value, gauges["spread rank"].value) == (None, None)
    assert gauges["spread change"].window == "fewer than 22 days are held"
    holes = made(HIGH_YIELD, np.ones(len(DAYS) - 1), np.delete(DAYS, -22))
    gauges = found(SeriesBook.of((holes, made(TREASURIES, np.ones(len(DAYS))))))
    assert gauges["HYG-IEF 21"].value is None
    assert gauges["HYG-IEF 21"].window.startswith(f"HYG (total return) has no value on {DAYS[-22]}")
    assert gauges["HYG-IEF 63"].value == 0.0
    assert credit_gauges(SeriesBook.of(()), date(2020, 1, 1)) == ()


def test_a_past_day_knows_nothing_later():
    day = date(2019, 6, 3)
    cut = BOOK.known_by(end_of_day(day))
    assert found(cut, day)["HYG-IEF 21"].last == day
    assert found(BOOK, day)["HYG-IEF 21"] == found(cut, day)["HYG-IEF 21"]
