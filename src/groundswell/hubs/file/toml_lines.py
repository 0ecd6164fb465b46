"""Find the line of each field in a TOML text, so that error messages can name it."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

from groundswell.claims.spec import FieldPath

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?""""{0,2}' r"|'''.*?''''{0,2}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'",
    re.DOTALL,
)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
BARE_VALUE = re.compile(r"[^,\]}#\n]+")


def locate_fields(text: str) -> dict[FieldPath, int]:
    """Return the line, counted from 1, of every table, key and array item of ``text``.

    A path consists of keys and array positions from 0: ``("claims", 2, "text")``. ``text`` must be valid TOML, as
    ``tomllib`` reads it; the scanner does not check it.
    """
    return _Scanner(text).read_document()


def find_line(lines: dict[FieldPath, int], path: FieldPath) -> int:
    """Return the line of ``path`` or of the innermost table around it; 1 if none of them is in the text."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.lines: dict[FieldPath, int] = {}
        self.table_counts: dict[FieldPath, int] = {}  # [[...]] headers so far of each array of tables

    def read_document(self) -> dict[FieldPath, int]:
        table: FieldPath = ()
        self.skip(BLANK)
        while self.position < len(self.text):
            if self.text[self.position] == "[":
                table = self.read_header()
            else:
                self.read_pair(table)
            self.skip(BLANK)
        return self.lines

    def read_header(self) -> FieldPath:
        line, is_array = self.current_line(), self.text.startswith("[[", self.position)
        self.position += 2 if is_array else 1
        *parents, last = self.read_key()
        self.position += 2 if is_array else 1
        path: FieldPath = ()
        for part in parents:
            path = self.enter_newest((*path, part))
        path = (*path, last)
        if is_array:
            self.table_counts[path] = self.table_counts.get(path, 0) + 1
            self.record(path, line)
        path = self.enter_newest(path)
        self.record(path, line)
        return path

    def enter_newest(self, path: FieldPath) -> FieldPath:
        """Return the path of the newest table if ``path`` is an array of tables."""
        return (*path, self.table_counts[path] - 1) if path in self.table_counts else path

    def read_pair(self, table: FieldPath) -> None:
        line, path = self.current_line(), table
        for part in self.read_key():
            path = (*path, part)
            self.record(path, line)
        self.position += 1  # the equals sign
        self.skip(SPACE)
        self.read_value(path)

    def read_key(self) -> list[str]:
        """Read a dotted key and the spaces after it."""
        parts = []
        while True:
            self.skip(SPACE)
            if quoted := STRING.match(self.text, self.position):
                parts.append(str(tomllib.loads(f"key = {quoted[0]}")["key"]))
                self.position = quoted.end()
            else:
                parts.append(self.skip(BARE_KEY))
            self.skip(SPACE)
            if self.text[self.position] != ".":
                return parts
            self.position += 1

    def read_value(self, path: FieldPath) -> None:
        if self.text[self.position] == "[":
            self.read_array(path)
        elif self.text[self.position] == "{":
            self.read_inline_table(path)
        elif quoted := STRING.match(self.text, self.position):
            self.position = quoted.end()
        else:
            self.skip(BARE_VALUE)

    def read_array(self, path: FieldPath) -> None:
        self.position += 1
        self.skip(BLANK)
        number = 0
        while self.text[self.position] != "]":
            self.record((*path, number), self.current_line())
            self.read_value((*path, number))
            self.skip_comma()
            number += 1
        self.position += 1

    def read_inline_table(self, path: FieldPath) -> None:
        self.position += 1
        self.skip(BLANK)
        while self.text[self.position] != "}":
            self.read_pair(path)
            self.skip_comma()
        self.position += 1

    def skip_comma(self) -> None:
        self.skip(BLANK)
        if self.text[self.position] == ",":
            self.position += 1
            self.skip(BLANK)

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if match is None:  # only on text that is not TOML
            raise ValueError(f"line {self.current_line()}: not TOML")
        self.position = match.end()
        return match[0]

    def record(self, path: FieldPath, line: int) -> None:
        self.lines.setdefault(path, line)

    def current_line(self) -> int:
        return bisect_right(self.line_starts, self.position)
