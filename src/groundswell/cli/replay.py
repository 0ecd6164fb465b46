"""``groundswell replay``: a recorded stream, processed like live news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.options import AsJson, Data, Db, Documents, parse_as_of
from groundswell.cli.output import print_json, show_progress

if TYPE_CHECKING:
    from groundswell.model import Replayed


def replay(
    documents: Documents,
    data: Data = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Leave out what was published after this day.")
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Store a recorded stream of headlines, then evaluate the hubs as of its end.

    Example: groundswell replay headlines.jsonl.gz --data prices/ --until 2019-09-30
    """
    last = parse_as_of(until)
    from groundswell.app import Groundswell, read_data
    from groundswell.feeds.jsonl import read_stream
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db, data=data)
    next(read_stream(documents), None)  # an unusable file is reported before a store is created
    hubs = load_hubs(settings.hubs)
    loaded = read_data(settings.data, hubs, settings.cache) if settings.data else None
    with (
        Groundswell.open(settings.db, hubs, dense=settings.dense) as groundswell,
        show_progress("headlines") as advance,
    ):
        replayed = groundswell.replay(documents, loaded, last, advance)
    if as_json:
        from groundswell.schemas.feeds import build_replay

        print_json(build_replay(replayed))
    else:
        print(_write_sentence(replayed))


def _write_sentence(replayed: Replayed) -> str:
    from groundswell.wording.plurals import write_count

    ingested = replayed.ingested
    return (
        f"{write_count(ingested.offered, 'headline')} read, {ingested.new:,} new: "
        f"{write_count(ingested.founded, 'new story')}, {ingested.tagged:,} tagged to hubs. "
        f"Claims evaluated as of {replayed.as_of}."
    )
