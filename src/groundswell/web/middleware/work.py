"""What a request costs: which ones take long, and the work that was done for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Scope

from groundswell.schemas.addresses import API_PREFIX, MONITORING_PATHS, STATIC_ROOT

UNIT_SECONDS = 0.05
"""The work that counts as much as one simple request."""
ANSWERED_FROM_KEPT = 0.1
"""What a request counts for which nothing was made: its answer was kept, is a file, or is short by nature."""
MAX_UNITS = 100.0
"""The most that one request counts: others may have slowed it down."""

LONG_LIST = 100
PAST_PARAMETER = "as_of"
_HEAVY_PARAMETERS = frozenset({PAST_PARAMETER, "before", "cursor"})
_HEAVY_PATHS = re.compile(
    rf".*\.(?:png|csv|zip|vl\.json)"  # pictures and downloads
    rf"|(?:{API_PREFIX})?/search|{API_PREFIX}/(?:stories|articles)|/hubs/[^/]+/stories"
    rf"|/feed\.(?:atom|json)|/sitemaps/.*|{API_PREFIX}/series(?:/.*)?"
)
_SCOPE_KEY = "groundswell.work"


@dataclass(slots=True)
class Work:
    """The work that was done for a request of a client."""

    client: str = ""
    seconds: float | None = None  # None while nothing was made

    @property
    def units(self) -> float:
        """What the request counts: one for a simple page, more for one that takes longer, little for a kept one."""
        if self.seconds is None:
            return ANSWERED_FROM_KEPT
        return min(max(1.0, self.seconds / UNIT_SECONDS), MAX_UNITS)


def attach_work(scope: Scope, work: Work) -> Scope:
    """Return the scope of a request with the account of its work."""
    return {**scope, _SCOPE_KEY: work}


def find_work(scope: Scope) -> Work:
    """Return the account of a request's work; a new one where nobody counts."""
    work = scope.get(_SCOPE_KEY)
    return work if isinstance(work, Work) else Work()


def is_free(path: str) -> bool:
    """Whether nothing is made for a path: files of the site, and what the owner's monitoring asks."""
    return path.startswith(STATIC_ROOT) or path in MONITORING_PATHS


def is_heavy(path: str, query: str) -> bool:
    """Whether the answer may take long: it evaluates claims, searches, draws, or lists much."""
    if _HEAVY_PATHS.fullmatch(path):
        return True
    return any(name in _HEAVY_PARAMETERS or (name == "limit" and _is_long(value)) for name, value in parse_qsl(query))


def is_past(query: str) -> bool:
    """Whether a page as of a past date is asked for: it evaluates all claims, which takes longest of all."""
    return any(name == PAST_PARAMETER for name, _ in parse_qsl(query, keep_blank_values=True))


def _is_long(limit: str) -> bool:
    return not (limit.isascii() and limit.isdigit() and len(limit) < 9 and int(limit) < LONG_LIST)
