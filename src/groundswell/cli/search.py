"""``groundswell search``: stories and claims by their words."""

from __future__ import annotations

from typing import Annotated

import typer

from groundswell.cli.options import AsJson, Day, Db, day
from groundswell.cli.output import print_json, print_table
from groundswell.cli.rows import STORY_COLUMNS, story_json, story_row


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help='All must be there; "in quotes" as a phrase.')],
    *,
    hub: Annotated[str | None, typer.Option(metavar="HUB", help="Only stories of this hub.")] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="How many stories, and how many claims, at the most.")
    ] = 20,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Look for stories by the words of their headlines, and for claims by those of their text.

    Claims are told as they stand now, and not in a search as of a past day. Example: groundswell search rate cut
    """
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.model import StoryFilter
    from groundswell.schemas.claims import as_json as claim_json
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    wanted = StoryFilter(words=" ".join(words), hub=find_hub(hubs, hub).slug if hub else None)
    with Groundswell.open(settings.db, hubs) as groundswell:
        stories = groundswell.search(wanted, when, limit=limit).stories
        claims = () if when else groundswell.search_claims(wanted.words, limit)
    if as_json:
        told = {"claims": [claim_json(one) for one in claims], "stories": [story_json(story) for story in stories]}
        print_json({"query": wanted.words, **told})
        return
    if claims:
        print_table("Claims", ("hub", "claim", "verdict", "text"), [(c.hub, c.id, c.verdict, c.text) for c in claims])
    if stories:
        print_table("Stories", STORY_COLUMNS, map(story_row, stories))
    else:
        print("No story was found.")
