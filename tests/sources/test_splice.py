from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Measure, SeriesRef
from groundswell.sources.files.splice import Part, splice_parts

TOTAL = SeriesRef("IWM", Measure.TOTAL_RETURN)
INDEX = SeriesRef("^RUT", Measure.PRICE)


def part(file: str, first: str, values: list[float], ref: SeriesRef = TOTAL) -> Part:
    dates = np.datetime64(first) + np.arange(len(values))
    return Part(ref, file, f"source of {file}", dates.astype("datetime64[D]"), np.array(values))


def test_the_longer_is_extended_by_the_other_where_they_agree():
    joined, refused = splice_parts([part("b", "2024-01-03", [3.0, 4.0]), part("a", "2024-01-01", [1.0, 2.0, 3.0001])])
    assert refused == ()
    assert joined.values.tolist() == [1.0, 2.0, 3.0001, 4.0]
    assert joined.source == "source of a; 2024-01-04 to 2024-01-04: source of b"


def test_a_part_that_adds_nothing_leaves_no_trace():
    joined, refused = splice_parts([part("a", "2024-01-01", [1.0, 2.0, 3.0]), part("b", "2024-01-02", [2.0])])
    assert (joined.source, refused) == ("source of a", ())


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        pytest.param(
            part("b", "2024-01-02", [2.0, 3.5]), "it differs on 1 of 2 common days, first on 2024-01-03", id="differs"
        ),
        pytest.param(part("b", "2024-01-04", [4.0]), "it has no day in common", id="base unknown"),
    ],
)
def test_what_cannot_be_joined_is_left_out_with_the_reason(other, reason):
    joined, ((file, why),) = splice_parts([other, part("a", "2024-01-01", [1.0, 2.0, 3.0])])
    assert joined.file == "a"
    assert file == "b"
    assert why.startswith(f"IWM (total return) left out: {reason}")
    assert why.endswith("a has more rows")


@pytest.mark.parametrize(
    ("first", "value", "joins"),
    [
        pytest.param("2024-01-08", 101.0, True, id="adjoins"),
        pytest.param("2023-12-31", 99.0, True, id="adjoins before"),
        pytest.param("2024-02-08", 101.0, False, id="a gap of weeks"),
        pytest.param("2024-01-08", 130.0, False, id="a step too large"),
    ],
)
def test_index_levels_may_adjoin(first, value, joins):
    longest = part("a", "2024-01-01", [100.0, 100.0, 100.0], INDEX)
    joined, refused = splice_parts([longest, part("b", first, [value], INDEX)])
    assert (len(joined.dates) == 4, not refused) == (joins, joins)


@given(st.permutations(range(3)))
def test_the_order_of_files_does_not_matter(order):
    parts = [
        part("a", "2024-01-01", [1.0, 2.0, 3.0]),
        part("b", "2024-01-03", [3.0, 4.0]),
        part("c", "2024-01-02", [2.0, 9.0]),
    ]
    joined, refused = splice_parts([parts[place] for place in order])
    assert joined.values.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert [file for file, _ in refused] == ["c"]
