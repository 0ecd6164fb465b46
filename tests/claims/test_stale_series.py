"""A series that is not updated never changes a verdict: the claim stays what it was on its last fresh day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from groundswell.claims.binding import list_needs
from groundswell.claims.evaluate import evaluate_claims, list_inputs, select_known
from groundswell.claims.spec import ClaimSpec, FallbackSpec, ReadingSpec
from groundswell.claims.verdict_changes import find_changes
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.staleness import cut_after, find_outdated, is_due
from groundswell.model import Basis, Evaluation, Frequency, Measure, Qualifier, SeriesRef, Verdict, VerdictAt
from groundswell.sources.shipped.load import join_shipped, load_shipped
from groundswell.wording.verdicts import write_verdict

from .made import END, INF, book, claim, evaluate_claim, normal, price

HUBS = {hub.slug: hub.claims for hub in load_catalog()}
ALONE = {"readings": (), "grid": None}
CUTS = [date(2019, 8, 2), date(2023, 3, 17)]
LATER = [timedelta(days=days) for days in (9, 40, 130, 640)]


def cut(full: SeriesBook, day: date, refs: Iterable[SeriesRef]) -> SeriesBook:
    """What is known if these series have no values after a day."""
    wanted = set(refs)
    return SeriesBook.of(cut_after(each, day) if each.ref in wanted else each for each in full)


def core(found: Evaluation) -> Evaluation:
    """An evaluation without what may differ while data stay away."""
    kept = tuple(each for each in found.qualifiers if each is not Qualifier.STALE)
    return replace(found, as_of=date.min, stale=None, fresh_until=None, notes=(), qualifiers=kept, holm_p=None)


def check_law(slug: str, known: SeriesBook, day: date, later: Sequence[timedelta] = LATER) -> int:
    """Check that claims are those of the last day on which their data were fresh; return how many are stale."""
    claims = [each.model_copy(update=ALONE) for each in HUBS[slug]]
    evaluate = cache(lambda as_of: {found.id: found for found in evaluate_claims(slug, claims, known, as_of)})
    stale = 0
    for as_of in (day + after for after in later):
        for found in evaluate(as_of).values():
            last = evaluate(found.measured_as_of)[found.id]
            assert core(found) == core(last), (found.id, as_of)
            assert (found.stale is None) == (found.measured_as_of == as_of) == (Qualifier.STALE not in found.qualifiers)
            assert last.stale is None
            stale += found.stale is not None
    return stale


@pytest.mark.parametrize("day", CUTS)
@pytest.mark.parametrize("slug", HUBS)
def test_all_series_may_end(made_book, slug, day):
    known = cut(made_book, day, made_book.by_ref)
    assert check_law(slug, known, day)
    # What rests on no series, as published figures do, does not end with them.
    claims = [each for each in HUBS[slug] if list_needs([each.model_copy(update=ALONE)])]
    early, late = (evaluate_claims(slug, claims, known, day + after) for after in LATER[-2:])
    assert [found.verdict for found in early] == [found.verdict for found in late]


@pytest.mark.parametrize("slug", HUBS)
def test_any_one_series_may_end(made_book, slug):
    """The others go on, and a claim that uses the series does not: events without its values change nothing."""
    claims = [each.model_copy(update=ALONE) for each in HUBS[slug]]
    used = sorted(list_needs(claims) & made_book.by_ref.keys(), key=str)
    for ref in (each for each in used if is_due(made_book.by_ref[each])):
        check_law(slug, cut(made_book, CUTS[0], [ref]), CUTS[0], LATER[1::2])


SMALL, LARGE = price("A", normal(1, 0.001) + 0.003), price("SPY", normal(2, 0.001))
EVENTS = {"events": "first_cuts", "long": "A", "short": "SPY", "horizon": 63}
STUDY = claim("event-study", (0.0, INF), EVENTS)


@pytest.fixture(autouse=True)
def _few_events(lower_floor):
    lower_floor("event-study", 3)


def test_a_claim_goes_on_when_its_data_come_back():
    """The window of the cut of July 2019 ends in October; without small companies from September it stays open."""
    short = book(cut_after(SMALL, date(2019, 9, 2)), LARGE)
    days = date(2019, 9, 6), date(2019, 9, 7), date(2024, 12, 30)
    fresh, stale, later = (evaluate_claim("h", STUDY, short, as_of) for as_of in days)
    assert [each.stale for each in (fresh, stale, later)] == [None, date(2019, 8, 30), date(2019, 8, 30)]
    assert core(fresh) == core(stale) == core(later)
    assert (fresh.verdict, fresh.n) == (Verdict.INSUFFICIENT, 2)
    back = evaluate_claim("h", STUDY, book(SMALL, LARGE), days[-1])
    assert (back.verdict, back.n, back.stale, back.measured_as_of) == (Verdict.SUPPORTED, 4, None, back.as_of)
    history = [VerdictAt(each.as_of, each.verdict, each.basis) for each in (fresh, stale, later)]
    assert not list(find_changes(history))


def test_what_is_stale_is_said_with_the_verdict():
    short = book(cut_after(SMALL, date(2024, 6, 3)), LARGE)
    found = evaluate_claim("h", STUDY, short, date(2024, 12, 30))
    assert write_verdict(found) == "supported (no more than usual, not updated since 2024-06-03)"
    assert found.notes[0] == "Not updated since 2024-06-03 (A (total return)): the verdict is that of 2024-06-10."
    lasts = [(use.series, use.last) for use in found.sources[:2]]
    assert lasts == [("A (total return)", date(2024, 6, 3)), ("SPY (total return)", date(2024, 6, 10))]
    ends = [each.dates[-1].item() for each in list_inputs(found, select_known(found, short))]
    assert ends == [last for _, last in lasts]


def test_values_that_were_known_late_are_used_all_the_same():
    """A service that was first asked long after the last value: on the last fresh day, nothing was known of it."""
    late = replace(SMALL, known_at=np.maximum(SMALL.known_at, np.datetime64("2025-01-20", "s")))
    found = evaluate_claim("h", STUDY, book(late, LARGE), date(2025, 1, 31))
    assert core(found) == core(evaluate_claim("h", STUDY, book(SMALL, LARGE), END))
    assert len(select_known(found, book(late, LARGE)).by_ref[SMALL.ref]) == len(SMALL)


def with_reading(spec: ClaimSpec) -> ClaimSpec:
    return spec.model_copy(update={"readings": (ReadingSpec(name="another", arguments={"long": "B"}),)})


OTHER = price("B", normal(3, 0.001) + 0.001)


def test_a_reading_has_a_last_fresh_day_of_its_own():
    found = evaluate_claim("h", with_reading(STUDY), book(SMALL, LARGE, cut_after(OTHER, date(2019, 8, 30))), END)
    (reading,) = found.readings
    assert (found.stale, found.n, reading.n) == (None, 4, 2)
    assert reading.absent[-1].reason == "window ends 2019-10-29, after 2019-09-06"
    assert (
        found.notes[0] == "Readings on series not updated since 2019-08-30 (B (total return)) are those of 2019-09-06."
    )


def test_a_reading_up_to_today_is_refused_alone_and_kept_with_its_claim():
    spec, ended = (
        with_reading(claim("trailing-comparison", (0.0, INF), {"long": "A", "short": "SPY"})),
        date(2024, 6, 3),
    )
    (alone,) = evaluate_claim("h", spec, book(SMALL, LARGE, cut_after(OTHER, ended)), END).readings
    assert (alone.verdict, "B (total return) ends 2024-06-03" in alone.reason) == (Verdict.NOT_MEASURED, True)
    all_ended = book(*(cut_after(each, ended) for each in (SMALL, LARGE, OTHER)))
    last, later = (evaluate_claim("h", spec, all_ended, as_of) for as_of in (date(2024, 6, 10), END))
    assert core(later) == core(last)
    assert later.readings[0].verdict is Verdict.SUPPORTED


def test_a_stale_measurement_does_not_fall_to_its_stand_in():
    fallback = FallbackSpec(name="another", why="to test", arguments={"long": "B"})
    spec = STUDY.model_copy(update={"fallbacks": (fallback,)})
    declared = evaluate_claim("h", spec, book(cut_after(SMALL, date(2024, 6, 3)), LARGE, OTHER), END)
    assert (declared.basis, declared.verdict, declared.stale) == (Basis.DECLARED, Verdict.SUPPORTED, date(2024, 6, 3))
    stand_in = evaluate_claim("h", spec, book(LARGE, cut_after(OTHER, date(2024, 6, 3))), END)
    assert (stand_in.basis, stand_in.n, stand_in.stale) == (Basis.STAND_IN, 3, date(2024, 6, 3))
    assert write_verdict(stand_in).endswith(" on a stand-in (no more than usual, not updated since 2024-06-03)")


def test_without_a_network_the_shipped_rates_say_since_when():
    known = SeriesBook.of(join_shipped(load_shipped(), ()))
    at_end, later = (
        {found.id: found for found in evaluate_claims("fomc", HUBS["fomc"], known, as_of)}
        for as_of in (date(2026, 8, 27), date(2026, 11, 30))
    )
    for name in ("F1", "F4"):
        assert write_verdict(later[name]).endswith("not updated since 2026-08-20)")
        assert core(later[name]) == core(at_end[name])
        assert (later[name].n, later[name].estimate is not None) == (6, True)


@pytest.mark.parametrize(
    ("name", "measure", "frequency", "due"),
    [
        ("IWM", Measure.TOTAL_RETURN, Frequency.DAILY, True),
        ("^VIX", Measure.PRICE, Frequency.DAILY, True),
        ("BRK.B", Measure.PRICE, Frequency.WEEKLY, True),
        ("DGS2", Measure.RATE, Frequency.DAILY, True),
        ("PAYEMS", Measure.LEVEL, Frequency.MONTHLY, True),
        ("own", Measure.RATE, Frequency.DAILY, True),
        ("own", Measure.RATE, Frequency.MONTHLY, False),
        ("DFEDTAR", Measure.RATE, Frequency.DAILY, False),
        ("ff.smb", Measure.PERIOD_RETURN, Frequency.MONTHLY, False),
        ("IVV.concentration.top10", Measure.LEVEL, Frequency.DAILY, False),
        ("small.breadth.above_50", Measure.LEVEL, Frequency.DAILY, False),
        ("CIK0000320193.debt", Measure.LEVEL, Frequency.DAILY, False),
        ("FOMC.meeting", Measure.LEVEL, Frequency.MONTHLY, False),
    ],
)
def test_series_of_which_newer_values_are_due(name, measure, frequency, due):
    assert is_due(replace(SMALL, ref=SeriesRef(name, measure), frequency=frequency)) is due


@pytest.mark.parametrize(
    ("frequency", "limit"), [(Frequency.DAILY, 7), (Frequency.WEEKLY, 21), (Frequency.MONTHLY, 100)]
)
def test_a_series_is_outdated_after_its_limit(frequency, limit):
    made, last = replace(SMALL, frequency=frequency), date(2024, 12, 31)
    assert not list(find_outdated([made], last + timedelta(days=limit)))
    (outdated,) = find_outdated([made], last + timedelta(days=limit + 1))
    assert (outdated.ref, outdated.last, outdated.fresh_until) == (SMALL.ref, last, last + timedelta(days=limit))
