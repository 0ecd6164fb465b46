"""Registries that fill themselves: each collects the declarations of one kind from a package and from plug-ins."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any, Protocol, TypeVar

log = logging.getLogger("groundswell")


class Named(Protocol):
    """Anything with a name that is unique among its kind."""

    @property
    def name(self) -> str: ...


Declared = TypeVar("Declared", bound=Named)


class Registry(Mapping[str, Declared]):
    """The declarations of a class by name, found on first use.

    A declaration is an instance of ``kind`` at the top level of a public module of ``package`` or of a package in it,
    or of a module that an installed distribution names in its entry points under ``group``. Declarations are in the
    order of ``rank``; those of equal rank follow the names of their modules and then their place in the module, those
    of plug-ins last.

    Raises ``ValueError`` on first use when two declarations have the same name. A plug-in that cannot be loaded is
    logged and left out.
    """

    def __init__(
        self, kind: type[Declared], package: str, group: str, rank: Callable[[Declared], int] = lambda _: 0
    ) -> None:
        self._kind, self._package, self._group, self._rank = kind, package, group, rank

    def __getitem__(self, name: str) -> Declared:
        return self._declarations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._declarations)

    def __len__(self) -> int:
        return len(self._declarations)

    def refresh(self) -> None:
        """Search again on the next use, for plug-ins installed since the first one."""
        self.__dict__.pop("_declarations", None)

    def _is_declaration(self, value: object) -> bool:
        return isinstance(value, self._kind)

    def _is_complete(self, value: Declared, module: ModuleType) -> bool:
        """Whether a declaration has a name and a rank; one of a plug-in that has not is logged and left out."""
        try:
            return bool(value.name) and self._rank(value) is not None
        except Exception:
            log.exception("a declaration of %s is left out: it has no name or no rank", module.__name__)
            return False

    @cached_property
    def _declarations(self) -> Mapping[str, Declared]:
        modules: dict[str, str] = {}
        declarations: list[Declared] = []
        for module in (*_list_modules(self._package), *_load_plugins(self._group)):
            for value in filter(self._is_declaration, vars(module).values()):
                if any(value is known for known in declarations) or not self._is_complete(value, module):
                    continue
                if value.name in modules:
                    raise ValueError(f"{modules[value.name]} and {module.__name__} both declare {value.name!r}")
                modules[value.name] = module.__name__
                declarations.append(value)
        return MappingProxyType({declaration.name: declaration for declaration in sorted(declarations, key=self._rank)})


class ClassRegistry(Registry[Declared]):
    """A registry of classes: a declaration is a subclass of ``base`` that is not abstract, in place of an instance."""

    def __init__(self, base: type[Any], package: str, group: str, rank: Callable[[Declared], int]) -> None:
        super().__init__(base, package, group, rank)

    def _is_declaration(self, value: object) -> bool:
        return isinstance(value, type) and issubclass(value, self._kind) and not inspect.isabstract(value)


def _list_modules(package: str) -> Iterator[ModuleType]:
    """Yield the public modules of a package and, each in its place by name, those of the packages in it."""
    path = import_module(package).__path__
    public = (module for module in iter_modules(path) if not module.name.startswith("_"))
    for module in sorted(public, key=lambda module: module.name):
        name = f"{package}.{module.name}"
        if module.ispkg:
            yield from _list_modules(name)
        else:
            yield import_module(name)


def _load_plugins(group: str) -> Iterator[ModuleType]:
    for entry_point in sorted(entry_points(group=group), key=lambda entry_point: entry_point.name):
        try:
            module = entry_point.load()
        except Exception:
            log.exception("the plug-in %s of %s cannot be loaded and is left out", entry_point.name, group)
            continue
        yield module
