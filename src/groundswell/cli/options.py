"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from groundswell.errors import UsageError


def day(text: str) -> date:
    """Read a day. Raises ``UsageError`` for anything but an ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date; write it as YYYY-MM-DD, such as 2024-09-18") from None


Day = Annotated[
    str | None, typer.Option(metavar="DATE", help="Answer from what was known by the end of this day, as YYYY-MM-DD.")
]
Db = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="The store: a file path or database URL. \\[default: groundswell.db]"),
]
_FOLDER = "A folder of CSV or Parquet files with prices and rates"
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help=f"{_FOLDER}, loaded into the store first.")]
DataAlone = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help=f"{_FOLDER}, used instead of the store; nothing is kept.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help=f"{_FOLDER}.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Documents = Annotated[Path, typer.Argument(metavar="DOCS.jsonl", help="JSON lines, gzip where the name ends in .gz.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="OUT.jsonl", help="Where to write the answer.")]
