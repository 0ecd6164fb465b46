"""Which defects of data lie behind a gauge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from groundswell.hubs.gauges import Gauge, MissingGauge
from groundswell.types import Defect

LOOK_BACK = np.timedelta64(366, "D")
"""A value of a gauge looks back on a year (252 sessions) at most."""


def with_defects(
    gauge: Gauge | MissingGauge, defects: Mapping[str, Collection[Defect]], day: dt.date
) -> Gauge | MissingGauge:
    """The gauge with the defects of its series in the year that it shows and the year before, which that looks back on.

    ``defects`` are by the name of their series. A series that has ended by ``day`` is told; what comes after is not.
    """
    if isinstance(gauge, MissingGauge):
        return gauge
    first = (gauge.recent.dates[0] - LOOK_BACK).astype(object)
    concerned = [defect for use in gauge.sources for defect in defects.get(use.series, ())]
    return replace(gauge, defects=tuple(one for one in concerned if one.within(first, day)))
