"""What reading a folder gave is kept: the same as reading it again, and never what other bytes gave."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from groundswell.errors import BadInputError, NotFoundError
from groundswell.model import Measure, SeriesRef
from groundswell.settings import load_settings
from groundswell.sources.folder import load_folder
from groundswell.sources.kept import fingerprint, shelf
from groundswell.sources.kept.load import load_kept
from groundswell.sources.loaded import Loaded

NOW = datetime(2024, 3, 6, 22, tzinfo=UTC)
IWM = SeriesRef("IWM", Measure.TOTAL_RETURN)
WANTED = (IWM, SeriesRef("IWM", Measure.PRICE), SeriesRef("SPY", Measure.TOTAL_RETURN))
ROWS = "date,symbol,close,adj_close\n2024-03-04,IWM,200.0,192.0\n2024-03-05,IWM,201.5,193.5\n2024-03-06,IWM,202,194\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "prices.csv").write_text(ROWS)
    return folder


@pytest.fixture
def keep_in(tmp_path: Path) -> Path:
    return tmp_path / "caches" / "groundswell"


@pytest.fixture
def count_loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record each load that reads the files."""
    loads: list[int] = []

    def load(*arguments: object, **options: object) -> Loaded:
        loads.append(1)
        return load_folder(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("groundswell.sources.folder.load_folder", load)
    return loads


def assert_same(one: Loaded, other: Loaded) -> None:
    assert [series.ref for series in one.series] == [series.ref for series in other.series]
    for mine, theirs in zip(one.series, other.series, strict=True):
        for name in ("dates", "values", "known_at"):
            ours, others = getattr(mine, name), getattr(theirs, name)
            assert ours.dtype == others.dtype
            assert ours.tobytes() == others.tobytes()
            assert ours.flags.writeable
        for name in ("frequency", "source", "revised", "superseded"):
            assert getattr(mine, name) == getattr(theirs, name)
    for name in ("folder", "notes", "data_issues", "faults"):
        assert getattr(one, name) == getattr(other, name)


def find_entry(keep_in: Path) -> Path:
    (entry,) = keep_in.iterdir()
    return entry


def last_value(loaded: Loaded) -> float:
    return next(float(series.values[-1]) for series in loaded.series if series.ref == IWM)


def test_the_second_load_reads_no_file_and_gives_the_same(
    made_market: Path, made_book: object, keep_in: Path, count_loads: list[int]
) -> None:
    wanted = frozenset(made_book.by_ref)  # type: ignore[attr-defined]
    first = load_kept(made_market, wanted, keep_in, NOW + timedelta(days=900))
    second = load_kept(made_market, wanted, keep_in, NOW + timedelta(days=900))
    assert len(count_loads) == 1
    assert len(first.series) > 20
    assert first.data_issues
    assert_same(first, second)


def test_it_is_what_loading_without_keeping_gives(data: Path, keep_in: Path) -> None:
    (data / "more.csv").write_text("date,close\n2024-03-04,1.0\nnonsense,2.0\n")
    load_kept(data, WANTED, keep_in, NOW)
    kept = load_kept(data, WANTED, keep_in, NOW)
    assert_same(kept, load_folder(data, WANTED, latest=date(2024, 3, 7), read_at=NOW))


def test_a_changed_byte_is_read_though_size_and_time_stay(data: Path, keep_in: Path) -> None:
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 194
    file = data / "prices.csv"
    state = file.stat()
    file.write_text(ROWS.replace("202,194", "202,195"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert file.stat().st_size == state.st_size
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 195


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file more": lambda data: (data / "note.csv").write_text("date,close\n2024-03-04,1.0\n"),
    "another name": lambda data: (data / "prices.csv").rename(data / "values.csv"),
    "a file in a folder": lambda data: ((data / "b").mkdir(), (data / "b" / "rates.csv").write_text("date,x\n")),
    "the target of a link": lambda data: (
        (data.parent / "far.csv").write_text(ROWS.replace("194", "199")),
        (data / "prices.csv").unlink(),
        (data / "prices.csv").symlink_to(data.parent / "far.csv"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_the_files_is_another_key(data: Path, change: str) -> None:
    before = fingerprint.compute_key(data, WANTED, date(2024, 3, 7), NOW)
    CHANGES[change](data)
    assert before is not None
    assert fingerprint.compute_key(data, WANTED, date(2024, 3, 7), NOW) not in (before, None)


def test_each_argument_is_part_of_the_key(data: Path) -> None:
    day = date(2024, 3, 7)
    keys = [
        fingerprint.compute_key(data, WANTED, day, NOW),
        fingerprint.compute_key(data, WANTED[:2], day, NOW),
        fingerprint.compute_key(data, WANTED, date(2024, 3, 8), NOW),
        fingerprint.compute_key(data, WANTED, day, NOW + timedelta(hours=1)),
    ]
    assert len(set(keys)) == len(keys)
    assert fingerprint.compute_key(data, WANTED[::-1], day, NOW) == keys[0]


def test_another_version_of_the_program_reads_again(
    data: Path, keep_in: Path, tmp_path: Path, count_loads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "rules.py").write_text("LIMIT = 1\n")
    monkeypatch.setattr(fingerprint, "PROGRAM", program)
    load_kept(data, WANTED, keep_in, NOW)
    load_kept(data, WANTED, keep_in, NOW)
    assert len(count_loads) == 1
    (program / "rules.py").write_text("LIMIT = 2\n")
    load_kept(data, WANTED, keep_in, NOW)
    assert len(count_loads) == 2
    monkeypatch.setattr(fingerprint, "version", lambda name: "99")
    load_kept(data, WANTED, keep_in, NOW)
    assert len(count_loads) == 3


def test_without_the_source_of_the_program_nothing_is_kept(
    data: Path, keep_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "PROGRAM", tmp_path / "packed.zip")
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 194
    assert not keep_in.exists()


@pytest.mark.parametrize("hour", [12, 20, 21, 23])
def test_a_session_that_is_not_over_is_read_again_after_the_close(data: Path, keep_in: Path, hour: int) -> None:
    at = NOW.replace(hour=hour)
    for _ in range(2):
        loaded = load_kept(data, WANTED, keep_in, at)
        assert_same(loaded, load_folder(data, WANTED, latest=date(2024, 3, 7), read_at=at))
        assert last_value(loaded) == (194 if hour >= 21 else 193.5)
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 194


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda entry: b"",
    "cut": lambda entry: entry[: len(entry) // 2],
    "cut by a byte": lambda entry: entry[:-1],
    "only a hash": lambda entry: entry[:32],
    "a byte of a value": lambda entry: entry[:-9] + bytes([entry[-9] ^ 1]) + entry[-8:],
    "a byte of a text": lambda entry: entry.replace(b"prices.csv", b"pricez.csv"),
    "longer": lambda entry: entry + b"\0",
    "other contents": lambda entry: b"\x80\x04K\x01." * 1000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_read_again_and_replaced(data: Path, keep_in: Path, damage: str) -> None:
    expected = load_kept(data, WANTED, keep_in, NOW)
    entry = find_entry(keep_in)
    whole = entry.read_bytes()
    entry.write_bytes(DAMAGES[damage](whole))
    assert_same(load_kept(data, WANTED, keep_in, NOW), expected)
    assert entry.read_bytes() == whole


def test_an_entry_under_another_name_is_not_taken(data: Path, keep_in: Path) -> None:
    load_kept(data, WANTED, keep_in, NOW)
    entry = find_entry(keep_in).read_bytes()
    (data / "prices.csv").write_text(ROWS.replace("202,194", "202,195"))
    key = fingerprint.compute_key(data, WANTED, date(2024, 3, 7), NOW.replace(hour=21))
    assert key is not None
    assert shelf.write_entry(keep_in, key, entry)
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 195


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    data: Path, keep_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*arguments: object, **options: object) -> Loaded:
        (data / "prices.csv").write_text(ROWS.replace("202,194", "202,195"))
        return load_folder(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("groundswell.sources.folder.load_folder", load)
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 195
    assert not keep_in.exists()


def test_errors_are_those_of_loading_and_are_not_kept(tmp_path: Path, data: Path, keep_in: Path) -> None:
    with pytest.raises(NotFoundError):
        load_kept(tmp_path / "none", WANTED, keep_in, NOW)
    (data / "prices.csv").write_text("just,words\nand,more\n")
    with pytest.raises(BadInputError):
        load_kept(data, WANTED, keep_in, NOW)
    assert not keep_in.exists()


def test_a_pipe_among_the_files_is_never_opened(data: Path) -> None:
    before = fingerprint.compute_key(data, WANTED, date(2024, 3, 7), NOW)
    os.mkfifo(data / "pipe.csv")
    assert fingerprint.compute_key(data, WANTED, date(2024, 3, 7), NOW) == before is not None


def make_file(keep_in: Path) -> None:
    keep_in.parent.mkdir(parents=True)
    keep_in.write_text("a file")


def make_link(keep_in: Path) -> None:
    keep_in.parent.mkdir(parents=True)
    (keep_in.parent / "elsewhere").mkdir()
    keep_in.symlink_to(keep_in.parent / "elsewhere")


def make_open_folder(keep_in: Path) -> None:
    keep_in.mkdir(parents=True)
    keep_in.chmod(0o777)


@pytest.mark.parametrize("make", [make_file, make_link, make_open_folder])
def test_nothing_is_kept_where_others_may_write(data: Path, keep_in: Path, make: Callable[[Path], None]) -> None:
    make(keep_in)
    for _ in range(2):
        assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 194
    assert not keep_in.is_dir() or not list(keep_in.iterdir())


def test_entries_and_their_folder_are_the_users_alone(data: Path, keep_in: Path) -> None:
    load_kept(data, WANTED, keep_in, NOW)
    assert keep_in.stat().st_mode & 0o777 == 0o700
    assert find_entry(keep_in).stat().st_mode & 0o777 == 0o600


def test_an_entry_that_is_a_link_or_open_to_others_is_not_read(
    data: Path, keep_in: Path, count_loads: list[int]
) -> None:
    load_kept(data, WANTED, keep_in, NOW)
    entry = find_entry(keep_in)
    entry.chmod(0o666)
    load_kept(data, WANTED, keep_in, NOW)
    assert len(count_loads) == 2
    aside = keep_in.parent / "aside"
    entry.rename(aside)
    entry.symlink_to(aside)
    load_kept(data, WANTED, keep_in, NOW)
    assert len(count_loads) == 3
    assert not entry.is_symlink()


@pytest.mark.parametrize("step", ["mkdir", "mkstemp", "write", "replace"])
def test_a_disk_that_takes_no_more_costs_nothing_but_time(
    data: Path, keep_in: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    targets = {
        "mkdir": (Path, "mkdir"),
        "mkstemp": (shelf.tempfile, "mkstemp"),
        "write": (shelf.os, "fdopen"),
        "replace": (Path, "replace"),
    }
    if step != "mkdir":
        keep_in.mkdir(parents=True, mode=0o700)
    monkeypatch.setattr(*targets[step], refuse)
    assert last_value(load_kept(data, WANTED, keep_in, NOW)) == 194
    assert not keep_in.exists() or not list(keep_in.iterdir())


def test_the_entries_used_longest_ago_make_room(keep_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MAX_ENTRIES", 3)
    monkeypatch.setattr(shelf, "MAX_BYTES", 250)
    for place, name in enumerate("abc"):
        assert shelf.write_entry(keep_in, name, b"x" * 50)
        os.utime(keep_in / f"{name}{shelf.SUFFIX}", (place, place))
    assert shelf.read_entry(keep_in, "a") == b"x" * 50  # and is the newest now
    (keep_in / f"left{shelf.UNFINISHED}").write_text("")
    os.utime(keep_in / f"left{shelf.UNFINISHED}", (0, 0))
    (keep_in / "other.txt").write_text("not ours")
    assert shelf.write_entry(keep_in, "d", b"x" * 50)
    assert sorted(path.name for path in keep_in.iterdir()) == ["a.kept", "c.kept", "d.kept", "other.txt"]
    assert shelf.write_entry(keep_in, "e", b"x" * 201)
    assert sorted(path.name for path in keep_in.iterdir()) == ["e.kept", "other.txt"]
    monkeypatch.setattr(shelf, "MAX_ENTRY_BYTES", 200)
    assert not shelf.write_entry(keep_in, "f", b"x" * 201)
    assert shelf.read_entry(keep_in, "e") is None


def test_readers_and_writers_at_once_see_whole_entries_only(keep_in: Path) -> None:
    entries = {bytes([letter]) * 400_000 for letter in b"abcd"}

    def write(entry: bytes) -> bool:
        return all(shelf.write_entry(keep_in, "key", entry) for _ in range(25))

    def read(_: int) -> bool:
        return all(shelf.read_entry(keep_in, "key") in (*entries, None) for _ in range(100))

    with ThreadPoolExecutor(6) as pool:
        results = [*pool.map(write, entries), *pool.map(read, range(2))]
    assert all(results)
    assert [path.name for path in keep_in.iterdir()] == ["key.kept"]


def test_two_processes_at_once_give_the_same(data: Path, keep_in: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from groundswell.model import Measure, SeriesRef; from groundswell.sources.kept.load import load_kept\n"
        "loaded = load_kept(Path(sys.argv[1]), [SeriesRef('IWM', Measure.TOTAL_RETURN)], Path(sys.argv[2]),"
        " datetime(2024, 3, 6, 22, tzinfo=UTC)); print(loaded.series[0].values.tolist())"
    )
    command = [sys.executable, "-c", program, str(data), str(keep_in)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [process.communicate()[0].strip() for process in started]
    assert answers == [str([192.0, 193.5, 194.0])] * 3
    assert find_entry(keep_in).name.endswith(shelf.SUFFIX)


def test_the_setting_names_the_folder_or_turns_it_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GROUNDSWELL_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert load_settings().cache == tmp_path / "c" / "groundswell"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().cache == tmp_path / ".cache" / "groundswell"
    monkeypatch.setenv("GROUNDSWELL_CACHE", "")
    assert load_settings().cache is None
    monkeypatch.delenv("GROUNDSWELL_CACHE")
    (tmp_path / "groundswell.toml").write_text('cache = "kept"\n')
    assert load_settings().cache == Path("kept")


def test_arrays_of_a_kept_load_are_of_their_own(data: Path, keep_in: Path) -> None:
    load_kept(data, WANTED, keep_in, NOW)
    one, other = (load_kept(data, WANTED, keep_in, NOW).series[0] for _ in range(2))
    assert not np.shares_memory(one.values, other.values)
