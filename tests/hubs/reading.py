"""What is wrong with the text of a hub file."""

from __future__ import annotations

from groundswell.hubs.file.validate import HubFileMistake, read_hub
from groundswell.hubs.spec import HubSpec


def check_hub(text: str, name: str) -> tuple[HubFileMistake, ...]:
    """Return every mistake of a hub file, none if it is valid."""
    hub = read_hub(text, name)
    return () if isinstance(hub, HubSpec) else hub
