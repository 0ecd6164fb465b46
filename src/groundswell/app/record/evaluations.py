"""Claims are registered, and their evaluations recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from groundswell.claims.register.canonical import list_specifications
from groundswell.claims.register.inputs import hash_inputs
from groundswell.hubs.spec import HubSpec
from groundswell.markets.series.book import SeriesBook
from groundswell.model import Evaluation, Registration
from groundswell.storage.evidence import evaluations, registrations

ByClaim = Mapping[tuple[str, str], Registration]
"""The newest registration of each claim, by hub and claim."""


def record_evaluations(
    connection: Connection, hubs: Collection[HubSpec], new: Sequence[Evaluation], book: SeriesBook, now: datetime
) -> tuple[int, ByClaim]:
    """Register claims, and record evaluations; return how many differ from those recorded, and the registrations."""
    registered: dict[tuple[str, str], Registration] = {}
    for hub in hubs:
        before = registrations.read_registrations(connection, hub.slug)
        wanted = list_specifications(hub.claims, {claim: each.canonical for claim, each in before.items()})
        newest = registrations.register(connection, hub.slug, wanted, now)
        registered.update(((hub.slug, claim), registration) for claim, registration in newest.items())
    added = evaluations.add_evaluations(
        connection, new, now, registered, lambda evaluation: hash_inputs(evaluation, book)
    )
    return added, registered
