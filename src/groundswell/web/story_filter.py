"""The criteria of a story list in a request, the same on pages and in the API."""

# No postponed annotations: FastAPI reads them when the routes are defined.
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from groundswell.model import Cursor, StoryFilter
from groundswell.schemas.addresses import with_query
from groundswell.web import cursors
from groundswell.web.backend import Backend
from groundswell.web.dependencies import parse_day_parameter

MAX_CRITERION_LENGTH = 200  # characters; the rest is ignored


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """The criteria as text, trimmed: forms show them again and links repeat them."""

    q: str = ""
    hub: str = ""
    publisher: str = ""
    instrument: str = ""
    since: str = ""
    until: str = ""

    @property
    def has_criteria(self) -> bool:
        """Whether there is any criterion other than the hub."""
        return any((self.q, self.publisher, self.instrument, self.since, self.until))

    def build_filter(self, backend: Backend) -> StoryFilter:
        """Return the filter for these criteria.

        Raises ``NotFoundError`` for an unknown hub or instrument, ``UsageError`` for an invalid date.
        """
        hub = self.hub or None
        names = backend.instrument_names(hub, self.instrument) if hub and self.instrument else ()
        return StoryFilter(
            words=self.q,
            hub=hub,
            publisher=self.publisher,
            names=names or ((self.instrument,) if self.instrument else ()),
            since=parse_day_parameter(self.since, "from"),
            until=parse_day_parameter(self.until, "to"),
        )

    def add_to(self, path: str, **parameters: object) -> str:
        """Return the path with these criteria as its query; ``parameters`` are added or replace criteria."""
        criteria = {"q": self.q, "hub": self.hub, "publisher": self.publisher, "instrument": self.instrument}
        return with_query(path, **{**criteria, "from": self.since, "to": self.until, **parameters})


def _read_query(
    *,
    q: Annotated[str, Query(description='Words of the headline, all of them; "in quotes" as a phrase.')] = "",
    hub: Annotated[str, Query(description="Slug of a hub that the story belongs to.")] = "",
    publisher: Annotated[str, Query(description="Full name of a publisher.")] = "",
    instrument: Annotated[
        str, Query(description="Symbol in the headline; with a hub, the symbol or name of one of its instruments.")
    ] = "",
    since: Annotated[str, Query(alias="from", description="First day, YYYY-MM-DD, UTC.")] = "",
    until: Annotated[str, Query(alias="to", description="Last day, YYYY-MM-DD, UTC.")] = "",
) -> StoryQuery:
    texts = (q, hub, publisher, instrument, since, until)
    return StoryQuery(*(" ".join(text[:MAX_CRITERION_LENGTH].split()) for text in texts))


def _read_cursor(
    cursor: Annotated[str | None, Query(description="Start of the page: ``next`` of the previous page.")] = None,
) -> Cursor | None:
    return cursors.decode(cursor)


StoryQueryDep = Annotated[StoryQuery, Depends(_read_query)]
CursorDep = Annotated[Cursor | None, Depends(_read_cursor)]
