"""How often a series has a value, by the distances between its dates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Frequency
from groundswell.sources.release_times import frequency_of


@given(st.lists(st.sampled_from([1, 3, 4, 5, 7, 14, 15, 16, 31]), max_size=9))
def test_the_median_distance_decides(distances):
    dates = np.datetime64("2024-01-01") + np.cumsum([0, *distances])
    median = float(np.median(distances)) if distances else 1.0
    expected = Frequency.DAILY if median < 5 else Frequency.WEEKLY if median < 15 else Frequency.MONTHLY
    assert frequency_of(dates) is expected


@pytest.mark.parametrize("dates", [[], ["2024-01-02"]])
def test_up_to_one_date_counts_as_daily(dates):
    assert frequency_of(np.array(dates, dtype="datetime64[D]")) is Frequency.DAILY
