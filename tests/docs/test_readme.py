"""The README and the page of settings are true: examples run, every setting and command is described."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from groundswell.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_both_commands_are_on_the_first_screen_and_exist() -> None:
    first = "\n".join(README.splitlines()[:25])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("up", "test"):
        assert f"make {target}" in first
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_the_library_example_runs_as_written(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    code = [line for line in example.splitlines() if line.strip()]
    assert len(code) <= 10
    rows = [{"id": "1", "published": "2024-09-18", "title": "Russell 2000 jumps as Fed cuts interest rates"}]
    (tmp_path / "headlines.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "IWM.csv").write_text("date,adj_close\n2024-09-17,100\n2024-09-18,101\n", encoding="utf-8")
    script = example.replace("headlines.jsonl.gz", "headlines.jsonl")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Russell 2000 jumps as Fed cuts interest rates (1 publishers)" in done.stdout
    assert re.search(r"^C1 insufficient data -0\.\d+ n=4 on a stand-in: ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_with_its_default(name: str) -> None:
    settings = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    (row,) = [line for line in settings.splitlines() if line.startswith(f"| `{name}`")]
    default = Settings.model_fields[name].default
    if default not in (None, "", PydanticUndefined):  # a default that depends on the user is described in words
        assert f"`{json.dumps(default).strip(chr(34))}`" in row


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\.venv/bin/groundswell ([a-z]+(?: [a-z]+)?)", README))))
def test_every_command_in_the_readme_exists(command: str) -> None:
    words = command.split()
    environment = {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, "-m", "groundswell", *words[:2], "--help"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
