"""The numbers: loading series into the store, and evaluating claims from what was known on a day."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from groundswell.claims.data_quality import add_impacts
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.verdict_changes import turns, verdict_change
from groundswell.hubs.spec import HubSpec
from groundswell.markets.events.fed_decisions import SOURCE, TITLE, decisions
from groundswell.markets.series.book import SeriesBook
from groundswell.model import (
    DataIssue,
    Evaluation,
    Observation,
    Outcome,
    Series,
    SeriesRef,
    UpstreamKind,
    UpstreamState,
    VerdictAt,
    VerdictChange,
)
from groundswell.ports import Clock
from groundswell.sources.folder import Loaded
from groundswell.sources.french import load_french
from groundswell.sources.vintages import joined
from groundswell.storage.engine.store import Store
from groundswell.storage.evidence import evaluations, observations, quality_checks, series
from groundswell.storage.upstreams import states


@dataclass(frozen=True, eq=False)
class Book:
    """The stored series in their newest load with what arrived since, their defects by name, and the version of it."""

    version: tuple[int, int, int]
    series: SeriesBook
    data_issues: Mapping[str, Sequence[DataIssue]]


class Evidence:
    """What is measured: the stored series as a book, and evaluations as of any day, with the ledger of past ones."""

    def __init__(self, store: Store, hubs: Sequence[HubSpec], clock: Clock) -> None:
        self._store = store
        self._hubs = {hub.slug: hub for hub in hubs}
        self._clock = clock
        self._loading = threading.Lock()
        self._book = Book((0, 0, 0), SeriesBook.of(()), {})
        self._evaluated = lru_cache(maxsize=256)(self._evaluate)
        self._recorded = lru_cache(maxsize=64)(self._read_recorded)  # to read and check the whole body takes long
        self._flip = lru_cache(maxsize=4096)(self._read_flip)

    def load_shipped(self) -> None:
        """Store what comes with the program: the Fama-French factors. The decisions are a table in the package."""
        factors, table = load_french(), decisions(self._clock().date())
        last = table[-1].announced.isoformat() if table else "none"
        self._keep(
            factors,
            (),
            _source("factors", "Fama-French monthly factors", factors[0].source, len(factors), _span(factors)),
            _source("decisions", TITLE, SOURCE, len(table), f"shipped table, last {last}"),
        )

    def load_folder(self, loaded: Loaded) -> None:
        """Store what was read from a folder."""
        notes = "; ".join((_span(loaded.series), *(f"{note.file}: {note.text}" for note in loaded.notes)))
        self._keep(
            loaded.series,
            loaded.in_use(),
            _source("folder", "Data folder", loaded.folder.name, len(loaded.series), notes),
        )

    def version(self) -> tuple[int, int, int]:
        """Differs after each load of series or defects, and each answer of a service, that brought something new."""
        return self._current().version

    def book(self) -> SeriesBook:
        """All stored series in their newest load, with what data services sent since."""
        return self._current().series

    def data_issues(self) -> Mapping[str, Sequence[DataIssue]]:
        """The defects of all stored series, by the name of their series."""
        return self._current().data_issues

    def evaluate(self, slug: str, as_of: date) -> tuple[Evaluation, ...]:
        """Every claim of a hub from what was known by the end of a day, with the ledger's history up to then."""
        found = self._evaluated(slug, as_of, self._current().version)
        with self._store.read() as connection:
            return tuple(_dated(one, evaluations.read_history(connection, slug, one.id, as_of)) for one in found)

    def record(self, as_of: date, slugs: Iterable[str] | None = None) -> int:
        """Evaluate hubs (all, if None) as of a day into the ledger; answers how many evaluations said something new."""
        hubs = self._hubs if slugs is None else slugs
        found = [evaluation for slug in hubs for evaluation in self.evaluate(slug, as_of)]
        with self._store.write() as connection:
            return evaluations.add_evaluations(connection, found, self._clock())

    def recorded_after(self, day: date) -> bool:
        """Whether the ledger tells of a later day."""
        with self._store.read() as connection:
            return evaluations.has_evaluation_after(connection, day)

    def recorded(self, slug: str) -> tuple[Evaluation, ...]:
        """The newest recorded evaluation of each claim of a hub; claims never evaluated are left out."""
        with self._store.read() as connection:
            version = evaluations.read_version(connection)
        return self._recorded(slug, version)

    def _read_recorded(self, slug: str, _version: int) -> tuple[Evaluation, ...]:
        with self._store.read() as connection:
            latest = evaluations.read_latest(connection, slug)
            found = [latest[claim.id] for claim in self._hubs[slug].claims if claim.id in latest]
            return tuple(_dated(one, evaluations.read_history(connection, slug, one.id, one.as_of)) for one in found)

    def verdict_changes(self, slug: str, claim: str, until: date) -> tuple[VerdictChange, ...]:
        """The changes of a claim's verdict in the ledger up to a day, newest first."""
        with self._store.read() as connection:
            version = evaluations.read_version(connection)
            past = evaluations.read_history(connection, slug, claim, until)
        pairs = reversed(list(turns(past)))
        return tuple(self._flip(slug, claim, before.as_of, after.as_of, version) for before, after in pairs)

    def _read_flip(self, slug: str, claim: str, before: date, after: date, _version: int) -> VerdictChange:
        with self._store.read() as connection:
            return verdict_change(
                *(evaluations.read_evaluation(connection, slug, claim, day) for day in (before, after))
            )

    def _current(self) -> Book:
        with self._loading, self._store.read() as connection:
            version = (
                series.read_version(connection),
                observations.read_version(connection),
                quality_checks.read_version(connection),
            )
            if version != self._book.version:
                kept = self._book.series
                if version[:2] != self._book.version[:2]:
                    kept = _with_arrivals(series.load_series(connection), observations.load_observations(connection))
                data_issues = {str(ref): found for ref, found in sorted(quality_checks.load_issues(connection).items())}
                self._book = Book(version, kept, data_issues)
            return self._book

    def _evaluate(self, slug: str, as_of: date, _version: tuple[int, int, int]) -> tuple[Evaluation, ...]:
        book = self._current()
        found = evaluate_claims(slug, self._hubs[slug].claims, book.series, as_of)
        return tuple(add_impacts(one, book.data_issues) for one in found)

    def _keep(self, loaded: Sequence[Series], data_issues: Iterable[DataIssue], *sources: UpstreamState) -> None:
        now = self._clock()
        found = by_series(data_issues)
        refs = {one.ref: tuple(found.get(str(one.ref), ())) for one in loaded}
        with self._store.write() as connection:
            series.add_series(connection, loaded, now)
            quality_checks.add_checks(connection, refs, now)
            states.save_states(connection, [replace(source, last_tried_at=now, last_ok_at=now) for source in sources])


def _with_arrivals(loaded: Iterable[Series], arrived: Mapping[SeriesRef, Sequence[Observation]]) -> SeriesBook:
    base = {one.ref: one for one in loaded}
    made = (joined(base.get(ref), arrived.get(ref, ())) for ref in {**base, **arrived})
    return SeriesBook.of(one for one in made if one is not None)


def by_series(data_issues: Iterable[DataIssue]) -> dict[str, list[DataIssue]]:
    """Defects by the name of their series."""
    found: dict[str, list[DataIssue]] = {}
    for issue in data_issues:
        found.setdefault(issue.series, []).append(issue)
    return found


def _dated(found: Evaluation, past: tuple[VerdictAt, ...]) -> Evaluation:
    """The evaluation with the verdicts before it, itself the last."""
    return replace(
        found, history=(*(one for one in past if one.as_of < found.as_of), VerdictAt(found.as_of, found.verdict))
    )


def _source(name: str, title: str, address: str, items: int, detail: str) -> UpstreamState:
    return UpstreamState(
        name=f"data:{name}",
        kind=UpstreamKind.DATA,
        title=title,
        address=address,
        topic="",
        enabled=True,
        outcome=Outcome.OK,
        detail=detail,
        items=items,
    )


def _span(loaded: Sequence[Series]) -> str:
    """In words, how many series there are and how far they reach."""
    first = min((one.dates[0].item() for one in loaded), default=None)
    last = max((one.last for one in loaded if one.last), default=None)
    return f"{len(loaded)} series, {first} to {last}" if loaded else "no series"
