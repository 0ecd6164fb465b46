"""The cycle: what is due → ask → record, for as long as the program runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta

from groundswell.app import Groundswell
from groundswell.app.data_services import ServiceRequest
from groundswell.app.ingest import Ingested
from groundswell.errors import GroundswellError
from groundswell.fetch.per_host import ask_round
from groundswell.model import Outcome, UpstreamState
from groundswell.ports import Clock, Retrieved, Retriever
from groundswell.sources.services.update import gives_up

log = logging.getLogger("groundswell")

CYCLE_TIME = timedelta(minutes=1)  # within which a cycle begins requests, however many feeds there are


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one cycle did: feeds asked, those that failed, what they brought, and new values of data services."""

    asked: int = 0
    failed: int = 0
    ingested: Ingested = field(default_factory=Ingested)
    values: int = 0


class Pipeline:
    """Polls due feeds and keeps the evaluations of the day. One cycle at a time; hosts are asked side by side."""

    def __init__(
        self, hubs: Groundswell, retriever: Retriever, clock: Clock, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._hubs = hubs
        self._retriever = retriever
        self._clock = clock
        self._pause = pause
        self._evaluated: date | None = None
        self._hour: datetime | None = None
        self._reported: date | None = None
        self._silent: frozenset[str] = frozenset()

    def run_once(self, stop: threading.Event | None = None) -> Cycle:
        """Ask every feed and data service that is due, store what came, mend stories in the first cycle of an hour, and
        evaluate the claims if the day or a value is a new one."""
        cycle = Cycle()
        stop = stop or threading.Event()
        for state, retrieved in self._asked(self._hubs.subscriptions.due(self._clock()), stop):
            ingested = self._hubs.subscriptions.take(state, retrieved, self._clock())
            if retrieved.outcome.failed:
                fields = {"source": state.name, "outcome": retrieved.outcome.value, "failures": state.failures + 1}
                log.warning("%s: %s, %s", state.name, retrieved.outcome, retrieved.detail, extra={"fields": fields})
            cycle = Cycle(cycle.asked + 1, cycle.failed + retrieved.outcome.failed, cycle.ingested + ingested)
        self._hourly()
        cycle = replace(cycle, values=self._numbers(stop))
        self._evaluate(anew=cycle.values > 0)
        return cycle

    def run(self, stop: threading.Event, seconds: float) -> None:
        """Run cycles until ``stop`` is set. A cycle that breaks off is logged, and the next one tried.

        What an owner can mend (a full disk) is a line in the log; a fault of the program comes with its trace.
        """
        while not stop.is_set():
            try:
                cycle = self.run_once(stop)
            except GroundswellError as error:
                log.error("a cycle broke off: %s. The next one is tried in %s seconds", error, seconds)
            except Exception:
                log.exception("a cycle broke off; the next one is tried in %s seconds", seconds)
            else:
                if cycle.asked:
                    log.info(
                        "asked %d feeds (%d failed): %d new articles, %d of them tagged",
                        cycle.asked,
                        cycle.failed,
                        cycle.ingested.new,
                        cycle.ingested.tagged,
                        extra={"fields": {"asked": cycle.asked, "failed": cycle.failed, **asdict(cycle.ingested)}},
                    )
                if cycle.values:
                    log.info("data services brought %d new values", cycle.values)
            stop.wait(seconds)

    def _hourly(self) -> None:
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        if self._hour != hour:
            self._hubs.flush_stories()
            self._report(hour.date())
            self._hour = hour

    def _report(self, today: date) -> None:
        """Warn of each source that fell silent since the last look; once a day tell what came in."""
        report = self._hubs.day_report()
        for one in report.stalled:
            if one.source.name not in self._silent:
                fields = {"source": one.source.name, "since": one.silence.since.isoformat()}
                words = "%s: nothing new since %s; the longest pause before was %s"
                log.warning(words, one.source.name, fields["since"], one.silence.pause, extra={"fields": fields})
        self._silent = frozenset(one.source.name for one in report.stalled)
        if self._reported != today:
            counts = {"failing": len(report.failing), "quiet": len(report.stalled), **asdict(report.received)}
            words = "the last 24 hours: %d new articles, %d new values; sources failing: %d, fallen silent: %d"
            told = (report.received.articles, report.received.values, len(report.failing), len(report.stalled))
            log.info(words, *told, extra={"fields": counts})
            self._reported = today

    def _numbers(self, stop: threading.Event) -> int:
        """Ask the data services that are due; answers how many values are new. One that refuses is asked no further."""
        refused: set[str] = set()

        def ask(service_request: ServiceRequest) -> Retrieved:
            if service_request.state.name in refused:
                return Retrieved(Outcome.REFUSED, "not asked after the failure before")
            retrieved = self._retriever.retrieve(service_request.request.address, None, None)
            if gives_up(retrieved):
                refused.add(service_request.state.name)
            return retrieved

        requests_due = self._hubs.live.due(self._clock())
        wanted = [(service_request.request.address, service_request) for service_request in requests_due]
        answers = list(ask_round(wanted, ask, self._pause, self._until(stop)))
        return self._hubs.live.take(requests_due, answers, self._clock())

    def _evaluate(self, *, anew: bool) -> None:
        today = self._clock().date()
        if anew or self._evaluated != today:
            self._hubs.evidence.record(today)
            self._evaluated = today

    def _asked(self, due: list[UpstreamState], stop: threading.Event) -> Iterator[tuple[UpstreamState, Retrieved]]:
        """Each due feed with what came back, as it comes.

        After a minute nothing more is begun: what is left stays due, and being longest overdue comes first the next
        time.
        """
        wanted = [(state.asked_at, state) for state in due]
        return ask_round(wanted, self._ask, self._pause, self._until(stop))

    def _until(self, stop: threading.Event) -> Callable[[], bool]:
        """Says no once it is to stop, or a minute is over."""
        end = self._clock() + CYCLE_TIME
        return lambda: not stop.is_set() and self._clock() < end

    def _ask(self, state: UpstreamState) -> Retrieved:
        return self._retriever.retrieve(state.asked_at, *state.validators(self._clock()))
