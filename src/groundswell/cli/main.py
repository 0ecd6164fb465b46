"""The entry point: assembles the commands, and turns expected errors into one line and exit status 2."""

from __future__ import annotations

import gc
import sys

import typer

from groundswell.cli import claims, data, feeds, hubs, replay, search, stories, up
from groundswell.cli.ledger import commands as ledger
from groundswell.errors import BadInputError, GroundswellError
from groundswell.redaction import redact_text

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Market-narrative hubs whose every number is checked against data.",
    epilog="Start with: groundswell up",
)
app.command()(up.up)
app.command()(up.doctor)
app.command()(replay.replay)
app.command()(search.search)
app.add_typer(hubs.app, name="hubs")
app.add_typer(stories.app, name="stories")
app.add_typer(claims.app, name="claims")
app.add_typer(ledger.app, name="ledger")
app.add_typer(data.app, name="data")
app.add_typer(feeds.app, name="feeds")


def main() -> None:
    """Run the command line. An expected error is printed as a line on standard error, with exit status 2."""
    collect_garbage_rarely()
    try:
        app()
    except GroundswellError as error:
        _print_error(error)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output, such as head, has closed it
        sys.stderr.close()


def collect_garbage_rarely() -> None:
    """Collect reference cycles, which are few here, a tenth as often as by default.

    Commands that go through many headlines take a twelfth less time, and no more memory.
    """
    gc.set_threshold(10_000)


def _print_error(error: GroundswellError) -> None:
    """Print an error on one line, after a line for each mistake if a file has several."""
    summary = redact_text(" ".join(str(error).split()))
    mistakes = tuple(map(redact_text, error.mistakes)) if isinstance(error, BadInputError) else ()
    if len(mistakes) == 1:
        summary = f"{summary} ({mistakes[0]})"
    else:
        print(*mistakes, sep="\n", end="\n" if mistakes else "", file=sys.stderr)
    print(f"groundswell: {summary}", file=sys.stderr)
