"""The program behind the command line, the web and the cycle: only here are storage and sources wired to the domain."""

from groundswell.app.data_folder import check_folder, evaluate_hub, inspect_data_file, read_all_aside, read_data
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
