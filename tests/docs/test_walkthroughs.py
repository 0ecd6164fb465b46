"""The commands of the tutorial and the guides run as they are written, from top to bottom, in an empty folder.

In these pages a block marked ``sh`` is run, a block with a title is a file to be written, and a block marked
``console`` is shown only: it installs, or needs data that the reader brings. A page that adds a module to the program
names it below ``src/groundswell``; it is run against a copy of the program that has the module.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs/tutorial.md", *sorted((ROOT / "docs/how-to").glob("*.md"))]
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"<(http://127\.0\.0\.1:8000[^>]*)>")


class Block(NamedTuple):
    language: str
    title: str
    text: str


def read_blocks(page: Path) -> Iterator[Block]:
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Block(match[1], match[2] or "", match[3])


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_runs_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    blocks = list(read_blocks(page))
    environment = prepare(blocks, tmp_path)
    ran = 0
    for block in blocks:
        if block.title:
            write(block, tmp_path)
        elif block.language == "sh":
            ran += 1
            if "groundswell up" in block.text:
                serve_and_read(block.text, page, tmp_path, environment)
            else:
                run(block.text, tmp_path, environment)
    assert ran, f"{page.name} runs no command"


def prepare(blocks: list[Block], folder: Path) -> dict[str, str]:
    """An environment whose ``groundswell`` is this program, or a copy of it where the page adds modules to it."""
    source = ROOT / "src"
    if any(block.title.startswith("src/") for block in blocks):
        shutil.copytree(
            source / "groundswell", folder / "src/groundswell", ignore=shutil.ignore_patterns("__pycache__")
        )
        source = folder / "src"
    commands = folder / ".commands"
    commands.mkdir()
    for name, arguments in (("groundswell", "-m groundswell"), ("python", "")):
        command = commands / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
        command.chmod(0o755)
    return {**os.environ, "PYTHONPATH": str(source), "PATH": f"{commands}:{os.environ['PATH']}", "COLUMNS": "120"}


def write(block: Block, folder: Path) -> None:
    path = folder / block.title
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


def run(text: str, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def serve_and_read(text: str, page: Path, folder: Path, environment: dict[str, str]) -> None:
    """Start the site at a free port instead of 8000, and open the addresses that the page names."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["bash", "-c", "exec " + text.replace("8000", str(port))]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert any(f"127.0.0.1:{port}" in line for line in running.stdout), "it did not start"
            for address in ADDRESS.findall(page.read_text(encoding="utf-8")):
                answer = httpx2.get(address.replace("8000", str(port)), timeout=60)
                assert answer.status_code == 200, (address, answer.text)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)
