"""The chain of recorded evaluations: any change of what is stored is found, at its row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from groundswell.model import Evaluation, Registration, Verdict
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import registrations
from groundswell.storage.evidence.chain import check_chain
from groundswell.storage.evidence.evaluations import add_evaluations, read_history

AT = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)
COLUMNS = (
    "hub", "claim", "as_of", "evaluated_at", "verdict", "basis", "confirmed", "body", "version", "inputs", "previous",
    "digest",
)  # fmt: skip
ROWS = 6


def evaluation(number: int, hub: str = "fomc", claim: str = "F1") -> Evaluation:
    return Evaluation(claim, hub, "text", Verdict.SUPPORTED, f"reason {number}", date(2026, 1, 1 + number))


def fill(store: Store, rows: int = ROWS) -> None:
    """Record evaluations of two hubs in turn, each registered first."""
    with store.write() as connection:
        registered: dict[tuple[str, str], Registration] = {}
        for hub in ("fomc", "roic"):
            newest = registrations.register(connection, hub, {"F1": ("{}", SHA)}, AT)
            registered[hub, "F1"] = newest["F1"]
        new = (evaluation(number, ("fomc", "roic")[number % 2]) for number in range(rows))
        assert add_evaluations(connection, new, AT, registered, lambda _: {"IWM": "ab"}) == rows


SHA = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
"""That of ``{}``."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(str(tmp_path / "store.db"))) as opened:
        fill(opened)
        yield opened


def check(store: Store, hub: str | None = None):
    with store.read() as connection:
        return check_chain(connection, hub)


def run(store: Store, statement: str, **values: object) -> None:
    with store.write() as connection:
        connection.execute(text(statement), values)


def test_a_chain_as_written_holds(store):
    report = check(store)
    assert (report.checked, report.unchained, report.broken) == (ROWS, 0, None)
    assert (check(store, "fomc").checked, check(store, "fomc").head) == (ROWS // 2, report.head)
    fill(store, 0)
    with store.write() as connection:
        add_evaluations(connection, [evaluation(20)], AT)
    assert check(store).checked == ROWS + 1
    assert check(store).head != report.head


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_byte_is_found_at_its_row(tmp_path_factory, data):
    key, column = data.draw(st.integers(1, ROWS)), data.draw(st.sampled_from(COLUMNS))
    with closing(Store.open(str(tmp_path_factory.mktemp("ledger") / "store.db"))) as store:
        fill(store)
        with store.read() as connection:
            stored = str(connection.scalar(text(f"SELECT {column} FROM evaluations WHERE key = {key}")))
        place = data.draw(st.integers(0, max(len(stored) - 1, 0)))
        byte = data.draw(
            st.sampled_from([each for each in '0123456789abcxyz {}":T-.' if each != stored[place : place + 1]])
        )
        run(
            store,
            f"UPDATE evaluations SET {column} = :value WHERE key = {key}",
            value=stored[:place] + byte + stored[place + 1 :],
        )
        broken = check(store).broken
    assert broken is not None
    assert broken.key == key


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("DELETE FROM evaluations WHERE key = 3", 4),
        ("DELETE FROM evaluations WHERE key = 1", 2),
        ("UPDATE evaluations SET digest = NULL, previous = NULL WHERE key = 4", 4),
        ("UPDATE registrations SET canonical = '{ }' WHERE hub = 'fomc'", 1),
        ("UPDATE registrations SET registered_at = '2020-01-01 00:00:00.000000' WHERE hub = 'roic'", 2),
        ("UPDATE registrations SET version = 2 WHERE hub = 'fomc'", 1),
        ("DELETE FROM registrations", 1),
    ],
)
def test_rows_and_registrations_cannot_be_removed_or_changed(store, statement, key):
    run(store, statement)
    assert check(store).broken.key == key


def test_a_row_in_between_is_found(store):
    run(store, "UPDATE evaluations SET key = key + 1 WHERE key = 6")
    columns = ", ".join(COLUMNS)
    run(store, f"INSERT INTO evaluations (key, {columns}) SELECT 6, {columns} FROM evaluations WHERE key = 5")
    assert check(store).broken.key == 6


def test_rows_of_earlier_releases_come_before_the_chain(store):
    run(store, "UPDATE evaluations SET previous = NULL, digest = NULL, version = NULL, inputs = NULL")
    assert (check(store).checked, check(store).unchained, check(store).broken) == (0, ROWS, None)
    with store.write() as connection:
        add_evaluations(connection, [evaluation(20), evaluation(21)], AT)
    assert (check(store).checked, check(store).unchained, check(store).broken) == (2, ROWS, None)


def test_another_specification_is_another_version_and_the_same_one_is_not(store):
    with store.write() as connection:
        assert registrations.register(connection, "fomc", {"F1": ("{}", SHA)}, AT)["F1"].version == 1
        second = registrations.register(connection, "fomc", {"F1": ("[]", "b")}, AT)["F1"]
        assert registrations.register(connection, "fomc", {"F1": ("{}", SHA)}, AT)["F1"].version == 3
        assert second.version == 2
        same = evaluation(0)
        assert (
            add_evaluations(connection, [same], AT, {("fomc", "F1"): second}) == 1
        )  # measured anew by its new version
        assert add_evaluations(connection, [same], AT, {("fomc", "F1"): second}) == 0
        assert [past.version for past in read_history(connection, "fomc", "F1", date(2026, 2, 1))] == [2, 1, 1]
