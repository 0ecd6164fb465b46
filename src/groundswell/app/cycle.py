"""The cycle of the running program: request what is due, store the answers, evaluate; until stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from groundswell.app import Groundswell
from groundswell.app.heartbeat import StepError
from groundswell.app.service_requests import ServiceRequest, ServiceRequests
from groundswell.errors import GroundswellError, StoreClosedError, StoreError
from groundswell.fetch.per_host import request_in_parallel
from groundswell.model import Ingested, Outcome, UpstreamState
from groundswell.model.cycle_progress import CYCLE_STEP
from groundswell.ports import Clock, Retrieved, Retriever
from groundswell.sources.services.batches import list_rest
from groundswell.wording.plurals import write_first_names

log = logging.getLogger("groundswell")

FEEDS_STEP, STORIES_STEP, REPORT_STEP, SERVICES_STEP = "feeds", "stories", "daily report", "data services"
EVALUATION_STEP = "evaluation"

Job = TypeVar("Job")

MAX_SLOWDOWN = 10
"""Cycles that fail are at most this many times as far apart as usual."""

MAX_SERVICES_OF_CHAIN = 5
"""So many services of one chain are asked in a cycle, one after the other."""

MAX_REQUEST_TIME = timedelta(minutes=1)  # a cycle starts no request later than this, however many feeds are due


@dataclass(slots=True)
class CycleReport:
    """What a cycle did: feeds requested, how many of them failed, what they brought, new values of data services.

    The steps of the cycle fill it in.
    """

    requested: int = 0
    failed: int = 0
    ingested: Ingested = field(default_factory=Ingested)
    values: int = 0


MIN_FEEDS_WITHOUT_NETWORK = 3
"""If at least so many feeds were requested and none could be reached, the network is missing and not the feeds."""


class CycleRunner:
    """Runs cycles one after the other; within a cycle, hosts are requested in parallel.

    Each step of a cycle stands alone: one that fails is logged, shown as stuck and tried again later, and the others
    go on. Only a store that cannot be written ends the cycle.
    """

    def __init__(
        self,
        groundswell: Groundswell,
        retriever: Retriever,
        clock: Clock,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._groundswell = groundswell
        self._heartbeat = groundswell.heartbeat()
        self._retriever = retriever
        self._clock = clock
        self._pause = pause
        self._evaluated_day: date | None = None
        self._repaired_hour: datetime | None = None
        self._reported_hour: datetime | None = None
        self._reported_day: date | None = None
        self._stalled: frozenset[str] = frozenset()
        self._has_network = True

    def run_once(self, stop: threading.Event | None = None) -> CycleReport:
        """Request every due feed and data service, store the answers, and evaluate the claims on a new day or value.

        The first cycle of an hour also repairs stories and looks for stalled sources. Raises ``StoreError``, and
        nothing else.
        """
        stop = stop or threading.Event()
        report = CycleReport()
        steps: tuple[tuple[str, Callable[[], None]], ...] = (
            (FEEDS_STEP, lambda: self._request_feeds(report, stop)),
            (STORIES_STEP, self._flush_stories),
            (REPORT_STEP, self._report_hourly),
            (SERVICES_STEP, lambda: self._request_services(report, stop)),
            (EVALUATION_STEP, lambda: self._evaluate(report)),
        )
        for name, task in steps:
            if not stop.is_set():
                self._heartbeat.run_step(name, task, (StoreError,))
        if not stop.is_set():
            self._heartbeat.complete_cycle()
        return report

    def run(self, stop: threading.Event, seconds: float) -> None:
        """Run cycles until ``stop`` is set, ``seconds`` apart. A cycle that fails is logged, and the next one is tried.

        A failure that an owner can fix (a full disk) is one line in the log; an error of the program has its trace.
        After several failures in a row the cycles are up to ten times as far apart.
        """
        while not stop.is_set():
            wait = seconds
            try:
                report = self.run_once(stop)
            except StoreClosedError:
                return
            except Exception as error:
                failures = self._heartbeat.record_failure(CYCLE_STEP, type(error).__name__)
                wait = seconds * min(2 ** min(failures - 1, 10), MAX_SLOWDOWN)
                trace = None if isinstance(error, GroundswellError) else error
                log.error("cycle failed: %s. Retrying in %s seconds", error, wait, exc_info=trace)
            else:
                self._heartbeat.clear(CYCLE_STEP)
                if self._has_network or report.failed < report.requested:
                    _log_report(report)
            stop.wait(wait)

    def _request_feeds(self, report: CycleReport, stop: threading.Event) -> None:
        """Request the due feeds and store what each brings; those that failed at the last request come last."""
        due = sorted(self._groundswell.due_feeds(), key=lambda state: state.failures > 0)
        jobs = [(state.request_address, state) for state in due]
        failed: list[tuple[UpstreamState, Retrieved]] = []
        for state, retrieved in self._request(jobs, self._request_feed, stop):
            report.requested += 1
            report.failed += retrieved.outcome.failed
            report.ingested += self._groundswell.take_feed(state, retrieved)
            if retrieved.outcome.failed:
                failed.append((state, retrieved))
        self._log_failures(report.requested, failed)

    def _log_failures(self, requested: int, failed: Sequence[tuple[UpstreamState, Retrieved]]) -> None:
        """Log each feed that failed; where none of several could be reached, once that there is no network.

        Until a feed is reached again nothing more is logged of those that are unreachable.
        """
        unreachable = sum(retrieved.outcome is Outcome.UNREACHABLE for _, retrieved in failed)
        if not requested or (unreachable == requested and not self._has_network):
            return
        if unreachable == requested >= MIN_FEEDS_WITHOUT_NETWORK:
            counts = {"requested": requested, "failed": unreachable}
            log.warning("%d of %d feeds unreachable: no network", unreachable, requested, extra={"fields": counts})
            self._has_network = False
            return
        self._has_network = True
        for state, retrieved in failed:
            fields = {"source": state.name, "outcome": retrieved.outcome.value, "failures": state.failures + 1}
            log.warning("%s: %s, %s", state.name, retrieved.outcome, retrieved.detail, extra={"fields": fields})

    def _request_feed(self, state: UpstreamState) -> Retrieved:
        return self._retriever.retrieve(state.request_address, *state.validators(self._clock()))

    def _request(
        self,
        jobs: Iterable[tuple[str, Job]],
        request: Callable[[Job], Retrieved],
        stop: threading.Event,
        has_room: Callable[[], bool] = lambda: True,
    ) -> Iterator[tuple[Job, Retrieved]]:
        """Request in parallel. What was not begun within a minute stays due, and comes first in the next cycle."""
        end = self._clock() + MAX_REQUEST_TIME
        return request_in_parallel(
            jobs, request, self._pause or stop.wait, lambda: self._clock() < end and has_room(), stop
        )

    def _request_services(self, report: CycleReport, stop: threading.Event) -> None:
        """Request the due data services and store their values; for what one failed to send, ask the next at once."""
        requests = ServiceRequests(self._retriever)
        for _ in range(MAX_SERVICES_OF_CHAIN):
            due = requests.select_new(self._groundswell.due_requests())
            sent, answers = list(due), list[tuple[ServiceRequest, Retrieved]]()
            while due and not stop.is_set():
                by_address = [(service_request.request.address, service_request) for service_request in due]
                received = list(self._request(by_address, requests.retrieve, stop, requests.has_room))
                # A batch that is begun is finished: its answers are of no use without the others.
                begun = list_rest([sent.request for sent in due], [sent.request for sent, _ in received])
                received += self._request([by_address[place] for place in begun], requests.retrieve, stop)
                answered = requests.list_answered(received)
                answers += answered
                due = requests.select_new(list(requests.follow(answered))) if len(received) == len(due) else []
                sent += due
            if not sent or stop.is_set():
                return
            report.values += self._groundswell.take_answers(sent, answers)
            if len(answers) < len(sent):
                return

    def _evaluate(self, report: CycleReport) -> None:
        """Evaluate all claims on a new day or after new values; if some cannot be, again at the next try."""
        today = self._clock().date()
        if report.values:
            self._evaluated_day = None
        if self._evaluated_day != today:
            self._groundswell.record(today)
            if failed := self._groundswell.failed_claims():
                raise StepError(f"the program failed on {write_first_names(failed, 3)}")
            self._evaluated_day = today

    def _flush_stories(self) -> None:
        hour = self._hour()
        if self._repaired_hour != hour:
            self._groundswell.flush_stories()
            self._repaired_hour = hour

    def _report_hourly(self) -> None:
        hour = self._hour()
        if self._reported_hour != hour:
            self._log_day_report(hour.date())
            self._reported_hour = hour

    def _hour(self) -> datetime:
        return self._clock().replace(minute=0, second=0, microsecond=0)

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
