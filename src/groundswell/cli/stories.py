"""``groundswell stories``: stories of a hub, and story detection over a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from groundswell.cli.options import AsJson, Day, Db, Documents, Output, day
from groundswell.cli.output import print_json, print_table, progress, write_lines

app = typer.Typer(no_args_is_help=True, help="Stories: list a hub's newest, detect stories in a file.")


@app.command("list")
def list_stories(
    hub: Annotated[str, typer.Argument(metavar="HUB", help="The slug of a hub, such as small-caps.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at the most.")] = 20,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List the newest stories of a hub. Example: groundswell stories list fomc --limit 5"""
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell, find_hub
    from groundswell.config import load_settings
    from groundswell.hubs.load import installed

    settings = load_settings(db=db)
    hubs = installed(settings.hubs)
    find_hub(hubs, hub)  # an unknown one is told before a store is made
    with Groundswell.open(settings.db, hubs) as groundswell:
        found = groundswell.stories(hub, limit, when)
    rows = [
        {
            "id": story.id,
            "headline": story.headline,
            "first_at": story.first_at.isoformat(),
            "last_at": story.last_at.isoformat(),
            "articles": len(story.members),
            "publishers": list(story.publishers),
            "demonstration": story.demonstration,
        }
        for story in found
    ]
    if as_json:
        print_json({"hub": hub, "stories": rows})
    else:
        print_table(
            f"Newest stories of {hub}",
            ("last", "articles", "headline", "id"),
            [
                (story.last_at.strftime("%Y-%m-%d %H:%M"), str(len(story.members)), story.headline, story.id)
                for story in found
            ],
        )


@app.command()
def cluster(documents: Documents, output: Output) -> None:
    """Detect stories in a file, online: each document is seen once, in order of publication.

    Example: groundswell stories cluster docs.jsonl -o stories.jsonl
    """
    from groundswell.app import detect_stories
    from groundswell.config import load_settings

    dense = load_settings().dense

    with progress("documents") as advance:
        count = write_lines(output, detect_stories(documents, datetime.now(UTC), advance, dense))
    print(f"{count:,} documents put into stories in {output}.")


@app.command()
def pairs(
    documents: Documents,
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS.jsonl", help="JSON lines with the ids a and b.")],
    output: Output,
) -> None:
    """Say of each pair of documents whether both report one event, and how surely.

    Example: groundswell stories pairs docs.jsonl pairs.jsonl -o judged.jsonl
    """
    from groundswell.app import judge_pairs

    with progress("pairs") as advance:
        count = write_lines(output, judge_pairs(documents, pairs, datetime.now(UTC), advance))
    print(f"{count:,} pairs judged in {output}.")
