"""``groundswell feeds``: which feeds are polled, how they fare, and taking in a feed saved to a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundswell.cli.options import AsJson, Db
from groundswell.cli.output import print_json, print_table

if TYPE_CHECKING:
    from groundswell.app import Groundswell
    from groundswell.model import AddedFeeds, FeedSpec, UpstreamState

app = typer.Typer(no_args_is_help=True, help="Feeds: add, remove, import, export, list and try those that are polled.")
_Address = Annotated[str, typer.Argument(metavar="URL", help="The address of a feed.")]
_Minutes = Annotated[
    int | None,
    typer.Option(min=5, max=1440, help="Minutes between two tries. \\[default: 30; a known feed keeps its own]"),
]


@app.command("list")
def list_feeds(db: Db = None, as_json: AsJson = False) -> None:
    """List the feeds, on and off, with what came of the last try. Example: groundswell feeds list --json"""
    from groundswell.settings import load_settings

    with _open(db) as groundswell:
        feeds, states = groundswell.feeds(), groundswell.feed_states()
    rows = [_row(feed) | _last_try(states.get(feed.slug)) for feed in feeds]
    if as_json:
        print_json({"feeds": rows})
        return
    polled = load_settings(db=db).live
    told = [
        (feed.slug, "yes" if feed.enabled else "no", row["outcome"], _next_try(feed, states.get(feed.slug), polled))
        for feed, row in zip(feeds, rows, strict=True)
    ]
    print_table("Feeds", ("slug", "on", "last try", "next try"), told, whole=("slug", "next try"))
    if not polled:
        print("No feed is polled: the setting live is false. To try them without storing: groundswell feeds check")
    elif not any(state.last_tried_at for state in states.values()):
        print(
            "No feed was tried yet: `groundswell up` polls those that are on, unless it is told --no-live. "
            "To try them now without storing: groundswell feeds check"
        )


@app.command()
def add(
    url: _Address,
    title: Annotated[str, typer.Option(metavar="TEXT", help="The publisher's name. \\[default: the host]")] = "",
    minutes: _Minutes = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Add a feed, turn on one that is off, or change how often it is asked.

    Example: groundswell feeds add https://news.example/rss --minutes 20
    """
    from groundswell.feeds.opml import build_outline

    outline = build_outline(url, title)  # a wrong address is told before a store is made
    with _open(db) as groundswell:
        _tell_added(groundswell.add_feeds([outline], minutes), (), as_json)


@app.command()
def remove(url: _Address, db: Db = None, as_json: AsJson = False) -> None:
    """Stop polling a feed; its articles stay. Example: groundswell feeds remove https://news.example/rss"""
    with _open(db) as groundswell:
        feed = groundswell.remove_feed(url)
    if as_json:
        print_json({"removed": _row(feed)})
    else:
        print(f"{feed.publisher} ({feed.url}) is no longer polled.")


@app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of feeds in OPML.")],
    minutes: _Minutes = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML list. Example: groundswell feeds import subscriptions.opml"""
    from groundswell.errors import BadInputError, NotFoundError
    from groundswell.feeds.opml import OpmlError, read_opml

    if not file.is_file():
        raise NotFoundError(f"there is no file {file}; give the path of an OPML list")
    try:
        outlines, problems = read_opml(file.read_bytes())
    except OpmlError as error:
        raise BadInputError(f"{file} is no usable OPML list: {error}; export it again from your feed reader") from None
    with _open(db) as groundswell:
        _tell_added(groundswell.add_feeds(outlines, minutes), problems, as_json)


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.opml", help="Where to write. \\[default: the terminal]"),
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Write the feeds that are on as an OPML list. Example: groundswell feeds export -o feeds.opml"""
    from groundswell.cli.output import print_written, write_text
    from groundswell.feeds.opml import write_opml

    with _open(db) as groundswell:
        feeds = [feed for feed in groundswell.feeds() if feed.enabled]
    if as_json:
        print_json({"feeds": [_row(feed) for feed in feeds]})
    elif output is None:
        print(write_opml(feeds), end="")
    else:
        write_text(output, write_opml(feeds))
        print_written(output, f"Feeds written to {output}: {len(feeds):,}.")


@app.command()
def check(
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="Which. \\[default: those on]")] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Try feeds now and tell what came, storing nothing; status 1 if one failed. Example: groundswell feeds check"""
    from groundswell.cli.output import progress
    from groundswell.feeds.opml import build_outline
    from groundswell.feeds.probe import probe_feeds
    from groundswell.fetch.client import HttpRetriever
    from groundswell.model import FeedSpec
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    if urls:
        wanted = [FeedSpec(url, "", build_outline(url).url, "", True, 0, "") for url in urls]
    else:
        with _open(db) as groundswell:
            wanted = [feed for feed in groundswell.feeds() if feed.enabled]
    retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy)
    with progress("Trying feeds", len(wanted)) as advance:
        tries = list(probe_feeds(wanted, retriever, _now(), advance))
    if as_json:
        print_json({"feeds": [one.as_row() for one in tries]})
    else:
        columns = ("title", "url", "outcome", "detail", "items", "newest")
        print_table("Tried", columns, [[str(one.as_row()[column] or "") for column in columns] for one in tries])
    if any(one.outcome.failed for one in tries):
        raise typer.Exit(1)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved RSS, Atom or JSON feed.")],
    db: Db = None,
) -> None:
    """Take in a feed saved to a file, by the way of live news. Example: groundswell feeds read feed.xml"""
    from groundswell.app import Groundswell, read_saved_feed
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    read_saved_feed(file)  # an unusable file is told before a store is made
    settings = load_settings(db=db)
    with Groundswell.open(settings.db, load_hubs(settings.hubs), dense=settings.dense) as groundswell:
        done = groundswell.read_feed(file)
    print(f"Items read: {done.offered:,}; new: {done.new:,}; tagged to hubs: {done.tagged:,}.")


@contextmanager
def _open(db: str | None) -> Iterator[Groundswell]:
    from groundswell.app import Groundswell
    from groundswell.settings import load_settings

    with Groundswell.open(load_settings(db=db).db) as groundswell:
        yield groundswell


def _now() -> Any:
    from groundswell.app import utc_now

    return utc_now()


def _row(feed: FeedSpec) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(feed)


def _next_try(feed: FeedSpec, state: UpstreamState | None, polled: bool) -> str:
    """When a feed is tried next. One that is due is asked as soon as the program runs, whenever that is."""
    if not (polled and feed.enabled):
        return "none"
    due = state.next_due_at if state else None
    return f"{due:%Y-%m-%d %H:%M}" if due and due > _now() else "next cycle"


def _last_try(state: Any) -> dict[str, Any]:
    due = state.next_due_at if state else None
    return {
        "outcome": (state.outcome if state else "not tried yet"),
        "detail": state.detail if state else "",
        "next_due_at": due.isoformat() if due else None,
        "due_reason": state.due_reason if state else "",
    }


def _tell_added(added: AddedFeeds, problems: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        told = {"new": added.new, "turned_on": added.turned_on, "known": added.known, "changed": added.changed}
        print_json({name: [_row(feed) for feed in feeds] for name, feeds in told.items()} | {"left_out": problems})
        return
    for problem in problems:
        print(f"left out: {problem}")
    known = f"{len(added.known):,}" + (f" ({len(added.changed):,} at a new interval)" if added.changed else "")
    print(f"Feeds added: {len(added.new):,}; turned on: {len(added.turned_on):,}; on already: {known}.")
