"""``groundswell feeds``: the feeds that are polled, and taking in a feed saved to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from groundswell.cli.options import AsJson, Db
from groundswell.cli.output import print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Feeds: list those that are polled, take in one saved to a file.")


@app.command("list")
def list_feeds(as_json: AsJson = False) -> None:
    """List the feeds that ship with the program. Example: groundswell feeds list --json"""
    from dataclasses import asdict

    from groundswell.feeds.catalogue import default_feeds

    feeds = default_feeds()
    if as_json:
        print_json({"feeds": [asdict(feed) for feed in feeds]})
    else:
        print_table(
            "Feeds",
            ("slug", "topic", "on", "minutes", "publisher", "address"),
            [(f.slug, f.topic, "yes" if f.enabled else "no", str(f.minutes), f.publisher, f.url) for f in feeds],
        )


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved RSS, Atom or JSON feed.")],
    db: Db = None,
) -> None:
    """Take in a feed saved to a file, by the way of live news. Example: groundswell feeds read feed.xml"""
    from groundswell.app import Groundswell, saved_feed
    from groundswell.config import load_settings
    from groundswell.hubs.load import installed

    saved_feed(file)  # an unusable file is told before a store is made
    settings = load_settings(db=db)
    with Groundswell.open(settings.db, installed(settings.hubs), dense=settings.dense) as groundswell:
        done = groundswell.read_feed(file)
    print(f"{done.offered:,} items read, {done.new:,} of them new, {done.tagged:,} tagged to hubs.")
