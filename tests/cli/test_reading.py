"""Commands that read: search, lists, single things, a new hub file, completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from groundswell.cli.main import app
from groundswell.storage.engine.store import Store

from ..commands import run


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of a few headlines."""
    folder = tmp_path_factory.mktemp("replayed")
    rows = [
        {"id": "1", "published": "2024-09-18T18:00:00Z", "title": "Fed cuts interest rates by half a point"},
        {"id": "2", "published": "2024-09-18T18:30:00Z", "title": "The Fed cuts interest rates half a point"},
        {"id": "3", "published": "2024-09-18T19:00:00Z", "title": "Ferry strike enters its second week"},
    ]
    (folder / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(folder, "replay", "docs.jsonl").returncode == 0
    return folder


def test_search_finds_stories_and_claims(replayed: Path) -> None:
    found = json.loads(run(replayed, "search", "cutting", "rates", "--json").stdout)
    assert [story["article_count"] for story in found["stories"]] == [2]
    assert run(replayed, "search", "ferry").stdout.count("Ferry strike") == 1
    claims = json.loads(run(replayed, "search", "floating-rate debt", "--json").stdout)["claims"]
    assert [claim["id"] for claim in claims] == ["C4"]
    assert "No story or claim was found." in run(replayed, "search", "ferry", "--hub", "fomc").stdout
    assert "No story or claim was found." in run(replayed, "search", "--", '"*(').stdout
    assert json.loads(run(replayed, "search", "ferry", "--as-of", "2024-09-17", "--json").stdout)["stories"] == []


def test_a_story_is_shown_with_its_articles(replayed: Path) -> None:
    listed = json.loads(run(replayed, "stories", "list", "fomc", "--json").stdout)["stories"]
    shown = json.loads(run(replayed, "stories", "show", listed[0]["id"], "--json").stdout)
    assert shown["articles"][0]["title"] == "Fed cuts interest rates by half a point"
    (tag,) = shown["tags"]
    assert (tag["hub"], bool(tag["title"]), bool(tag["reasons"])) == ("fomc", True, True)
    table = run(replayed, "stories", "show", listed[0]["id"]).stdout
    assert "The Fed cuts interest rates half a point" in table
    assert "in fomc: " in table


def test_claims_are_listed_and_shown(replayed: Path) -> None:
    listed = json.loads(run(replayed, "claims", "list", "small-caps", "--json").stdout)["claims"]
    assert [claim["id"] for claim in listed] == [f"C{place}" for place in range(1, 15)]
    assert "C14" in run(replayed, "claims", "list", "small-caps").stdout
    shown = json.loads(run(replayed, "claims", "show", "small-caps", "C1", "--json").stdout)
    assert shown.pop("verdict_changes") == []
    assert shown == listed[0]
    printed = run(replayed, "claims", "show", "small-caps", "C1").stdout
    assert "Other readings" in printed
    assert listed[0]["text"] in printed
    assert f"{listed[0]['verdict']} on a stand-in as of {listed[0]['as_of']}" in printed
    assert f"stand-in: {listed[0]['stand_in']['name']}. {listed[0]['stand_in']['why']}" in printed


def test_a_claim_is_shown_from_a_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "IWM.csv").write_text("date,close\n2024-09-17,220.1\n2024-09-18,220.5\n", encoding="utf-8")
    alone = ("--data", "prices", "--as-of", "2024-09-18", "--json")
    shown = json.loads(run(tmp_path, "claims", "show", "small-caps", "C1", *alone).stdout)
    assert shown.pop("verdict_changes") == []
    assert shown == json.loads(run(tmp_path, "claims", "evaluate", "small-caps", *alone).stdout)["claims"][0]
    assert not list(tmp_path.glob("*.db")), "nothing is stored"


def test_hubs_have_the_stories_and_verdicts_of_a_store_on_a_day(replayed: Path) -> None:
    now = {row["slug"]: row for row in json.loads(run(replayed, "hubs", "list", "--json").stdout)["hubs"]}
    past = {row["slug"]: row for row in _hubs(replayed, "--as-of", "2024-01-02")}
    Store.open(str(replayed / "empty.db")).close()
    empty = {row["slug"]: row for row in _hubs(replayed, "--db", "empty.db")}
    assert now["fomc"]["story_count"] > 0 == past["fomc"]["story_count"] == empty["fomc"]["story_count"]
    assert all(
        sum(row["verdicts"].values()) + row["stand_ins"] == row["claim_count"]
        for row in (*now.values(), *past.values())
    )
    listed = json.loads(run(replayed, "claims", "list", "roic", "--json").stdout)["claims"]
    shown = json.loads(run(replayed, "hubs", "show", "roic", "--json").stdout)
    assert shown["claims"] == listed


def _hubs(folder: Path, *options: str) -> list[dict]:
    return json.loads(run(folder, "hubs", "list", *options, "--json").stdout)["hubs"]


def test_one_option_means_one_thing() -> None:
    """Of every option the same words stand in all commands, but for what they are applied to."""
    helps: dict[str, set[str]] = {}
    for command in _leaves(get_command(app)):
        for one in command.params:
            if one.opts[0] in {"--db", "--as-of", "--json", "--data"}:
                helps.setdefault(one.opts[0], set()).add(one.help)
    assert {name: len(texts) for name, texts in helps.items()} == {"--db": 1, "--as-of": 1, "--json": 1, "--data": 2}
    assert all("loaded into the store" in one or "nothing is stored" in one for one in helps["--data"])


@pytest.mark.parametrize("noun", ["hubs", "stories", "claims"])
@pytest.mark.parametrize("verb", ["list", "show"])
def test_sisters_take_the_same_options(noun: str, verb: str) -> None:
    options = {name for one in get_command(app).commands[noun].commands[verb].params for name in one.opts}
    assert {"--db", "--as-of", "--json"} <= options


def _leaves(command: Any) -> Iterator[Any]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield command
    else:
        for one in inner.values():
            yield from _leaves(one)


def test_a_hub_is_shown(replayed: Path) -> None:
    assert json.loads(run(replayed, "hubs", "show", "roic", "--json").stdout)["slug"] == "roic"
    printed = run(replayed, "hubs", "show", "small-caps").stdout
    assert "Small-Caps Revival (small-caps)" in printed
    assert "event-study" in printed


def test_a_new_hub_file_passes_the_check_and_is_taken_up(tmp_path: Path) -> None:
    done = run(tmp_path, "hubs", "new", "clean-water", "--title", 'Water, "clean"')
    assert done.returncode == 0, done.stderr
    assert "is a valid hub file" in run(tmp_path, "hubs", "check", "clean-water.toml").stdout
    (tmp_path / "groundswell.toml").write_text('hubs = "own"', encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "clean-water.toml").rename(tmp_path / "own" / "clean-water.toml")
    Store.open(str(tmp_path / "groundswell.db")).close()
    assert 'Water, "clean"' in run(tmp_path, "hubs", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hubs", "show", "fomx"), "did you mean fomc?"),
        (("hubs", "new", "Bad Slug"), "is not a valid slug"),
        (("hubs", "new", "good", "--folder", "absent"), "name a folder with --folder"),
        (("hubs", "new", "taken"), "taken.toml exists already"),
        (("claims", "list", "smallcaps"), "did you mean small-caps?"),
        (("claims", "show", "gold", "C1"), "there is no hub 'gold'"),
        (("search", "rates", "--hub", "gold"), "there is no hub 'gold'"),
        (("search", "rates", "--as-of", "soon"), "'soon' is not a date"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_nothing_is_written(tmp_path: Path, arguments, message: str) -> None:
    (tmp_path / "taken.toml").write_text("kept", encoding="utf-8")
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("groundswell claims show sm", ["small-caps"]),
        ("groundswell claims show small-caps C1", ["C1", "C10", "C11", "C12", "C13", "C14"]),
        ("groundswell hubs sh", ["show"]),
    ],
)
def test_the_shell_completes(tmp_path: Path, typed: str, offered: list[str]) -> None:
    script = "import sys; sys.argv = ['groundswell']; from groundswell.cli.main import main; main()"
    asked = {"_GROUNDSWELL_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == offered, done.stderr


def commands(group, *words: str):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *words, name)
        else:
            yield " ".join((*words, name)), command.help


def test_every_help_has_an_example() -> None:
    helps = dict(commands(get_command(app)))
    assert len(helps) >= 18
    assert [name for name, text in helps.items() if f"Example: groundswell {name}" not in " ".join(text.split())] == []
