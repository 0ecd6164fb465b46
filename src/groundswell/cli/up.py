"""``groundswell up``: the main command. Load, ingest, detect, evaluate, serve."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from groundswell.cli.options import Data, Db


def up(
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="The port to serve on. \\[default: 8000]")] = None,
    host: Annotated[str | None, typer.Option(help="The address to serve on. \\[default: 127.0.0.1]")] = None,
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
