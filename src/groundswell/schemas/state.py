"""The JSON of the state of the trade, and what all answers are made of."""

# Annotations are evaluated here: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of all answers: made from the attributes of the values behind them."""

    model_config = ConfigDict(from_attributes=True)


class SourceOut(Model):
    series: str
    source: str
    last: dt.date | None


class FigureOut(Model):
    """A figure of a gauge, and the share of ``n`` earlier values, from ``first`` on, that lie below it."""

    name: str
    value: float
    unit: str = Field(description='"return" and "share" are fractions.')
    date: dt.date = Field(description="The day of the value.")
    standing: float | None = Field(description="0 to 1; null with less than a year of earlier values.")
    n: int
    first: dt.date


class DataIssueOut(Model):
    kind: str = Field(examples=["stale value"])
    series: str
    source: str
    first: dt.date
    last: dt.date
    days: list[dt.date] = Field(description="Empty where the whole span from first to last is concerned.")
    size: float | None
    unit: str
    text: str
    action: str = Field(description="What was done about it.", examples=["kept and marked"])
    remedy: str


class GaugeOut(Model):
    id: str
    title: str
    kind: str = Field(description="docs/state.md gives the rule of each kind.")
    phase: str
    phase_before: str = Field(description="The phase five values ago.")
    detail: str
    figures: list[FigureOut] = Field(description="The main figure first.")
    age: int | None = Field(description="Days since the last value where it is stale, else null.")
    sources: list[SourceOut]
    data_issues: list[DataIssueOut] = Field(description="Defects of the data in the two years behind the figure.")


class MissingGaugeOut(Model):
    id: str
    title: str
    reason: str


class ChangeOut(Model):
    text: str
    claim_id: str = Field(description="The claim whose verdict changed; empty for gauges.")


class StateOut(Model):
    """The state of the trade as of ``day``, and what changed after ``since``."""

    day: dt.date
    since: dt.date
    gauges: list[GaugeOut]
    missing: list[MissingGaugeOut]
    changes: list[ChangeOut]
