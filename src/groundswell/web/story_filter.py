"""What stories a request asks for: the same questions on pages and in the API."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from groundswell.model import Cursor, StoryFilter
from groundswell.schemas.addresses import with_query
from groundswell.web import cursors
from groundswell.web.backend import Hubs
from groundswell.web.dependencies import parse_day

LONGEST = 200  # characters of a question that are read


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a question as they came, trimmed: what a form shows again and a link carries on."""

    q: str = ""
    hub: str = ""
    publisher: str = ""
    instrument: str = ""
    since: str = ""
    until: str = ""

    @property
    def any(self) -> bool:
        """Whether anything beside the hub was asked for."""
        return any((self.q, self.publisher, self.instrument, self.since, self.until))

    def wanted(self, hubs: Hubs) -> StoryFilter:
        """The filter that it comes to. Raises ``NotFoundError`` for an unknown hub or instrument, ``UsageError``."""
        hub = self.hub or None
        names = hubs.instrument_names(hub, self.instrument) if hub and self.instrument else ()
        return StoryFilter(
            words=self.q,
            hub=hub,
            publisher=self.publisher,
            names=names or ((self.instrument,) if self.instrument else ()),
            since=parse_day(self.since, "from"),
            until=parse_day(self.until, "to"),
        )

    def carry(self, path: str, **more: object) -> str:
        """Return the path with this question as its query; ``more`` adds parameters or replaces them."""
        parts = {"q": self.q, "hub": self.hub, "publisher": self.publisher, "instrument": self.instrument}
        return with_query(path, **{**parts, "from": self.since, "to": self.until, **more})


def _asked(
    *,
    q: Annotated[str, Query(description='Words of the headline, all of them; "in quotes" as a phrase.')] = "",
    hub: Annotated[str, Query(description="Slug of a hub that the story belongs to.")] = "",
    publisher: Annotated[str, Query(description="Name of a publisher, in full.")] = "",
    instrument: Annotated[str, Query(description="Symbol in the headline; of a hub's instrument, or its name.")] = "",
    since: Annotated[str, Query(alias="from", description="First day, YYYY-MM-DD, UTC.")] = "",
    until: Annotated[str, Query(alias="to", description="Last day, YYYY-MM-DD, UTC.")] = "",
) -> Asked:
    return Asked(*(" ".join(text[:LONGEST].split()) for text in (q, hub, publisher, instrument, since, until)))


def _place(
    cursor: Annotated[str | None, Query(description="Where the list goes on: ``next`` of the page before.")] = None,
) -> Cursor | None:
    return cursors.read(cursor)


AskedGiven = Annotated[Asked, Depends(_asked)]
PlaceGiven = Annotated[Cursor | None, Depends(_place)]
