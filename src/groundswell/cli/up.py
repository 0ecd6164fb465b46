"""``groundswell up``, the main command, and ``groundswell doctor``, which says what it would find."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from groundswell.cli.options import AsJson, Data, Db
from groundswell.cli.output import print_json, print_table

Port = Annotated[int | None, typer.Option(help="The port to serve on. \\[default: 8000]")]
Host = Annotated[str | None, typer.Option(help="The address to serve on. \\[default: 127.0.0.1]")]


def up(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    db: Db = None,
    live: Annotated[
        bool | None, typer.Option("--live/--no-live", help="Poll feeds and data services, or only serve the store.")
    ] = None,
) -> None:
    """Serve the hubs, poll for news and numbers, and evaluate the claims. Stop with Ctrl-C.

    Example: groundswell up --data prices/ --port 8080
    """
    from groundswell.cli.serve import serve
    from groundswell.settings import load_settings

    serve(load_settings(data=data, port=port, host=host, db=db, live=live), partial(print, flush=True))


def doctor(data: Data = None, port: Port = None, host: Host = None, db: Db = None, as_json: AsJson = False) -> None:
    """Check settings, hubs, store, data folder, network, keys and port, and say what each step would measure.

    Nothing is stored. Exit status 1: something must be fixed before groundswell up works as it should.
    Example: groundswell doctor --data prices/
    """
    from groundswell.app.doctor import examine
    from groundswell.pages.onboarding import write_onboarding

    found = examine(data=data, port=port, host=host, db=db)
    if as_json:
        from groundswell.schemas.onboarding import Examination

        print_json(Examination.model_validate(found))
    else:
        rows = ((check.name, check.state, check.text) for check in found.checks)
        print_table("Checks", ("what", "state", "found"), rows)
        print(*write_onboarding(found.onboarding), sep="\n")
    if found.has_problem:
        raise typer.Exit(1)
