"""Names of modules, functions and files in the documents exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/groundswell"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOTTED = re.compile(r"(?<![\w/.\"])groundswell(?:\.[a-z_]\w*)+(?:\.[A-Z]\w*)?")
IMPORTED = re.compile(r"^from (groundswell[\w.]*) import ([\w, ]+)", re.MULTILINE)
FILES = re.compile(r"`(?:src/groundswell/)?((?:%s)/[\w/]+\.\w+)`")
NOT_MODULES = {
    "groundswell.toml",
    "groundswell.db",
    "groundswell.estimands",  # groups of entry points
    "groundswell.event_lists",
    "groundswell.data_services",
    *(f"groundswell.{method}" for method in ("replay", "stories", "claims", "open")),  # of an object in an example
}
MADE = ("hit_rate", "large_gains", "rates_example", "instruments")  # modules that the guides add


def find_module(name: str) -> tuple[object, list[str]]:
    """The longest importable beginning of a dotted name, and the attributes that are left."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            return importlib.import_module(".".join(parts[:length])), parts[length:]
        except ModuleNotFoundError:
            continue
    raise AssertionError(f"there is no module {name}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_dotted_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    names = set(DOTTED.findall(text)) - NOT_MODULES
    names |= {f"{module}.{name.strip()}" for module, some in IMPORTED.findall(text) for name in some.split(",")}
    for name in sorted(names):
        if any(made in name for made in MADE):
            continue
        found, attributes = find_module(name)
        for attribute in attributes:
            assert hasattr(found, attribute), name
            found = getattr(found, attribute)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_exist(page: Path) -> None:
    packages = "|".join(path.name for path in PACKAGE.iterdir() if path.is_dir())
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(FILES.pattern % packages, text)) - set(re.findall(r'title="([^"]+)"', text))
    missing = [file for file in named if not (PACKAGE / file).exists() and not any(made in file for made in MADE)]
    assert [file for file in missing if "NAME" not in file and "SLUG" not in file] == []
