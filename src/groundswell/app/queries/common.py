"""What several queries share: the day shown, stories from their ids, coverage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection

from groundswell.errors import UsageError
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import Outcome, Story, UpstreamKind, UpstreamState
from groundswell.pages.hub import Coverage
from groundswell.storage.news import articles
from groundswell.stories.compose import compose

FIRST_DAY = date(1970, 1, 1)


def day_shown(as_of: date | None, today: date) -> date:
    """The day that a page is as of. Raises ``UsageError`` for one that is not past."""
    if as_of is None:
        return today
    if not FIRST_DAY <= as_of <= today:
        raise UsageError(f"no page can be shown as of {as_of}; give a day from {FIRST_DAY} to {today}")
    return as_of


def _known(connection: Connection, as_of: date | None) -> articles.Known:
    return articles.known(connection, None if as_of is None else end_of_day(as_of))


def composed(connection: Connection, ids: Collection[str], known: articles.Known, hub: str | None) -> tuple[Story, ...]:
    """The stories in the order of ``ids``; without those of which too few members belong to a hub that is named."""
    members = articles.members(connection, ids, known.until)
    stories = (compose(story_id, members[story_id]) for story_id in ids)
    return tuple(story for story in stories if hub is None or any(tag.hub == hub for tag in story.tags))


def _coverage(connection: Connection, known: articles.Known, states: Sequence[UpstreamState]) -> Coverage:
    feeds = [state for state in states if state.kind is UpstreamKind.FEED and state.enabled]
    untried = sum(state.outcome is Outcome.NOT_TRIED for state in feeds)
    failed = sum(state.outcome.failed for state in feeds)
    return Coverage(
        feeds_on=len(feeds),
        feeds_answered=len(feeds) - untried - failed,
        feeds_failed=failed,
        feeds_untried=untried,
        last_asked_at=max((state.last_tried_at for state in feeds if state.last_tried_at), default=None),
        articles_held=articles.count(connection, known),
        newest_at=articles.newest_at(connection, known),
        demonstration=known.demonstration,
    )
