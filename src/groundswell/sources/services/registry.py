"""The data services there are.

To add one, write a module in this package that defines a subclass of ``DataService``, or a plug-in whose entry point in
the group ``groundswell.data_services`` names such a module.
"""

from __future__ import annotations

from collections.abc import Mapping

from groundswell.errors import BadInputError, suggest
from groundswell.log import log_program_error
from groundswell.model import SeriesRef
from groundswell.plugins import ClassRegistry
from groundswell.settings import ServiceSettings
from groundswell.sources.services.base import DataService

DATA_SERVICES: ClassRegistry[type[DataService]] = ClassRegistry(
    DataService,
    "groundswell.sources.services",
    "groundswell.data_services",
    rank=lambda service: service.priority,
)
"""The services by name, in the order in which a series that several offer is requested of them."""

NO_SETTINGS = ServiceSettings()


def build_services(settings: Mapping[str, ServiceSettings], contact: str = "") -> tuple[DataService, ...]:
    """Build every service that is not switched off, with its address, its key and the owner's contact.

    Raises ``BadInputError`` for settings of a service that does not exist, and for a key that a service has no use for.
    """
    for name in settings:
        if name not in DATA_SERVICES:
            raise BadInputError(
                f"setting services.{name}: there is no such data service; {suggest(name, DATA_SERVICES)}"
            )
        if table := DATA_SERVICES[name].settings_table:
            raise BadInputError(f"setting services.{name}: its settings are those of services.{table}; use that table")
    built = (
        _build(service, own, contact)
        for name, service in DATA_SERVICES.items()
        if (own := settings.get(service.settings_table or name, NO_SETTINGS)).enabled
    )
    return tuple(service for service in built if service is not None)


def service_title(name: str) -> str:
    """Return the title of a service for readers; the name itself for a service that no longer exists."""
    service = DATA_SERVICES.get(name)
    return service.title if service else name


def list_offering(ref: SeriesRef) -> tuple[str, ...]:
    """Return the names of the services that offer a series, in the order of its chain, whether or not they are on."""
    ranks: dict[str, int] = {}
    for name, service in DATA_SERVICES.items():
        try:
            plain = service()
            if plain.offers(ref):
                ranks[name] = plain.rank(ref)
        except Exception as error:
            log_program_error(f"the data service {name}", error)
    return tuple(sorted(ranks, key=lambda name: ranks[name]))


def _build(service: type[DataService], settings: ServiceSettings, contact: str) -> DataService | None:
    """Return a service; None for a plug-in that cannot be made, which is logged."""
    uses = service.required_settings | service.optional_settings
    if settings.key and "key" not in uses:
        raise BadInputError(f"setting services.{service.name}.key: this service takes no key; remove the line")
    try:
        return service(settings.address.rstrip("/"), settings.key, contact if "contact" in uses else "")
    except Exception as error:
        log_program_error(f"the data service {service.name}", error)
        return None
