"""``groundswell search``: stories and claims by their words."""

from __future__ import annotations

from typing import Annotated

import typer

from groundswell.cli.claim_tables import write_share
from groundswell.cli.options import AsJson, CursorText, Day, Db, parse_as_of, site_of
from groundswell.cli.output import print_json, print_table
from groundswell.cli.stories import STORY_COLUMNS, build_story_row


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS", help='Words that must all occur; "in quotes" as a phrase.')
    ],
    *,
    hub: Annotated[str | None, typer.Option(metavar="HUB", help="Only stories of this hub.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The most stories, and the most claims, to list.")] = 20,
    cursor: CursorText = None,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Search stories by the words of their headlines, and claims by the words of their text.

    Claims have their present verdicts; a search as of a past day finds stories only.
    Example: groundswell search rate cut
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.model import StoryFilter
    from groundswell.settings import load_settings
    from groundswell.web import cursors
    from groundswell.wording.verdicts import write_verdict

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    wanted = StoryFilter(words=" ".join(words), hub=find_hub(hubs, hub).slug if hub else None)
    place = cursors.decode(cursor)
    with Reader.open(settings.db, hubs) as reader:
        results = reader.search(wanted, day, place, limit)
        claims = () if place or day else reader.search_claims(wanted.words, limit)
    if as_json:
        from groundswell.schemas.hubs import map_hub_titles
        from groundswell.schemas.lists import build_search_results, build_story_list

        page = build_story_list(results.stories, cursors.encode(results.next), site_of(settings), map_hub_titles(hubs))
        print_json(build_search_results(wanted.words, page, claims))
        return
    if claims:
        rows = [
            (claim.hub, claim.id, write_verdict(claim), write_share(claim.readings_judged), claim.text)
            for claim in claims
        ]
        print_table("Claims", ("hub", "claim", "verdict", "readings for", "text"), rows)
    if results.stories:
        print_table("Stories", STORY_COLUMNS, map(build_story_row, results.stories))
    else:
        print("No story or claim was found.")
