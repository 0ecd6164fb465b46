"""Load: hub files into hubs, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from groundswell.errors import BadInputError, NotFoundError, suggest
from groundswell.hubs.file.validate import read_hub
from groundswell.hubs.spec import HubSpec

PACKAGED_SLUGS = ("small-caps", "fomc", "panic-selling", "roic")


def parse_hub(text: str, name: str) -> HubSpec:
    """Read a hub from the text of its file; ``name`` is the file's name without ``.toml`` and must be the slug.

    Raises ``BadInputError`` that lists every mistake with its line.
    """
    found = read_hub(text, name)
    if isinstance(found, HubSpec):
        return found
    mistakes = tuple(map(str, found))
    raise BadInputError(f"{name}.toml has {len(mistakes)} mistake{'s'[: len(mistakes) > 1]}; mend the file", mistakes)


def load_hub(path: Path) -> HubSpec:
    """Read a hub file. Raises ``NotFoundError`` where there is none and ``BadInputError`` with every mistake in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError(f"there is no hub file {path}; give the path of a .toml file") from error
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} is not a text file; give the path of a .toml file") from error
    return parse_hub(text, path.stem)


@cache
def load_catalog() -> tuple[HubSpec, ...]:
    """Give the four packaged hubs, the flagship first."""
    folder = files("groundswell.hubs") / "catalog"
    return tuple(parse_hub((folder / f"{slug}.toml").read_text(encoding="utf-8"), slug) for slug in PACKAGED_SLUGS)


def load_hubs(folder: Path | None = None) -> tuple[HubSpec, ...]:
    """Give the packaged hubs and those of an owner's folder; a file there replaces the packaged hub of its slug.

    Raises ``NotFoundError`` where there is no such folder and ``BadInputError`` for a file with mistakes.
    """
    if folder is None:
        return load_catalog()
    if not folder.is_dir():
        raise NotFoundError(f"there is no folder of hub files {folder}; make it, or leave the setting hubs out")
    own = {hub.slug: hub for hub in map(load_hub, sorted(folder.glob("*.toml")))}
    kept = (own.pop(hub.slug, hub) for hub in load_catalog())
    return (*kept, *own.values())


def find_hub(hubs: Iterable[HubSpec], slug: str) -> HubSpec:
    """The hub of a slug. Raises ``NotFoundError`` that tells the slugs there are."""
    by_slug = {hub.slug: hub for hub in hubs}
    if slug not in by_slug:
        raise NotFoundError(f"there is no hub {slug!r}; {suggest(slug, by_slug)}")
    return by_slug[slug]
