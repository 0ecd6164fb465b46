"""``groundswell stories``: stories of a hub, and story detection over a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from groundswell.cli.arguments import Hub
from groundswell.cli.options import AsJson, Day, Db, Documents, Output, day
from groundswell.cli.output import apart, print_json, print_table, print_written, progress, write_lines
from groundswell.cli.rows import MEMBER_COLUMNS, STORY_COLUMNS, member_row, page_json, story_json, story_row

app = typer.Typer(no_args_is_help=True, help="Stories: list a hub's newest, show one, detect stories in a file.")


@app.command("list")
def list_stories(
    hub: Hub,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many stories at the most.")] = 20,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List the newest stories of a hub. Example: groundswell stories list fomc --limit 5"""
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    find_hub(hubs, hub)  # an unknown one is told before a store is made
    with Groundswell.open(settings.db, hubs) as groundswell:
        found = groundswell.stories(hub, limit, when)
    if as_json:
        print_json({"hub": hub, "stories": [story_json(story) for story in found]})
    elif not found:
        by_then = f" as of {when}" if when else ""
        print(f"No story of {hub} is held{by_then}; `groundswell feeds list` tells how feeds fare.")
    else:
        print_table(f"Newest stories of {hub}", STORY_COLUMNS, map(story_row, found))


@app.command()
def show(
    story: Annotated[str, typer.Argument(metavar="STORY", help="The id of a story, as lists and addresses tell it.")],
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Show a story: its articles, why each joined, and the hubs it belongs to.

    Example: groundswell stories show 1f2e3d4c5b6a7980 --json
    """
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Groundswell.open(settings.db, load_hubs(settings.hubs)) as groundswell:
        page = groundswell.story_page(story, when)
    if as_json:
        print_json(page_json(page))
        return
    print(page.story.headline)
    told = page.facets
    print(f"{told.status}, momentum {told.momentum:.2f}, independent publishers: {told.independent_publishers}")
    for tag in page.story.tags:
        print(f"in {tag.hub}: {'; '.join(tag.reasons)}")
    print_table("Articles", MEMBER_COLUMNS, map(member_row, page.story.members))


@app.command()
def cluster(documents: Documents, output: Output) -> None:
    """Detect stories in a file, online: each document is seen once, in order of publication.

    Example: groundswell stories cluster docs.jsonl -o stories.jsonl
    """
    from groundswell.app import detect_stories
    from groundswell.settings import load_settings

    apart(output, documents)
    dense = load_settings().dense
    with progress("documents") as advance:
        count = write_lines(output, detect_stories(documents, datetime.now(UTC), advance, dense))
    print_written(output, f"Documents put into stories in {output}: {count:,}.")


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

    apart(output, documents, pairs)
    with progress("pairs") as advance:
        count = write_lines(output, judge_pairs(documents, pairs, datetime.now(UTC), advance))
    print_written(output, f"Pairs judged in {output}: {count:,}.")
