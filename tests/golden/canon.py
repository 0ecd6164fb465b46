"""Answers brought to a form that can be compared: rounded numbers, short lists, pages as plain text."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest

EXPECTED = Path(__file__).parent / "expected"
WRITE = os.environ.get("GOLDEN") == "write"
DIFF_LINES = 40
MOST, FIRST = 12, 4  # of longer lists so many entries are kept, and the hash of the rest

BLOCKS = {
    "address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "header", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "fieldset", "legend", "label", "option", "title",
}  # fmt: skip
SILENT = {"script", "style", "template"}


compared: set[str] = set()
"""The names of the golden files that this run has compared or written."""


def compare(name: str, text: str) -> None:
    """Compare a text with the golden file of this name, or write the file where ``GOLDEN=write``."""
    compared.add(name)
    path = EXPECTED / name
    text = text.rstrip("\n") + "\n"
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    if not path.is_file():
        pytest.fail(f"there is no golden file {name}; run GOLDEN=write python -m pytest tests/golden", pytrace=False)
    expected = path.read_bytes().decode()
    if text != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), text.splitlines(), f"expected/{name}", "answered", lineterm="", n=1
        )
        shown = [line[:400] for line in lines]
        more = f"\n... {len(shown) - DIFF_LINES} more lines" if len(shown) > DIFF_LINES else ""
        pytest.fail("\n".join(shown[:DIFF_LINES]) + more, pytrace=False)


def stale_files() -> list[Path]:
    """The golden files that no test of this run has compared."""
    return [
        path
        for path in sorted(EXPECTED.rglob("*"))
        if path.is_file() and path.relative_to(EXPECTED).as_posix() not in compared
    ]


def rounded(value: Any, digits: int = 9) -> Any:
    """The value with every float at so many significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") + 0.0  # no negative zero
    if isinstance(value, dict):
        return {key: rounded(one, digits) for key, one in value.items()}
    return [rounded(one, digits) for one in value] if isinstance(value, list) else value


def shortened(value: Any) -> Any:
    """The value with long lists cut: the first entries, how many follow, and the hash of those."""
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) <= MOST:
        return [shortened(one) for one in value]
    return [*map(shortened, value[:FIRST]), {"and": len(value) - FIRST, "sha256": digest(value[FIRST:])}]


def digest(value: Any) -> str:
    """The hash of a value as JSON with sorted keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def readable(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def page_text(html: str) -> str:
    """A page as plain text: what its head says, then its visible text, one block a line, with where links lead.

    Drawings are left out but for their names: how they are drawn depends on the library that draws them.
    """
    tree = lxml.html.document_fromstring(html)
    lines = [f"title: {_squeezed(tree.findtext('.//title') or '')}"]
    for meta in tree.iterfind(".//head/meta"):
        name = meta.get("name") or meta.get("property")
        if name and name not in ("viewport", "color-scheme"):
            lines.append(f"meta {name}: {meta.get('content')}")
    for link in tree.iterfind(".//head/link"):
        if link.get("rel") not in ("stylesheet", "icon"):
            lines.append(f"link {link.get('rel')}: {link.get('href')} {link.get('type', '')}".rstrip())
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        lines.append(f"json-ld: {readable(json.loads(script.text or 'null'))}")
    body = _Text()
    body.walk(tree.find(".//body"))
    return "\n".join([*lines, "---", *body.lines()])


class _Text:
    """Gathers the pieces of a page, with line breaks where blocks begin and end."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def walk(self, node: Any) -> None:
        if not isinstance(node.tag, str) or node.tag in SILENT:
            return
        if node.tag == "svg":
            self.pieces.append(f"[drawing: {node.get('aria-label') or ''}]")
            return
        block = node.tag in BLOCKS
        if node.tag == "br":
            self.pieces.append(" ")
        self.pieces += ["\n" if block else "", _mark(node), node.text or ""]
        for child in node:
            self.walk(child)
            self.pieces.append(child.tail or "")
        if node.tag == "a" and node.get("href"):
            self.pieces.append(f" <{node.get('href')}>")
        if block:
            self.pieces.append("\n")

    def lines(self) -> list[str]:
        # Line breaks of the source are spaces; those of blocks were added as pieces of their own.
        text = "".join("\n" if piece == "\n" else re.sub(r"\s+", " ", piece) for piece in self.pieces)
        return [line for line in map(_squeezed, text.split("\n")) if line]


def _mark(node: Any) -> str:
    """What goes before a node's text: the level of a heading, the fields of a form, the words for a picture."""
    if node.tag in ("h1", "h2", "h3", "h4"):
        return "#" * int(node.tag[1]) + " "
    if node.tag == "form":
        return f"[form {node.get('method', 'get')} {node.get('action')}] "
    if node.tag in ("input", "select"):
        return f"[{node.get('name')}={node.get('value') or ''}] "
    if node.tag == "option" and node.get("selected") is not None:
        return "[chosen] "
    return f"[picture: {node.get('alt') or ''}] " if node.tag == "img" else ""


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
