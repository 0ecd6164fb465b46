"""Dates in the formats of feeds."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.dates import parse_date

INSTANTS = [
    ("Mon, 17 Aug 2026 08:30:00 EDT", (2026, 8, 17, 12, 30)),
    ("Mon, 17 Aug 2026 08:30:00 EST", (2026, 8, 17, 13, 30)),
    ("17 Aug 2026 08:30:00 -0700", (2026, 8, 17, 15, 30)),
    ("Mon, 17 Aug 2026 08:30 GMT", (2026, 8, 17, 8, 30)),
    ("Mon, 17 Aug 2026 08:30:00 XYZ", (2026, 8, 17, 8, 30)),
    ("2026-08-17T10:00:00-04:00", (2026, 8, 17, 14, 0)),
    ("2026-08-17T10:00:00", (2026, 8, 17, 10, 0)),
    ("20260817T100000Z", (2026, 8, 17, 10, 0)),
    ("Aug 17, 2026 1:55pm", (2026, 8, 17, 13, 55)),
    ("  Aug 17,\n2026 1:55pm ", (2026, 8, 17, 13, 55)),
    ("Mon, 17 Aug 26 08:30:00 GMT", (2026, 8, 17, 8, 30)),
    ("2026-08-17 08:30:00 UTC", (2026, 8, 17, 8, 30)),
    ("2026-08-17T8:30:00Z", (2026, 8, 17, 8, 30)),
    ("2026-08-17T08:30:00-4:00", (2026, 8, 17, 12, 30)),
    ("2026-08-17T24:00:00Z", (2026, 8, 18, 0, 0)),
    ("Mon, 17 Aug 2026 24:00:00 GMT", (2026, 8, 18, 0, 0)),
    ("1786000000", (2026, 8, 6, 7, 6, 40)),
    ("1786000000000", (2026, 8, 6, 7, 6, 40)),
    ("17/08/2026 08:30", (2026, 8, 17, 8, 30)),
    ("8/17/2026 8:30:00 PM", (2026, 8, 17, 20, 30)),
    ("3/4/2026 08:30", (2026, 3, 4, 8, 30)),
    ("3.4.2026 08:30", (2026, 4, 3, 8, 30)),
    ("Mon Aug 17 08:30:00 2026", (2026, 8, 17, 8, 30)),
    ("Mon Aug 17 08:30:00 EDT 2026", (2026, 8, 17, 12, 30)),
    ("Aug 17, 2026 1:55 PM EDT", (2026, 8, 17, 17, 55)),
    ("Aug 17, 2026 12:05 am", (2026, 8, 17, 0, 5)),
    ("August 17, 2026, 12:05 p.m. ET", (2026, 8, 17, 16, 5)),
    ("January 17, 2026 at 1:55 p.m. ET", (2026, 1, 17, 18, 55)),
    ("Mon, 17 Aug 2026 08:30:00 CET", (2026, 8, 17, 7, 30)),
    ("Mon, 17 Aug 2026 08:30:00 BST", (2026, 8, 17, 7, 30)),
    ("Mon, 17 Aug 2026 08:30:00 GMT+0200", (2026, 8, 17, 6, 30)),
    ("Mon, 17 Aug 2026 08:30:00 +02:00", (2026, 8, 17, 6, 30)),
    ("Mon, 17 Aug 2026 08:30:00 UTC-2", (2026, 8, 17, 10, 30)),
    ("Mon, 17 Aug 2026 08:30:00 -0400 (Eastern)", (2026, 8, 17, 12, 30)),
    ("Monday, 17-Aug-2026 08:30:00 GMT", (2026, 8, 17, 8, 30)),
    ("17 Aug, 2026 08:30:00 +0000", (2026, 8, 17, 8, 30)),
    ("Mon,17 Sept 2026 08:30 GMT", (2026, 9, 17, 8, 30)),
    ("Lun, 17 Aug 2026 08:30 GMT", (2026, 8, 17, 8, 30)),
    ("1 Jan 1899 00:00:00 GMT", (1899, 1, 1, 0, 0)),
]
DAYS = [
    "2026-08-17",
    "20260817",
    "Mon, 17 Aug 2026",
    "Monday, August 17, 2026",
    "17 August 2026",
    "8/17/2026",
    "17.8.2026",
    "17-08-2026",
    "2026/8/17",
    "August 17th, 2026",
]
NONSENSE = [
    None,
    "",
    "soon",
    "2026-13-40",
    "Mon, 99 Aug 2026 08:30:00 EDT",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "x" * 5_000,
    "Mon, 17 Aug 20266 08:30:00 GMT",
    "Mon, 17 Aug 2026 08:30:00 +9999",
    "31/31/2026",
    "1 2 3",
    "Mon, 17 Aug 0026 08:30:00 GMT",
    "9" * 30,
    "Mon, 17 Aug 2026 48:00:00 GMT",
    "17 Aug",
    "10:00",
    "2026-000",
    "2026-367",
    "-13-13",
    "991399",
    "Week 34 of 2026",
]
LOOSE = [
    ("Thu, 31 Jun 2026 19:48:21 GMT", (2026, 7, 1, 19, 48, 21)),
    ("2026-12-31T25:14:55Z", (2027, 1, 1, 1, 14, 55)),
    ("2026-12-31T10:61:55Z", (2026, 12, 31, 11, 1, 55)),
    ("2026-12-31T10:14:61Z", (2026, 12, 31, 10, 15, 1)),
    ("2026-08-17T10:00:00:00", (2026, 8, 17, 10)),
    ("2026-08-17T10:00:00:-0700", (2026, 8, 17, 17)),
    ("2026-08-17t10:00:00z", (2026, 8, 17, 10)),
    ("2026-08-17T10:00:00 +02:00", (2026, 8, 17, 8)),
    ("2026-08-17 10:00:00.0", (2026, 8, 17, 10)),
    ("2026-08-17 10:00:00,5 +0200", (2026, 8, 17, 8)),
    ("2026-230T10:00:00Z", (2026, 8, 18, 10)),
    ("2026-W34-1T10:00:00Z", (2026, 8, 17, 10)),
    ("Fri, 2026/08/14 08:19:53 EDT", (2026, 8, 14, 12, 19, 53)),
    ("Mon, 2, Feb 2026 15:4", (2026, 2, 2, 15, 4)),
    ("2 Monday, Feb 2026 15:04", (2026, 2, 2, 15, 4)),
    ("Monday, 2. February 2026 - 15:04", (2026, 2, 2, 15, 4)),
    ("15:04 17.08.2026 -0700", (2026, 8, 17, 22, 4)),
    ("Mon Aug 17 16:29:06 2026 -0800", (2026, 8, 18, 0, 29, 6)),
    ("Mon Aug 17 16:29:06 2026 PDT", (2026, 8, 17, 23, 29, 6)),
    ("17/Aug/2026 15:04:05 GMT", (2026, 8, 17, 15, 4, 5)),
    ("2026 August 17 15:04", (2026, 8, 17, 15, 4)),
    ("Mon, 17 Aug 2026 10h30", (2026, 8, 17, 10, 30)),
    ("17 Aug 98 10:30 UT", (1998, 8, 17, 10, 30)),
    ("Mon, 17 Aug 2026 08:30:00 A", (2026, 8, 17, 9, 30)),
    ("Mon, 17 Aug 2026 08:30:00 America/New_York", (2026, 8, 17, 12, 30)),
    ("Mon, 16 Feb 2026 08:30:00 America/New_York", (2026, 2, 16, 13, 30)),
    ("17 Aug 2026 08:30 (Europe/Rome)", (2026, 8, 17, 6, 30)),
    ("2026-08-17 08:30:00 America/Argentina/Buenos_Aires", (2026, 8, 17, 11, 30)),
    ("Mon, 17 Aug 2026 08:30:00 Etc/UTC", (2026, 8, 17, 8, 30)),
    ("Mon, 17 Aug 2026 08:30:00 Atlantis/Capital", (2026, 8, 17, 8, 30)),
    ("Mon, 17 Aug 2026 08:30:00 IST", (2026, 8, 17, 3, 0)),
    ("Mon, 17 Aug 2026 08:30:00 WIB", (2026, 8, 17, 1, 30)),
]
LANGUAGES = [
    ("es", "lun, 17 ago 2026 08:30:00 +0200", 8),
    ("es", "martes, 17 de marzo de 2026 08:30:00 +0200", 3),
    ("es", "mar, 17 nov 2026 08:30:00 +0200", 11),
    ("pt", "Seg, 17 Set 2026 08:30:00 +0200", 9),
    ("pt", "17 de fevereiro de 2026 08:30:00 +0200", 2),
    ("de", "Di, 17 Mär 2026 08:30:00 +0200", 3),
    ("de", "Do, 17. Dezember 2026 08:30:00 +0200", 12),
    ("de", "Mo, 17 Mrz 2026 08:30:00 +0200", 3),
    ("fr", "mar., 17 févr. 2026 08:30:00 +0200", 2),
    ("fr", "lundi 17 août 2026 08:30:00 +0200", 8),
    ("it", "mar, 17 ott 2026 08:30:00 +0200", 10),
    ("it", "lunedì 17 gennaio 2026 08:30:00 +0200", 1),
    ("ru", "Пн, 17 авг 2026 08:30:00 +0200", 8),
    ("ru", "17 мая 2026 08:30:00 +0200", 5),
    ("nl", "di, 17 mrt 2026 08:30:00 +0200", 3),
    ("nl", "17 mei 2026 08:30:00 +0200", 5),
    ("pl", "pon, 17 paź 2026 08:30:00 +0200", 10),
    ("pl", "17 stycznia 2026 08:30:00 +0200", 1),
    ("tr", "Pzt, 17 Ağu 2026 08:30:00 +0200", 8),
    ("tr", "17 ŞUBAT 2026 08:30:00 +0200", 2),
    ("tr", "Mar, 17 Mar 2026 08:30:00 +0200", 3),
    ("ja", "2026年8月17日(月) 08:30:00 +0200", 8),
    ("ja", "2026年08月17日 午前8時30分00秒 +0200", 8),
    ("zh", "2026年8月17日 星期一 上午8:30:00 +0200", 8),
    ("zh", "2026年8月17號 08時30分 +0200", 8),
    ("ko", "2026년 8월 17일 오전 8:30:00 +0200", 8),
    ("id", "Sen, 17 Agt 2026 08:30:00 +0200", 8),
    ("sv", "mån, 17 maj 2026 08:30:00 +0200", 5),
    ("cs", "po, 17 srpna 2026 08:30:00 +0200", 8),
    ("uk", "пн, 17 серпня 2026 08:30:00 +0200", 8),
    ("hu", "2026-július-17T8:30+02:00", 7),
    ("el", "Κυρ, 17 Ιούλ 2026 08:30:00 +0200", 7),
    ("ar", "١٧ أغسطس ٢٠٢٦ 08:30:00 +0200", 8),
    ("fi", "17. elokuuta 2026 08:30:00 +0200", 8),
    ("vi", "Thứ Hai, 17 tháng 8 2026 08:30:00 +0200", 8),
]
STARTS = [
    ("2026", (2026, 1, 1)),
    ("2026-08", (2026, 8, 1)),
    ("August 2026", (2026, 8, 1)),
    ("2026-W34", (2026, 8, 17)),
    ("2026-W34-2", (2026, 8, 18)),
    ("2026-229", (2026, 8, 17)),
    ("2026229", (2026, 8, 17)),
    ("26229", (2026, 8, 17)),
    ("260817", (2026, 8, 17)),
    ("-26-08", (2026, 8, 1)),
    ("-2608", (2026, 8, 1)),
    ("-26-08-17", (2026, 8, 17)),
    ("26-08-17", (2026, 8, 17)),
]


@pytest.mark.parametrize(("text", "expected"), INSTANTS)
def test_instants_are_read_in_utc(text, expected):
    when = parse_date(text)
    assert when is not None
    assert (when.at, when.day_only) == (datetime(*expected, tzinfo=UTC), False)


@pytest.mark.parametrize(("text", "expected"), LOOSE)
def test_house_styles_are_read(text, expected):
    assert parse_date(text) == (datetime(*expected, tzinfo=UTC), False)


@pytest.mark.parametrize(("language", "text", "month"), LANGUAGES)
def test_months_are_read_in_many_languages(language, text, month):
    assert parse_date(text) == (datetime(2026, month, 17, 6, 30, tzinfo=UTC), False), language


@pytest.mark.parametrize(
    "text", ["2026-08-17 오후 11:23:17", "2026년 08월 17일 23:23:17", "2026년 8월 17일 23시 23분 17초"]
)
def test_a_korean_date_without_a_zone_is_in_korean_time(text):
    assert parse_date(text) == (datetime(2026, 8, 17, 14, 23, 17, tzinfo=UTC), False)


@pytest.mark.parametrize(("text", "expected"), STARTS)
def test_the_shorter_forms_of_iso_8601_are_their_first_day(text, expected):
    assert parse_date(text) == (datetime(*expected, tzinfo=UTC), True)


def test_the_zones_of_places_do_not_need_the_systems_files():
    """In slim containers the system has none; then those of the package tzdata are read."""
    code = (
        "from groundswell.feeds.parsing.dates import parse_date\n"
        "print(parse_date('Mon, 17 Aug 2026 08:30:00 Europe/Rome').at.isoformat())"
    )
    environment = {**os.environ, "PYTHONTZPATH": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2026-08-17T06:30:00+00:00"


@pytest.mark.parametrize("text", DAYS)
def test_bare_days_are_midnight_and_flagged(text):
    assert parse_date(text) == (datetime(2026, 8, 17, tzinfo=UTC), True)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_no_date(text):
    assert parse_date(text) is None


@given(st.text(max_size=60))
def test_reading_never_raises(text):
    when = parse_date(text)
    assert when is None or when.at.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_iso_instants_come_back(moment):
    assert parse_date(moment.isoformat()) == (moment, False)
