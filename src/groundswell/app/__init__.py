"""The program behind the command line, the web and the cycle: only here are storage and sources wired to the domain."""

from groundswell.app.data_folder import check_folder, evaluate_hub, read_data
from groundswell.app.facade import Groundswell, Replayed, utc_now
from groundswell.app.replay import detect_stories, judge_pairs, read_saved_feed
from groundswell.hubs.file.load import find_hub
from groundswell.sources.services.registry import Keys, live_sources
from groundswell.storage.engine.backup import back_up, restore

__all__ = [
    "Groundswell",
    "Keys",
    "Replayed",
    "back_up",
    "check_folder",
    "detect_stories",
    "evaluate_hub",
    "find_hub",
    "judge_pairs",
    "live_sources",
    "read_data",
    "read_saved_feed",
    "restore",
    "utc_now",
]
