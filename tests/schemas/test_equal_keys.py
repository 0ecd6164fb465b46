"""A command with ``--json`` and its twin in the API answer with the same keys, over the same store.

The commands are found in the program itself: one without a twin fails until it is listed here with a reason.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from starlette.testclient import TestClient
from typer.main import get_command
from typer.testing import CliRunner

from groundswell import Groundswell
from groundswell.cli.main import app
from groundswell.markets.series.calendar import sessions_between
from groundswell.web.app import create_app

TWINS = {
    "hubs list": ((), "hubs"),
    "hubs show": (("fomc",), "hubs/fomc"),
    "stories list": (("fomc",), "stories?hub=fomc"),
    "stories show": (("STORY",), "stories/STORY"),
    "search": (("cutting", "rates"), "search?q=cutting+rates"),
    "claims evaluate": (("small-caps",), "claims/small-caps"),
    "claims list": (("small-caps",), "claims/small-caps"),
    "claims show": (("small-caps", "C1"), "claims/small-caps/C1"),
    "claims history": (("small-caps", "--from", "2024-07-01", "--to", "2024-10-31"), "verdict-history?hub=small-caps"),
    "claims estimands": ((), "estimands"),
    "ledger forecasts": (("small-caps",), "forecasts?hub=small-caps"),
    "data status": ((), "data"),
    "feeds list": ((), "feeds"),
    "feeds export": ((), "feeds"),
}
WITHOUT_TWIN = {
    "replay": "it writes to the store, and the API only reads",
    "ledger verify": "it reads every recorded evaluation, which no visitor may cause",
    "data check": "it reads a folder of the owner, which the site does not have",
    "data inspect": "it reads a file of the owner, which the site does not have",
    "feeds add": "it changes the list of feeds, and the API only reads",
    "feeds import": "it changes the list of feeds, and the API only reads",
    "feeds remove": "it changes the list of feeds, and the API only reads",
    "doctor": "it looks at the owner's settings, port and network, which no visitor may see",
    "data probe": "it requests data services at once, which no visitor may cause",
    "feeds check": "it requests feeds at once, which no visitor may cause",
}
PARTS = {
    "data check": (("prices",), "data_issues", "status", "data_issues"),
    "feeds add": (("https://a.example/rss",), "new", "feeds", "feeds"),
}
"""Parts of an answer without a twin that the API has too; an added feed has no results of requests yet."""


def list_commands() -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(group: Any, *words: str) -> None:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                walk(command, *words, name)
            else:
                found[" ".join((*words, name))] = command

    walk(get_command(app))
    return found


COMMANDS = [
    name for name, command in list_commands().items() if any("--json" in option.opts for option in command.params)
]


def shape_of(value: Any) -> Any:
    """Return the keys of a JSON value: an object by key, a list as the union of its items, anything else as None."""
    if isinstance(value, dict):
        return {key: shape_of(item) for key, item in value.items()}
    if isinstance(value, list):
        merged: Any = None
        for item in value:
            merged = unite(merged, shape_of(item))
        return [merged]
    return None


def unite(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: unite(one.get(key), other.get(key)) for key in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [unite(one[0], other[0])]
    return one if other is None else other


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a store of a few headlines and two series, one of them with a data issue."""
    folder = tmp_path_factory.mktemp("twins")
    days = sessions_between(np.datetime64("2000-01-03").item(), np.datetime64("2024-12-31").item())
    small, walk = 100.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0003, 0.008, (2, len(days))), axis=1))
    jump = walk * np.where(days < np.datetime64("2019-09-03"), 1.0, 1.02)
    (folder / "prices").mkdir()
    for number, (symbol, values, source) in enumerate(
        (("IWM", small, "a"), ("SPY", jump, "a"), ("SPY", walk, "x"), ("SPY", walk, "y"))
    ):
        table = pl.DataFrame({"date": days, "symbol": symbol, "adj_close": values, "source": source})
        table.write_parquet(folder / "prices" / f"{number}.parquet")
    headlines = (
        "Fed cuts interest rates by half a point",
        "The Fed cuts interest rates half a point",
        "Small caps jump",
    )
    rows = [
        {"id": str(hour), "published": f"2024-09-18T{18 + hour}:00:00Z", "title": title}
        for hour, title in enumerate(headlines)
    ]
    (folder / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    run("replay", "docs.jsonl", "--data", "prices")
    run("feeds", "add", "https://b.example/rss")
    yield folder
    os.chdir(before)


def run(*arguments: str) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code in {0, 1}, done.output
    return json.loads(done.stdout)


def ask(folder: Path, path: str) -> Any:
    with Groundswell.open(str(folder / "groundswell.db")) as opened:
        answer = TestClient(create_app(opened)).get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_command_has_a_twin_or_a_reason() -> None:
    assert sorted(COMMANDS) == sorted((*TWINS, *WITHOUT_TWIN))
    assert all(WITHOUT_TWIN.values())


@pytest.mark.parametrize("command", TWINS)
def test_a_command_and_its_twin_have_equal_keys(folder: Path, command: str) -> None:
    arguments, path = TWINS[command]
    story = run("stories", "list", "fomc")["stories"][0]["id"]
    printed = run(*command.split(), *(word.replace("STORY", story) for word in arguments))
    answer = ask(folder, path.replace("STORY", story))
    assert shape_of(printed) == shape_of(answer)
    assert json.dumps(printed).count('"') > 10, "an empty answer proves nothing"


@pytest.mark.parametrize("command", PARTS)
def test_parts_of_other_commands_have_the_keys_of_the_api(folder: Path, command: str) -> None:
    arguments, part, path, twin = PARTS[command]
    (printed,) = shape_of(run(*command.split(), *arguments)[part])
    (answer,) = shape_of(ask(folder, path)[twin])
    assert printed
    if command == "feeds add":
        assert printed.keys() <= answer.keys()
    else:
        assert printed == answer


def test_the_day_of_the_data_is_the_same_wherever_it_is_given(folder: Path) -> None:
    page = ask(folder, "hubs/small-caps")
    days = {claim["id"]: claim["data_as_of"] for claim in ask(folder, "claims/small-caps")["claims"]}
    newest = max(day for day in days.values() if day)
    shown = run("claims", "show", "small-caps", "C1")
    assert newest == page["data_as_of"] == shown["data_as_of"] == max(use["last"] for use in shown["sources"])
    assert days == {claim["id"]: claim["data_as_of"] for claim in page["claims"]}
    assert None in days.values(), "a claim without data has no such day"
    (listed,) = [hub for hub in run("hubs", "list")["hubs"] if hub["slug"] == "small-caps"]
    assert listed["data_as_of"] == newest
    printed = CliRunner().invoke(app, ["claims", "list", "small-caps"], catch_exceptions=False).stdout
    assert f"Claims of small-caps, numbers to {newest}" in printed


def test_a_story_has_the_same_keys_in_every_list(folder: Path) -> None:
    (listed,) = shape_of(ask(folder, "stories?hub=fomc")["stories"])
    (searched,) = shape_of(ask(folder, "search?q=rates")["stories"])
    (of_hub,) = shape_of(ask(folder, "hubs/fomc")["stories"])
    story = shape_of(ask(folder, "stories/" + run("stories", "list", "fomc")["stories"][0]["id"]))
    assert listed == searched == of_hub
    assert listed.keys() <= story.keys()


def test_shapes_see_a_key_that_differs_at_any_depth() -> None:
    assert shape_of({"a": [{"b": 1}, {"c": {"d": 2}}]}) == {"a": [{"b": None, "c": {"d": None}}]}
    assert shape_of({"a": [{"b": 1}]}) != shape_of({"a": [{"b": 1}, {"x": 1}]})
