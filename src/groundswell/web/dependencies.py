"""What every route takes from its request: the facade, the site's address and the day asked for."""

# Annotations are evaluated here: FastAPI reads them when the routes are made.
import re
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Query, Request

from groundswell.errors import UsageError
from groundswell.schemas.addresses import Site
from groundswell.web.backend import Hubs

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: str | None, name: str = "as_of") -> date | None:
    """Read a day written YYYY-MM-DD; nothing and the empty text mean none. Raises ``UsageError`` that names it."""
    if not text:
        return None
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageError(f"{name} must be a day written YYYY-MM-DD, such as 2024-09-18; {text[:40]!r} is not one.")


def _hubs(request: Request) -> Hubs:
    return cast(Hubs, request.app.state.hubs)


def _site(request: Request) -> Site:
    return cast(Site, request.app.state.site)


def _as_of(
    as_of: Annotated[
        str | None,
        Query(
            description="Past day, YYYY-MM-DD: answer with what was known at its end.",
            examples=["2024-09-18"],
            json_schema_extra={"format": "date"},
        ),
    ] = None,
) -> date | None:
    return parse_day(as_of)


def _present(request: Request) -> None:
    if "as_of" in request.query_params:
        raise UsageError(f"{request.url.path} tells of the present alone; leave as_of out")


PRESENT = (Depends(_present),)
"""For routes that know no past days: to ask them for one is refused, not answered with what became known later."""

HubsGiven = Annotated[Hubs, Depends(_hubs)]
SiteGiven = Annotated[Site, Depends(_site)]
DayGiven = Annotated[date | None, Depends(_as_of)]
