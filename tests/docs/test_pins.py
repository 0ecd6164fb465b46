"""The exact versions: complete, with hashes for releases, the same in both files, and without any address."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = ("constraints.txt", "requirements.lock")
ADDRESS = re.compile(r"://|--(?:extra-)?index|--find-links|--trusted-host|(?:^|\s)-[fi]\s| @ ")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def _read(name: str) -> list[str]:
    """Return one line for each requirement: continued lines are joined, comments are left out."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _pins(name: str) -> dict[str, Requirement]:
    pinned = (Requirement(HASH.sub("", line).strip()) for line in _read(name))
    return {canonicalize_name(one.name): one for one in pinned}


def _walk(requirements: Iterable[str], extras: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the names of all packages that are needed here, by what is installed."""
    for text in requirements:
        needed = Requirement(text)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(needed.name)
            yield from _walk(requires(needed.name) or (), frozenset(needed.extras))


@pytest.mark.parametrize("name", FILES)
def test_no_line_names_an_address_or_an_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if ADDRESS.search(line)] == []
    for wrong in ("--index-url x", "-i x", "a @ file", "https://a.example", "--find-links=x", "--extra-index-url x"):
        assert ADDRESS.search(wrong)


def test_every_package_that_the_program_needs_is_pinned_with_hashes() -> None:
    needed = set(_walk(PROJECT["project"]["dependencies"]))
    assert len(needed) > len(PROJECT["project"]["dependencies"])
    assert needed - set(_pins("requirements.lock")) == set()
    assert [line[:60] for line in _read("requirements.lock") if not HASH.search(line)] == []
    assert [line[:60] for line in _read("requirements.lock") if not re.match(r"[\w.\[\]-]+==\S+ ", line)] == []


def test_what_builds_the_package_is_pinned_too() -> None:
    pins = _pins("requirements.lock")
    for text in PROJECT["build-system"]["requires"]:
        needed = Requirement(text)
        (version,) = (one.version for one in pins[canonicalize_name(needed.name)].specifier)
        assert needed.specifier.contains(version)


def test_both_files_name_the_same_versions_and_those_suffice() -> None:
    tested, released = _pins("constraints.txt"), _pins("requirements.lock")
    assert {name for name in released if name in tested and tested[name].specifier != released[name].specifier} == set()
    extras = PROJECT["project"]["optional-dependencies"]
    for text in (*PROJECT["project"]["dependencies"], *(one for extra in extras.values() for one in extra)):
        needed = Requirement(text)
        if canonicalize_name(needed.name) == "groundswell":
            continue
        (version,) = (one.version for one in tested[canonicalize_name(needed.name)].specifier)
        assert needed.specifier.contains(version), text


def test_wheels_of_several_platforms_are_covered() -> None:
    """A package with compiled parts has many files: their hashes are all there, so that any platform finds its own."""
    (numpy,) = (line for line in _read("requirements.lock") if line.startswith("numpy=="))
    assert len(HASH.findall(numpy)) > 10
