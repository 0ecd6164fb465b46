"""What is stored comes back as it was: articles, upstreams, series, evaluations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from groundswell.model import (
    Absence,
    Article,
    Assignment,
    Basis,
    Evaluation,
    EventValue,
    Frequency,
    Measure,
    Member,
    Origin,
    Outcome,
    Qualifier,
    Reading,
    Series,
    SeriesRef,
    SeriesUse,
    StandIn,
    Tag,
    UpstreamKind,
    UpstreamState,
    Verdict,
    VerdictAt,
    Votes,
)
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import evaluations, series
from groundswell.storage.news import articles, keys
from groundswell.storage.upstreams import states as upstream_states

NOON = datetime(2024, 9, 18, 12, tzinfo=UTC)
LEFT_OPEN, REFUTING = Votes(0, 0, 1), Votes(0, 1, 0)
REAL = articles.Visibility(None, demonstration=False)


def member(name: str, story: str, hours: float, *hubs: str, origin: Origin = Origin.LIVE) -> Member:
    at = NOON + timedelta(hours=hours)
    article = Article(name, "feed", f"Title {name}", "", "Wire", None, at, at, day_only=False, origin=origin)
    assignment = Assignment(name, story, name == story, 0.5, ("shares 'fed'",))
    return Member(article, assignment, tuple(Tag(hub, (f"names {hub}",)) for hub in hubs))


MEMBERS = [
    member("a", "a", 0, "fomc"),
    member("b", "a", 1, "fomc", "small-caps"),
    member("c", "c", 2, "small-caps"),
    member("d", "d", 3),
    member("e", "e", 4, "fomc", origin=Origin.DEMO),
]


@pytest.fixture
def stocked(store: Store) -> Store:
    with store.write() as connection:
        articles.add_members(connection, MEMBERS[:2])
        articles.add_members(connection, [])
        articles.add_members(connection, MEMBERS[2:])
    return store


def test_members_are_read_complete_and_oldest_first(stocked: Store) -> None:
    with stocked.read() as connection:
        assert articles.read_members(connection, ["a", "c"], None) == {"a": MEMBERS[:2], "c": [MEMBERS[2]]}
        assert articles.read_members(connection, ["a"], NOON + timedelta(minutes=1)) == {"a": [MEMBERS[0]]}


def test_articles_are_found_by_their_ids_and_further_keys(stocked: Store) -> None:
    with stocked.write() as connection:
        keys.add_keys(connection, {2: ["k", "l"]}, ["mark"])
    with stocked.read() as connection:
        found = keys.find_articles(connection, ["a", "x", "d", "l", "mark"])
        assert found == {"a": 1, "d": 4, "l": 2, "mark": None}
        assert keys.find_articles(connection, []) == {}


@pytest.mark.parametrize(
    ("hub", "known", "limit", "expected"),
    [
        ("fomc", REAL, 10, ["a"]),
        ("small-caps", REAL, 10, ["c", "a"]),
        ("small-caps", REAL, 1, ["c"]),
        ("small-caps", articles.Visibility(NOON + timedelta(hours=1.5), demonstration=False), 10, ["a"]),
        ("fomc", articles.Visibility(None, demonstration=True), 10, ["e"]),
        ("roic", REAL, 10, []),
    ],
)
def test_a_hub_lists_its_stories_newest_first(stocked: Store, hub, known, limit, expected) -> None:
    with stocked.read() as connection:
        assert articles.list_hub_story_ids(connection, hub, known, limit) == expected
        assert articles.count_hub_stories(connection, hub, known) >= len(expected)


def test_the_window_contains_the_newest_in_order(stocked: Store) -> None:
    with stocked.read() as connection:
        found = list(articles.read_window(connection, REAL, NOON + timedelta(hours=1), 2))
    assert found == [(MEMBERS[2].article, "c"), (MEMBERS[3].article, "d")]


def test_counts_and_newest_exclude_demonstrations(stocked: Store) -> None:
    with stocked.read() as connection:
        assert articles.count_articles(connection, REAL) == 4
        assert articles.read_newest_instant(connection, REAL) == NOON + timedelta(hours=3)


def test_an_upstream_is_replaced_by_name_and_due_ones_come_longest_overdue_first(store: Store) -> None:
    def feed(name: str, due: datetime | None, *, enabled: bool = True) -> UpstreamState:
        state = UpstreamState(name, UpstreamKind.FEED, name.title(), f"https://{name}.example/", "fomc", enabled)
        return replace(state, next_due_at=due)

    states = [feed("late", NOON), feed("later", NOON - timedelta(hours=1)), feed("new", None)]
    others = [feed("future", NOON + timedelta(hours=1)), feed("off", None, enabled=False)]
    data = UpstreamState("data:x", UpstreamKind.DATA, "X", "", "", enabled=True)
    changed = replace(states[0], outcome=Outcome.UNREACHABLE, detail="no such host", failures=2, last_tried_at=NOON)
    with store.write() as connection:
        upstream_states.save_states(connection, [*states, *others, data])
        upstream_states.save_states(connection, [changed])
    with store.read() as connection:
        assert upstream_states.list_due(connection, NOON) == [states[2], states[1], changed]
        assert {state.name for state in upstream_states.list_states(connection)} == {
            "late", "later", "new", "future", "off", "data:x",
        }  # fmt: skip


def some_series(*values: float, source: str = "a file") -> Series:
    days = np.arange(len(values)).astype("timedelta64[D]") + np.datetime64("2024-09-16", "D")
    return Series(
        SeriesRef("IWM", Measure.TOTAL_RETURN),
        Frequency.DAILY,
        source,
        days,
        np.array(values),
        days.astype("datetime64[s]") + np.timedelta64(21, "h"),
    )


def test_a_series_is_read_as_loaded_and_only_a_changed_load_is_new(store: Store) -> None:
    first, second = some_series(1.0, 2.0), some_series(1.0, 2.5, 3.0)
    added = []
    for load in (first, first, second, first):
        with store.write() as connection:
            added.append(series.add_series(connection, [load], NOON))
        with store.read() as connection:
            (found,) = series.load_series(connection)
        assert found.ref == load.ref
        assert (found.frequency, found.source, found.revised) == (load.frequency, load.source, load.revised)
        for part in ("dates", "values", "known_at"):
            np.testing.assert_array_equal(getattr(found, part), getattr(load, part))
    assert added == [1, 0, 1, 1]
    with store.read() as connection:
        assert series.read_version(connection) == 3


def evaluation(as_of: date, verdict: Verdict) -> Evaluation:
    value = EventValue(date(2019, 7, 31), -0.0188, date(2019, 7, 31), date(2019, 10, 29))
    absent = Absence(date(1998, 9, 29), "IWM starts on 2000-05-26")
    use = SeriesUse("IWM (total return)", "a file", as_of)
    reading = Reading("21 sessions", verdict, "", 0.01, -0.02, 0.04, 1, "21 sessions", (value,), (absent,), (use,))
    return Evaluation(
        "C1", "small-caps", "Text", verdict, "reason", as_of, "event-study", "return",
        0.01, 0.01, -0.02, 0.04, 1, 1, 0.5, "63 sessions", (value,), (absent,), (reading,), (use,), (), ("a note",),
    )  # fmt: skip


def test_the_basis_of_a_verdict_is_part_of_the_history(store: Store) -> None:
    june, july = date(2024, 6, 28), date(2024, 7, 31)
    stood = replace(
        evaluation(june, Verdict.INSUFFICIENT),
        stand_in=StandIn("the factor", "monthly", ("IWM",), "no IWM"),
        qualifiers=(Qualifier.HINDSIGHT,),
    )
    with store.write() as connection:
        assert evaluations.add_evaluations(connection, [stood, evaluation(july, Verdict.REFUTED)], NOON) == 2
    with store.read() as connection:
        assert evaluations.read_evaluation(connection, "small-caps", "C1", june) == stood
        assert evaluations.read_history(connection, "small-caps", "C1", july) == (
            VerdictAt(june, Verdict.INSUFFICIENT, Basis.STAND_IN, confirmed=False),
            VerdictAt(july, Verdict.REFUTED, confirmed=False, readings_judged=REFUTING),
        )


def test_every_changed_evaluation_is_recorded_and_part_of_the_history(store: Store) -> None:
    june, july = date(2024, 6, 28), date(2024, 7, 31)
    records = [
        evaluation(june, Verdict.INCONCLUSIVE),
        evaluation(june, Verdict.INCONCLUSIVE),
        evaluation(july, Verdict.SUPPORTED),
        evaluation(july, Verdict.REFUTED),
    ]
    with store.write() as connection:
        assert [evaluations.add_evaluations(connection, [record], NOON) for record in records] == [1, 0, 1, 1]
    with store.read() as connection:
        assert evaluations.read_latest(connection, "small-caps") == {"C1": records[-1]}
        assert evaluations.read_latest(connection, "fomc") == {}
        assert evaluations.read_history(connection, "small-caps", "C1", july) == (
            VerdictAt(june, Verdict.INCONCLUSIVE, confirmed=False, readings_judged=LEFT_OPEN),
            VerdictAt(july, Verdict.REFUTED, confirmed=False, readings_judged=REFUTING),
        )
        assert evaluations.read_history(connection, "small-caps", "C1", june) == (
            VerdictAt(june, Verdict.INCONCLUSIVE, confirmed=False, readings_judged=LEFT_OPEN),
        )
