"""Which commands need a store, and what they do without one, with an old one, and with one that cannot be written."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from typer.main import get_command

from groundswell.cli.main import app
from groundswell.feeds.default_feeds import load_default_feeds
from groundswell.storage.engine.store import Store

from ..commands import run

READ = {
    "claims bundle": ("small-caps", "C1", "-o", "c1.zip"),
    "claims evaluate": ("roic",),
    "claims list": ("roic",),
    "claims show": ("roic", "R1"),
    "data backup": ("copy.db",),
    "data status": (),
    "feeds check": (),
    "feeds export": (),
    "feeds list": (),
    "hubs list": (),
    "ledger forecasts": ("roic",),
    "ledger verify": ("roic",),
    "hubs show": ("roic",),
    "search": ("rates",),
    "stories list": ("fomc",),
    "stories show": ("1f2e3d4c5b6a7980",),
}
"""Commands that change no store, with arguments that are right."""
CHANGE = {
    "claims history": ("roic", "--from", "2024-01-01", "--to", "2024-03-31"),
    "data upgrade": (),
}
"""Commands that change a store and make none: without one they would have nothing to work on."""
MAKE = {
    "data load": ("prices",),
    "data restore": ("backup.db",),
    "feeds add": ("https://news.example/rss",),
    "feeds import": ("feeds.opml",),
    "feeds read": ("feed.xml",),
    "feeds remove": ("fed-press",),
    "replay": ("docs.jsonl",),
    "up": (),
}
"""Commands that make a store where there is none."""


def _leaves(command: Any, *words: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(words), command
    else:
        for name, one in inner.items():
            yield from _leaves(one, *words, name)


def test_every_command_with_a_store_is_known_to_read_or_to_write() -> None:
    named = [
        name
        for name, command in _leaves(get_command(app))
        if any("--db" in one.opts for one in command.params)
    ]  # fmt: skip
    assert sorted(named) == sorted((*READ, *CHANGE, *MAKE, "doctor"))  # which works with and without one


@pytest.mark.parametrize("command", [*READ, *CHANGE])
def test_a_mistyped_store_is_one_line_that_names_the_near_one_and_no_file_is_made(tmp_path: Path, command: str) -> None:
    Store.open(str(tmp_path / "hubs.db")).close()
    (tmp_path / "hubs.toml").write_text("no database", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run(tmp_path, *command.split(), *{**READ, **CHANGE}[command], "--db", "hubz.db")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"there is no store {tmp_path / 'hubz.db'}; did you mean hubs.db?" in done.stderr
    assert "`groundswell up` makes a store" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_without_a_near_name_the_option_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "hubs", "list")
    assert f"there is no store {tmp_path / 'groundswell.db'}; name another with --db." in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_shipped_feed_can_be_turned_off_before_there_is_a_store_and_no_other(tmp_path: Path) -> None:
    refused = run(tmp_path, "feeds", "remove", "https://news.example/rss", "--db", "hubz.db")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "there is no store" in refused.stderr
    assert not list(tmp_path.iterdir())
    slug = load_default_feeds()[0].slug
    assert run(tmp_path, "feeds", "remove", slug).returncode == 0
    feeds = json.loads(run(tmp_path, "feeds", "list", "--json").stdout)["feeds"]
    assert [feed["enabled"] for feed in feeds if feed["slug"] == slug] == [False]


def test_the_shipped_feeds_can_be_tested_before_there_is_a_store(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")  # nothing listens there
    with mock.patch.dict(os.environ, nowhere):
        done = run(tmp_path, "feeds", "check", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert len(json.loads(done.stdout)["feeds"]) > 10
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [name for name in READ if name not in {"data backup", "feeds check"}])
def test_commands_that_read_leave_an_older_store_as_it_is(tmp_path: Path, command: str) -> None:
    store = tmp_path / "groundswell.db"
    Store.open(str(store)).close()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    before = store.read_bytes()
    done = run(tmp_path, *command.split(), *READ[command])
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stdout
    assert "was made by an older version; back it up, then run: groundswell data upgrade --db" in done.stderr
    assert store.read_bytes() == before


def test_an_older_store_is_upgraded_by_the_command_that_the_message_names(tmp_path: Path) -> None:
    from groundswell.storage.migrations import versions

    first = min(path.stem for path in Path(versions.__path__[0]).glob("0*.py"))[:4]
    store = tmp_path / "hubs.db"
    with closing(Store.open(str(store))) as opened, opened.write() as connection:
        from alembic import command

        from groundswell.storage.migrations import _config

        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, first)
        config.attributes.clear()
    refused = run(tmp_path, "feeds", "list", "--db", "hubs.db")
    command_line = refused.stderr.strip().rsplit("run: groundswell ", 1)[1]
    assert run(tmp_path, *command_line.split()).returncode == 0
    assert run(tmp_path, "feeds", "list", "--db", "hubs.db").returncode == 0


def test_an_empty_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "groundswell.db").touch()
    done = run(tmp_path, "hubs", "list")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is empty; `groundswell up` fills it" in done.stderr
    assert (tmp_path / "groundswell.db").stat().st_size == 0


def test_every_file_that_is_made_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        (tmp_path / "docs.jsonl").write_text('{"id": "1", "title": "A", "published": "2024-01-01"}\n')
        (tmp_path / "docs.jsonl").chmod(0o600)
        with closing(Store.open(str(tmp_path / "groundswell.db"))) as store:
            with store.write():
                pass
            made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert run(tmp_path, "replay", "docs.jsonl").returncode == 0
        assert run(tmp_path, "data", "backup", "copy.db").returncode == 0
        assert run(tmp_path, "data", "restore", "copy.db").returncode == 0
        assert run(tmp_path, "feeds", "export", "-o", "feeds.opml").returncode == 0
    finally:
        os.umask(before)
    made |= {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    ends = ("", "-wal", "-shm", ".lock", ".open", ".replaced")
    assert made.keys() >= {*(f"groundswell.db{end}" for end in ends), "copy.db", "feeds.opml"}
    assert {name: oct(mode) for name, mode in made.items() if mode != 0o600} == {}


def test_a_store_that_its_owner_shares_stays_shared(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        store = tmp_path / "groundswell.db"
        Store.open(str(store)).close()
        store.chmod(0o640)
        assert run(tmp_path, "data", "backup", "copy.db").returncode == 0
        assert run(tmp_path, "data", "restore", "copy.db").returncode == 0
        with closing(Store.open(str(store))) as opened, opened.write():
            modes = {end: stat.S_IMODE(Path(f"{store}{end}").stat().st_mode) for end in ("", "-wal", ".open")}
    finally:
        os.umask(before)
    assert modes == {"": 0o640, "-wal": 0o640, ".open": 0o640}
