"""The program behind the command line, the web and the cycle: only here are storage and sources wired to the domain.

Each name is imported on first use: what only reads files and evaluates claims needs neither the database's packages nor
those of the network, which take longer to import than all others together.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.app.data_folder import (
        bundle_from_folder,
        check_folder,
        evaluate_hub,
        inspect_data_file,
        read_all_aside,
        read_data,
    )
    from groundswell.app.facade import Groundswell
    from groundswell.app.reader import Reader, utc_now
    from groundswell.app.replay import detect_stories, judge_pairs, read_saved_feed
    from groundswell.hubs.file.load import find_hub
    from groundswell.model import Replayed
    from groundswell.sources.services.registry import build_services
    from groundswell.storage.engine.backup import back_up, restore
    from groundswell.storage.engine.store import upgrade

__all__ = [
    "Groundswell",
    "Reader",
    "Replayed",
    "back_up",
    "build_services",
    "bundle_from_folder",
    "check_folder",
    "detect_stories",
    "evaluate_hub",
    "find_hub",
    "inspect_data_file",
    "judge_pairs",
    "read_all_aside",
    "read_data",
    "read_saved_feed",
    "restore",
    "upgrade",
    "utc_now",
]

_MODULES = MappingProxyType(
    {
        "Groundswell": "app.facade",
        "Reader": "app.reader",
        "Replayed": "model",
        "back_up": "storage.engine.backup",
        "build_services": "sources.services.registry",
        "bundle_from_folder": "app.data_folder",
        "check_folder": "app.data_folder",
        "detect_stories": "app.replay",
        "evaluate_hub": "app.data_folder",
        "find_hub": "hubs.file.load",
        "inspect_data_file": "app.data_folder",
        "judge_pairs": "app.replay",
        "read_all_aside": "app.data_folder",
        "read_data": "app.data_folder",
        "read_saved_feed": "app.replay",
        "restore": "storage.engine.backup",
        "upgrade": "storage.engine.store",
        "utc_now": "app.reader",
    }
)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'groundswell.app' has no attribute {name!r}")
    return getattr(import_module(f"groundswell.{_MODULES[name]}"), name)
