"""The onboarding panel: what is measured, and which service, setting or file would bring what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from groundswell.app.data_folder import collect_series_refs
from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure
from groundswell.feeds.default_feeds import needs_contact
from groundswell.fetch.domains import find_registered_domain
from groundswell.hubs.spec import HubSpec
from groundswell.log import log_program_error
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import end_of_day
from groundswell.markets.series.catalogue import family_of
from groundswell.model import Evaluation, FeedSpec, SeriesRef, Verdict
from groundswell.pages.onboarding import Onboarding, Supply, list_steps
from groundswell.sources.services.base import DataService
from groundswell.wording.plurals import write_count, write_first_names, write_list

MAX_SYMBOLS = 6
"""A step names this many symbols and counts the rest."""


def build_onboarding(
    hubs: Sequence[HubSpec],
    evaluations: Mapping[str, Sequence[Evaluation]],
    book: SeriesBook,
    as_of: date,
    services: Sequence[DataService],
    *,
    supplies: Sequence[Supply] = (),
) -> Onboarding:
    """Build the panel of these hubs from their evaluations (by slug), the series they rest on, and the services in use.

    ``supplies`` are further steps. Nothing is measured.
    """
    known = book.known_by(end_of_day(as_of))
    found = {f"{slug}/{each.id}": each for slug, of_hub in evaluations.items() for each in of_hub}
    measured = [name for name, each in found.items() if not each.stand_in and each.verdict is not Verdict.NOT_MEASURED]
    missing = {name: refs for name, refs in _list_missing(hubs, known) if name not in measured}
    wanted = frozenset[SeriesRef]().union(*missing.values())
    offered = [(service, _choose_offered(service, wanted)) for service in services]
    free = frozenset(ref for service, refs in offered if not service.unavailable for ref in refs)
    sources = [use.source.partition("; ")[0] for each in found.values() for use in each.sources]
    return Onboarding(
        claim_count=len(found),
        measured=tuple(measured),
        stand_ins=tuple(name for name, each in found.items() if each.stand_in),
        sources=tuple(dict.fromkeys(sources)),
        steps=list_steps(missing, [*supplies, *_list_service_supplies(offered, free), *_list_file_supplies(wanted)]),
    )


def list_waiting(
    services: Iterable[DataService], feeds: Iterable[FeedSpec], hub: HubSpec | None = None
) -> tuple[str, ...]:
    """Say what waits for a contact: data services, and feeds that are on and are asked only with one.

    Of a ``hub`` they are the services with a series that it uses, and the feeds of its topic.
    """
    if hub is not None:
        used = collect_series_refs([hub])
        services = [service for service in services if _choose_offered(service, used)]
        feeds = [feed for feed in feeds if feed.topic == hub.slug]
    waiting = [service.title for service in services if "contact" in service.required_settings and service.unavailable]
    domains = [find_registered_domain(feed.url) for feed in feeds if feed.enabled and needs_contact(feed.url)]
    if domains:
        waiting.append(f"{write_count(len(domains), 'news feed')} of {write_list(domains)}")
    return (f"waits for contact: {write_list(waiting)}",) if waiting else ()


def _list_missing(hubs: Sequence[HubSpec], known: SeriesBook) -> Iterator[tuple[str, frozenset[SeriesRef]]]:
    """Yield each claim whose declared measurement misses series, with these."""
    for hub in hubs:
        for claim in hub.claims:
            main = bind_claim(claim).main
            refs = main.needs if isinstance(main, BoundMeasure) else frozenset[SeriesRef]()
            missing = frozenset(ref for ref in refs if known.get(ref) is None)
            if missing:
                yield f"{hub.slug}/{claim.id}", missing


def _list_service_supplies(
    offered: Iterable[tuple[DataService, frozenset[SeriesRef]]], free: frozenset[SeriesRef]
) -> Iterator[Supply]:
    yield Supply("A network", "data services that need no key are asked as soon as they can be reached", free)
    by_contact = frozenset[SeriesRef]()
    for service, refs in offered:
        if service.unavailable and "key" in service.required_settings and not service.key:
            yield Supply(
                f"A {'free ' if service.has_free_key else ''}key of {service.title}",
                f'[services.{service.settings_table or service.name}] key = "…" in groundswell.toml',
                refs,
                free,
                "a network",
            )
        elif service.unavailable and "contact" in service.required_settings:
            by_contact |= refs
    yield Supply("A contact", 'contact = "you@example.org" in groundswell.toml', by_contact, free, "a network")


def _list_file_supplies(wanted: frozenset[SeriesRef]) -> Iterator[Supply]:
    """Yield the files of prices and rates, then for each other kind of file the series that come with it."""
    plain = frozenset(ref for ref in wanted if family_of(ref).in_plain_files)
    names = write_first_names(sorted({ref.id for ref in plain}), MAX_SYMBOLS)
    yield Supply(f"CSV, Excel or Parquet files of {names}", "put them into a folder: --data DIR", plain)
    by_remedy: dict[tuple[str, str], set[SeriesRef]] = {}
    for ref in sorted(wanted - plain):
        family = family_of(ref)
        if family.remedy:
            remedy = family.remedy.format(**family.parts(ref.id))
            by_remedy.setdefault((family.describe(ref.id), remedy), set()).add(ref)
    for (title, remedy), refs in by_remedy.items():
        yield Supply(f"{title[0].upper()}{title[1:]}", remedy, frozenset(refs), plain, "files of prices and rates")


def _choose_offered(service: DataService, wanted: frozenset[SeriesRef]) -> frozenset[SeriesRef]:
    try:
        return frozenset(ref for ref in wanted if service.offers(ref))
    except Exception as error:  # a plug-in may raise anything
        log_program_error(f"the data service {service.name}", error)
        return frozenset()
