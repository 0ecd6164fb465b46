"""``/metrics``: the numbers of the status page for a monitor, in the text format of Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool

from groundswell.model import UpstreamState
from groundswell.pages.models import StatusPage
from groundswell.pages.status import CycleStatus

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SECONDS_KEPT = 1.0


class MetricsPage:
    """The metrics, made by one request at a time and kept for a second.

    No limit counts what monitoring asks, so this bounds what it costs.
    """

    def __init__(self, read: Callable[[], StatusPage], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = asyncio.Lock()
        self._made_at = -SECONDS_KEPT
        self._text = b""

    async def get(self) -> bytes:
        """Return the metrics as they were within the last second."""
        async with self._lock:
            now = self._clock()
            if now - self._made_at >= SECONDS_KEPT:
                self._text = await run_in_threadpool(lambda: write_metrics(self._read()))
                self._made_at = now
            return self._text


def write_metrics(page: StatusPage) -> bytes:
    """Write the status page as metrics. Times are Unix timestamps; a time that does not exist is left out."""
    registry = CollectorRegistry()
    registry.register(_StatusCollector(page))
    return generate_latest(registry)


class _StatusCollector(Collector):
    def __init__(self, page: StatusPage) -> None:
        self._page = page

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of the whole program, then those of each source, labelled with its name and kind."""
        page, sources = self._page, [*self._page.feeds, *self._page.data]
        stored, received = page.coverage.articles_stored, page.report.received.articles
        yield GaugeMetricFamily("groundswell_articles_stored", "Articles in the store.", stored)
        yield GaugeMetricFamily(
            "groundswell_articles_received_last_day", "Articles received in the last 24 hours.", received
        )
        yield GaugeMetricFamily("groundswell_data_issues", "Data issues of the stored series.", len(page.data_issues))
        yield from _list_cycle_metrics(page.cycle)
        items = ((source, float(source.items)) for source in sources)
        yield _build_metric(CounterMetricFamily, "groundswell_source_items", "Items received from a source.", items)
        failures = ((source, float(source.failures)) for source in sources)
        yield _build_metric(
            GaugeMetricFamily, "groundswell_source_consecutive_failures", "Failed requests in a row.", failures
        )
        failing = ((source, float(source.outcome.failed)) for source in sources)
        yield _build_metric(GaugeMetricFamily, "groundswell_source_failing", "1 if the last request failed.", failing)
        stalled_names = {stalled.source.name for stalled in page.report.stalled}
        stalled = ((source, float(source.name in stalled_names)) for source in sources)
        yield _build_metric(
            GaugeMetricFamily,
            "groundswell_source_stalled",
            "1 if nothing new has appeared for much longer than usual for the source.",
            stalled,
        )
        for name, text, field in _TIMES:
            full_name = f"groundswell_source_{name}_timestamp_seconds"
            yield _build_metric(GaugeMetricFamily, full_name, text, _read_times(sources, field))


def _list_cycle_metrics(status: CycleStatus) -> Iterator[Metric]:
    progress = status.progress
    yield GaugeMetricFamily("groundswell_cycle_overdue", "1 if no cycle was complete for too long.", status.overdue)
    yield CounterMetricFamily("groundswell_cycle_failures", "Cycles that ended early.", progress.cycle_failures)
    for name, text, at in (
        ("cycle", "Time at which a cycle was last complete.", progress.last_cycle_at),
        ("evaluation", "Time at which all claims were last evaluated.", progress.last_evaluation_at),
    ):
        if at is not None:
            yield GaugeMetricFamily(f"groundswell_last_{name}_timestamp_seconds", text, at.timestamp())
    stuck = GaugeMetricFamily("groundswell_step_consecutive_failures", "Failures of a step in a row.", labels=("step",))
    for step in progress.stuck:
        stuck.add_metric((step.step,), step.failures)
    yield stuck


_TIMES = (
    ("last_try", "Time of the last request to a source.", "last_tried_at"),
    ("last_success", "Time of the last successful request to a source.", "last_ok_at"),
    ("next_try", "Time at which the next request is due.", "next_due_at"),
)

Sample = tuple[UpstreamState, float]


def _build_metric(
    family: type[GaugeMetricFamily] | type[CounterMetricFamily], name: str, text: str, samples: Iterable[Sample]
) -> Metric:
    metric = family(name, text, labels=("source", "kind"))
    for source, value in samples:
        metric.add_metric((source.name, source.kind.value), value)
    return metric


def _read_times(sources: Iterable[UpstreamState], field: str) -> Iterator[Sample]:
    for source in sources:
        time: datetime | None = getattr(source, field)
        if source.enabled and time is not None:
            yield source, time.timestamp()
