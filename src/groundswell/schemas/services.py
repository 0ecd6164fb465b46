"""The JSON of the chains of series, and of trying the data services."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt
from collections.abc import Iterable

from pydantic import Field

from groundswell.pages.status import ChainLink, SeriesChain, ServiceProbe
from groundswell.schemas.base import Schema, fill_schema


class ChainLinkOut(Schema):
    """A service in the chain of a series, and its last answer for it."""

    service: str = Field(examples=["treasury"])
    title: str
    is_on: bool = Field(description="Whether it can be asked; one that is off, or has no key, is passed over.")
    serves: bool = Field(description="Whether the values that are added now are those of this service.")
    outcome: str
    detail: str
    tried_at: dt.datetime | None
    due_at: dt.datetime | None = Field(description="When it is asked for the series again, if it is its turn then.")
    first: dt.date | None = Field(description="The first day that it sent.")
    last: dt.date | None
    short: bool = Field(description="Whether it leaves out years with which the series ought to begin.")


class ChainOut(Schema):
    id: str
    measure: str
    services: list[ChainLinkOut] = Field(description="In the order in which they are asked.")


class ServiceProbeOut(Schema):
    """The result of trying a data service: of requests that stored nothing."""

    service: str
    title: str
    series: list[str] = Field(description="The series that it was asked for; empty if it was not asked.")
    outcome: str
    detail: str
    values: int
    first: dt.date | None
    last: dt.date | None
    seconds: float


class ServiceProbes(Schema):
    data_services: list[ServiceProbeOut]


def build_chains(chains: Iterable[SeriesChain]) -> list[ChainOut]:
    """Return the chains of series with the last answers of their services."""
    return [
        ChainOut(id=chain.id, measure=chain.measure, services=[_build_link(link) for link in chain.links])
        for chain in chains
    ]


def build_service_probes(probes: Iterable[ServiceProbe]) -> ServiceProbes:
    """Return the results of trying data services."""
    return ServiceProbes(data_services=[fill_schema(ServiceProbeOut, probe) for probe in probes])


def _build_link(link: ChainLink) -> ChainLinkOut:
    if link.answer is not None:
        return fill_schema(ChainLinkOut, link, link.answer)
    empty = {"outcome": "not tried yet", "detail": "", "tried_at": None, "due_at": None}
    return fill_schema(ChainLinkOut, link, first=None, last=None, short=False, **empty)
