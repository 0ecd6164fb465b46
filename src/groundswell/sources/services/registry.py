"""The data services there are: every one that a module of this package declares."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from groundswell.errors import BadInputError, suggest
from groundswell.settings import ServiceSettings
from groundswell.sources import services
from groundswell.sources.services.base import DataService

NO_SETTINGS = ServiceSettings()


@cache
def find_services() -> dict[str, type[DataService]]:
    """Return the declared services by name, in the order in which a series that several offer is requested of them."""
    declared = sorted(_declared_services(), key=lambda service: (service.priority, service.name))
    return {service.name: service for service in declared}


def build_services(settings: Mapping[str, ServiceSettings], contact: str = "") -> tuple[DataService, ...]:
    """Build every service that is not switched off, with its address, its key and the owner's contact.

    Raises ``BadInputError`` for settings of a service that does not exist, and for a key that a service has no use for.
    """
    found = find_services()
    for name in settings:
        if name not in found:
            raise BadInputError(f"setting services.{name}: there is no such data service; {suggest(name, found)}")
    return tuple(
        _build(service, settings.get(name, NO_SETTINGS), contact)
        for name, service in found.items()
        if settings.get(name, NO_SETTINGS).enabled
    )


def service_title(name: str) -> str:
    """Return the title of a service for readers; the name itself for a service that no longer exists."""
    service = find_services().get(name)
    return service.title if service else name


def _build(service: type[DataService], settings: ServiceSettings, contact: str) -> DataService:
    uses = service.required_settings | service.optional_settings
    if settings.key and "key" not in uses:
        raise BadInputError(f"setting services.{service.name}.key: this service takes no key; remove the line")
    return service(settings.address.rstrip("/"), settings.key, contact if "contact" in uses else "")


def _declared_services() -> Iterator[type[DataService]]:
    for module_info in pkgutil.iter_modules(services.__path__):
        module = import_module(f"{services.__name__}.{module_info.name}")
        for member in vars(module).values():
            is_service = isinstance(member, type) and issubclass(member, DataService) and not inspect.isabstract(member)
            if is_service and member.__module__ == module.__name__:
                yield member
