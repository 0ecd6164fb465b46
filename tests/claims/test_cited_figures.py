from __future__ import annotations

from datetime import date

import pytest

from groundswell.claims.validate import check_claim
from groundswell.markets.indicators import cited_figures
from groundswell.model import Verdict

from .made import INF, book, claim, evaluate_claim

SPEC = claim("cited-figures", (0.0, INF), {"topic": "floating_rate_debt"})


def test_what_is_not_held_is_not_measured():
    found = evaluate_claim("h", SPEC, book(), date(2023, 9, 26))
    assert (found.verdict, found.estimate) == (Verdict.NOT_MEASURED, None)
    assert found.reason == "no published figures of floating-rate debt as a share of all debt are known by 2023-09-26"


def test_the_packaged_figure_stands_with_its_source():
    found = evaluate_claim("h", SPEC, book(), date(2023, 10, 1))
    assert (found.verdict, found.n, found.estimate) == (Verdict.INSUFFICIENT, 1, pytest.approx(0.24))
    assert found.sources[0].source.startswith("Goldman Sachs, as cited in the Financial Times")


def test_data_reach_to_the_end_of_what_is_described_and_not_to_the_publication():
    found = evaluate_claim("h", claim("cited-figures", (0.0, INF), {"topic": "loss_share"}), book(), date(2025, 1, 2))
    assert (str(found.events[0].date), str(found.data_as_of)) == ("2024-12-13", "2024-09-30")


def test_nothing_is_published_before_its_data():
    assert all(figure.data_to <= figure.published for figure in cited_figures._table())


@pytest.mark.parametrize(
    ("topic", "day", "values"),
    [
        ("floating_rate_debt", date(2023, 9, 27), [0.24]),
        ("floating_rate_debt", date(2023, 12, 31), [0.36]),  # of the same origin, newer
        ("floating_rate_debt", date(2024, 9, 19), [0.22, 0.29, 0.26]),
        ("floating_rate_debt", date(2025, 1, 31), [0.22, 0.29, 0.26, 0.26, 0.27]),
        ("loss_share", date(2024, 12, 13), [0.36]),
    ],
)
def test_each_origin_is_a_row_with_its_newest_figure(topic, day, values):
    found = evaluate_claim("h", claim("cited-figures", (0.0, INF), {"topic": topic}), book(), day)
    assert [event.value for event in found.events] == pytest.approx(values)
    assert (found.n, found.verdict is Verdict.INSUFFICIENT) == (len(values), len(values) < 5)
    assert all(len(use.source) > 20 for use in found.sources)


def make_table(*rows: tuple[str, float, str]) -> tuple[cited_figures.CitedFigure, ...]:
    lines = [f"floating_rate_debt,{small},0.1,{origin},Made by {origin},,{day}" for origin, small, day in rows]
    return cited_figures.parse_table(["topic,small,large,origin,source,data_to,published", *lines])


def test_figures_count_from_their_publication(monkeypatch):
    table = make_table(("C", 0.4, "2023-01-03"), ("A", 0.4, "2021-01-01"), ("B", 0.4, "2022-01-02"))
    monkeypatch.setattr(cited_figures, "_table", lambda: table)
    found = evaluate_claim("h", SPEC, book(), date(2022, 6, 1))
    assert [(str(event.date), round(event.value, 9)) for event in found.events] == [
        ("2021-01-01", 0.3),
        ("2022-01-02", 0.3),
    ]
    assert (found.verdict, found.reason) == (Verdict.INSUFFICIENT, "2 origins measured, at least 5 are needed")
    assert [use.source for use in found.sources] == ["Made by A", "Made by B"]


def test_an_origin_that_is_cited_again_and_again_is_one(monkeypatch):
    often = [("A", 0.3 + day / 100, f"2021-01-{day:02d}") for day in range(1, 9)]
    monkeypatch.setattr(cited_figures, "_table", lambda: make_table(*often, ("B", 0.2, "2021-01-04")))
    found = evaluate_claim("h", SPEC, book(), date(2022, 6, 1))
    assert (found.verdict, found.n) == (Verdict.INSUFFICIENT, 2)
    assert found.estimate == pytest.approx((0.28 + 0.1) / 2)
    assert len(found.absent) == 7
    assert found.absent[0].reason == "A has published a newer figure, of 2021-01-08"
    assert found.notes[0].endswith("20 against 10 % (B) and 38 against 10 % (A).")


def test_figures_that_disagree_do_not_support(monkeypatch):
    mixed = [("A", 0.3), ("B", 0.02), ("C", 0.25), ("D", 0.01), ("E", 0.12)]
    table = make_table(*((origin, small, "2021-01-01") for origin, small in mixed))
    monkeypatch.setattr(cited_figures, "_table", lambda: table)
    assert evaluate_claim("h", SPEC, book(), date(2022, 6, 1)).verdict is Verdict.INCONCLUSIVE


def test_mistakes():
    ((path, words),) = check_claim(claim("cited-figures", (0.0, INF), {"topic": "luck"}))
    assert (path[-1], words) == ("topic", "there is no topic 'luck'; there are floating_rate_debt, loss_share")
    with pytest.raises(ValueError, match="abc"):
        cited_figures.parse_table(
            ["topic,small,large,origin,source,data_to,published", "floating_rate_debt,abc,1,x,y,,2021-01-01"]
        )
