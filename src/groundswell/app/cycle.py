"""The cycle of the running program: request what is due, store the answers, evaluate; until stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from groundswell.app import Groundswell
from groundswell.app.data_services import ServiceRequest
from groundswell.errors import GroundswellError
from groundswell.fetch.per_host import request_in_parallel
from groundswell.model import Ingested, Outcome, UpstreamState
from groundswell.ports import Clock, Retrieved, Retriever
from groundswell.sources.services.update import gives_up

log = logging.getLogger("groundswell")

MAX_REQUEST_TIME = timedelta(minutes=1)  # a cycle starts no request later than this, however many feeds are due


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What a cycle did: feeds requested, how many of them failed, what they brought, new values of data services."""

    requested: int = 0
    failed: int = 0
    ingested: Ingested = field(default_factory=Ingested)
    values: int = 0


class CycleRunner:
    """Runs cycles one after the other; within a cycle, hosts are requested in parallel."""

    def __init__(
        self,
        groundswell: Groundswell,
        retriever: Retriever,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._groundswell = groundswell
        self._retriever = retriever
        self._clock = clock
        self._pause = pause
        self._evaluated_day: date | None = None
        self._repaired_hour: datetime | None = None
        self._reported_day: date | None = None
        self._stalled: frozenset[str] = frozenset()

    def run_once(self, stop: threading.Event | None = None) -> CycleReport:
        """Request every due feed and data service, store the answers, and evaluate the claims on a new day or value.

        The first cycle of an hour also repairs stories and looks for stalled sources.
        """
        stop = stop or threading.Event()
        requested, failed, ingested = 0, 0, Ingested()
        due = [(state.request_address, state) for state in self._groundswell.due_feeds()]
        for state, retrieved in request_in_parallel(due, self._request_feed, self._pause, self._make_deadline(stop)):
            requested += 1
            failed += retrieved.outcome.failed
            ingested += self._groundswell.take_feed(state, retrieved)
            if retrieved.outcome.failed:
                fields = {"source": state.name, "outcome": retrieved.outcome.value, "failures": state.failures + 1}
                log.warning("%s: %s, %s", state.name, retrieved.outcome, retrieved.detail, extra={"fields": fields})
        self._run_hourly()
        values = self._request_services(stop)
        self._evaluate(new_values=values > 0)
        return CycleReport(requested, failed, ingested, values)

    def run(self, stop: threading.Event, seconds: float) -> None:
        """Run cycles until ``stop`` is set, ``seconds`` apart. A cycle that fails is logged, and the next one is tried.

        A failure that an owner can fix (a full disk) is one line in the log; an error of the program has its trace.
        """
        while not stop.is_set():
            try:
                report = self.run_once(stop)
            except GroundswellError as error:
                log.error("cycle failed: %s. Retrying in %s seconds", error, seconds)
            except Exception:
                log.exception("cycle failed. Retrying in %s seconds", seconds)
            else:
                _log_report(report)
            stop.wait(seconds)

    def _request_feed(self, state: UpstreamState) -> Retrieved:
        return self._retriever.retrieve(state.request_address, *state.validators(self._clock()))

    def _make_deadline(self, stop: threading.Event) -> Callable[[], bool]:
        """Return whether further requests may start. Feeds left over stay due, and come first in the next cycle."""
        end = self._clock() + MAX_REQUEST_TIME
        return lambda: not stop.is_set() and self._clock() < end

    def _request_services(self, stop: threading.Event) -> int:
        """Request the due data services; return how many values are new. One that refuses is not requested further."""
        refused: set[str] = set()

        def request(service_request: ServiceRequest) -> Retrieved:
            if service_request.state.name in refused:
                return Retrieved(Outcome.REFUSED, "not asked after the failure before")
            retrieved = self._retriever.retrieve(service_request.request.address, None, None)
            if gives_up(retrieved):
                refused.add(service_request.state.name)
            return retrieved

        due = self._groundswell.due_requests()
        by_address = [(service_request.request.address, service_request) for service_request in due]
        answers = list(request_in_parallel(by_address, request, self._pause, self._make_deadline(stop)))
        return self._groundswell.take_answers(due, answers)

    def _evaluate(self, *, new_values: bool) -> None:
        today = self._clock().date()
        if new_values or self._evaluated_day != today:
            self._groundswell.record(today)
            self._evaluated_day = today

    def _run_hourly(self) -> None:
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        if self._repaired_hour != hour:
            self._groundswell.flush_stories()
            self._log_day_report(hour.date())
            self._repaired_hour = hour

    def _log_day_report(self, today: date) -> None:
        """Warn of each source that stalled since the last look; once a day log what the last 24 hours brought."""
        report = self._groundswell.day_report()
        for stalled in report.stalled:
            name, stall = stalled.source.name, stalled.stall
            if name not in self._stalled:
                fields = {"source": name, "since": stall.since.isoformat()}
                words = "%s: nothing new since %s; the longest gap before was %s"
                log.warning(words, name, fields["since"], stall.pause, extra={"fields": fields})
        self._stalled = frozenset(stalled.source.name for stalled in report.stalled)
        if self._reported_day != today:
            counts = {"failing": len(report.failing), "stalled": len(report.stalled), **asdict(report.received)}
            words = "last 24 hours: %d new articles, %d new values; sources failing: %d, stalled: %d"
            numbers = (report.received.articles, report.received.values, counts["failing"], counts["stalled"])
            log.info(words, *numbers, extra={"fields": counts})
            self._reported_day = today


def _log_report(report: CycleReport) -> None:
    if report.requested:
        log.info(
            "requested %d feeds (%d failed): %d new articles, %d of them tagged",
            report.requested,
            report.failed,
            report.ingested.new,
            report.ingested.tagged,
            extra={"fields": {"requested": report.requested, "failed": report.failed, **asdict(report.ingested)}},
        )
    if report.values:
        log.info("data services sent %d new values", report.values)
