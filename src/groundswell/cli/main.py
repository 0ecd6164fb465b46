"""The entry point: assembles the commands and turns expected errors into one line and exit status 2."""

from __future__ import annotations

import gc
import sys

import typer

from groundswell.cli import claims, data, feeds, hubs, replay, search, stories, up
from groundswell.errors import BadInputError, GroundswellError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Market-narrative hubs whose every number is checked against data.",
    epilog="Start with: groundswell up",
)
app.command()(up.up)
app.command()(replay.replay)
app.command()(search.search)
app.add_typer(hubs.app, name="hubs")
app.add_typer(stories.app, name="stories")
app.add_typer(claims.app, name="claims")
app.add_typer(data.app, name="data")
app.add_typer(feeds.app, name="feeds")


def main() -> None:
    """Run the command line. What a person can mend is told in a line on standard error, with exit status 2."""
    collect_seldom()
    try:
        app()
    except GroundswellError as error:
        _tell(error)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        sys.stderr.close()


def collect_seldom() -> None:
    """Have objects that hold each other in circles, which are few here, looked for a tenth as often as is usual.

    The commands that go through many headlines take a twelfth less time so, and no more memory.
    """
    gc.set_threshold(10_000)


def _tell(error: GroundswellError) -> None:
    """One line on the whole; where a file has several mistakes, a line on each before it."""
    whole = " ".join(str(error).split())
    mistakes = error.mistakes if isinstance(error, BadInputError) else ()
    if len(mistakes) == 1:
        whole = f"{whole} ({mistakes[0]})"
    else:
        print(*mistakes, sep="\n", end="\n" if mistakes else "", file=sys.stderr)
    print(f"groundswell: {whole}", file=sys.stderr)
