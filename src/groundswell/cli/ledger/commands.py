"""``groundswell ledger``: check what is on record of claims."""

from __future__ import annotations

from typing import Annotated

import typer

from groundswell.cli.options import AsJson, Db
from groundswell.cli.output import print_json

app = typer.Typer(no_args_is_help=True, help="Ledger: check that recorded evaluations are what was written.")

BROKEN = 1
"""Exit status of ``ledger verify`` where a row is not what was written."""


@app.callback()
def _describe() -> None:
    """Keep the name of the one command."""


@app.command()
def verify(
    hub: Annotated[str | None, typer.Argument(help="The hub whose rows are checked; all by default.")] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Check every recorded evaluation against its hash and that of the row before, and name the first that differs.

    Rows of releases before there was a chain are counted apart. Exit status: 0 if all hold, 1 if one does not.
    Example: groundswell ledger verify small-caps
    """
    from groundswell.app import Reader
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.ledger import build_ledger_check
    from groundswell.settings import load_settings
    from groundswell.wording.plurals import write_count

    settings = load_settings(db=db)
    with Reader.open(settings.db, load_hubs(settings.hubs)) as reader:
        found = build_ledger_check(hub, reader.check_ledger(hub))
    if as_json:
        print_json(found)
    elif found.broken:
        broken = found.broken
        print(f"Broken at row {broken.key}, {broken.hub}/{broken.claim} as of {broken.as_of}: {broken.reason}.")
    else:
        print(f"{write_count(found.checked, 'row')} checked, all as written; last digest {found.head or 'none'}.")
    if not as_json and found.unchained:
        print(f"{write_count(found.unchained, 'row')} from before there was a chain: not checked.")
    if found.broken:
        raise typer.Exit(BROKEN)
