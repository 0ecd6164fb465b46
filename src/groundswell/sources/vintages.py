"""A series as it was loaded, continued by what data services sent since."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from groundswell.markets.series.catalogue import family_of, has_arbitrary_scale
from groundswell.model import Observation, Series, Superseded
from groundswell.sources.files.splice import is_same_value
from groundswell.sources.release_times import frequency_of
from groundswell.sources.services.registry import service_title


def join_observations(loaded: Series | None, observations: Sequence[Observation]) -> Series | None:
    """Return the loaded series with the observations since; of a day with several values the last known is current.

    A price or total return continues what is loaded by its growth; days that cannot be reached without a gap are left
    out until the gap is filled. None where there is nothing.
    """
    if not observations:
        return loaded
    join = _chain_growth if has_arbitrary_scale(observations[0].ref) else _merge_values
    return join(loaded, observations)


def _merge_values(loaded: Series | None, observations: Sequence[Observation]) -> Series:
    """Take each value as it is, and keep those that were replaced as superseded."""
    values = _values_on(loaded, [observation.date for observation in observations])
    superseded: list[Superseded] = []
    used: list[Observation] = []
    in_order = sorted(observations, key=lambda observation: observation.known_at)  # stable: ties in order of arrival
    for observation in in_order:
        before = values.get(observation.date)
        if before is not None and before[1] <= observation.known_at and is_same_value(observation.value, before[0]):
            continue  # known already: two sources that agree are no revision
        used.append(observation)
        if before is None or before[1] <= observation.known_at:
            if before is not None:
                superseded.append(Superseded(observation.date, *before))
            values[observation.date] = (observation.value, observation.known_at)
        else:
            superseded.append(Superseded(observation.date, observation.value, observation.known_at))
    superseded.sort(key=lambda value: value.known_at)
    is_revised = loaded is not None and loaded.revised
    if loaded is not None and not used:
        return loaded
    return _build(loaded, used, values, tuple(superseded), revised=is_revised)


def _chain_growth(loaded: Series | None, observations: Sequence[Observation]) -> Series:
    """Multiply the last level by the growth of each day after it."""
    newest: dict[date, Observation] = {}
    first_known: dict[date, datetime] = {}
    is_revised = loaded is not None and loaded.revised
    for observation in observations:
        before = newest.get(observation.date)
        is_revised = is_revised or (before is not None and _is_revision(before, observation))
        first_known.setdefault(observation.date, observation.known_at)
        newest[observation.date] = observation
    since = [observation.since for observation in newest.values() if observation.since is not None]
    values = _values_on(loaded, [*newest, *since])
    for day in sorted(set(newest) - set(values)):
        observation = newest[day]
        if observation.since is None and loaded is None:
            values[day] = (observation.value, first_known[day])
        elif observation.since is not None and observation.since in values:
            level = values[observation.since][0] * observation.value
            if math.isfinite(level) and level > 0.0:  # absurd growth would leave no series at all
                values[day] = (level, first_known[day])
    return _build(loaded, observations, values, (), revised=is_revised)


def _is_revision(before: Observation, after: Observation) -> bool:
    """Whether the growth between the same two days changed. Another service may confirm it."""
    return before.since == after.since and not is_same_value(after.value, before.value)


def _values_on(series: Series | None, days: Sequence[date]) -> dict[date, tuple[float, datetime]]:
    """Return the values of a series by day, each with the time when it became known, on those of ``days`` it has."""
    if series is None:
        return {}
    at = np.isin(series.dates, np.array(days, dtype="datetime64[D]"))
    times = series.known_at[at].astype("datetime64[s]").tolist()
    rows = zip(series.dates[at].tolist(), series.values[at].tolist(), times, strict=True)
    return {day: (value, known_at.replace(tzinfo=UTC)) for day, value, known_at in rows}


def _build(
    loaded: Series | None,
    observations: Sequence[Observation],
    values: dict[date, tuple[float, datetime]],
    superseded: tuple[Superseded, ...],
    *,
    revised: bool,
) -> Series:
    """Build the series: that which was loaded, but with ``values`` on their days."""
    days = sorted(values)
    dates = np.array(days, dtype="datetime64[D]")
    column = np.array([values[day][0] for day in days], dtype=np.float64)
    known_at = np.array([values[day][1].replace(tzinfo=None) for day in days], dtype="datetime64[s]")
    if loaded is not None:
        rest = ~np.isin(loaded.dates, dates)
        dates = np.concatenate((loaded.dates[rest], dates))
        order = np.argsort(dates)
        dates = dates[order]
        column = np.concatenate((loaded.values[rest], column))[order]
        known_at = np.concatenate((loaded.known_at[rest].astype("datetime64[s]"), known_at))[order]
    ref = observations[0].ref
    series = Series(
        ref=ref,
        frequency=frequency_of(dates),
        source=_describe_sources(loaded, observations),
        dates=dates,
        values=column,
        known_at=known_at,
        revised=revised or family_of(ref).revised,
        superseded=superseded,
    )
    return series if loaded is None else replace(series, frequency=loaded.frequency)


def _describe_sources(loaded: Series | None, observations: Sequence[Observation]) -> str:
    """Write the source of the load, then each service by its title with the days that it gave."""
    spans: dict[str, tuple[date, date]] = {}
    for observation in observations:
        first, last = spans.get(observation.source, (observation.date, observation.date))
        spans[observation.source] = (min(first, observation.date), max(last, observation.date))
    services = [f"{first} to {last}: {service_title(name)}" for name, (first, last) in spans.items()]
    return "; ".join(([loaded.source] if loaded is not None else []) + services)
