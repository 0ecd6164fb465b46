"""The main job: a process that serves, keeps its store through a kill, and says what is wrong in a line."""

from __future__ import annotations

import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from groundswell import Groundswell

from ..demo_news import add_demo_news

PAGES = ["/", "/hubs/small-caps", "/hubs/fomc", "/hubs/panic-selling", "/hubs/roic", "/claims/small-caps/C1", "/status"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def up(
    folder: Path, *arguments: str, before: list[str] | None = None, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``groundswell up`` until it prints its address; stopped by process id at the end.

    The lines before the address are added to ``before``.
    """
    command = [sys.executable, "-W", "error", "-m", "groundswell", "up", "--port", str(free_port()), *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        printed = ""
        try:
            for line in running.stdout:
                printed += line
                if before is not None:
                    before.append(line)
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield running, found[0]
                    return
            pytest.fail(f"it ended before it served:\n{printed}")
        finally:
            running.terminate()
            running.wait(20)


def test_it_serves_every_page_from_nothing_and_ends_on_a_signal(tmp_path: Path) -> None:
    with up(tmp_path, "--no-live") as (running, address):
        with httpx2.Client(base_url=address, timeout=60) as client:
            for page in PAGES:
                answer = client.get(page)
                assert answer.status_code == 200, (page, answer.text)
            hub = client.get("/hubs/small-caps").text
            assert "No stories on this thesis yet." in hub
            assert "(demonstration)" not in hub
            assert "(demonstration)" in client.get("/demo").text
            assert "ff.smb" in client.get("/claims/small-caps/C1").text
            assert client.get("/healthz").text == "ok\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0


def test_unreachable_feeds_are_named_on_the_status_page(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")  # nothing listens there
    with up(tmp_path, **nowhere) as (_, address), httpx2.Client(base_url=address, timeout=60) as client:
        for _attempt in range(120):
            feeds = client.get("/api/v1/status").json()["feeds"]
            failed = [feed for feed in feeds if feed["outcome"] == "unreachable"]
            if failed:
                break
            time.sleep(0.5)
        assert failed
        assert all(feed["next_due_at"] and feed["detail"] for feed in failed)
        assert failed[0]["publisher"] in html.unescape(client.get("/status").text)


def test_stories_keep_their_addresses_through_a_kill(tmp_path: Path) -> None:
    with Groundswell.open(str(tmp_path / "groundswell.db")) as groundswell:
        add_demo_news(groundswell)
    with up(tmp_path, "--no-live") as (running, address):
        stories = httpx2.get(f"{address}/api/v1/hubs/small-caps", timeout=60).json()["stories"]
        assert stories
        running.kill()
    with up(tmp_path, "--no-live") as (_, address):
        assert httpx2.get(f"{address}/api/v1/hubs/small-caps", timeout=60).json()["stories"] == [
            {**story, "url": story["url"].replace(story["url"].split("/stories")[0], address)} for story in stories
        ]


def test_an_occupied_port_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "groundswell", "up", "--port", str(port)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"groundswell: port {port} of 127.0.0.1 is in use; "
        "stop the program that uses it, or choose another with --port\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_use_is_reported(tmp_path: Path) -> None:
    with up(tmp_path, "--no-live"):
        command = [sys.executable, "-m", "groundswell", "up", "--no-live", "--port", str(free_port())]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "another process is writing to the store" in done.stderr


def test_of_two_started_at_once_one_serves_and_the_other_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "groundswell", "up", "--no-live", "--port"]
    started = [
        subprocess.Popen(
            [*command, str(free_port())],
            cwd=tmp_path,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    while all(one.poll() is None for one in started):
        time.sleep(0.1)
    refused, serves = sorted(started, key=lambda one: one.poll() is None)
    assert (refused.wait(60), refused.communicate()[1].count("\n")) == (2, 1)
    assert serves.stdout is not None
    assert any("Groundswell is at" in line for line in serves.stdout)
    serves.send_signal(signal.SIGINT)
    serves.communicate()
    assert serves.returncode == 0


@pytest.mark.parametrize("what", ["removed", "replaced"])
def test_a_store_that_is_taken_away_ends_the_program_with_a_line(tmp_path: Path, what: str) -> None:
    with up(tmp_path, "--no-live") as (running, address):
        store, new = tmp_path / "groundswell.db", b"another file"
        descriptor = os.open(store, os.O_RDONLY)
        before = os.pread(descriptor, 10**8, 0)
        if what == "removed":
            for path in tmp_path.iterdir():
                path.unlink()
        else:
            (tmp_path / "new").write_bytes(new)
            (tmp_path / "new").rename(store)
        taken_away = time.monotonic()
        while httpx2.get(f"{address}/hubs/fomc", timeout=60).status_code != 503:  # a kept page, for a moment
            assert time.monotonic() - taken_away < 2
        assert running.wait(20) == 2
        assert time.monotonic() - taken_away < 10
        assert running.stdout is not None
        lines = running.stdout.read().splitlines()
        end = f"groundswell: {store} was {what} while it was in use: nothing more is written; "
        assert any(line.startswith(end) for line in lines)
        assert not any("Traceback" in line for line in lines)
        assert os.pread(descriptor, 10**8, 0) == before
        os.close(descriptor)
        assert (store.read_bytes() if store.exists() else b"") == (new if what == "replaced" else b"")


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_files_that_others_can_read_are_named_at_the_start(tmp_path: Path, mode: int) -> None:
    settings = tmp_path / "groundswell.toml"
    settings.write_text('[services.fred]\nkey = "s3cret"\n', encoding="utf-8")
    (tmp_path / "groundswell.db").touch()
    for path in (settings, tmp_path / "groundswell.db"):
        path.chmod(mode)
    before: list[str] = []
    with up(tmp_path, "--no-live", before=before):
        named = [line.rsplit("run: chmod 600 ", 1)[1].strip() for line in before if "other users can read" in line]
    assert named == ([] if mode == 0o600 else ["groundswell.toml", str(tmp_path / "groundswell.db")])
    assert "s3cret" not in "".join(before)


def test_a_backup_made_next_to_the_running_program_can_be_restored(tmp_path: Path) -> None:
    def data(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", "-m", "groundswell", "data", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    with up(tmp_path, "--no-live") as (_, address):
        stories = [one["id"] for one in httpx2.get(f"{address}/api/v1/hubs/small-caps", timeout=60).json()["stories"]]
        made = data("backup", "kept.db")
        assert (made.returncode, made.stderr) == (0, "")
        assert "written to kept.db" in made.stdout
        in_use = data("restore", "kept.db")
        assert (in_use.returncode, in_use.stderr.count("\n")) == (2, 1)
        assert "; stop that process first" in in_use.stderr
    (tmp_path / "groundswell.db").write_bytes(b"ruined" * 1_000)
    assert data("restore", "kept.db").returncode == 0
    with up(tmp_path, "--no-live") as (_, address):
        assert [
            one["id"] for one in httpx2.get(f"{address}/api/v1/hubs/small-caps", timeout=60).json()["stories"]
        ] == stories
