"""``groundswell replay``: a recorded stream by the way of live news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.options import AsJson, Data, Db, Documents, day
from groundswell.cli.output import print_json, progress

if TYPE_CHECKING:
    from groundswell.app.facade import Replayed


def replay(
    documents: Documents,
    data: Data = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Leave out what was published after this day.")
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Take a recorded stream of headlines in, then evaluate the hubs as of its end.

    Example: groundswell replay headlines.jsonl.gz --data prices/ --until 2019-09-30
    """
    last = day(until) if until else None
    from groundswell.app import Groundswell, read_data
    from groundswell.feeds.jsonl import read_stream
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db, data=data)
    # What is unusable is told before a store is made.
    next(read_stream(documents), None)
    hubs = load_hubs(settings.hubs)
    loaded = read_data(settings.data, hubs) if settings.data else None
    with Groundswell.open(settings.db, hubs, dense=settings.dense) as groundswell, progress("headlines") as advance:
        replayed = groundswell.replay(documents, loaded, last, advance)
    if as_json:
        print_json(_row(replayed))
    else:
        print(_sentence(replayed))


def _row(replayed: Replayed) -> dict[str, int | str]:
    done = replayed.ingested
    return {
        "offered": done.offered,
        "new": done.new,
        "stories": done.founded,
        "tagged": done.tagged,
        "as_of": str(replayed.as_of),
    }


def _sentence(replayed: Replayed) -> str:
    done = replayed.ingested
    return (
        f"{done.offered:,} headlines read, {done.new:,} of them new: {done.founded:,} new stories, "
        f"{done.tagged:,} headlines tagged to hubs. Claims evaluated as of {replayed.as_of}."
    )
