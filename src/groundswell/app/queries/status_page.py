"""The status page: every source with its last outcome, data issues, and the report of the last 24 hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.metadata import version

from groundswell.app.queries.activity import read_day_report
from groundswell.app.queries.chains import read_chains
from groundswell.app.queries.common import PageSource, choose_visible, read_coverage
from groundswell.feeds.public_addresses import publish_address
from groundswell.markets.indicators.calendars import CALENDARS
from groundswell.markets.series.calendar import end_of_day
from groundswell.model import UpstreamKind
from groundswell.pages.models import StatusPage
from groundswell.pages.status import CalendarStatus, CycleStatus, DayReport
from groundswell.storage.upstreams import states as upstream_states


def build_status_page(source: PageSource, cycle: CycleStatus) -> StatusPage:
    """Build the status page, of the present. Every reader may see it: addresses are without their secrets."""
    with source.store.read() as connection:
        states = [
            replace(state, address=publish_address(state.address)) for state in upstream_states.list_states(connection)
        ]
        coverage = read_coverage(connection, choose_visible(None), states)
        report = read_day_report(connection, states, source.clock())
    return StatusPage(
        feeds=tuple(state for state in states if state.kind is UpstreamKind.FEED),
        data=tuple(state for state in states if state.kind is UpstreamKind.DATA),
        coverage=coverage,
        store=source.store.name,
        version=version("groundswell"),
        made_at=source.clock(),
        data_issues=tuple(issue for issues in source.evidence.data_issues().values() for issue in issues),
        chains=read_chains(source, states),
        calendars=_list_calendars(source),
        report=report,
        cycle=cycle,
    )


def build_day_report(source: PageSource) -> DayReport:
    """Build the report of the last 24 hours alone."""
    with source.store.read() as connection:
        return read_day_report(connection, upstream_states.list_states(connection), source.clock())


def _list_calendars(source: PageSource) -> tuple[CalendarStatus, ...]:
    today = source.clock().date()
    book = source.evidence.book().known_by(end_of_day(today))
    return tuple(
        CalendarStatus(
            calendar.name,
            calendar.title,
            calendar.agency,
            next((listed.day for listed in calendar.list_dates(today, date.max, book)), None),
            calendar.known_until(today, book),
        )
        for calendar in CALENDARS.values()
    )
