"""Values derived from a page for its template."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundswell.claims.readings import Agreement, count_agreement
from groundswell.hubs.charts import ChartSeries
from groundswell.model import Verdict
from groundswell.web.html.contexts import group_claims, list_yearly_values


def test_claims_are_grouped_by_side_in_the_order_of_the_file(hub_page) -> None:
    sides = [(group.side, [claim.id for claim, _ in group.rows]) for group in group_claims(hub_page)]
    assert sides == [("bull", ["C1", "C2"]), ("bear", ["C10"]), ("context", ["C4"])]
    assert group_claims(replace(hub_page, hub=hub_page.hub.model_copy(update={"claims": ()}))) == ()


def test_readings_agree_in_sign_and_in_verdict(evaluation) -> None:
    assert count_agreement(evaluation) == Agreement(readings=3, estimated=2, same_sign=1, judged=2, same_verdict=1)


def test_without_a_main_verdict_no_verdicts_are_compared(evaluation) -> None:
    unjudged = replace(evaluation, verdict=Verdict.INSUFFICIENT)
    assert count_agreement(unjudged) == Agreement(readings=3, estimated=2, same_sign=1, judged=2, same_verdict=None)
    assert count_agreement(replace(unjudged, estimate=None)).same_sign is None
    assert count_agreement(replace(evaluation, readings=())) == Agreement(0, 0, 0, 0, 0)


@pytest.mark.parametrize("unit", ["rank", "share"])
def test_readings_without_a_sign_do_not_agree_in_it(evaluation, unit) -> None:
    assert count_agreement(replace(evaluation, unit=unit)).same_sign is None


def test_the_table_of_a_chart_has_the_last_value_of_each_year_newest_first(chart_line) -> None:
    dates = np.array(["2022-12-30", "2023-01-03", "2023-12-29", "2024-02-01"], dtype="datetime64[D]")
    line = replace(chart_line, dates=dates, values=np.array([100.0, 101.0, 97.5, 98.0]))
    assert list_yearly_values(line) == ((2024, ("98.0",)), (2023, ("97.5",)), (2022, ("100.0",)))


def test_the_table_of_two_lines_has_a_column_each(chart_line) -> None:
    dates = np.array(["2022-12-30", "2023-12-29"], dtype="datetime64[D]")
    second = ChartSeries("the second", dates[1:], np.array([4.5]))
    line = replace(chart_line, dates=dates, values=np.array([3.0, 3.5]), unit="percent", second=second)
    assert list_yearly_values(line) == ((2023, ("3.50\u202f%", "4.50\u202f%")), (2022, ("3.00\u202f%", "–")))
