"""Add up what a base installation takes on disk: the program and everything that it requires, without extras.

The sizes are those of the files that each installed package lists in its RECORD, compiled modules included.

    python tools/install_size.py             list the packages, the largest first
    python tools/install_size.py --limit 500 exit with status 1 if they take more megabytes (of a million bytes)
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MEGABYTE = 1_000_000
LIMIT_MEGABYTES = 500
"""Of a base installation. docs/operations.md states it."""


def measure_closure(root: str, find: Callable[[str], Distribution] = distribution) -> dict[str, int]:
    """Return the bytes of each package that ``root`` requires without extras, by name; ``root`` itself is among them.

    Raises ``PackageNotFoundError`` for a requirement that is not installed.
    """
    sizes: dict[str, int] = {}
    waiting = [(root, frozenset[str]())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        package = find(name)
        sizes[name] = measure_package(package)
        for text in package.requires or ():
            requirement = Requirement(text)
            if _applies(requirement, extras):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return sizes


def measure_package(package: Distribution) -> int:
    """Return the bytes of the files that an installed package lists."""
    paths = [package.locate_file(file) for file in package.files or ()]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in extras or {""})


def describe_sizes(sizes: Mapping[str, int]) -> str:
    """Write a line a package, the largest first, and the sum."""
    lines = [f"{size / MEGABYTE:8.1f} MB  {name}" for name, size in sorted(sizes.items(), key=lambda item: -item[1])]
    return "\n".join([*lines, f"{sum(sizes.values()) / MEGABYTE:8.1f} MB  in all, {len(sizes)} packages"])


def main() -> None:
    """Print the sizes, and compare their sum with the limit if one is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, help="megabytes")
    limit = parser.parse_args().limit
    try:
        sizes = measure_closure("groundswell")
    except PackageNotFoundError as error:
        raise SystemExit(f"{error.name} is not installed; install the program with: pip install .") from None
    print(describe_sizes(sizes))
    if limit is not None and sum(sizes.values()) > limit * MEGABYTE:
        raise SystemExit(f"the base installation takes more than {limit:g} MB")


if __name__ == "__main__":
    main()
