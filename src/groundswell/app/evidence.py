"""Numbers: storing series, and evaluating claims from the series as they were known on a day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from groundswell.app.record.evaluations import record_evaluations
from groundswell.app.record.forecasts import record_forecasts
from groundswell.claims.data_quality import add_impacts, group_by_series
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.register.evidence import add_registration
from groundswell.claims.spec import ClaimSpec
from groundswell.claims.verdict_changes import add_history, explain_change, find_changes
from groundswell.hubs.spec import HubSpec
from groundswell.log import log_program_error
from groundswell.markets.events.fed_decisions import FED_DECISIONS, list_decisions
from groundswell.markets.quality.plausibility import check_book
from groundswell.markets.quality.short_span import list_short_series
from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import (
    DataIssue,
    Evaluation,
    Measure,
    Observation,
    Outcome,
    Series,
    SeriesRef,
    UpstreamKind,
    UpstreamState,
    Verdict,
    VerdictChange,
)
from groundswell.model.upstreams import data_row
from groundswell.ports import Clock
from groundswell.sources.loaded import Loaded
from groundswell.sources.service_issues import find_contradictions, find_service_issues, merge_issues
from groundswell.sources.shipped.interest_rates import ADDRESS as H15_ADDRESS
from groundswell.sources.shipped.interest_rates import SOURCES as H15_SOURCES
from groundswell.sources.shipped.interest_rates import TITLE as H15_TITLE
from groundswell.sources.shipped.load import join_shipped, load_shipped
from groundswell.sources.vintages import join_observations
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import evaluations, observations, quality_checks, registrations, series
from groundswell.storage.upstreams import contradictions, states


@dataclass(frozen=True, eq=False)
class StoredData:
    """The newest load of every series with the later observations of data services, and data issues by series.

    ``version`` differs after each change of the stored data. ``series`` are those that passed the plausibility gate,
    without the rows that it leaves out, and ``joined`` all as they are stored.
    """

    version: tuple[int, int, int]
    joined: SeriesBook
    series: SeriesBook
    found: tuple[DataIssue, ...]
    data_issues: Mapping[str, Sequence[DataIssue]]


@dataclass(frozen=True, slots=True)
class HubEvaluation:
    """The evaluations of a hub as of a day, with the ids of the claims on which the program failed."""

    evaluations: tuple[Evaluation, ...]
    failed: frozenset[str] = frozenset()


class Evidence:
    """The stored series, evaluations of claims as of any day, and the record of past evaluations. Thread-safe."""

    def __init__(
        self,
        store: Store,
        hubs: Sequence[HubSpec],
        clock: Clock,
        shipped: Callable[[], tuple[Series, ...]] = load_shipped,
    ) -> None:
        self._store = store
        self._shipped = shipped
        self._hubs = {hub.slug: hub for hub in hubs}
        self._clock = clock
        self._loading = threading.Lock()
        self._data = StoredData((-1, -1, -1), NOTHING, NOTHING, (), {})
        self._attempt = 0  # grows with each failure, so that the next evaluation is a new one
        self.failed: tuple[str, ...] = ()
        self._cached_evaluations = lru_cache(maxsize=256)(self._evaluate)
        self._cached_recorded = lru_cache(maxsize=64)(self._load_recorded)  # validating the stored bodies is slow
        self._cached_changes = lru_cache(maxsize=4096)(self._read_change)

    def register_shipped(self) -> None:
        """Give the numbers that ship with the program their rows among the sources.

        They are read from the package and not stored: a store of an earlier version has those of this one at once.
        """
        shipped = self._shipped()
        factors = [series for series in shipped if series.ref.measure is Measure.PERIOD_RETURN]
        rates = [series for series in shipped if series.ref in H15_SOURCES]
        table = list_decisions(self._clock().date())
        last = table[-1].announced.isoformat() if table else "none"
        self._save_states(
            _build_state("factors", "Fama-French monthly factors", factors[0].source, len(factors), _describe(factors)),
            _build_state("rates", H15_TITLE, H15_ADDRESS, len(rates), _describe(rates)),
            _build_state(
                "decisions", FED_DECISIONS.title, FED_DECISIONS.source, len(table), f"shipped table, last {last}"
            ),
        )

    def load_folder(self, loaded: Loaded) -> None:
        """Store the series and data issues that were read from a folder."""
        notes = "; ".join((_describe(loaded.series), *(f"{note.file}: {note.text}" for note in loaded.notes)))
        state = _build_state("folder", "Data folder", loaded.folder.name, len(loaded.series), notes)
        now = self._clock()
        by_series = group_by_series(loaded.in_use())
        by_ref = {new.ref: tuple(by_series.get(str(new.ref), ())) for new in loaded.series}
        with self._store.write() as connection:
            series.add_series(connection, loaded.series, now)
            quality_checks.add_checks(connection, by_ref, now)
            states.save_states(connection, [replace(state, last_tried_at=now, last_ok_at=now)])

    def version(self) -> tuple[int, int, int]:
        """Return a version that differs after each change of series, data issues or observations of services."""
        return self._current().version

    def book(self) -> SeriesBook:
        """Return the newest load of every series with the later observations of data services, as claims use it."""
        return self._current().series

    def stored_book(self) -> SeriesBook:
        """Return the same as it is stored, before the plausibility gate."""
        return self._current().joined

    def load_stored_series(self) -> dict[SeriesRef, Series]:
        """Return the newest load of every series with what ships, without what data services sent."""
        with self._store.read() as connection:
            return {one.ref: one for one in join_shipped(self._shipped(), series.load_series(connection))}

    def data_issues(self) -> Mapping[str, Sequence[DataIssue]]:
        """Return the data issues of all stored series, by the name of the series."""
        return self._current().data_issues

    def evaluate(self, slug: str, as_of: date) -> tuple[Evaluation, ...]:
        """Evaluate every claim of a hub from what was known by the end of a day, with its history until then.

        A claim on which the program fails is not measured, with the kind of the error as the reason.
        """
        evaluated = self._evaluate_cached(slug, as_of).evaluations
        with self._store.read() as connection:
            return tuple(self._add_records(connection, slug, evaluated, as_of))

    def record(self, as_of: date, slugs: Iterable[str] | None = None) -> int:
        """Evaluate hubs (None: all) as of a day and record the results; return how many differ from those recorded.

        A claim on which the program fails keeps what is recorded of it. ``failed`` then names it, as HUB/CLAIM. A
        specification that is seen for the first time is registered. With today's evaluation, forecasts open and close.
        """
        slugs = tuple(self._hubs if slugs is None else slugs)
        new: list[Evaluation] = []
        failed: list[str] = []
        for slug in slugs:
            names = self._evaluate_cached(slug, as_of).failed
            new += [evaluation for evaluation in self.evaluate(slug, as_of) if evaluation.id not in names]
            failed += (f"{slug}/{name}" for name in sorted(names))
        self.failed = tuple(failed)
        self._attempt += bool(failed)
        now, data = self._clock(), self._current()
        with self._store.write() as connection:
            hubs = [self._hubs[slug] for slug in slugs]
            added, registered = record_evaluations(connection, hubs, new, data.series, now)
            if as_of == now.date():  # a forecast is made on the day, and not of the past
                record_forecasts(connection, hubs, new, registered, data.series, data_issues=data.data_issues, now=now)
            return added

    def has_recorded_after(self, day: date) -> bool:
        """Whether an evaluation is recorded as of a later day."""
        with self._store.read() as connection:
            return evaluations.has_evaluation_after(connection, day)

    def read_recorded(self, slug: str) -> tuple[Evaluation, ...]:
        """Return the newest recorded evaluation of each claim of a hub; claims never evaluated are left out."""
        with self._store.read() as connection:
            version = evaluations.read_version(connection)
        return self._cached_recorded(slug, version)

    def verdict_changes(self, slug: str, claim: str, until: date) -> tuple[VerdictChange, ...]:
        """Return the recorded changes of a claim's verdict up to and including a day, newest first."""
        with self._store.read() as connection:
            version = evaluations.read_version(connection)
            history = evaluations.read_history(connection, slug, claim, until)
        pairs = reversed(list(find_changes(history)))
        return tuple(self._cached_changes(slug, claim, before.as_of, after.as_of, version) for before, after in pairs)

    def _evaluate_cached(self, slug: str, as_of: date) -> HubEvaluation:
        return self._cached_evaluations(slug, as_of, self._current().version, self._attempt)

    def _evaluate(self, slug: str, as_of: date, _version: tuple[int, int, int], _attempt: int) -> HubEvaluation:
        data, failed = self._current(), set[str]()

        def report_failure(claim: ClaimSpec, error: Exception) -> Evaluation:
            failed.add(claim.id)
            reason = log_program_error(f"{slug}/{claim.id}", error)
            return Evaluation(claim.id, slug, claim.text, Verdict.NOT_MEASURED, reason, as_of)

        claims = self._hubs[slug].claims
        try:
            evaluated = list(evaluate_claims(slug, claims, data.series, as_of, report_failure))
        except Exception as error:
            evaluated = [report_failure(claim, error) for claim in claims]
        for number, claim in enumerate(claims):
            try:
                evaluated[number] = add_impacts(evaluated[number], data.data_issues)
            except Exception as error:
                evaluated[number] = report_failure(claim, error)
        return HubEvaluation(tuple(evaluated), frozenset(failed))

    def _load_recorded(self, slug: str, _version: int) -> tuple[Evaluation, ...]:
        with self._store.read() as connection:
            latest = evaluations.read_latest(connection, slug)
            recorded = [latest[claim.id] for claim in self._hubs[slug].claims if claim.id in latest]
            return tuple(self._add_records(connection, slug, recorded, None))

    def _add_records(
        self, connection: Connection, slug: str, given: Iterable[Evaluation], until: date | None
    ) -> Iterator[Evaluation]:
        """Add the registration of each claim and its verdicts of earlier days, up to ``until`` or its own day."""
        claims = {claim.id: claim for claim in self._hubs[slug].claims}
        registered, book = registrations.read_registrations(connection, slug), self._current().series
        for evaluation in given:
            history = evaluations.read_history(connection, slug, evaluation.id, until or evaluation.as_of)
            claim, registration = claims[evaluation.id], registered.get(evaluation.id)
            yield add_history(add_registration(evaluation, registration, claim, book), history)

    def _read_change(self, slug: str, claim: str, before: date, after: date, _version: int) -> VerdictChange:
        with self._store.read() as connection:
            return explain_change(*(evaluations.read_evaluation(connection, slug, claim, on) for on in (before, after)))

    def _current(self) -> StoredData:
        with self._loading, self._store.read() as connection:
            version = (
                series.read_version(connection),
                observations.read_version(connection),
                quality_checks.read_version(connection) + (contradictions.read_version(connection) << 32),
            )
            if version != self._data.version:
                joined, book, found = self._data.joined, self._data.series, self._data.found
                if version[:2] != self._data.version[:2]:
                    sent = observations.load_observations(connection)
                    joined = _join_series(join_shipped(self._shipped(), series.load_series(connection)), sent)
                    book, found = check_book(joined)
                    found = (*found, *find_service_issues(joined, sent), *list_short_series(book))
                stored = quality_checks.load_issues(connection)
                doubted = find_contradictions(joined, *contradictions.load_record(connection))
                self._data = StoredData(version, joined, book, found, merge_issues(stored, (*found, *doubted)))
            return self._data

    def _save_states(self, *sources: UpstreamState) -> None:
        now = self._clock()
        with self._store.write() as connection:
            states.save_states(connection, [replace(source, last_tried_at=now, last_ok_at=now) for source in sources])


def _join_series(loaded: Iterable[Series], sent: Mapping[SeriesRef, Sequence[Observation]]) -> SeriesBook:
    """Join each series with the observations that services sent of it; some series are only in one of both."""
    by_ref = {series.ref: series for series in loaded}
    series = (join_observations(by_ref.get(ref), sent.get(ref, ())) for ref in {**by_ref, **sent})
    return SeriesBook.of(joined for joined in series if joined is not None)


def _build_state(name: str, title: str, address: str, items: int, detail: str) -> UpstreamState:
    return UpstreamState(
        name=data_row(name),
        kind=UpstreamKind.DATA,
        title=title,
        address=address,
        topic="",
        enabled=True,
        outcome=Outcome.OK,
        detail=detail,
        items=items,
    )


def _describe(loaded: Sequence[Series]) -> str:
    """Write how many series there are, and from when to when."""
    first = min((series.dates[0].item() for series in loaded), default=None)
    last = max((series.last for series in loaded if series.last), default=None)
    return f"{len(loaded)} series, {first} to {last}" if loaded else "no series"
