"""Data issues of series as data services sent them: values of another source from some day on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import has_arbitrary_scale
from groundswell.model import DataIssue, IssueKind, Observation, Series, SeriesRef
from groundswell.model.contradictions import Reload
from groundswell.sources.services.chains import Answers
from groundswell.sources.services.contradictions import Contradictions, list_standing
from groundswell.sources.services.registry import service_title
from groundswell.wording.plurals import write_list


def find_service_issues(
    book: SeriesBook, observations: Mapping[SeriesRef, Sequence[Observation]]
) -> tuple[DataIssue, ...]:
    """Return the issues of the stored series that services sent, as far as what they sent is in use."""
    return tuple(
        issue
        for ref, sent in sorted(observations.items())
        if (series := book.get(ref)) is not None and sent
        for issue in _find_changes(series, sent)
    )


def merge_issues(
    stored: Mapping[SeriesRef, Sequence[DataIssue]], found: Iterable[DataIssue]
) -> dict[str, Sequence[DataIssue]]:
    """Return the data issues by series: those stored with each load, and those found since that no load had."""
    merged: dict[str, list[DataIssue]] = {str(ref): list(issues) for ref, issues in stored.items()}
    for issue in found:
        known = merged.setdefault(issue.series, [])
        if all((same.kind, same.first, same.last) != (issue.kind, issue.first, issue.last) for same in known):
            known.append(issue)
    return dict(sorted(merged.items()))


def _find_changes(series: Series, sent: Sequence[Observation]) -> Iterator[DataIssue]:
    """Yield one issue with the days from which on the values are those of another service than before."""
    if len({observation.source for observation in sent}) == 1:
        return
    is_by_growth = has_arbitrary_scale(series.ref)
    in_order = sent if is_by_growth else sorted(sent, key=lambda observation: observation.known_at)
    givers = {observation.date: observation.source for observation in in_order}
    days: list[date] = [day for day in series.dates.tolist() if day in givers]
    changes = tuple(after for before, after in pairwise(days) if givers[before] != givers[after])
    if not changes:
        return
    names = list(dict.fromkeys(service_title(givers[day]) for day in days))
    joined = "joined by the growth on common days" if is_by_growth else "each with its own values"
    text = f"the values are of {write_list(names)}, the last change on {changes[-1]}; {joined}"
    yield Finding(IssueKind.SOURCE_CHANGE, changes, text).to_issue(str(series.ref), write_list(names))


def find_contradictions(
    book: SeriesBook, found: Contradictions, answers: Answers, reloads: Mapping[SeriesRef, Reload]
) -> Iterator[DataIssue]:
    """Yield an issue of each series that its services contradict now, and of each that was loaded again for that."""
    for ref in sorted({ref for _, ref in found} | set(reloads)):
        series = book.get(ref)
        if series is None or not len(series):
            continue
        span = (series.dates[0].item(), series.dates[-1].item())
        if standing := list_standing(ref, found, answers):
            titles = write_list([service_title(one.service) for one in standing])
            since = min(one.since for one in standing)
            text = f"{titles} contradicted the stored values since {since:%Y-%m-%d}: {standing[0].detail}"
            yield Finding(IssueKind.CONTRADICTED, (), text, span=span).to_issue(str(ref), titles)
        if reload := reloads.get(ref):
            title = service_title(reload.service)
            text = (
                f"loaded again in full from {title} on {reload.at:%Y-%m-%d}: {reload.detail}; kept as earlier vintages"
            )
            yield Finding(IssueKind.RELOADED, (), text, span=span).to_issue(str(ref), title)
