"""The data services there are, in the order in which a series that several have is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from groundswell.errors import BadInputError
from groundswell.sources.services.base import DataService
from groundswell.sources.services.fomc import Fomc
from groundswell.sources.services.fred import Fred, FredApi
from groundswell.sources.services.ishares import IShares
from groundswell.sources.services.newyorkfed import NewYorkFed
from groundswell.sources.services.sec import Sec
from groundswell.sources.services.tiingo import Tiingo
from groundswell.sources.services.treasury import Treasury
from groundswell.sources.services.yahoo import Yahoo


@dataclass(frozen=True, slots=True)
class Keys:
    """The owner's keys and contact; without them FRED is read as files, and Tiingo and the SEC are not asked."""

    fred: str = field(default="", repr=False)
    tiingo: str = field(default="", repr=False)
    contact: str = ""


SERVICES: Mapping[str, Callable[..., DataService]] = MappingProxyType(
    {
        "treasury": lambda _keys, **base: Treasury(**base),
        "newyorkfed": lambda _keys, **base: NewYorkFed(**base),
        "fomc": lambda _keys, **base: Fomc(**base),
        "fred": lambda keys, **base: FredApi(key=keys.fred, **base) if keys.fred else Fred(**base),
        "tiingo": lambda keys, **base: Tiingo(key=keys.tiingo, **base),
        "yahoo": lambda _keys, **base: Yahoo(**base),
        "ishares": lambda _keys, **base: IShares(**base),
        "sec": lambda keys, **base: Sec(contact=keys.contact, **base),
    }
)


def live_sources(names: Collection[str], addresses: Mapping[str, str], keys: Keys = Keys()) -> tuple[DataService, ...]:
    """The services of these names; ``addresses`` gives other base addresses than their own.

    Raises ``BadInputError`` for a name that none has.
    """
    unknown = sorted({*names, *addresses} - set(SERVICES))
    if unknown:
        raise BadInputError(f"there is no data service {unknown[0]!r}; there are {', '.join(SERVICES)}")
    based = {name: {"base": address.rstrip("/")} for name, address in addresses.items()}
    return tuple(make(keys, **based.get(name, {})) for name, make in SERVICES.items() if name in names)
