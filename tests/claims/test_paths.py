"""Paths around events and their fan, against hand-worked cases and the event study itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.inference.means import mean_interval
from groundswell.claims.paths import measure_fan
from groundswell.claims.spec import ClaimSpec, MeasureSpec
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day, sessions_between
from groundswell.markets.studies.event_paths import event_paths
from groundswell.model import Evaluation, EventValue, Measure, Series, Verdict

from ..series import make_series

DAYS = sessions_between(date(2018, 1, 2), date(2019, 12, 31))


def series(name: str, values: np.ndarray, measure: Measure = Measure.TOTAL_RETURN) -> Series:
    return make_series(name, DAYS, values, measure)


def event(start: int, length: int) -> EventValue:
    days = DAYS.tolist()
    return EventValue(days[start], 0.0, days[start], days[start + length])


LONG, SHORT = series("L", 100.0 + np.arange(len(DAYS))), series("S", np.full(len(DAYS), 50.0))


def test_a_path_is_zero_at_the_start_and_ends_with_its_window():
    paths = event_paths([event(100, 3), event(200, 5)], LONG, SHORT)
    assert paths.offsets.tolist() == list(range(-21, 6))
    first, second = paths.values
    assert first[21] == second[21] == 0.0
    assert first[20] == pytest.approx(199 / 200 - 1)
    assert first[24] == pytest.approx(203 / 200 - 1)
    assert np.isnan(first[25:]).all(), "nothing after the window's end"
    assert second[26] == pytest.approx(305 / 300 - 1)


def test_a_missing_price_is_a_gap():
    gap = replace(
        LONG,
        dates=np.delete(LONG.dates, 101),
        values=np.delete(LONG.values, 101),
        known_at=np.delete(LONG.known_at, 101),
    )
    paths = event_paths([event(100, 3)], gap, None)
    assert np.isnan(paths.values[0, 22])
    assert paths.values[0, 23] == pytest.approx(202 / 200 - 1)


CLAIM = ClaimSpec.model_validate(
    {
        "id": "C1",
        "side": "bull",
        "text": "A lead.",
        "measure": {"estimand": "event-study", "arguments": {"long": "L", "short": "S"}, "range": [0.05, 0.15]},
    }
)
FOUND = Evaluation(
    "C1", "hub", "A lead.", Verdict.INCONCLUSIVE, "", date(2019, 12, 31), unit="return", n=3,
    events=(event(100, 4), event(200, 4), event(300, 2)),
)  # fmt: skip


def test_the_band_is_the_interval_of_the_mean_at_each_session():
    found = measure_fan(CLAIM, FOUND, SeriesBook.of([LONG, SHORT]))
    at = found.paths.offsets.tolist().index(2)
    values = found.paths.values[:, at]
    assert (found.mean[at], found.low[at], found.high[at]) == pytest.approx((values.mean(), *mean_interval(values)))
    assert found.counts[at] == 3
    assert found.counts[-1] == 2
    assert [use.series for use in found.sources] == ["L (total return)", "S (total return)"]


def test_a_session_with_one_event_left_has_a_mean_and_no_band():
    found = measure_fan(CLAIM, replace(FOUND, events=(event(100, 4), event(300, 2))), SeriesBook.of([LONG, SHORT]))
    assert found.counts[-1] == 1
    assert np.isfinite(found.mean[-1])
    assert np.isnan(found.low[-1])


def without(measure: dict[str, object] | None) -> ClaimSpec:
    fields = {"measure": measure} if measure else {"unmeasured": "no data"}
    return ClaimSpec.model_validate({"id": "C1", "side": "bull", "text": "A lead.", **fields})


@pytest.mark.parametrize(
    ("claim", "found", "book"),
    [
        pytest.param(without(None), FOUND, [LONG, SHORT], id="not measured"),
        pytest.param(CLAIM, replace(FOUND, events=FOUND.events[:1]), [LONG, SHORT], id="one event"),
        pytest.param(CLAIM, FOUND, [LONG], id="a series is missing"),
        pytest.param(
            without(
                {
                    "estimand": "event-study",
                    "arguments": {"long": "ff.smb", "measure": "period return", "unit": "months", "horizon": 3},
                    "range": [0.0, 1.0],
                }
            ),
            FOUND,
            [LONG, SHORT],
            id="months",
        ),
        pytest.param(
            without({"estimand": "sensitivity", "arguments": {"long": "L", "factor": "DGS2"}, "range": [0.0, 1.0]}),
            FOUND,
            [LONG, SHORT],
            id="no events",
        ),
    ],
)
def test_there_is_no_fan_where_there_are_no_paths(claim, found, book):
    assert measure_fan(claim, found, SeriesBook.of(book)) is None


YIELD = MeasureSpec(
    estimand="event-change", arguments={"rate": "DGS2", "base": -64, "horizon": 63}, range=(-np.inf, -0.25)
)


@pytest.mark.parametrize(
    ("slug", "claim_id", "measure"),
    [
        ("small-caps", "C1", None),
        ("small-caps", "C10", None),
        ("panic-selling", "P3", None),
        ("fomc", "F2", None),
        ("fomc", "F4", YIELD),
    ],
)
def test_every_path_ends_at_the_value_of_its_event(each_book, slug, claim_id, measure):
    hub = next(one for one in load_catalog() if one.slug == slug)
    claim = next(one for one in hub.claims if one.id == claim_id)
    plain = claim.model_copy(update={"readings": (), "grid": None, "measure": measure or claim.measure})
    as_of = date(2019, 9, 30)
    (found,) = evaluate_claims(slug, [plain], each_book, as_of)
    fan = measure_fan(plain, found, each_book.known_by(end_of_day(as_of)))
    if (
        fan is None
    ):  # a made fund does not follow the bond that is computed from real yields, and is left with one event
        assert any("does not follow" in absence.reason for absence in found.absent)
        return
    ends = [row[np.isfinite(row)][-1] for row in fan.paths.values]
    assert ends == pytest.approx([one.value for one in found.events])
