"""Load hub files. A file with a mistake is not loaded at all; one claim with a mistake is left unmeasured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from groundswell.errors import BadInputError, NotFoundError, suggest
from groundswell.hubs.file.validate import HubFileMistake, read_hub, read_usable_hub
from groundswell.hubs.spec import HubSpec
from groundswell.wording.plurals import write_count

Reader = Callable[[str, str], HubSpec | tuple[HubFileMistake, ...]]
"""Reads the text of a hub file, by the file's name, or says what is wrong with it."""

PACKAGED_SLUGS = ("small-caps", "fomc", "panic-selling", "roic")


def parse_hub(text: str, name: str, read: Reader = read_hub) -> HubSpec:
    """Read a hub from the text of its file; ``name`` is the file name without ``.toml`` and must equal the slug.

    Raises ``BadInputError``, which lists every mistake with its line.
    """
    hub = read(text, name)
    if isinstance(hub, HubSpec):
        return hub
    mistakes = tuple(map(str, hub))
    raise BadInputError(f"{name}.toml has {write_count(len(mistakes), 'mistake')}; fix the file", mistakes)


def load_hub(path: Path, read: Reader = read_hub) -> HubSpec:
    """Read a hub file. Raises ``NotFoundError`` if there is none and ``BadInputError`` with every mistake in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError(f"there is no hub file {path}; give the path of a .toml file") from error
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} is not a text file; give the path of a .toml file") from error
    return parse_hub(text, path.stem, read)


def load_usable_hub(path: Path) -> HubSpec:
    """Read a hub file as ``load_hub`` does, with claims that have a mistake left unmeasured."""
    return load_hub(path, read_usable_hub)


@cache
def load_catalog() -> tuple[HubSpec, ...]:
    """Return the four packaged hubs, the flagship first."""
    folder = files("groundswell.hubs") / "catalog"
    return tuple(parse_hub((folder / f"{slug}.toml").read_text(encoding="utf-8"), slug) for slug in PACKAGED_SLUGS)


def load_hubs(folder: Path | None = None) -> tuple[HubSpec, ...]:
    """Return the packaged hubs and those of the owner's folder; a file there replaces the packaged hub of its slug.

    A claim with a mistake is left unmeasured, with what is wrong as the reason. Raises ``NotFoundError`` if the folder
    does not exist and ``BadInputError`` for a file with mistakes outside its claims.
    """
    if folder is None:
        return load_catalog()
    if not folder.is_dir():
        raise NotFoundError(f"there is no folder of hub files {folder}; create it, or remove the setting hubs")
    owner_hubs = {hub.slug: hub for hub in map(load_usable_hub, sorted(folder.glob("*.toml")))}
    packaged = [owner_hubs.pop(hub.slug, hub) for hub in load_catalog()]
    return (*packaged, *owner_hubs.values())


def find_hub(hubs: Iterable[HubSpec], slug: str) -> HubSpec:
    """Return the hub of a slug. Raises ``NotFoundError``, which lists the known slugs."""
    by_slug = {hub.slug: hub for hub in hubs}
    if slug not in by_slug:
        raise NotFoundError(f"there is no hub {slug!r}; {suggest(slug, by_slug)}")
    return by_slug[slug]
