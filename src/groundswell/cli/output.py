"""What commands print: tables for people, JSON for programs, progress for long work."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.errors import UsageError

OWNER_ALONE = 0o600

if TYPE_CHECKING:
    from pydantic import BaseModel

    from groundswell.ports import Progress


def print_json(schema: BaseModel) -> None:
    """Print a schema as a JSON document. Raises ``ValueError`` for a number that JSON does not have."""
    print(json.dumps(schema.model_dump(mode="json"), ensure_ascii=False, indent=2, allow_nan=False))


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    dates: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> None:
    """Print a table. The columns named in ``dates`` have room for a day, those in ``whole`` are never wrapped.

    A word that is too long for its column, such as an address, goes on in the next line instead of being cut.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Column, Table

    headers = (
        Column(
            name,
            min_width=10 if name in dates else None,
            no_wrap=name in whole,
            overflow="ellipsis" if name in whole else "fold",
        )
        for name in columns
    )
    table = Table(*headers, title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)


def write_lines(path: Path, rows: Iterable[BaseModel]) -> int:
    """Write schemas as JSON lines, gzipped if the name ends in .gz, and return their number.

    The file is written completely or not at all. Raises ``UsageError`` for a path that cannot be written.
    """
    count = 0
    with _replacing(path) as part, gzip.open(part, "wt") if path.suffix == ".gz" else part.open("w") as lines:
        for row in rows:
            lines.write(json.dumps(row.model_dump()) + "\n")
            count += 1
    return count


def write_private_text(path: Path, text: str) -> None:
    """Write a text that may contain keys, completely or not at all, to a file for its owner alone.

    Raises ``UsageError`` for a path that cannot be written.
    """
    with _replacing(path) as part:
        if part != path:
            part.touch(OWNER_ALONE)
            part.chmod(OWNER_ALONE)
        part.write_text(text, encoding="utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes to a file completely or not at all. Raises ``UsageError`` for a path that cannot be written."""
    with _replacing(path) as part:
        part.write_bytes(content)


def print_written(path: Path, text: str) -> None:
    """Print what was written to a file: on standard error if the file is a link, a pipe or a device."""
    print(text, file=sys.stderr if _is_written_in_place(path) else sys.stdout)


def refuse_overwriting(output: Path, *inputs: Path) -> None:
    """Raise ``UsageError`` if the file to write is one of the files to read."""
    for file in inputs:
        if output.exists() and file.exists() and output.samefile(file):
            raise UsageError(f"{output} is also the file to read, and would be lost; name another file to write")


def _is_written_in_place(path: Path) -> bool:
    """Whether a path is a link, a pipe or a device, which no other file must replace (``-o /dev/stdout``)."""
    return path.is_symlink() or (path.exists() and not path.is_file() and not path.is_dir())


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary file that replaces ``path`` at the end; a link, pipe or device is written itself."""
    part = path if _is_written_in_place(path) else path.with_name(f"{path.name}.part")
    try:
        yield part
        if part != path:
            part.replace(path)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}; name a file in a folder that can be written"
        ) from None
    finally:
        if part != path:
            part.unlink(missing_ok=True)


@contextmanager
def show_progress(what: str, total: int | None = None) -> Iterator[Progress]:
    """Show the progress of long work on standard error; show nothing if that is not a terminal."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
