from __future__ import annotations

from datetime import date

import pytest

from groundswell.markets.series.staleness import CLAIM_PRICES, PEERS, STORED_SERIES
from groundswell.model import Frequency


@pytest.mark.parametrize(
    ("limit", "frequency", "last", "day", "stale"),
    [
        pytest.param(STORED_SERIES, Frequency.DAILY, date(2024, 3, 28), date(2024, 4, 5), False, id="five sessions"),
        pytest.param(STORED_SERIES, Frequency.DAILY, date(2024, 3, 28), date(2024, 4, 8), True, id="six sessions"),
        pytest.param(STORED_SERIES, Frequency.WEEKLY, date(2024, 1, 3), date(2024, 1, 24), False, id="three weeks"),
        pytest.param(STORED_SERIES, Frequency.WEEKLY, date(2024, 1, 3), date(2024, 1, 25), True, id="a day more"),
        pytest.param(STORED_SERIES, Frequency.MONTHLY, date(2024, 1, 1), date(2024, 4, 10), False, id="100 days"),
        pytest.param(PEERS, Frequency.MONTHLY, date(2024, 1, 1), date(2024, 4, 10), True, id="100 days behind peers"),
        pytest.param(CLAIM_PRICES, Frequency.DAILY, date(2024, 1, 1), date(2024, 1, 8), False, id="calendar days"),
        pytest.param(CLAIM_PRICES, Frequency.DAILY, date(2024, 1, 1), date(2024, 1, 9), True, id="eight days"),
    ],
)
def test_the_last_value_of_a_series_goes_stale_by_its_frequency(limit, frequency, last, day, stale):
    assert limit.is_exceeded(last, day, frequency) is stale


def test_the_age_of_a_daily_value_is_counted_in_the_unit_of_the_limit():
    last, day = date(2024, 3, 28), date(2024, 4, 5)
    assert (STORED_SERIES.age(last, day), STORED_SERIES.unit(Frequency.DAILY)) == (5, "sessions")
    assert (CLAIM_PRICES.age(last, day), CLAIM_PRICES.unit(Frequency.DAILY)) == (8, "days")
