"""The facade is complete by itself: documented methods, and no inner object to reach past it."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.web import backend

METHODS = {name: member for name, member in inspect.getmembers(Groundswell) if not name.startswith("_")}
PROTOCOLS = [
    member for _, member in inspect.getmembers(backend, inspect.isclass) if member.__module__ == backend.__name__
]


@pytest.mark.parametrize("name", METHODS)
def test_every_public_name_is_a_documented_method(name: str) -> None:
    assert inspect.isroutine(METHODS[name])
    assert inspect.getdoc(METHODS[name])


def test_an_open_facade_has_no_public_attributes(groundswell: Groundswell) -> None:
    assert [name for name in vars(groundswell) if not name.startswith("_")] == []


def test_the_web_asks_only_for_what_the_facade_offers() -> None:
    asked = {name for protocol in PROTOCOLS for name in vars(protocol) if not name.startswith("_")}
    assert asked
    assert asked <= set(METHODS)
    for protocol in PROTOCOLS:
        for name in asked & set(vars(protocol)):
            assert inspect.signature(vars(protocol)[name]) == inspect.signature(METHODS[name]), name


def test_the_protocol_of_the_web_names_nothing_that_the_web_does_not_use() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(backend.__file__).parent.rglob("*.py")
        if path.stem != "backend"
    )
    names = {name for protocol in PROTOCOLS for name in vars(protocol) if not name.startswith("_")}
    assert [name for name in names if f".{name}" not in sources] == []
