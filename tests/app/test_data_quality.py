"""Data issues are stored and shown with the claims they affect; recorded months form a history with reasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from math import inf
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from groundswell import Groundswell
from groundswell.app import read_data
from groundswell.claims.spec import ClaimSpec
from groundswell.errors import NotFoundError, UsageError
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import DataIssue, IssueKind, Verdict

NOW = datetime(2026, 8, 21, 9, tzinfo=UTC)
DAYS = sessions_between(date(1998, 1, 2), date(2025, 12, 31))


def prices(folder: Path, jump: int | None = None) -> Path:
    """A market in which IWM falls behind SPY by 20 % in each quarter after a first cut; SPY may jump once."""
    folder.mkdir(exist_ok=True)
    generator = np.random.default_rng(3)
    spy = 100.0 * np.exp(np.cumsum(generator.normal(0.0003, 0.005, len(DAYS))))
    iwm = spy * np.exp(np.cumsum(generator.normal(0.0, 0.001, len(DAYS))))
    for cut in ("1998-09-29", "2001-01-03", "2007-09-18", "2019-07-31", "2024-09-18"):
        at = int(np.searchsorted(DAYS, np.datetime64(cut)))
        iwm *= 0.8 ** np.clip((np.arange(len(DAYS)) - at) / 60, 0.0, 1.0)  # day by day: at once would be a data issue
    shifted = spy.copy()
    if jump is not None:
        spy = spy * np.where(np.arange(len(DAYS)) < jump, 1.0, 1.02)
    frames = [
        pl.DataFrame({"date": DAYS, "symbol": name, "adj_close": made}) for name, made in (("IWM", iwm), ("SPY", spy))
    ]
    pl.concat(frames).write_parquet(folder / "a.parquet")
    copies = [
        pl.DataFrame({"date": DAYS, "symbol": "SPY", "adj_close": shifted, "source": source}) for source in ("x", "y")
    ]
    pl.concat(copies).write_parquet(folder / "copies.parquet")
    return folder


@pytest.fixture
def groundswell(tmp_path: Path):
    with Groundswell.open(str(tmp_path / "store.db"), clock=lambda: NOW) as opened:
        yield opened


def at(day: str) -> int:
    return int(np.searchsorted(DAYS, np.datetime64(day)))


def leave_out_short(issues: Iterable[DataIssue]) -> tuple[DataIssue, ...]:
    """The made prices begin years after the funds; that they are short is an issue of its own."""
    return tuple(issue for issue in issues if issue.kind is not IssueKind.SERVED_SHORT)


def test_a_data_issue_affects_only_claims_whose_windows_contain_it(tmp_path, groundswell):
    groundswell.load(prices(tmp_path / "data", jump=at("2019-09-03")))
    status = groundswell.status_page()
    issues = leave_out_short(status.data_issues)
    assert [(one.kind, one.series) for one in issues] == [(IssueKind.LEVEL_JUMP, "SPY (total return)")]
    (spy,) = [one for one in groundswell.series_status() if (one.id, one.measure) == ("SPY", "total return")]
    assert (spy.observations, spy.known, spy.stale, spy.data_issues) == (
        len(DAYS),
        "at the close",
        True,
        status.data_issues,
    )
    claim = groundswell.claim_page("small-caps", "C1", date(2026, 8, 20)).evaluation
    (impact,) = [one for one in claim.impacts if one.issue in issues]
    assert (impact.main, impact.issue.kind) == (True, IssueKind.LEVEL_JUMP)
    assert impact.readings > 0
    before = groundswell.claim_page("small-caps", "C1", date(2018, 8, 20)).evaluation
    assert before.events
    assert [one for one in before.impacts if one.issue in issues] == []


def test_a_check_without_issues_removes_earlier_ones(tmp_path, groundswell):
    groundswell.load(prices(tmp_path / "data", jump=at("2019-09-03")))
    (tmp_path / "data" / "copies.parquet").unlink()
    groundswell.load(tmp_path / "data")
    assert leave_out_short(groundswell.status_page().data_issues) == ()
    impacts = groundswell.claim_page("small-caps", "C1", date(2026, 8, 20)).evaluation.impacts
    assert leave_out_short(impact.issue for impact in impacts) == ()


def test_recorded_evaluations_include_the_impacts_of_data_issues(tmp_path, groundswell):
    groundswell.load(prices(tmp_path / "data", jump=at("2019-09-03")))
    groundswell.record(NOW.date())
    first = groundswell.claim_page("small-caps", "C1").evaluation
    (issue,) = leave_out_short(impact.issue for impact in first.impacts)
    assert issue.kind is IssueKind.LEVEL_JUMP


def test_recorded_months_form_a_history(tmp_path, groundswell):
    groundswell.load(prices(tmp_path / "data"))
    days = groundswell.record_months("small-caps", date(2024, 11, 5), date(2025, 2, 28))
    assert [str(day) for day in days] == ["2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28"]
    page = groundswell.claim_page("small-caps", "C1", date(2025, 2, 28))
    assert [past.verdict for past in page.evaluation.history] == [Verdict.INSUFFICIENT, *[Verdict.REFUTED] * 3]
    # Five events are too few to be confirmed while they are looked at again and again.
    assert [past.confirmed for past in page.evaluation.history] == [False] * 4
    assert page.verdict_changes == groundswell.verdict_changes("small-caps", "C1") == ()
    before = page.evaluation.history
    assert groundswell.record_months("small-caps", date(2024, 11, 5), date(2025, 2, 28)) == days
    again = groundswell.claim_page("small-caps", "C1", date(2025, 2, 28))
    assert again.evaluation.history == before, "recording the same months again changes nothing"


YEARLY = ClaimSpec.model_validate(
    {
        "id": "Y1",
        "side": "bull",
        "text": "AAA beats BBB over each year.",
        "measure": {
            "estimand": "event-study",
            "arguments": {"events": "year_ends", "long": "AAA", "short": "BBB", "horizon": 12, "unit": "months"},
            "range": [0.0, inf],
        },
        "readings": [{"name": "Half years", "arguments": {"horizon": 6}}],
    }
)
"""A claim with an event a year, of which enough come to confirm it."""


def test_a_verdict_that_is_confirmed_is_a_change_with_its_reasons(tmp_path):
    generator = np.random.default_rng(8)
    bbb = 100.0 * np.exp(np.cumsum(generator.normal(0.0003, 0.005, len(DAYS))))
    aaa = bbb * np.exp(np.cumsum(generator.normal(0.0004, 0.001, len(DAYS))))
    folder = tmp_path / "data"
    folder.mkdir()
    made = {"AAA": aaa, "BBB": bbb}
    frames = [pl.DataFrame({"date": DAYS, "symbol": name, "adj_close": closes}) for name, closes in made.items()]
    pl.concat(frames).write_parquet(folder / "a.parquet")
    hub = next(hub for hub in load_catalog() if hub.slug == "roic").model_copy(update={"claims": (YEARLY,)})
    with Groundswell.open(str(tmp_path / "yearly.db"), (hub,), clock=lambda: NOW) as opened:
        opened.load(read_data(folder, (hub,)))
        days = opened.record_months("roic", date(2005, 10, 1), date(2007, 3, 31))
        (found,) = opened.claims("roic", days[-1])
        # Eight events are the fewest that are confirmed while they are looked at again and again.
        eighth = next(past.as_of for past in found.history if past.confirmed)
        assert [past.confirmed for past in found.history] == [day >= eighth for day in days]
        (change,) = opened.verdict_changes("roic", "Y1")
        assert (change.as_of, change.before, change.after) == (eighth, Verdict.SUPPORTED, Verdict.SUPPORTED)
        assert (change.was_confirmed, change.confirmed) == (False, True)
        reasons = change.why.split("; ")
        assert reasons[0].startswith(f"1 new event: 30 December {eighth.year - 1} (+")
        assert reasons[1].startswith("the estimate went from +")
        assert reasons[2].startswith("the confidence sequence is +")
        assert change.readings_judged.judged == 1
        assert opened.claim_page("roic", "Y1", days[-1]).verdict_changes == (change,)


def test_a_month_uses_nothing_received_after_it(tmp_path, groundswell):
    groundswell.load(prices(tmp_path / "data"))
    groundswell.record_months("small-caps", date(2024, 9, 1), date(2024, 9, 30))
    (found,) = [one for one in groundswell.claims("small-caps", date(2024, 9, 30)) if one.id == "C1"]
    assert max(use.last for use in found.sources) <= date(2024, 9, 30)
    assert max(event.end for event in found.events) <= date(2024, 9, 30)


@pytest.mark.parametrize(
    ("hub", "first", "last", "words"),
    [
        ("nope", "2024-01-01", "2024-12-31", "there is no hub 'nope'"),
        ("fomc", "2024-01-02", "2024-01-30", "no month ends between"),
        ("fomc", "2024-12-31", "2024-01-01", "no month ends between"),
        ("fomc", "2024-01-01", "2026-08-31", "is in the future; give a last day up to 2026-08-21"),
    ],
)
def test_months_that_cannot_be_recorded(groundswell, hub, first, last, words):
    with pytest.raises(NotFoundError if hub == "nope" else UsageError, match=words):
        groundswell.record_months(hub, date.fromisoformat(first), date.fromisoformat(last))
