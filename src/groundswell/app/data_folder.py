"""Reading a folder of data files, and evaluating a hub from one, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.app.bundle.build import bundle_claim
from groundswell.claims.binding import bind_claim, list_needs
from groundswell.claims.data_quality import add_impacts, group_by_series
from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.evaluate import OnFailure, evaluate_claims
from groundswell.claims.spec import ClaimSpec
from groundswell.claims.verdict_changes import add_history
from groundswell.errors import MissingSeriesError
from groundswell.hubs.file.load import load_hubs
from groundswell.hubs.gauges.gauge import gauge_refs
from groundswell.hubs.spec import HubSpec
from groundswell.log import log_program_error
from groundswell.markets.quality.short_span import list_short_series
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import family_of
from groundswell.model import DataIssue, Evaluation, Measure, Series, SeriesRef, Verdict
from groundswell.pages.models import ClaimBundle
from groundswell.ports import Progress
from groundswell.sources.kept.load import load_kept
from groundswell.sources.loaded import Loaded
from groundswell.sources.shipped.load import join_shipped, load_shipped
from groundswell.worker import Worker

if TYPE_CHECKING:
    from groundswell.sources.files.inspection import Inspection


def collect_series_refs(hubs: Iterable[HubSpec]) -> frozenset[SeriesRef]:
    """Collect the series that the claims, charts, gauges and instruments of the hubs use."""
    refs: set[SeriesRef] = set()
    for hub in hubs:
        refs |= list_needs(hub.claims)
        refs |= {
            SeriesRef(symbol, Measure(chart.measure))
            for chart in hub.charts
            for symbol in (chart.long, chart.short)
            if symbol
        }
        refs |= {ref for gauge in hub.gauges for ref in gauge_refs(gauge)}
        refs |= {SeriesRef(instrument.symbol, Measure.TOTAL_RETURN) for instrument in hub.instruments}
    return frozenset(refs)


def collect_claim_needs(hubs: Iterable[HubSpec]) -> tuple[frozenset[SeriesRef], ...]:
    """Collect for each claim of the hubs the series without which it cannot be measured."""
    mains = (bind_claim(claim).main for hub in hubs for claim in hub.claims)
    return tuple(frozenset(main.needs) for main in mains if isinstance(main, BoundMeasure))


def read_data(folder: Path, hubs: Iterable[HubSpec], keep_in: Path | None = None) -> Loaded:
    """Read from a folder the series that any of the hubs uses, without storing them.

    What was read is kept in the folder ``keep_in``, if one is given, and taken from there while no byte changes.

    Raises ``NotFoundError``, ``BadInputError``, or ``MissingSeriesError`` if the folder has none of them.
    """
    return _read(folder, collect_series_refs(hubs), "any hub", keep_in)


def read_all_aside(
    folder: Path | None, hubs: Path | None, keep_in: Path | None = None
) -> tuple[tuple[Series, ...], Loaded | None]:
    """Return the shipped series, and what ``read_data`` returns for a folder, the packaged hubs and those of ``hubs``.

    Both are read in a process that gives its memory back: reading takes some hundred megabytes, and the program that
    serves for months afterwards needs none of them.
    """
    worker = Worker()
    try:
        return worker.run(_read_all, folder, hubs, keep_in)
    finally:
        worker.close()


def _read_all(folder: Path | None, hubs: Path | None, keep_in: Path | None) -> tuple[tuple[Series, ...], Loaded | None]:
    return load_shipped(), read_data(folder, load_hubs(hubs), keep_in) if folder is not None else None


def evaluate_hub(
    hub: HubSpec,
    folder: Path,
    as_of: date,
    progress: Progress = lambda done: None,
    keep_in: Path | None = None,
) -> tuple[Evaluation, ...]:
    """Evaluate a hub's claims from a folder and the series that ship with the program; progress counts claims.

    Raises as ``read_data`` does.
    """
    return _evaluate(hub, folder, as_of, _count_claims(hub, progress), keep_in)[0]


def bundle_from_folder(
    hub: HubSpec, claim: ClaimSpec, folder: Path, as_of: date, progress: Progress = lambda done: None
) -> ClaimBundle:
    """Bundle a claim of a hub, evaluated from a folder and the series that ship with the program.

    The whole hub is evaluated, as for its verdicts. Raises as ``read_data`` and ``bundle_claim`` do.
    """
    evaluations, book = _evaluate(hub, folder, as_of, _count_claims(hub, progress))
    evaluation = next(evaluation for evaluation in evaluations if evaluation.id == claim.id)
    return bundle_claim(claim, evaluation, book)


def _evaluate(
    hub: HubSpec, folder: Path, as_of: date, claims: Iterable[ClaimSpec], keep_in: Path | None = None
) -> tuple[tuple[Evaluation, ...], SeriesBook]:
    loaded = _read(folder, list_needs(hub.claims), f"the hub {hub.slug}", keep_in)
    book = SeriesBook.of(join_shipped(load_shipped(), loaded.series))
    issues = group_by_series((*loaded.in_use(), *list_short_series(book)))
    report = report_failures(hub.slug, as_of)
    evaluations = evaluate_claims(hub.slug, claims, book, as_of, report)
    checked = tuple(
        add_history(_try_to_add_impacts(claim, evaluation, issues, report), ())
        for claim, evaluation in zip(hub.claims, evaluations, strict=True)
    )
    return checked, book


def report_failures(slug: str, as_of: date) -> OnFailure:
    """Return what logs a failure of the program on a claim of a hub, and leaves the claim unmeasured."""

    def report(claim: ClaimSpec, error: Exception) -> Evaluation:
        reason = log_program_error(f"{slug}/{claim.id}", error)
        return Evaluation(claim.id, slug, claim.text, Verdict.NOT_MEASURED, reason, as_of)

    return report


def _try_to_add_impacts(
    claim: ClaimSpec, evaluation: Evaluation, issues: Mapping[str, Sequence[DataIssue]], report: OnFailure
) -> Evaluation:
    try:
        return add_impacts(evaluation, issues)
    except Exception as error:
        return report(claim, error)


def check_folder(folder: Path, progress: Progress) -> Loaded:
    """Read and check every series of a folder. Raises ``NotFoundError`` and ``BadInputError``."""
    from groundswell.sources.folder import load_folder  # noqa: PLC0415  (imports DuckDB, which is heavy)

    return load_folder(folder, progress=progress)


def inspect_data_file(path: Path, today: date) -> Inspection:
    """Say how a data file would be read. Raises ``NotFoundError`` and ``BadInputError``."""
    # Both import DuckDB, which is heavy.
    from groundswell.sources.derived.concentration import inspect_lists  # noqa: PLC0415
    from groundswell.sources.files.inspection import inspect_file  # noqa: PLC0415

    return inspect_lists(path) or inspect_file(path, today + timedelta(days=1))


def _read(folder: Path, refs: frozenset[SeriesRef], purpose: str, keep_in: Path | None) -> Loaded:
    loaded = _load(folder, refs, keep_in)
    if refs and not loaded.series:
        examples = ", ".join(sorted({ref.id for ref in refs if family_of(ref).in_plain_files})[:4])
        raise MissingSeriesError(
            f"the data folder {folder} contains none of the series that {purpose} needs; "
            f"add CSV, Excel or Parquet files with a date column and prices of {examples} …"
        )
    return loaded


def _load(folder: Path, refs: frozenset[SeriesRef], keep_in: Path | None) -> Loaded:
    if keep_in is not None:
        return load_kept(folder, refs, keep_in, datetime.now(UTC))
    from groundswell.sources.folder import load_folder  # noqa: PLC0415  (imports DuckDB, which is heavy)

    return load_folder(folder, refs)


def _count_claims(hub: HubSpec, progress: Progress) -> Iterator[ClaimSpec]:
    for claim in hub.claims:
        yield claim
        progress(1)
