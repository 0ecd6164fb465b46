"""The JSON of the state of the trade."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import Field

from groundswell.hubs.gauges.gauge import Gauge
from groundswell.hubs.gauges.state import HubState
from groundswell.schemas.base import Schema, fill_schema
from groundswell.schemas.claims import SeriesUseOut
from groundswell.schemas.data import DataIssueOut


class FigureOut(Schema):
    """A figure of a gauge, and the share of ``n`` earlier values, from ``first`` on, that lie below it."""

    name: str
    value: float
    unit: str = Field(description='"return" and "share" are fractions.')
    date: dt.date = Field(description="The day of the value.")
    standing: float | None = Field(description="0 to 1; null with less than a year of earlier values.")
    n: int
    first: dt.date


class GaugeOut(Schema):
    id: str
    title: str
    kind: str = Field(description="docs/state.md gives the rule of each kind.")
    phase: str
    phase_before: str = Field(description="The phase five values ago.")
    detail: str
    figures: list[FigureOut] = Field(description="The main figure first.")
    age: int | None = Field(description="Days since the last value where it is stale, else null.")
    sources: list[SeriesUseOut]
    data_issues: list[DataIssueOut] = Field(description="Data issues in the two years behind the figure.")


class MissingGaugeOut(Schema):
    """A gauge without a figure, and why."""

    id: str
    title: str
    reason: str


class ChangeOut(Schema):
    text: str
    claim: str = Field(description="The claim whose verdict changed; empty for gauges.")


class StateOut(Schema):
    """The state of the trade as of ``day``, and what changed after ``since``."""

    day: dt.date
    since: dt.date
    gauges: list[GaugeOut]
    missing: list[MissingGaugeOut]
    changes: list[ChangeOut]


def build_hub_state(value: HubState) -> StateOut:
    """Return the state of the trade."""
    missing = [fill_schema(MissingGaugeOut, gauge.spec, reason=gauge.reason) for gauge in value.missing]
    changes = [fill_schema(ChangeOut, change, claim=change.claim_id) for change in value.changes]
    gauges = [_build_gauge(gauge) for gauge in value.gauges]
    return fill_schema(StateOut, value, gauges=gauges, missing=missing, changes=changes)


def _build_gauge(gauge: Gauge) -> GaugeOut:
    return fill_schema(GaugeOut, gauge, gauge.spec)
