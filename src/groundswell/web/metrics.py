"""``/metrics``: what a monitor asks every minute, as Prometheus text. Nothing that is not on the status page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from groundswell.model import UpstreamState
from groundswell.pages.models import StatusPage

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def prometheus(page: StatusPage) -> bytes:
    """The status page as metrics; times are seconds since 1970, and one that never was is left out."""
    registry = CollectorRegistry()
    registry.register(_Status(page))
    return generate_latest(registry)


class _Status(Collector):
    def __init__(self, page: StatusPage) -> None:
        self._page = page

    def collect(self) -> Iterator[Metric]:
        """One family for the whole, then those of each source, labelled by its name."""
        page, sources = self._page, [*self._page.feeds, *self._page.data]
        yield GaugeMetricFamily("groundswell_articles_held", "Articles in the store.", page.coverage.articles_held)
        received = page.report.received.articles
        yield GaugeMetricFamily("groundswell_articles_of_day", "Articles that came in the last 24 hours.", received)
        yield GaugeMetricFamily("groundswell_defects", "Defects of the series held.", len(page.data_issues))
        yield _each(CounterMetricFamily, "groundswell_source_items", "Items that a source gave.", _items(sources))
        failures = ((one, float(one.failures)) for one in sources)
        yield _each(GaugeMetricFamily, "groundswell_source_failures", "Failures in a row.", failures)
        failing = ((one, float(one.outcome.failed)) for one in sources)
        yield _each(GaugeMetricFamily, "groundswell_source_failing", "1 where the last try failed.", failing)
        silent = {one.source.name for one in page.report.stalled}
        stalled = ((one, float(one.name in silent)) for one in sources)
        yield _each(
            GaugeMetricFamily, "groundswell_source_quiet", "1 where it fell silent against its rhythm.", stalled
        )
        for name, told, field in _TIMES:
            yield _each(GaugeMetricFamily, f"groundswell_source_{name}_seconds", told, _at(sources, field))


_TIMES = (
    ("last_try", "When a source was last asked.", "last_tried_at"),
    ("last_success", "When a source last answered as it should.", "last_ok_at"),
    ("next_try", "When a source is due.", "next_due_at"),
)

Sample = tuple[UpstreamState, float]


def _each(
    family: type[GaugeMetricFamily] | type[CounterMetricFamily], name: str, told: str, samples: Iterable[Sample]
) -> Metric:
    metric = family(name, told, labels=("source", "kind"))
    for source, value in samples:
        metric.add_metric((source.name, source.kind.value), value)
    return metric


def _items(sources: Iterable[UpstreamState]) -> Iterator[Sample]:
    return ((one, float(one.items)) for one in sources)


def _at(sources: Iterable[UpstreamState], field: str) -> Iterator[Sample]:
    for source in sources:
        at: datetime | None = getattr(source, field)
        if source.enabled and at is not None:
            yield source, at.timestamp()
