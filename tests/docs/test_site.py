"""The documentation site names every page, and every page of the menu exists."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def list_pages(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for part in entry.values() if isinstance(entry, dict) else entry:
            yield from list_pages(part)


def test_the_menu_names_every_page_once() -> None:
    settings = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    named = sorted(list_pages(settings["project"]["nav"]))
    written = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    decisions = [page for page in written if page.startswith("decisions/") and page != "decisions/README.md"]
    assert named == [page for page in written if page not in decisions]


def test_the_index_of_decisions_names_each() -> None:
    index = (DOCS / "decisions/README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted((DOCS / "decisions").glob("0*.md")) if f"({page.name})" not in index] == []
