"""What is held of each series, for the owner of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from groundswell.markets.series.staleness import STORED_SERIES
from groundswell.model import DataIssue, Series
from groundswell.pages.status import SeriesStatus
from groundswell.sources.release_times import delay_in_words


def list_series_status(
    held: Iterable[Series], data_issues: Mapping[str, Sequence[DataIssue]], today: date
) -> tuple[SeriesStatus, ...]:
    """Each series in brief, in order of their references."""
    return tuple(
        SeriesStatus(
            series=str(one.ref),
            source=one.source,
            frequency=one.frequency,
            first=one.dates[0].item(),
            last=one.dates[-1].item(),
            rows=len(one),
            known=delay_in_words(one),
            revised=one.revised,
            stale=STORED_SERIES.is_exceeded(one.dates[-1].item(), today, one.frequency),
            data_issues=tuple(data_issues.get(str(one.ref), ())),
        )
        for one in sorted(held, key=lambda series: series.ref)
    )
