"""The map of the house is true: the picture is current, and each way enters a package once."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("draw_architecture", ROOT / "tools/draw_architecture.py")
assert SPEC is not None
assert SPEC.loader is not None
drawing = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(drawing)

LARGEST_FOLDER = 16
LONGEST_FILE = 300


def test_the_picture_is_current() -> None:
    assert (ROOT / "docs/architecture.svg").read_text(encoding="utf-8") == drawing.draw(), (
        "draw it again: python tools/draw_architecture.py"
    )


@pytest.mark.parametrize("way", drawing.WAYS)
def test_a_way_enters_each_package_once_and_names_files_that_exist(way: str) -> None:
    files = drawing.read_ways()[way]
    missing = [file for file in files if not (ROOT / "src/groundswell" / file).is_file()]
    assert missing == []
    packages = drawing.list_packages(files)
    assert len(packages) == len(set(packages)), packages


def test_every_package_is_described() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    undescribed = [
        package
        for layer in drawing.read_layers()
        for package in layer
        if f"`{package}`" not in page and package not in ("settings", "log")
    ]
    assert undescribed == []


def test_folders_and_files_stay_small() -> None:
    files = [path for path in (ROOT / "src/groundswell").rglob("*.py") if path.name != "__init__.py"]
    folders: dict[Path, int] = {}
    migrations = ROOT / "src/groundswell/storage/migrations/versions"  # a history, which only grows
    for path in files:
        if path.parent == migrations:
            continue
        folders[path.parent] = folders.get(path.parent, 0) + 1
    assert {str(folder): count for folder, count in folders.items() if count > LARGEST_FOLDER} == {}
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}
