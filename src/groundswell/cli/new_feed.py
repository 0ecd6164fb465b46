"""The look at an address before it is added as a feed: what is there, in words for the owner."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from groundswell.errors import BadInputError

if TYPE_CHECKING:
    from groundswell.feeds.probe import FoundFeed, ProbeResult
    from groundswell.ports import Retriever

MAX_OTHERS_SHOWN = 5


def look_at_feed(url: str, retriever: Retriever, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Request ``url``; return the address of the feed to add, and what the owner should know, a line each.

    The address is that of the feed which a web page at ``url`` names, or ``url``. An address that cannot be requested
    now may be right nevertheless. Raises ``BadInputError`` for one with something else than a feed.
    """
    from groundswell.cli.output import show_progress
    from groundswell.feeds.probe import find_feed
    from groundswell.model import Outcome

    with show_progress(f"requesting {url}", 1) as advance:
        found = find_feed(url, retriever, now)
        advance(1)
    result = found.result
    if result.outcome is Outcome.MALFORMED:
        raise BadInputError(_explain_refusal(url, result))
    if result.outcome.failed:
        return url, (f"{url} could not be read now ({result.outcome}: {result.detail}); it is added as given.",)
    return result.url, tuple(_describe(found))


def _describe(found: FoundFeed) -> list[str]:
    result = found.result
    notes = [f"{result.url} has {_describe_items(result)}."]
    if found.page:
        notes = [f"{found.page} is a web page; added the feed it names: {result.url}, with {_describe_items(result)}."]
    if found.others:
        more = ", ".join(found.others[:MAX_OTHERS_SHOWN])
        notes.append(f"The page also names: {more}" + (" and more." if len(found.others) > MAX_OTHERS_SHOWN else "."))
    if result.detail:
        notes.append(f"Noticed: {result.detail}.")
    return notes


def _describe_items(result: ProbeResult) -> str:
    from groundswell.wording.plurals import write_count

    if not result.items:
        return "no items yet"
    newest = f", the newest of {result.newest:%Y-%m-%d}" if result.newest else ", without dates"
    return write_count(result.items, "item") + newest


def _explain_refusal(url: str, result: ProbeResult) -> str:
    if result.named:
        return (
            f"{url} is a web page, and no feed that it names can be read: {', '.join(result.named[:MAX_OTHERS_SHOWN])}"
        )
    what = "a web page that names no feed" if "HTML" in result.detail else f"no feed: {result.detail}"
    return f"{url} is {what}; give the address of a feed, or add it as it is with --no-check"
