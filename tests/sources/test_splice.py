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


def year_part(file: str, year: int, start: float, ref: SeriesRef = TOTAL) -> Part:
    dates = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    values = start * np.cumprod(1.0 + 0.002 * (-1.0) ** np.arange(len(dates)))
    return Part(ref, file, f"source of {file}", dates, values)


PRICE = SeriesRef("IWM", Measure.PRICE)


@pytest.mark.parametrize("form", ["IWM/{}.csv", "{}/IWM.csv", "IWM_{}.csv", "by year/IWM-{}-daily.csv"])
@pytest.mark.parametrize("ref", [PRICE, TOTAL, SeriesRef("DGS10", Measure.RATE)])
def test_files_cut_by_year_adjoin_in_whatever_order(form, ref):
    years = [year_part(form.format(year), year, 100.0, ref) for year in (2024, 2026, 2025, 2023)]
    prices = [year_part(form.format(year), year, 110.0, PRICE) for year in (2023, 2024, 2025, 2026)]
    joined, refused = splice_parts(years, prices)
    assert refused == ()
    assert (str(joined.dates[0]), str(joined.dates[-1])) == ("2023-01-01", "2026-12-31")
    assert len(joined.dates) == len(np.unique(joined.dates))
    assert len(joined.seams) == 3


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(year_part("2025/IWM.csv", 2025, 103.0, PRICE), id="another base: the step is too large"),
        pytest.param(year_part("2026/IWM.csv", 2026, 100.0, PRICE), id="a year between is missing"),
        pytest.param(year_part("2025/SPY.csv", 2025, 100.0, PRICE), id="of another name"),
        pytest.param(year_part("2019/IWM.csv", 2025, 100.0, PRICE), id="the name has another year"),
    ],
)
def test_files_that_were_not_cut_from_one_are_left_out(other):
    joined, ((_, why),) = splice_parts([year_part("2024/IWM.csv", 2024, 100.0, PRICE), other])
    assert str(joined.dates[-1]) == "2024-12-31"
    assert "does not adjoin the other years" in why or "no day in common" in why


@pytest.mark.parametrize("start", [99.0, None])
def test_total_returns_of_another_download_are_left_out_though_the_step_is_small(start):
    years = [year_part(f"{year}/IWM.csv", year, 100.0) for year in (2024, 2025)]
    prices = [year_part(f"{year}/IWM.csv", year, 100.0, PRICE) for year in (2024, 2025)]
    prices = [prices[0], year_part("2025/IWM.csv", 2025, start, PRICE)] if start else []
    joined, ((_, why),) = splice_parts(years, prices)
    assert str(joined.dates[-1]) == "2024-12-31"
    assert "no day in common by which to check that both have the same base" in why
