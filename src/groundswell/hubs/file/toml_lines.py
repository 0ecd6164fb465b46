"""Lines: where in a TOML text each field stands, so that a mistake can be pointed at."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?""""{0,2}' r"|'''.*?''''{0,2}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'",
    re.DOTALL,
)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
BARE_VALUE = re.compile(r"[^,\]}#\n]+")


def locate_fields(text: str) -> dict[Path, int]:
    """Give the line, counted from 1, of every table, key and array item of ``text``.

    A path holds keys and array positions from 0: ``("claims", 2, "text")``. ``text`` must be valid TOML (as read by
    ``tomllib``): the scanner follows its shape and checks nothing.
    """
    return _Scanner(text).document()


def find_line(lines: dict[Path, int], path: Path) -> int:
    """Give the line of ``path`` or of the nearest thing around it; 1 where nothing around it is written."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.found: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}  # how many [[...]] headers each array of tables has had

    def document(self) -> dict[Path, int]:
        table: Path = ()
        self.skip(BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(BLANK)
        return self.found

    def header(self) -> Path:
        line, many = self.line(), self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        *parents, last = self.key()
        self.at += 2 if many else 1
        path: Path = ()
        for part in parents:
            path = self.current((*path, part))
        path = (*path, last)
        if many:
            self.tables[path] = self.tables.get(path, 0) + 1
            self.record(path, line)
        path = self.current(path)
        self.record(path, line)
        return path

    def current(self, path: Path) -> Path:
        """Step into the newest table where ``path`` is an array of tables."""
        return (*path, self.tables[path] - 1) if path in self.tables else path

    def pair(self, table: Path) -> None:
        line, path = self.line(), table
        for part in self.key():
            path = (*path, part)
            self.record(path, line)
        self.at += 1  # the equals sign
        self.skip(SPACE)
        self.value(path)

    def key(self) -> list[str]:
        """Read a dotted key and the space after it."""
        parts = []
        while True:
            self.skip(SPACE)
            if quoted := STRING.match(self.text, self.at):
                parts.append(str(tomllib.loads(f"key = {quoted[0]}")["key"]))
                self.at = quoted.end()
            else:
                parts.append(self.skip(BARE_KEY))
            self.skip(SPACE)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        if self.text[self.at] == "[":
            self.items(path)
        elif self.text[self.at] == "{":
            self.inline(path)
        elif quoted := STRING.match(self.text, self.at):
            self.at = quoted.end()
        else:
            self.skip(BARE_VALUE)

    def items(self, path: Path) -> None:
        self.at += 1
        self.skip(BLANK)
        number = 0
        while self.text[self.at] != "]":
            self.record((*path, number), self.line())
            self.value((*path, number))
            self.comma()
            number += 1
        self.at += 1

    def inline(self, path: Path) -> None:
        self.at += 1
        self.skip(BLANK)
        while self.text[self.at] != "}":
            self.pair(path)
            self.comma()
        self.at += 1

    def comma(self) -> None:
        self.skip(BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self.skip(BLANK)

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:  # only on text that is not TOML
            raise ValueError(f"line {self.line()}: not TOML")
        self.at = match.end()
        return match[0]

    def record(self, path: Path, line: int) -> None:
        self.found.setdefault(path, line)

    def line(self) -> int:
        return bisect_right(self.starts, self.at)
