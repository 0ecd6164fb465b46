"""``groundswell feeds``: the feeds that are polled, their state, and reading a feed saved to a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.options import AsJson, Db
from groundswell.cli.output import print_json, print_table

if TYPE_CHECKING:
    from groundswell.app import Groundswell, Reader
    from groundswell.model import AddedFeeds, FeedSpec
    from groundswell.schemas.feeds import FeedOut, FeedProbeOut

app = typer.Typer(no_args_is_help=True, help="Feeds: add, remove, import, export, list and test those that are polled.")
_Address = Annotated[str, typer.Argument(metavar="URL", help="The address of a feed.")]
_Site = Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, or of a site that names its feed.")]
_Minutes = Annotated[
    int | None,
    typer.Option(min=5, max=1440, help="Minutes between two requests. \\[default: 30; unchanged for a known feed]"),
]


@app.command("list")
def list_feeds(db: Db = None, as_json: AsJson = False) -> None:
    """List the feeds, on and off, with the results of the last requests. Example: groundswell feeds list --json"""
    from groundswell.schemas.feeds import build_feed_list
    from groundswell.settings import load_settings

    with _open_to_read(db) as reader:
        feeds = build_feed_list(reader.feeds(), reader.feed_states())
    if as_json:
        print_json(feeds)
        return
    polled = load_settings(db=db).live
    rows = [
        (feed.slug, "yes" if feed.enabled else "no", feed.outcome, _write_next_request(feed, polled))
        for feed in feeds.feeds
    ]
    print_table("Feeds", ("slug", "on", "last result", "next request"), rows, whole=("slug", "next request"))
    if not polled:
        print("No feed is polled: the setting live is false. To test feeds without storing: groundswell feeds check")
    elif not any(feed.last_tried_at for feed in feeds.feeds):
        print(
            "No feed was tried yet: `groundswell up` polls those that are on, unless run with --no-live. "
            "To test them now without storing: groundswell feeds check"
        )


@app.command()
def add(
    url: _Site,
    *,
    title: Annotated[str, typer.Option(metavar="TEXT", help="The publisher's name. \\[default: the host]")] = "",
    minutes: _Minutes = None,
    aggregator: Annotated[
        bool | None,
        typer.Option(
            "--aggregator/--no-aggregator",
            help="Whether it is believed about who published an item. \\[default: no; unchanged if known]",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Whether the address is requested first to see what is there.")
    ] = True,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Add a feed, turn on one that is off, or change how often it is polled or whether it is an aggregator.

    The address is requested once first. If a web page is there, the feed that it names is added instead.

    Example: groundswell feeds add https://news.example/ --minutes 20
    """
    from groundswell.cli.new_feed import look_at_feed
    from groundswell.feeds.default_feeds import WAITS_FOR_CONTACT, needs_contact
    from groundswell.feeds.opml import build_outline
    from groundswell.fetch.client import HttpRetriever
    from groundswell.settings import load_settings

    outline = build_outline(url, title, aggregator)  # a wrong address is reported before a store is created
    settings = load_settings(db=db)
    notes: tuple[str, ...] = ()
    if needs_contact(outline.url) and not settings.contact:
        notes = (f"{outline.url} waits for a contact: its publisher {WAITS_FOR_CONTACT}.",)
    elif check and settings.live:
        retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy)
        found, notes = look_at_feed(outline.url, retriever, _now())
        outline = build_outline(found, title, aggregator)
    with _open(db) as groundswell:
        _print_added(groundswell.add_feeds([outline], minutes), (), as_json, notes)


@app.command()
def remove(url: _Address, db: Db = None, as_json: AsJson = False) -> None:
    """Stop polling a feed; its articles stay. Example: groundswell feeds remove https://news.example/rss"""
    from groundswell.feeds.default_feeds import load_default_feeds

    shipped = any(url in (feed.slug, feed.url) for feed in load_default_feeds())  # without a store there is no other
    with _open(db, create=shipped) as groundswell:
        feed = groundswell.remove_feed(url)
    if as_json:
        from groundswell.schemas.feeds import RemovedFeed, build_feed_spec

        print_json(RemovedFeed(removed=build_feed_spec(feed)))
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
        _print_added(groundswell.add_feeds(outlines, minutes), problems, as_json)


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.opml", help="The file to write. \\[default: the terminal]"),
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Write the feeds that are on as an OPML list. Example: groundswell feeds export -o feeds.opml"""
    from groundswell.cli.output import print_written, write_private_text
    from groundswell.feeds.opml import write_opml

    with _open_to_read(db) as reader:
        feeds = [feed for feed in reader.feeds() if feed.enabled]
        states = reader.feed_states()
    if as_json:
        from groundswell.schemas.feeds import build_feed_list

        print_json(build_feed_list(feeds, states))
    elif output is None:
        print(write_opml(feeds), end="")
    else:
        write_private_text(output, write_opml(feeds))
        print_written(output, f"Feeds written to {output}: {len(feeds):,}.")


@app.command()
def check(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="Feeds to test. \\[default: those that are on]")
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Request feeds now and show the results, storing nothing. Exit status 1 if one failed.

    Example: groundswell feeds check
    """
    from groundswell.cli.output import show_progress
    from groundswell.feeds.opml import build_outline
    from groundswell.feeds.probe import probe_feeds
    from groundswell.fetch.client import HttpRetriever
    from groundswell.model import FeedSpec
    from groundswell.schemas.feeds import build_feed_probes
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    if urls:
        feeds = [FeedSpec(url, "", build_outline(url).url, "", True, 0, "") for url in urls]
    else:
        feeds = [feed for feed in _read_feeds(db) if feed.enabled]
    retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy)
    with show_progress("feeds tested", len(feeds)) as advance:
        results = list(probe_feeds(feeds, retriever, _now(), advance, has_contact=bool(settings.contact)))
    listed = build_feed_probes(results)
    if as_json:
        print_json(listed)
    else:
        _print_probes(listed.feeds)
    if any(result.outcome.failed for result in results):
        raise typer.Exit(1)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved RSS, Atom or JSON feed.")],
    db: Db = None,
) -> None:
    """Store the items of a feed saved to a file, as if polled. Example: groundswell feeds read feed.xml"""
    from groundswell.app import Groundswell, read_saved_feed
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    read_saved_feed(file)  # an unusable file is reported before a store is created
    settings = load_settings(db=db)
    with Groundswell.open(settings.db, load_hubs(settings.hubs), dense=settings.dense) as groundswell:
        ingested = groundswell.read_feed(file)
    print(f"Items read: {ingested.offered:,}; new: {ingested.new:,}; tagged to hubs: {ingested.tagged:,}.")


def _print_probes(probes: list[FeedProbeOut]) -> None:
    columns = ("feed", "result", "items", "newest", "detail")
    rows = [
        (
            f"{probe.title}\n{probe.url}".strip(),
            probe.outcome,
            f"{probe.items:,}",
            f"{probe.newest_at:%Y-%m-%d}" if probe.newest_at else "",
            probe.detail,
        )
        for probe in probes
    ]
    print_table("Feeds tested", columns, rows, dates=("newest",))
    for probe in probes:
        if probe.named_feeds:
            print(f"To add the feed that {probe.url} names: groundswell feeds add {probe.named_feeds[0]}")


@contextmanager
def _open_to_read(db: str | None) -> Iterator[Reader]:
    from groundswell.app import Reader
    from groundswell.settings import load_settings

    with Reader.open(load_settings(db=db).db) as reader:
        yield reader


@contextmanager
def _open(db: str | None, *, create: bool = True) -> Iterator[Groundswell]:
    from groundswell.app import Groundswell
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Groundswell.open(settings.db, contact=settings.contact, create=create) as groundswell:
        yield groundswell


def _read_feeds(db: str | None) -> Sequence[FeedSpec]:
    """Return the feeds of the store; the shipped ones if there is none yet and none was named."""
    from groundswell.errors import NotFoundError
    from groundswell.feeds.default_feeds import load_default_feeds

    try:
        with _open_to_read(db) as reader:
            return reader.feeds()
    except NotFoundError:
        if db is not None:
            raise
        return load_default_feeds()


def _now() -> datetime:
    from groundswell.app import utc_now

    return utc_now()


def _write_next_request(feed: FeedOut, polled: bool) -> str:
    """Say when a feed is requested next. One that is due is requested as soon as the program runs."""
    from groundswell.model import Outcome

    if not (polled and feed.enabled):
        return "none"
    if feed.outcome == Outcome.WAITING:
        return "once set"
    due = feed.next_due_at
    return f"{due:%m-%d %H:%M}" if due and due > _now() else "next cycle"


def _print_added(added: AddedFeeds, left_out: tuple[str, ...], as_json: bool, notes: tuple[str, ...] = ()) -> None:
    if as_json:
        from groundswell.schemas.feeds import build_added_feeds

        print_json(build_added_feeds(added, left_out, notes))
        return
    print(*notes, sep="\n", end="\n" if notes else "")
    for problem in left_out:
        print(f"left out: {problem}")
    known = f"{len(added.known):,}" + (f" ({len(added.changed):,} changed)" if added.changed else "")
    print(f"Feeds added: {len(added.new):,}; turned on: {len(added.turned_on):,}; on already: {known}.")
