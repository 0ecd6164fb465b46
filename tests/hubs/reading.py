"""What is wrong with the text of a hub file."""

from __future__ import annotations

from groundswell.hubs.file.validate import HubFileError, read_hub
from groundswell.hubs.spec import HubSpec


def check_hub(text: str, name: str) -> tuple[HubFileError, ...]:
    """Return every error of a hub file, none if it is valid."""
    hub = read_hub(text, name)
    return () if isinstance(hub, HubSpec) else hub
