"""``groundswell stories``: stories of a hub, and story detection in a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.arguments import Hub
from groundswell.cli.options import AsJson, CursorText, Day, Db, Documents, Output, parse_as_of, site_of
from groundswell.cli.output import (
    print_json,
    print_table,
    print_written,
    refuse_overwriting,
    show_progress,
    write_lines,
)

if TYPE_CHECKING:
    from groundswell.model import Member, Story

STORY_COLUMNS = ("last", "articles", "headline", "id")

app = typer.Typer(no_args_is_help=True, help="Stories: list a hub's newest, show one, detect stories in a file.")


@app.command("list")
def list_stories(  # noqa: PLR0917 - each is an option
    hub: Hub,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The most stories to list.")] = 20,
    cursor: CursorText = None,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List the newest stories of a hub. Example: groundswell stories list fomc --limit 5"""
    day = parse_as_of(as_of)
    from groundswell.app import Reader, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.model import StoryFilter
    from groundswell.settings import load_settings
    from groundswell.web import cursors

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    find_hub(hubs, hub)  # an unknown hub is reported before the store is opened
    place = cursors.decode(cursor)
    with Reader.open(settings.db, hubs) as reader:
        results = reader.search(StoryFilter(hub=hub), day, place, limit)
    if as_json:
        from groundswell.schemas.hubs import map_hub_titles
        from groundswell.schemas.lists import build_story_list

        print_json(
            build_story_list(results.stories, cursors.encode(results.next), site_of(settings), map_hub_titles(hubs))
        )
    elif not results.stories:
        by_then = f" as of {day}" if day else ""
        print(f"No story of {hub} is stored{by_then}; `groundswell feeds list` shows the state of the feeds.")
    else:
        print_table(f"Newest stories of {hub}", STORY_COLUMNS, map(build_story_row, results.stories))


@app.command()
def show(
    story: Annotated[str, typer.Argument(metavar="STORY", help="The id of a story, from a list or an address.")],
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Show a story: its articles, why each joined, and the hubs it belongs to.

    Example: groundswell stories show 1f2e3d4c5b6a7980 --json
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Reader.open(settings.db, load_hubs(settings.hubs)) as reader:
        page = reader.story_page(story, day)
    if as_json:
        from groundswell.schemas.stories import build_story

        print_json(build_story(page, site_of(settings)))
        return
    print(page.story.headline)
    facets = page.facets
    print(f"{facets.status}, momentum {facets.momentum:.2f}, independent publishers: {facets.independent_publishers}")
    for tag in page.story.tags:
        print(f"in {tag.hub}: {'; '.join(tag.reasons)}")
    print_table(
        "Articles", ("time", "publisher", "headline", "why it is here"), map(_build_article_row, page.story.members)
    )


@app.command()
def cluster(documents: Documents, output: Output) -> None:
    """Detect stories in a file, online: each document is read once, in order of publication.

    Example: groundswell stories cluster docs.jsonl -o stories.jsonl
    """
    from groundswell.app import detect_stories
    from groundswell.schemas.lists import build_assigned_document
    from groundswell.settings import load_settings

    refuse_overwriting(output, documents)
    dense = load_settings().dense
    with show_progress("documents") as advance:
        assigned = detect_stories(documents, datetime.now(UTC), advance, dense)
        count = write_lines(output, (build_assigned_document(*ids) for ids in assigned))
    print_written(output, f"Documents assigned to stories in {output}: {count:,}.")


@app.command()
def pairs(
    documents: Documents,
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS.jsonl", help="JSON lines with the ids a and b.")],
    output: Output,
) -> None:
    """Judge whether the two documents of each pair report the same event, with a score from 0 to 1.

    Example: groundswell stories pairs docs.jsonl pairs.jsonl -o judged.jsonl
    """
    from groundswell.app import judge_pairs
    from groundswell.schemas.lists import build_judged_pair

    refuse_overwriting(output, documents, pairs)
    with show_progress("pairs") as advance:
        judged = judge_pairs(documents, pairs, datetime.now(UTC), advance)
        count = write_lines(output, map(build_judged_pair, judged))
    print_written(output, f"Pairs judged in {output}: {count:,}.")


def build_story_row(story: Story) -> tuple[str, ...]:
    """Return a story as a row of ``STORY_COLUMNS``."""
    return story.last_at.strftime("%Y-%m-%d %H:%M"), str(len(story.members)), story.headline, story.id


def _build_article_row(member: Member) -> tuple[str, ...]:
    article, assignment = member.article, member.assignment
    why = "it began a story" if assignment.founded else "; ".join(assignment.reasons)
    time = article.at.strftime("%Y-%m-%d" if article.day_only else "%Y-%m-%d %H:%M")
    return time, article.publisher, article.title, why
