"""From a folder of files to series, and to the evaluations of a hub, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from groundswell.app.evidence import _dated, by_series
from groundswell.claims.data_quality import add_impacts
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.registry import needed
from groundswell.claims.spec import ClaimSpec
from groundswell.errors import MissingSeriesError
from groundswell.hubs.gauges.gauge import gauge_refs
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import family_of
from groundswell.model import (
    Evaluation,
    Measure,
    SeriesRef,
)
from groundswell.ports import Progress
from groundswell.sources.folder import Loaded, load_folder
from groundswell.sources.french import load_french


def wanted(hubs: Iterable[HubSpec]) -> frozenset[SeriesRef]:
    """The series that the hubs' claims, charts, gauges and instruments rest on."""
    refs: set[SeriesRef] = set()
    for hub in hubs:
        refs |= needed(hub.claims)
        refs |= {
            SeriesRef(symbol, Measure(chart.measure))
            for chart in hub.charts
            for symbol in (chart.long, chart.short)
            if symbol
        }
        refs |= {ref for gauge in hub.gauges for ref in gauge_refs(gauge)}
        refs |= {SeriesRef(instrument.symbol, Measure.TOTAL_RETURN) for instrument in hub.instruments}
    return frozenset(refs)


def read_data(folder: Path, hubs: Iterable[HubSpec]) -> Loaded:
    """Read from a folder the series that any of the hubs rests on, storing nothing.

    Raises ``NotFoundError``, ``BadInputError``, or ``MissingSeriesError`` where it holds none of them.
    """
    return _read(folder, wanted(hubs), "any hub")


def evaluate_hub(
    hub: HubSpec, folder: Path, as_of: date, progress: Progress = lambda done: None
) -> tuple[Evaluation, ...]:
    """Evaluate a hub's claims from a folder and what ships with the program, without a store; progress counts them."""
    shipped = load_french()
    loaded = _read(folder, needed(hub.claims) - {one.ref for one in shipped}, f"the hub {hub.slug}")
    book = SeriesBook.of((*shipped, *loaded.series))

    def told() -> Iterator[ClaimSpec]:
        for claim in hub.claims:
            yield claim
            progress(1)

    return tuple(
        _dated(add_impacts(one, by_series(loaded.in_use())), ())
        for one in evaluate_claims(hub.slug, told(), book, as_of)
    )


def check_folder(folder: Path, progress: Progress) -> Loaded:
    """Read every series of a folder and check it, storing nothing. Raises ``NotFoundError`` and ``BadInputError``."""
    return load_folder(folder, progress=progress)


def _read(folder: Path, refs: frozenset[SeriesRef], purpose: str) -> Loaded:
    loaded = load_folder(folder, refs)
    if refs and not loaded.series:
        examples = ", ".join(sorted({ref.id for ref in refs if family_of(ref).in_plain_files})[:4])
        raise MissingSeriesError(
            f"the data folder {folder} holds none of the series that {purpose} needs; "
            f"add CSV or Parquet files with a date column and prices of {examples} …"
        )
    return loaded
