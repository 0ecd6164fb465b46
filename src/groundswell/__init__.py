"""Groundswell: market-narrative hubs whose every number is checked against data.

``Groundswell`` is the program behind the command line and the web pages::

    from groundswell import Groundswell

    with Groundswell.open("groundswell.db") as groundswell:
        groundswell.load("prices/")
        page = groundswell.hub_page("small-caps")

It is imported on first use, so that ``import groundswell`` is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.app import Groundswell

__all__ = ["Groundswell"]


def __getattr__(name: str) -> Any:
    if name == "Groundswell":
        from groundswell.app import Groundswell  # noqa: PLC0415 - on first use, see above

        return Groundswell
    raise AttributeError(f"module 'groundswell' has no attribute {name!r}")
