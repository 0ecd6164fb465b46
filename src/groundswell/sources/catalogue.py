"""The data services there are, in the order in which a series that several have is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from groundswell.errors import BadInputError
from groundswell.sources.answers import LiveSource
from groundswell.sources.treasury import Treasury

Made = Callable[..., LiveSource]

SERVICES: dict[str, Made] = {"treasury": Treasury}


def live_sources(names: Collection[str], addresses: Mapping[str, str]) -> tuple[LiveSource, ...]:
    """The services of these names; ``addresses`` gives other base addresses than their own.

    Raises ``BadInputError`` for a name that none has.
    """
    unknown = sorted({*names, *addresses} - set(SERVICES))
    if unknown:
        raise BadInputError(f"there is no data service {unknown[0]!r}; there are {', '.join(SERVICES)}")
    return tuple(make(**_base(name, addresses)) for name, make in SERVICES.items() if name in names)


def _base(name: str, addresses: Mapping[str, str]) -> dict[str, str]:
    return {"base": addresses[name].rstrip("/")} if name in addresses else {}
