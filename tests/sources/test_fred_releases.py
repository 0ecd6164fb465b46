"""Release days by FRED: which of the listed days are those of a report, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from groundswell.errors import BadInputError
from groundswell.markets.series.book import NOTHING
from groundswell.markets.series.catalogue import RELEASE_DAYS
from groundswell.model import Outcome, SeriesRef
from groundswell.ports import Retrieved
from groundswell.settings import ServiceSettings
from groundswell.sources.services.base import Request, SeriesRows, UnusableAnswerError
from groundswell.sources.services.macro.fred_releases import FredReleases
from groundswell.sources.services.registry import build_services

CPI, JOBS, GDP = (RELEASE_DAYS.ref(statistic) for statistic in ("cpi", "jobs", "gdp"))
TODAY = date(2026, 9, 8)
KEY = "0123456789abcdef0123456789abcdef"
FRED = FredReleases(key=KEY)

FIRST_VALUES = ("2026-06-10", "2026-07-14", "2026-08-12")
LISTED = ("2026-06-10", "2026-07-14", "2026-08-12", "2026-09-11", "2026-10-14")


def write_dates(days: Iterable[str], number: int = 10, **fields: object) -> bytes:
    rows = [{"release_id": number, "date": day} for day in days]
    head = {
        "realtime_start": "2025-08-04",
        "realtime_end": "9999-12-31",
        "order_by": "release_date",
        "sort_order": "asc",
    }
    return json.dumps(
        {**head, "count": len(rows), "offset": 0, "limit": 10000, "release_dates": rows, **fields}
    ).encode()


def write_values(days: Iterable[str], **fields: object) -> bytes:
    rows = [
        {"realtime_start": day, "realtime_end": "9999-12-31", "date": f"{day[:8]}01", "value": f"{320 + number}.1"}
        for number, day in enumerate(days)
    ]
    return json.dumps({"count": len(rows), "offset": 0, "limit": 100000, "observations": rows, **fields}).encode()


def read(ref: SeriesRef, dates: bytes, values: bytes, today: date = TODAY) -> SeriesRows:
    first, second = FRED.requests([ref], NOTHING, today)
    answers = [
        (first, Retrieved(Outcome.OK, "", dates, status=200)),
        (second, Retrieved(Outcome.OK, "", values, status=200)),
    ]
    (series,) = FRED.read_batch(answers)
    return series


def list_releases(series: SeriesRows) -> list[str]:
    return [str(row.date) for row in series.rows if row.value == 1.0]


def read_query(request: Request) -> Mapping[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(request.address).query).items()}


def test_two_requests_give_the_days_of_a_statistic_together() -> None:
    dates, values = FRED.requests([JOBS], NOTHING, TODAY)
    assert (urlsplit(dates.address).path, urlsplit(values.address).path) == (
        "/fred/release/dates",
        "/fred/series/observations",
    )
    assert dates.batch == values.batch != ""
    common = {"api_key": KEY, "file_type": "json", "realtime_start": "2025-08-04", "realtime_end": "9999-12-31"}
    assert read_query(dates) == {
        "release_id": "50",
        "include_release_dates_with_no_data": "true",
        "sort_order": "asc",
        **common,
    }
    assert read_query(values) == {
        "series_id": "PAYEMS",
        "output_type": "4",
        "observation_start": "2025-08-04",
        **common,
    }


def test_the_key_is_that_of_fred() -> None:
    (own,) = (one for one in build_services({"fred": ServiceSettings(key=KEY)}) if one.name == "fredreleases")
    assert own.key == KEY
    assert not own.unavailable
    assert FredReleases().unavailable == "not asked: it needs a key, to be set as key in [services.fred]"
    assert not [one for one in build_services({"fred": ServiceSettings(enabled=False)}) if "fred" in one.name]
    with pytest.raises(BadInputError, match=r"services\.fredreleases: its settings are those of services\.fred"):
        build_services({"fredreleases": ServiceSettings(key=KEY)})


def test_days_of_first_values_count_and_days_to_come_that_are_alone_in_their_month() -> None:
    series = read(CPI, write_dates(LISTED), write_values(FIRST_VALUES))
    assert list_releases(series) == list(LISTED)
    assert (str(series.rows[0].date), str(series.rows[-1].date)) == (LISTED[0], LISTED[-1])
    assert len(series.rows) == (series.rows[-1].date - series.rows[0].date).days + 1


def test_a_listed_day_on_which_only_revisions_came_is_no_release() -> None:
    series = read(CPI, write_dates([*LISTED, "2026-08-07"]), write_values(FIRST_VALUES))
    assert "2026-08-07" not in list_releases(series)
    assert list_releases(series) == list(LISTED)


def test_a_planned_day_that_has_passed_without_a_value_is_no_release() -> None:
    series = read(CPI, write_dates(LISTED), write_values(FIRST_VALUES), today=date(2026, 9, 12))
    assert list_releases(series) == [day for day in LISTED if day != "2026-09-11"]


def test_on_the_day_itself_a_report_counts_before_its_value_is_there() -> None:
    series = read(CPI, write_dates(LISTED), write_values(FIRST_VALUES), today=date(2026, 9, 11))
    assert list_releases(series) == list(LISTED)


@pytest.mark.parametrize("other", ["2026-10-07", "2026-10-30"])
def test_what_is_known_ends_before_a_month_with_several_days(other: str) -> None:
    series = read(CPI, write_dates([*LISTED, other]), write_values(FIRST_VALUES))
    assert list_releases(series) == list(LISTED[:-1])
    assert series.rows[-1].date == date.fromisoformat(min(other, LISTED[-1])) - timedelta(days=1)


def test_a_further_day_in_the_month_of_the_last_report_is_not_taken_for_the_next() -> None:
    series = read(CPI, write_dates([*LISTED, "2026-08-28"]), write_values(FIRST_VALUES), today=date(2026, 8, 20))
    assert list_releases(series) == list(FIRST_VALUES)
    assert str(series.rows[-1].date) == "2026-08-27"


def test_of_gdp_only_first_values_are_known() -> None:
    listed = ("2026-04-30", "2026-05-28", "2026-06-25", "2026-07-30", "2026-08-26", "2026-09-30", "2026-10-29")
    series = read(GDP, write_dates(listed, 53), write_values(["2026-04-30", "2026-07-30"]))
    assert list_releases(series) == ["2026-04-30", "2026-07-30"]
    assert str(series.rows[-1].date) == "2026-07-30"


@pytest.mark.parametrize(
    ("dates", "values", "words"),
    [
        (b"", write_values(FIRST_VALUES), "empty"),
        (b"<html>busy</html>", write_values(FIRST_VALUES), "web page"),
        (write_dates(LISTED, 50), write_values(FIRST_VALUES), "release '50' instead of 10"),
        (write_dates(LISTED, count=40), write_values(FIRST_VALUES), "5 of 40 release_dates"),
        (write_dates([*LISTED, "soon"]), write_values(FIRST_VALUES), "'soon' cannot be read"),
        (write_dates(LISTED, release_dates=None), write_values(FIRST_VALUES), "without release_dates"),
        (write_dates(LISTED), write_values([]), "no first value of CPIAUCSL"),
        (write_dates(LISTED), write_values(["2025-08-04"]), "no first value of CPIAUCSL"),
        (write_dates(LISTED), write_values([*FIRST_VALUES, "2026-08-13"]), "2026-08-13, when no release is listed"),
        (write_dates(LISTED), write_values(FIRST_VALUES, count=9), "3 of 9 observations"),
        (
            write_dates(LISTED),
            b'{"error_code":400,"error_message":"Bad Request.  The series does not exist."}',
            "does not exist",
        ),
    ],
)
def test_what_does_not_give_the_days_is_refused_and_named(dates: bytes, values: bytes, words: str) -> None:
    with pytest.raises(UnusableAnswerError, match=words):
        read(CPI, dates, values)


def test_one_answer_without_the_other_gives_no_day() -> None:
    first, second = FRED.requests([CPI], NOTHING, TODAY)
    refused = Retrieved(Outcome.REFUSED, "HTTP 429 Too Many Requests", status=429)
    answers = [(first, Retrieved(Outcome.OK, "", write_dates(LISTED), status=200)), (second, refused)]
    with pytest.raises(UnusableAnswerError, match="HTTP 429"):
        FRED.read_batch(answers)
    assert FRED.read(first, write_dates(LISTED)) == ()
    with pytest.raises(UnusableAnswerError, match="web page"):
        FRED.read(second, b"<html>busy</html>")
