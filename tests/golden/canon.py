"""Brings answers into a form that can be compared: rounded numbers, short lists, pages as plain text."""

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
MAX_ENTRIES, SHOWN_ENTRIES = 12, 4  # a list with more entries keeps the first and the hash of the others

BLOCKS = {
    "address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "header", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "fieldset", "legend", "label", "option", "title",
}  # fmt: skip
INVISIBLE = {"script", "style", "template"}

FACTOR_VINTAGE = re.compile(r", (as shipped in the Python package arch [\w.]+|figures as published in 2018)")
"""What the source of the monthly factors says of their vintage; an extra package decides which it is."""

compared: set[str] = set()
"""The names of the golden files that this run has compared or written."""


def compare(name: str, text: str) -> None:
    """Compare a text with the golden file of this name, or write the file if ``GOLDEN=write`` is set."""
    compared.add(name)
    path = EXPECTED / name
    text = FACTOR_VINTAGE.sub("", text).rstrip("\n") + "\n"
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


def round_floats(value: Any, digits: int = 9) -> Any:
    """Round every float in a value to so many significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") + 0.0  # no negative zero
    if isinstance(value, dict):
        return {key: round_floats(part, digits) for key, part in value.items()}
    return [round_floats(part, digits) for part in value] if isinstance(value, list) else value


def shorten(value: Any) -> Any:
    """Shorten long lists in a value to the first entries, the number of the others, and their hash."""
    if isinstance(value, dict):
        return {key: shorten(part) for key, part in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) <= MAX_ENTRIES:
        return [shorten(part) for part in value]
    return [
        *map(shorten, value[:SHOWN_ENTRIES]),
        {"and": len(value) - SHOWN_ENTRIES, "sha256": digest(value[SHOWN_ENTRIES:])},
    ]


def digest(value: Any) -> str:
    """Hash a value, written as JSON with sorted keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def write_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def write_page(html: str) -> str:
    """Write a page as plain text: its head, then its visible text, one block per line, with the targets of links.

    Of a drawing only the name is written, because its details depend on the drawing library.
    """
    tree = lxml.html.document_fromstring(html)
    lines = [f"title: {_squeeze(tree.findtext('.//title') or '')}"]
    for meta in tree.iterfind(".//head/meta"):
        name = meta.get("name") or meta.get("property")
        if name and name not in ("viewport", "color-scheme"):
            lines.append(f"meta {name}: {meta.get('content')}")
    for link in tree.iterfind(".//head/link"):
        if link.get("rel") not in ("stylesheet", "icon"):
            lines.append(f"link {link.get('rel')}: {link.get('href')} {link.get('type', '')}".rstrip())
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        lines.append(f"json-ld: {write_json(json.loads(script.text or 'null'))}")
    body = _Text()
    body.walk(tree.find(".//body"))
    return "\n".join([*lines, "---", *body.lines()])


class _Text:
    """Collects the pieces of a page, with line breaks where blocks begin and end."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def walk(self, node: Any) -> None:
        if not isinstance(node.tag, str) or node.tag in INVISIBLE:
            return
        if node.tag == "svg":
            self.pieces.append(f"[drawing: {node.get('aria-label') or ''}]")
            return
        block = node.tag in BLOCKS
        if node.tag == "br":
            self.pieces.append(" ")
        self.pieces += ["\n" if block else "", _describe(node), node.text or ""]
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
        return [line for line in map(_squeeze, text.split("\n")) if line]


def _describe(node: Any) -> str:
    """Describe a node in front of its text: the level of a heading, the fields of a form, the words for a picture."""
    if node.tag in ("h1", "h2", "h3", "h4"):
        return "#" * int(node.tag[1]) + " "
    if node.tag == "form":
        return f"[form {node.get('method', 'get')} {node.get('action')}] "
    if node.tag in ("input", "select"):
        return f"[{node.get('name')}={node.get('value') or ''}] "
    if node.tag == "option" and node.get("selected") is not None:
        return "[chosen] "
    return f"[picture: {node.get('alt') or ''}] " if node.tag == "img" else ""


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
