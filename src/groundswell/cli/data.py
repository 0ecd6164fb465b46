"""``groundswell data``: check a folder of prices and rates, load it, tell what is held, and keep backups."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundswell.cli.issues import print_data_issues
from groundswell.cli.options import AsJson, Db, Folder
from groundswell.cli.output import print_json, print_table, progress

if TYPE_CHECKING:
    from groundswell.model import UpstreamState
    from groundswell.pages.status import SeriesStatus

app = typer.Typer(
    no_args_is_help=True, help="Data: check a folder of prices and rates, load it, tell what is held, keep backups."
)

FOUND = 1


@app.command()
def check(folder: Folder, as_json: AsJson = False) -> None:
    """Hold all sources of a folder against each other, and tell what is wrong with which series, and the mend.

    Nothing is stored. Exit status: 0 when nothing was found, 1 when something was, 2 when the folder cannot be read.
    Example: groundswell data check prices/ --json
    """
    from groundswell.app import check_folder
    from groundswell.schemas.claims import data_issue_json

    with progress("files read") as advance:
        checked = check_folder(folder, advance)
    if as_json:
        print_json(
            {"folder": str(checked.folder), "data_issues": [data_issue_json(one) for one in checked.data_issues]}
        )
    else:
        print_data_issues(f"Defects in {folder}", checked.data_issues)
        used = len(checked.in_use())
        count = len(checked.data_issues)
        print(f"{len(checked.series)} series checked. Data issues: {count}, {used} of them in series in use.")
    if checked.data_issues:
        raise typer.Exit(FOUND)


@app.command()
def load(folder: Folder, db: Db = None) -> None:
    """Load the series that the hubs rest on into the store, with their defects, and evaluate the claims anew.

    Example: groundswell data load prices/ --db hubs.db
    """
    from groundswell.app import Groundswell, read_data
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    today = datetime.now(UTC).date()
    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    with progress("hubs evaluated", len(hubs)) as advance:
        loaded = read_data(folder, hubs)
        with Groundswell.open(settings.db, hubs) as groundswell:
            groundswell.load(loaded)
            for hub in hubs:
                groundswell.record(today, (hub.slug,))
                advance(1)
    print_data_issues("Defects of the series loaded", loaded.in_use())
    for note in loaded.notes:
        print(f"{note.file}: {note.text}")
    print(
        f"{len(loaded.series)} series loaded into {settings.db}. Defects: {len(loaded.in_use())}. "
        f"Claims evaluated as of {today}."
    )


@app.command()
def status(db: Db = None, as_json: AsJson = False) -> None:
    """Tell each series held, how far it reaches and whether it is stale; then each source of data, and its next try.

    Example: groundswell data status --json
    """
    from groundswell.app import Groundswell
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Groundswell.open(settings.db, load_hubs(settings.hubs)) as groundswell:
        held = groundswell.series_status()
        sources = groundswell.status_page().data
    if as_json:
        print_json({"series": [_holding_json(one) for one in held], "sources": [_source_json(one) for one in sources]})
        return
    columns = ("series", "first", "last", "rows", "known", "stale", "data_issues", "source")
    print_table("Series held", columns, map(_holding_row, held), ("first", "last"))
    if not held:
        print("No series is held; load some with: groundswell data load DIR")
    print_table("Sources", ("source", "result", "last success", "next try", "detail"), map(_source_row, sources))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the backup; a former one is replaced.")],
    db: Db = None,
) -> None:
    """Copy the store to a file, also while `groundswell up` runs. The copy appears whole and checked, or not at all.

    Example: groundswell data backup hubs-2026-08-20.db --db hubs.db
    """
    from groundswell.app import back_up
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with progress("pages copied") as advance:
        size = back_up(settings.db, file, advance)
    print(f"{settings.db} is backed up in {file}: {size / 1e6:.1f} MB, checked.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `groundswell data backup` made.")],
    db: Db = None,
) -> None:
    """Put a backup in the store's place, once it is found sound. What was there is moved aside, not deleted.

    Example: groundswell data restore hubs-2026-08-20.db --db hubs.db
    """
    from groundswell.app import restore
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with progress("pages copied") as advance:
        aside = restore(file, settings.db, advance)
    print(f"{settings.db} is what {file} holds.{f' What was there is in {aside}.' if aside else ''}")


def _holding_json(held: SeriesStatus) -> dict[str, Any]:
    from groundswell.schemas.claims import data_issue_json

    return {
        "series": held.series,
        "source": held.source,
        "frequency": held.frequency,
        "first": held.first.isoformat(),
        "last": held.last.isoformat(),
        "rows": held.rows,
        "known": held.known,
        "revised": held.revised,
        "stale": held.stale,
        "data_issues": [data_issue_json(one) for one in held.data_issues],
    }


def _holding_row(held: SeriesStatus) -> tuple[str, ...]:
    kinds = ", ".join(dict.fromkeys(one.kind for one in held.data_issues))
    stale = "yes" if held.stale else "no"
    return (
        held.series, str(held.first), str(held.last), f"{held.rows:,}", held.known, stale, kinds or "none", held.source
    )  # fmt: skip


def _source_json(source: UpstreamState) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "on": source.enabled,
        "outcome": source.outcome,
        "detail": source.detail,
        "values": source.items,
        "failures": source.failures,
        "last_tried": source.last_tried_at.isoformat() if source.last_tried_at else None,
        "last_ok": source.last_ok_at.isoformat() if source.last_ok_at else None,
        "next_try": source.next_due_at.isoformat() if source.next_due_at else None,
        "terms": source.topic,
    }


def _source_row(source: UpstreamState) -> tuple[str, ...]:
    ok, due = (f"{at:%Y-%m-%d %H:%M}" if at else "none" for at in (source.last_ok_at, source.next_due_at))
    return source.title, source.outcome if source.enabled else "off", ok, due, source.detail
