from __future__ import annotations

from datetime import date

import pytest

from groundswell.claims.validate import check_claim
from groundswell.markets.indicators import cited_figures
from groundswell.model import Verdict

from .made import INF, book, claim, evaluate_claim

SPEC = claim("cited-figures", (0.0, INF), {"topic": "floating_rate_debt"})


def test_what_is_not_held_is_not_measured():
    found = evaluate_claim("h", SPEC, book(), date(2024, 7, 25))
    assert (found.verdict, found.estimate) == (Verdict.NOT_MEASURED, None)
    assert found.reason == "no published figures of floating-rate debt as a share of all debt are known by 2024-07-25"


def test_the_packaged_figure_stands_with_its_source():
    found = evaluate_claim("h", SPEC, book(), date(2024, 7, 26))
    assert (found.verdict, found.n, found.estimate) == (Verdict.INSUFFICIENT, 1, pytest.approx(0.22))
    assert found.sources[0].source.startswith("Voya (variable-rate debt at the end of 2023, about), as cited in")


@pytest.mark.parametrize(
    ("topic", "day", "values"),
    [
        ("floating_rate_debt", date(2024, 12, 30), [0.22]),
        ("floating_rate_debt", date(2024, 12, 31), [0.22, 0.26]),
        ("loss_share", date(2024, 12, 13), [0.36]),
    ],
)
def test_each_publication_is_a_row(topic, day, values):
    found = evaluate_claim("h", claim("cited-figures", (0.0, INF), {"topic": topic}), book(), day)
    assert [event.value for event in found.events] == pytest.approx(values)
    assert found.verdict is Verdict.INSUFFICIENT
    assert all(len(use.source) > 20 for use in found.sources)


def test_figures_count_from_their_publication(monkeypatch):
    lines = [
        "topic,small,large,source,published",
        *(f"floating_rate_debt,0.4,0.1,Made {n},202{n}-01-0{n}" for n in (3, 1, 2)),
    ]
    table = cited_figures.parse_table(lines)
    monkeypatch.setattr(cited_figures, "_table", lambda: table)
    found = evaluate_claim("h", SPEC, book(), date(2022, 6, 1))
    assert [(str(event.date), round(event.value, 9)) for event in found.events] == [
        ("2021-01-01", 0.3),
        ("2022-01-02", 0.3),
    ]
    assert (found.verdict, found.reason) == (Verdict.INSUFFICIENT, "2 publications measured, at least 5 are needed")
    assert [use.source for use in found.sources] == ["Made 1", "Made 2"]


def test_mistakes():
    ((path, words),) = check_claim(claim("cited-figures", (0.0, INF), {"topic": "luck"}))
    assert (path[-1], words) == ("topic", "there is no topic 'luck'; there are floating_rate_debt, loss_share")
    with pytest.raises(ValueError, match="abc"):
        cited_figures.parse_table(["topic,small,large,source,published", "floating_rate_debt,abc,1,x,2021-01-01"])
