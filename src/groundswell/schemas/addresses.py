"""The addresses of pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """Where readers reach this program: ``base_url`` has no slash at its end. ``websub`` is a WebSub hub, if any."""

    base_url: str
    websub: str = ""

    def url(self, path: str) -> str:
        """Absolute address of a path of this site."""
        return self.base_url + path
