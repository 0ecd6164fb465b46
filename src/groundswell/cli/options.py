"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.errors import UsageError

if TYPE_CHECKING:
    from groundswell.schemas.addresses import Site
    from groundswell.settings import Settings


def parse_day_option(text: str) -> date:
    """Read a day. Raises ``UsageError`` for anything but an ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date; write it as YYYY-MM-DD, such as 2024-09-18") from None


def parse_as_of(text: str | None) -> date | None:
    """Read the value of ``--as-of``; None where it was left out. Raises ``UsageError``."""
    return parse_day_option(text) if text else None


def site_of(settings: Settings) -> Site:
    """Return the address of the site that these settings serve, for links in JSON and feeds.

    A site that is served on all addresses, without ``base_url``, can be reached on this machine by its loopback one.
    """
    from groundswell.schemas.addresses import Site

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  (compared, not used)
    own = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    return Site((settings.base_url or own).rstrip("/"), settings.websub)


Day = Annotated[
    str | None, typer.Option(metavar="DATE", help="Use only what was known by the end of this day, as YYYY-MM-DD.")
]
Db = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="The store: a file path or database URL. \\[default: groundswell.db]"),
]
_FOLDER = "A folder of CSV, Excel or Parquet files with prices and rates"
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help=f"{_FOLDER}, loaded into the store first.")]
DataAlone = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help=f"{_FOLDER}, used instead of the store; nothing is stored.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help=f"{_FOLDER}.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with the keys of the API, instead of a table.")]
Documents = Annotated[Path, typer.Argument(metavar="DOCS.jsonl", help="JSON lines; gzip if the name ends in .gz.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="OUT.jsonl", help="The file to write.")]
CursorText = Annotated[
    str | None,
    typer.Option("--cursor", metavar="TEXT", help="Continue a list: the value of next in the JSON of the page before."),
]
