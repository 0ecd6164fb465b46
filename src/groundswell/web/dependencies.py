"""What routes take from a request: the backend, the address of the site and the past date."""

# No postponed annotations: FastAPI reads them when the routes are defined.
import re
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Query, Request

from groundswell.errors import UsageError
from groundswell.schemas.addresses import Site
from groundswell.web.backend import Backend

FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)
"""The bounds of every date in a request: no stored value is outside, and arithmetic with days has room."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day_parameter(text: str | None, name: str = "as_of") -> date | None:
    """Parse a date written as YYYY-MM-DD; None for no text. Raises ``UsageError`` with the name of the parameter.

    A date outside ``FIRST_DAY`` to ``LAST_DAY`` is refused too.
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:  # the form of a date, but no such day
        day = None
    if day is None:
        raise UsageError(f"{name} must be a date such as 2024-09-18 (YYYY-MM-DD), not {text[:40]!r}.")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError(f"{name} must be a date from {FIRST_DAY} to {LAST_DAY}, not {day}.")
    return day


def _get_backend(request: Request) -> Backend:
    return cast(Backend, request.app.state.backend)


def _get_site(request: Request) -> Site:
    return cast(Site, request.app.state.site)


def _parse_as_of(
    as_of: Annotated[
        str | None,
        Query(
            description="Past date, YYYY-MM-DD: answer with what was known at the end of that day.",
            examples=["2024-09-18"],
            json_schema_extra={"format": "date"},
        ),
    ] = None,
) -> date | None:
    return parse_day_parameter(as_of)


def _refuse_as_of(request: Request) -> None:
    if "as_of" in request.query_params:
        raise UsageError(f"{request.scope['path']} has no past versions; leave as_of out")


NO_PAST_DATES = (Depends(_refuse_as_of),)
"""For routes without past versions: a request with ``as_of`` is refused, not answered with later knowledge."""

BackendDep = Annotated[Backend, Depends(_get_backend)]
SiteDep = Annotated[Site, Depends(_get_site)]
AsOfDep = Annotated[date | None, Depends(_parse_as_of)]
