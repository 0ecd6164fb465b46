"""What every data service must do, whichever it is: the suite runs over all that are registered."""

from __future__ import annotations

import csv
import json
import math
import re
import socket
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from groundswell.markets.series.book import NOTHING, SeriesBook
from groundswell.model import Frequency, Measure, Outcome, Series, SeriesRef, UpstreamKind, UpstreamState
from groundswell.ports import Retrieved
from groundswell.settings import ServiceSettings
from groundswell.sources.services.base import DataService, Request, UnusableAnswerError
from groundswell.sources.services.new_observations import find_new_observations
from groundswell.sources.services.registry import DATA_SERVICES, build_services
from groundswell.sources.services.series_update import Stored
from groundswell.sources.services.update import update
from groundswell.sources.vintages import join_observations

NOW = datetime(2027, 8, 20, 23, tzinfo=UTC)  # some meetings later than the shipped table of decisions ends
TODAY = NOW.date()
KEY, CONTACT = "s3cret-key", "desk@secret.example"
CATALOGUE = Path(__file__).parents[1] / "markets/series_catalogue.csv"
with CATALOGUE.open(encoding="utf-8") as lines:
    REFS = [SeriesRef(row["id"], Measure(row["measure"])) for row in csv.DictReader(lines) if row["id"]]


def keyed_services() -> tuple[DataService, ...]:
    takes_key = {
        service.settings_table or name: ServiceSettings(key=KEY)
        for name, service in DATA_SERVICES.items()
        if "key" in service.required_settings | service.optional_settings
    }
    return build_services(takes_key, CONTACT)


SERVICES = list(dict.fromkeys((*build_services({}), *keyed_services())))
every_service = pytest.mark.parametrize(
    "service", SERVICES, ids=lambda service: f"{service.name}{' with a key' if service.key else ''}"
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a data service must not connect by itself")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def offered(service: DataService) -> list[SeriesRef]:
    return [ref for ref in REFS if service.offers(ref)]


def requests_of(service: DataService, stored: SeriesBook = NOTHING) -> tuple[Request, ...]:
    return service.requests(offered(service), stored, TODAY)


def book_to(refs: list[SeriesRef], last: date) -> SeriesBook:
    days = np.array([last - timedelta(days=1), last], dtype="datetime64[D]")
    known = days.astype("datetime64[s]")
    return SeriesBook.of(Series(ref, Frequency.DAILY, "file", days, np.array([1.0, 15.0]), known) for ref in refs)


@every_service
def test_it_says_what_it_is(service: DataService) -> None:
    assert re.fullmatch("[a-z]+", service.name)
    assert service.title
    assert service.terms.endswith(".")
    assert service.interval >= timedelta(hours=1)
    assert service.base_address.startswith("https://")
    assert not service.base_address.endswith("/")
    assert service.required_settings | service.optional_settings <= {"key", "contact"}
    assert not service.required_settings & service.optional_settings


def test_no_two_have_one_place_in_the_order() -> None:
    priorities = [service.priority for service in DATA_SERVICES.values()]
    assert priorities == sorted(set(priorities))


@every_service
def test_what_it_lacks_is_said_and_no_more(service: DataService) -> None:
    given = {name for name in ("key", "contact") if getattr(service, name)}
    missing = service.required_settings - given
    assert bool(service.unavailable) == bool(missing)
    assert all(name in service.unavailable for name in missing)


@every_service
@pytest.mark.parametrize("last", [None, TODAY - timedelta(days=3), TODAY - timedelta(days=3000)])
def test_it_requests_what_it_offers_and_nothing_else(service: DataService, last: date | None) -> None:
    refs = offered(service)
    assert refs
    stored = book_to(refs, last) if last else NOTHING
    requests = service.requests(refs, stored, TODAY)
    requested = {ref for request in requests for ref in request.refs}
    assert requested == set(refs)
    hosts = tuple(f"{address}/" for address in (service.base_address, *service.other_addresses))
    assert all(request.address.startswith(hosts) for request in requests)
    assert all(request.refs and request.description for request in requests)
    assert len({request.address for request in requests}) == len(requests)
    assert requests == service.requests(refs[::-1], stored, TODAY)
    few = refs[:1]
    assert {ref for request in service.requests(few, stored, TODAY) for ref in request.refs} == set(few)


@every_service
def test_it_can_be_sent_to_a_mirror(service: DataService) -> None:
    mirrored = type(service)("https://mirror.example", service.key, service.contact)
    assert all(request.address.startswith("https://mirror.example/") for request in requests_of(mirrored))


@every_service
def test_what_the_owner_keeps_to_himself_is_shown_nowhere(service: DataService) -> None:
    secrets = [secret for secret in (service.key, service.contact) if secret]
    request, *_ = requests_of(service)
    echo = f"{request.address} {KEY} {CONTACT}"
    bodies = [json.dumps({"detail": echo, "error_message": echo, "chart": {"error": {"description": echo}}}), echo]
    answers = [(request, Retrieved(Outcome.OK, "HTTP 200", body.encode())) for body in bodies]
    answers.append((request, Retrieved(Outcome.REFUSED, f"HTTP 403 {echo}")))
    state = update(row(service), service, answers, Stored(NOTHING, {}), NOW).state
    shown = [service.name, service.title, service.terms, service.unavailable, repr(service), repr(state)]
    shown += [request.description for request in requests_of(service)]
    assert not [text for text in shown for secret in secrets if secret in text]


VALUES = ("NaN", "Infinity", "-1", "0", "1e308", "1e-308", '"1e999"', "true", "null", "[]", '"x"')
DAYS = ("9999-12-31", "0001-01-01", "2026-02-30", "", "2026-08-20T24:00", "20260820")
TIMES = ("NaN", "Infinity", "1e18", "-1e18", "253402300799", "-62135596800", "null", '"x"', "{}")
HOSTILE = [
    *("", " \n", "null", "[]", "{}", "[[]]", "[{}]", '"text"', "1", "{", "[" * 5000, '{"a":' * 5000),
    *("<!DOCTYPE html><p>busy</p>", "\ufeff<html>", "<?xml version='1.0'?><Error/>", "PK\x03\x04", "\x00\x01\xff"),
    *('a,"b', "Date\n", "date,\n,\n", '"' + "x" * 200_000, "Date,1 mo,10 yr\n\x00,\x00"),
    *(f'{{"{name}": {value}}}' for name in ("refRates", "observations", "chart", "facts") for value in VALUES[-5:]),
    *(
        f"Date,2 Yr,10 Yr\n{day},{value},{value}\n"
        for value in VALUES
        for day in ("12/31/9999", "01/01/0001", "8/20/26")
    ),
    *(f"observation_date,X\n{day},{value}\n" for value in VALUES for day in DAYS),
    *(
        f'{{"refRates":[{{"type":"EFFR","effectiveDate":"{day}","percentRate":{value},"targetRateFrom":{value}}}]}}'
        for value in VALUES
        for day in DAYS
    ),
    *(
        f'{{"realtime_start":"{day}","observations":[{{"date":"{day}","realtime_start":"9999-12-31","value":{value}}}]}}'
        for value in VALUES
        for day in DAYS
    ),
    *(
        f'[{{"date":"{day}","adjClose":{value}}},{{"date":"2026-08-20","adjClose":1}}]'
        for value in VALUES
        for day in DAYS
    ),
    *(f'[{{"date":"2026-08-19","adjClose":1e18}},{{"date":"2026-08-20","adjClose":{value}}}]' for value in VALUES),
    *(
        f'{{"chart":{{"result":[{{"meta":{{"gmtoffset":{offset}}},"timestamp":[{time}],"indicators":'
        f'{{"quote":[{{"close":[{value}]}}],"adjclose":[{{"adjclose":[{value}]}}]}}}}]}}}}'
        for value in VALUES
        for time, offset in (*((time, 0) for time in TIMES), *((1787234400, offset) for offset in TIMES))
    ),
    '{"chart":{"result":[{"meta":{"gmtoffset":0},"timestamp":7,"indicators":{"quote":[{"close":7}]}}]}}',
    '{"chart":{"result":[{"meta":[],"timestamp":{},"indicators":{"quote":{}}}]}}',
    *(
        f'F\nFund Holdings as of,"{day}"\n\nTicker,Asset Class,Market Value\n' + f'"A","Equity","{value}"\n' * 12
        for day in ("Dec 31, 9999", "Jan 01, 0001", "Foo 1, 2026")
        for value in ("1e308", "1e-308", "-", "NaN", "1,0")
    ),
    *(
        f'{{"facts":{{"us-gaap":{{"DebtCurrent":{{"units":{{"USD":[{{"end":"{end}","val":{value},"form":"10-K",'
        f'"filed":"{filed}"}}]}}}}}}}}}}'
        for value in VALUES
        for end in DAYS
        for filed in ("9999-12-31", "0001-01-01")
    ),
    "decided to lower the target range for the federal funds rate to 1/0 to 0/0 percent",
    "decided to lower the target range for the federal funds rate to 99 to 1 percent",
    "2099 FOMC Meetings fomc-meeting__month x><strong>Foo/May</strong></div><div fomc-meeting__date y>31-99*<",
]


@every_service
def test_whatever_comes_back_is_read_or_refused(service: DataService) -> None:
    requests = requests_of(service)
    stored = book_to(offered(service), date(2026, 8, 20))
    refusals: list[str] = []
    for body in HOSTILE:
        for request in (requests[0], requests[-1]):
            try:
                answers = service.read(request, body.encode("utf-8", "replace"))
            except UnusableAnswerError as error:
                refusals.append(str(error))
                continue
            for answer in answers:
                assert answer.ref in request.refs
                assert all(math.isfinite(row.value) for row in answer.rows)
                days = [row.date for row in answer.rows]
                assert days == sorted(days)
                for series in (None, stored.get(answer.ref)):
                    try:
                        new = find_new_observations(answer, series, (), service.name, now=NOW, asked_before=None)
                    except UnusableAnswerError:
                        continue
                    assert all(observation.known_at <= NOW for observation in new)
                    assert all(math.isfinite(observation.value) for observation in new)
                    join_observations(series, new)
    assert all(0 < len(text) <= 200 for text in refusals)
    assert len(refusals) > len(HOSTILE)


def row(service: DataService) -> UpstreamState:
    return UpstreamState(
        f"data:{service.name}", UpstreamKind.DATA, service.title, service.base_address, "", enabled=True
    )


@every_service
def test_an_update_of_failures_is_a_state_and_no_exception(service: DataService) -> None:
    answers = [
        (request, Retrieved(Outcome.OK, "HTTP 200", body.encode("utf-8", "replace")))
        for request in requests_of(service)[:2]
        for body in HOSTILE[:20]
    ]
    updated = update(row(service), service, answers, Stored(NOTHING, {}), NOW)
    state = updated.state
    assert updated.observations == ()
    assert state.next_due_at is not None
    assert state.last_tried_at == NOW
