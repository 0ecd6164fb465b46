"""A summary of each stored series, for the owner of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from groundswell.markets.series.catalogue import family_of
from groundswell.markets.series.staleness import STORED_SERIES
from groundswell.model import DataIssue, Series
from groundswell.pages.status import SeriesStatus
from groundswell.sources.release_times import delay_in_words


def list_series_status(
    stored: Iterable[Series], data_issues: Mapping[str, Sequence[DataIssue]], today: date
) -> tuple[SeriesStatus, ...]:
    """Summarise each series, sorted by reference."""
    return tuple(
        SeriesStatus(
            id=series.ref.id,
            title=family_of(series.ref).describe(series.ref.id),
            unit=family_of(series.ref).unit,
            measure=series.ref.measure,
            source=series.source,
            frequency=series.frequency,
            first=series.dates[0].item(),
            last=series.dates[-1].item(),
            observations=len(series),
            known=delay_in_words(series),
            revised=series.revised,
            stale=STORED_SERIES.is_exceeded(series.dates[-1].item(), today, series.frequency),
            data_issues=tuple(data_issues.get(str(series.ref), ())),
        )
        for series in sorted(stored, key=lambda series: series.ref)
    )
