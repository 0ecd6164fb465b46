"""Data issues that a series shows by itself or against its peers, each made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from groundswell.markets.quality import single_series
from groundswell.markets.quality.finding import ISSUE_REMEDIES
from groundswell.markets.quality.identities import find_broken_identities, list_identity_series
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import Action, Frequency, IssueKind, Measure, Series, SeriesRef

DAYS = sessions_between(date(2022, 1, 3), date(2024, 12, 31))
N = len(DAYS)


def walk(seed: int = 1, scale: float = 0.01) -> np.ndarray:
    return 100.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, scale, N)))


def series(
    name: str, values: np.ndarray, days: np.ndarray = DAYS, measure: Measure = Measure.TOTAL_RETURN,
    frequency: Frequency = Frequency.DAILY,
) -> Series:  # fmt: skip
    known = days.astype("datetime64[s]")
    return Series(SeriesRef(name, measure), frequency, f"made {name}", days, np.asarray(values, float), known)


@pytest.mark.parametrize(
    ("day", "off"),
    [
        ("2024-07-04", True), ("2024-07-03", False), ("2024-07-06", True), ("2018-12-05", True),
        ("1968-07-04", True),
        ("1948-07-05", False),  # the calendar is exact from 1950 only: an older day is never called wrong
    ],
)  # fmt: skip
def test_days_without_trading(day, off):
    assert single_series.is_off_session(np.array([day], dtype="datetime64[D]")).tolist() == [off]


def test_a_calendar_of_its_own_is_no_slip():
    every_day = np.arange("2024-01-01", "2024-12-31", dtype="datetime64[D]")
    assert not single_series.follows_exchange_calendar(every_day)
    assert single_series.follows_exchange_calendar(np.union1d(DAYS, np.datetime64("2024-07-04")))


def test_missing_sessions_are_counted():
    kept = np.delete(DAYS, [10, 11, 12, 300])
    finding = single_series.find_missing_sessions(kept)
    assert (finding.kind, finding.size, finding.unit) == (IssueKind.MISSING, 4.0, "sessions")
    assert finding.days == tuple(DAYS[[10, 11, 12, 300]].tolist())
    assert single_series.find_missing_sessions(DAYS) is None
    assert single_series.find_missing_sessions(DAYS[:1]) is None


@pytest.mark.parametrize(
    ("length", "found"), [(2, False), (3, True), (9, True)], ids=["two may be chance", "three", "nine"]
)
def test_a_series_that_stands_still(length, found):
    values = walk()
    values[-length:] = values[-length - 1]
    finding = single_series.find_constant_runs(DAYS, values)
    assert (finding is not None) == found
    if finding:
        assert (finding.kind, finding.size) == (IssueKind.STALE, float(length))
        assert finding.days == tuple(DAYS[-length:].tolist())


def test_a_rate_that_often_stands_still_is_not_judged():
    assert single_series.find_constant_runs(DAYS, np.repeat(np.arange(N // 4 + 1.0), 4)[:N]) is None
    assert single_series.find_constant_runs(DAYS[:5], np.ones(5)) is None


def test_a_jump_where_the_source_changes_and_no_peer_jumps():
    market = walk()
    rest = np.exp(np.cumsum(np.random.default_rng(2).normal(0.0, 0.002, N)))
    spliced = market * rest * np.where(np.arange(N) < 400, 1.0, 1.05)
    seam = DAYS[[400]]
    peers = [series("MARKET", market), series("NOISE", walk(5))]
    finding = single_series.find_splice_jumps(series("A", spliced), seam, peers)
    assert (finding.kind, finding.days) == (IssueKind.LEVEL_JUMP, (DAYS[400].item(),))
    assert finding.size == pytest.approx(0.05, abs=0.01)
    crash = np.where(np.arange(N) < 400, 1.0, 0.9)
    assert (
        single_series.find_splice_jumps(series("A", market * rest * crash), seam, [series("M", market * crash)]) is None
    )
    assert single_series.find_splice_jumps(series("A", spliced), seam, []) is None
    hole = np.r_[0:380, 400:N]  # a change over four weeks is none of a day
    assert single_series.find_splice_jumps(series("A", spliced[hole], DAYS[hole]), seam, peers) is None


WEEKS = np.arange("2022-01-07", "2024-12-31", 7, dtype="datetime64[D]")
MONTHS = np.arange("2022-01", "2025-01", dtype="datetime64[M]").astype("datetime64[D]")


@pytest.mark.parametrize(
    ("days", "cut", "frequency", "found"),
    [
        (DAYS, 30, Frequency.DAILY, True), (DAYS, 5, Frequency.DAILY, False),
        (WEEKS, 4, Frequency.WEEKLY, True), (WEEKS, 2, Frequency.WEEKLY, False),
        (MONTHS, 3, Frequency.MONTHLY, True), (MONTHS, 2, Frequency.MONTHLY, False),
    ],
)  # fmt: skip
def test_a_series_that_ends_while_others_go_on(days, cut, frequency, found):
    peers = [series(name, np.ones(len(days)), days, frequency=frequency) for name in "ABC"]
    short = series("D", np.ones(len(days) - cut), days[:-cut], frequency=frequency)
    finding = single_series.find_early_end(short, single_series.find_common_ends([*peers, short]))
    assert (finding is not None) == found
    if finding:
        assert finding.span == ((days[-cut - 1] + 1).item(), days[-1].item())
        assert not finding.days
        issue = finding.to_issue("D", "made", Action.KEPT)
        assert (issue.first, issue.last, issue.remedy) == (*finding.span, "load newer values")
    assert single_series.find_early_end(peers[0], single_series.find_common_ends([*peers, short])) is None


def test_two_that_go_on_a_little_longer_raise_no_alarm():
    long = [series(name, np.ones(N)) for name in "AB"]
    short = [series(name, np.ones(N - 30), DAYS[:-30]) for name in "CDE"]
    assert single_series.find_early_end(short[0], single_series.find_common_ends([*long, *short])) is None


def test_a_series_that_another_replaced_does_not_end_early():
    peers = [series(name, np.ones(N)) for name in "ABC"]
    ended = series("DFEDTAR", np.ones(9), DAYS[:9], Measure.RATE)
    assert single_series.find_early_end(ended, single_series.find_common_ends(peers)) is None


def test_identities_between_published_series():
    ten, two = walk() / 25.0, walk(2) / 30.0
    gap = ten - two
    gap[7] += 0.05
    found = list(
        find_broken_identities(
            SeriesBook.of(
                series(name, values, measure=Measure.RATE)
                for name, values in {"DGS10": ten, "DGS2": two, "T10Y2Y": gap, "T10Y3M": gap}.items()
            )
        )
    )
    ((one, finding),) = found
    assert (one.ref.id, finding.kind, finding.days) == ("T10Y2Y", IssueKind.IDENTITY, (DAYS[7].item(),))
    assert finding.size == pytest.approx(0.05)
    assert finding.text == f"on 1 of {N} days it is not DGS10 less DGS2"
    assert SeriesRef("DGS3MO", Measure.RATE) in list_identity_series()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("2024-01-01", "2024-01-02", True), ("2024-01-03", "2024-01-04", False), ("2023-01-01", "2023-12-31", False)],
)
def test_an_issue_lies_within_a_window_by_its_days(start, end, expected):
    finding = single_series.Finding(IssueKind.STALE, (date(2024, 1, 2), date(2024, 1, 9)), "finding")
    assert finding.to_issue("A", "made").within(date.fromisoformat(start), date.fromisoformat(end)) is expected


def test_an_issue_ends_after_it_begins():
    backwards = single_series.Finding(IssueKind.SURVIVORS, (), "finding", span=(date(2024, 1, 2), date(2024, 1, 1)))
    with pytest.raises(ValueError, match="cannot end"):
        backwards.to_issue("A", "made")


def test_every_kind_has_a_remedy():
    assert set(ISSUE_REMEDIES) == set(IssueKind)
