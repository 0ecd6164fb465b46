"""The chain over what is on record of claims: any change of it is found, at its record."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from groundswell.model import Evaluation, Forecast, Registration, Verdict
from groundswell.storage.engine.backup import back_up, restore
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import registrations
from groundswell.storage.evidence.chain import check_chain
from groundswell.storage.evidence.evaluations import add_evaluations, read_history
from groundswell.storage.evidence.forecasts import add_forecast, read_forecasts

AT = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)
COLUMNS = {
    "evaluations": (
        *("hub", "claim", "as_of", "evaluated_at", "verdict", "basis", "confirmed", "body", "version", "inputs"),
    ),
    "forecasts": ("hub", "claim", "version", "day", "kind", "as_of", "recorded_at", "body", "inputs"),
    "registrations": ("hub", "claim", "version", "digest", "canonical", "registered_at"),
}
ROWS, OF_HUB = 6, 3
LINKS = ROWS + 2 + 2
"""Evaluations, the registrations of two hubs, and a forecast that opened and was resolved."""


def evaluation(number: int, hub: str = "fomc", claim: str = "F1") -> Evaluation:
    return Evaluation(claim, hub, "text", Verdict.SUPPORTED, f"reason {number}", date(2026, 1, 1 + number))


def fill(store: Store, rows: int = ROWS) -> None:
    """Record evaluations of two hubs in turn, each registered first, and a forecast of one of them with its outcome."""
    with store.write() as connection:
        registered: dict[tuple[str, str], Registration] = {}
        for hub in ("fomc", "roic"):
            newest = registrations.register(connection, hub, {"F1": ("{}", SHA)}, AT)
            registered[hub, "F1"] = newest["F1"]
        new = (evaluation(number, ("fomc", "roic")[number % 2]) for number in range(rows))
        assert add_evaluations(connection, new, AT, registered, lambda _: {"IWM": "ab"}) == rows
        add_forecast(connection, FORECAST, registered["fomc", "F1"], AT, {"IWM": "ab"})
        closed = replace(FORECAST, value=0.01, hit=False, closed=date(2026, 12, 9))
        add_forecast(connection, closed, registered["fomc", "F1"], AT, {"IWM": "cd"})


FORECAST = Forecast(
    *("fomc", "F1", date(2026, 11, 20), 5, 2, 3 / 7, -0.1, 0.2, None, date(2026, 12, 8)),
    version=1,
    opened=date(2026, 11, 20),
)
SHA = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
"""That of ``{}``."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the records, to be copied: making one takes every migration."""
    path = tmp_path_factory.mktemp("filled") / "store.db"
    with closing(Store.open(str(path))) as opened:
        fill(opened)
    return path


@contextmanager
def open_copy(filled: Path) -> Iterator[Store]:
    with TemporaryDirectory() as folder, closing(Store.open(str(copy(filled, folder)))) as opened:
        yield opened


@pytest.fixture
def store(filled: Path) -> Iterator[Store]:
    with open_copy(filled) as opened:
        yield opened


def check(store: Store, hub: str | None = None):
    with store.read() as connection:
        return check_chain(connection, hub)


def run(store: Store, statement: str, **values: object) -> None:
    with store.write() as connection:
        connection.execute(text(statement), values)


def test_a_chain_as_written_holds(store):
    report = check(store)
    assert (report.checked, report.unchained, report.broken) == (LINKS, 0, None)
    assert (check(store, "fomc").checked, check(store, "fomc").head) == (OF_HUB + 1 + 2, report.head)
    with store.write() as connection:
        add_evaluations(connection, [evaluation(20)], AT)
    assert check(store).checked == LINKS + 1
    assert check(store).head != report.head


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found_at_its_record(filled, data):
    table = data.draw(st.sampled_from(sorted(COLUMNS)))
    key = data.draw(st.integers(1, ROWS if table == "evaluations" else 2))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    with open_copy(filled) as store:
        with store.read() as connection:
            stored = str(connection.scalar(text(f"SELECT {column} FROM {table} WHERE key = {key}")))
        place = data.draw(st.integers(0, max(len(stored) - 1, 0)))
        byte = data.draw(
            st.sampled_from([each for each in '0123456789abcxyz {}":T-.' if each != stored[place : place + 1]])
        )
        run(
            store,
            f"UPDATE {table} SET {column} = :value WHERE key = {key}",
            value=stored[:place] + byte + stored[place + 1 :],
        )
        broken = check(store).broken
    assert broken is not None
    assert (broken.record, broken.key) == (table.removesuffix("s"), key)


@pytest.mark.parametrize(
    ("statement", "record", "key"),
    [
        ("DELETE FROM evaluations WHERE key = 3", "evaluation", 3),
        ("DELETE FROM evaluations WHERE key = 1", "evaluation", 1),
        ("DELETE FROM evaluations WHERE key = 6", "evaluation", 6),
        ("DELETE FROM forecasts WHERE key = 2", "forecast", 2),
        ("DELETE FROM forecasts", "forecast", 1),
        ("DELETE FROM registrations", "registration", 1),
        ("DELETE FROM links WHERE place = 5", "evaluation", 4),
        ("DELETE FROM links WHERE place = 1", "registration", 2),
        ("DELETE FROM links WHERE record = 'forecast'", "forecast", 1),
        ("DELETE FROM links", "forecast", 1),
        ("UPDATE links SET digest = 'x' || substr(digest, 2) WHERE place = 4", "evaluation", 2),
        ("UPDATE registrations SET canonical = '{ }' WHERE hub = 'fomc'", "registration", 1),
        ("UPDATE registrations SET registered_at = '2020-01-01 00:00:00.000000' WHERE hub = 'roic'", "registration", 2),
        ("UPDATE registrations SET version = 2 WHERE hub = 'fomc'", "registration", 1),
    ],
)
def test_records_and_links_cannot_be_removed_or_changed(store, statement, record, key):
    run(store, statement)
    broken = check(store).broken
    assert (broken.record, broken.key) == (record, key)


def test_two_rows_that_change_places_are_found(store):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        run(store, f"UPDATE evaluations SET key = {new} WHERE key = {old}")
    assert (check(store).broken.record, check(store).broken.key) == ("evaluation", 2)


def test_two_links_that_change_places_are_found(store):
    for old, new in ((4, 99), (5, 4), (99, 5)):
        run(store, f"UPDATE links SET place = {new} WHERE place = {old}")
    assert check(store).broken.key == 3  # the evaluation of the link that is in the place of the one before


def test_a_first_row_that_is_written_anew_is_found(store):
    run(store, "DELETE FROM evaluations WHERE key = 1")
    run(store, "INSERT INTO evaluations (key, hub, claim, as_of, evaluated_at, verdict, basis, body) VALUES"
        " (1, 'fomc', 'F1', '2026-01-01', '2026-01-01 00:00:00.000000', 'refuted', 'declared', '{}')")  # fmt: skip
    assert (check(store).broken.record, check(store).broken.key) == ("evaluation", 1)


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_a_row_without_a_link_is_found(store, table):
    """So a specification cannot be dated before it was seen, or a forecast be added after its event."""
    columns = ", ".join(COLUMNS[table])
    hub = "'new'" if table != "evaluations" else "hub"
    values = columns.replace("hub", hub, 1)
    run(store, f"INSERT INTO {table} (key, {columns}) SELECT 50, {values} FROM {table} WHERE key = 1")
    broken = check(store).broken
    assert (broken.record, broken.key) == (table.removesuffix("s"), 50)


def test_what_is_removed_from_the_end_is_found_by_who_noted_the_digest(store):
    noted = check(store).head
    for statement in ("DELETE FROM links WHERE place >= 9", "DELETE FROM forecasts"):
        run(store, statement)
    assert check(store).broken is None
    with store.read() as connection:
        assert check_chain(connection, noted=noted).broken.record == "chain"
        assert check_chain(connection, noted=check(store).head).broken is None


def test_rows_of_earlier_releases_come_before_the_chain(store):
    run(store, "DELETE FROM forecasts")
    run(store, "DELETE FROM links")
    assert (check(store).checked, check(store).unchained, check(store).broken) == (0, ROWS, None)
    with store.write() as connection:
        add_evaluations(connection, [evaluation(20), evaluation(21)], AT)
    assert (check(store).checked, check(store).unchained, check(store).broken) == (2, ROWS, None)


@pytest.mark.parametrize("way", ["backup", "vacuum", "dump"])
def test_a_copy_of_the_store_has_the_whole_chain(store, tmp_path, way):
    """Restored from a backup, compacted, or written out as statements and read in again."""
    path, copy = Path(store.address.removeprefix("sqlite:///")), tmp_path / "copy.db"
    report = check(store)
    if way == "backup":
        back_up(str(path), tmp_path / "backup.db", lambda _done: None)
        restore(tmp_path / "backup.db", str(copy), lambda _done: None)
    else:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            if way == "vacuum":
                source.execute("VACUUM INTO ?", (str(copy),))
            else:
                target.executescript("\n".join(line for line in source.iterdump() if "text_index" not in line))
    with closing(Store.open(str(copy))) as copied:
        assert check(copied) == report
        with copied.write() as connection:
            add_evaluations(connection, [evaluation(20)], AT)
        assert check(copied).checked == LINKS + 1
        run(copied, "UPDATE evaluations SET verdict = 'refuted' WHERE key = 3")
        assert check(copied).broken.key == 3


def test_two_processes_that_write_keep_one_chain(tmp_path):
    path = tmp_path / "shared.db"
    Store.open(str(path)).close()
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), hub]) for hub in ("fomc", "roic")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with closing(Store.open(str(path))) as shared:
        assert (check(shared).checked, check(shared).broken) == (2 * WRITTEN, None)


WRITTEN = 10
WRITER = f"""
import sys, time
from datetime import UTC, date, datetime
from groundswell.errors import StoreError
from groundswell.model import Evaluation, Verdict
from groundswell.storage.engine.backup import back_up, restore
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence.evaluations import add_evaluations

for number in range({WRITTEN}):
    while True:
        store = Store.open(sys.argv[1])
        try:
            with store.write() as connection:
                new = Evaluation("F1", sys.argv[2], "text", Verdict.SUPPORTED, "", date(2026, 1, 1 + number))
                add_evaluations(connection, [new], datetime(2026, 2, 1, tzinfo=UTC))
            break
        except StoreError:
            time.sleep(0.01)  # the other one is writing
        finally:
            store.close()
"""


def test_a_forecast_stands_as_it_was_at_the_end_of_a_day(store):
    with store.read() as connection:
        assert read_forecasts(connection, "fomc", date(2026, 12, 8)) == (FORECAST,)
        (closed,) = read_forecasts(connection)
        assert (closed.status, closed.value, closed.closed) == ("resolved", 0.01, date(2026, 12, 9))
        assert replace(closed, value=None, hit=None, closed=None) == FORECAST
        assert read_forecasts(connection, "roic") == read_forecasts(connection, until=date(2026, 11, 19)) == ()


def test_a_forecast_is_recorded_and_closed_once(store):
    with store.read() as connection:
        registered = registrations.read_registrations(connection, "fomc")["F1"]
    for closed in (None, date(2026, 12, 20)):
        with pytest.raises(IntegrityError), store.write() as connection:
            add_forecast(connection, replace(FORECAST, n=6, closed=closed), registered, AT, {})


def test_two_writers_keep_one_chain(store):
    """Links are numbered: what was written after a head that is no longer the last is refused as a whole."""
    with store.write() as connection:
        late = connection.execute(text("SELECT max(place) FROM links")).scalar_one()
        add_evaluations(connection, [evaluation(20)], AT)
        with pytest.raises(IntegrityError):
            connection.execute(text(f"INSERT INTO links VALUES ({late + 1}, 'evaluation', 99, 'x')"))
    assert check(store).broken is None


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
