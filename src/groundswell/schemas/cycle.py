"""The JSON of how the cycles go: what is stuck, and whether the program is ready."""

# No postponed annotations: FastAPI reads them for the documented schema.
import datetime as dt

from pydantic import Field

from groundswell.pages.status import CycleStatus
from groundswell.schemas.base import Schema, fill_schema


class StuckStepOut(Schema):
    step: str = Field(examples=["evaluation"])
    error: str = Field(description="The kind of the last error; the log has its trace.")
    since: dt.datetime
    failures: int = Field(description="Failures in a row.")
    retry_at: dt.datetime


class CycleOut(Schema):
    """The cycles in which sources are requested and claims evaluated, since the program was started."""

    expected: bool = Field(description="False where feeds and data services are not requested at all.")
    overdue: bool = Field(description="No cycle has been complete for too long.")
    last_cycle_at: dt.datetime | None = Field(description="When a cycle was last complete.")
    last_evaluation_at: dt.datetime | None = Field(description="When all claims were last evaluated.")
    cycle_failures: int = Field(description="Cycles that ended early.")
    stuck: list[StuckStepOut] = Field(description="Steps that failed when last tried.")


class ReadinessOut(Schema):
    ready: bool = Field(description="Pages can be made, cycles are complete in time, and no step is stuck.")
    healthy: bool = Field(description="Pages can be made.")
    cycle: CycleOut


def build_readiness(status: CycleStatus, *, healthy: bool) -> ReadinessOut:
    """Return whether the program is ready, and why not."""
    return ReadinessOut(ready=healthy and status.ready, healthy=healthy, cycle=build_cycle(status))


def build_cycle(status: CycleStatus) -> CycleOut:
    """Return how the cycles go."""
    return fill_schema(CycleOut, status, status.progress)
