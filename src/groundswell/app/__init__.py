"""The program behind every skin: ``Groundswell`` wires storage and sources to the domain and answers for them."""

from groundswell.app.evidence import check_folder, evaluate_hub, find_hub, read_data
from groundswell.app.facade import Groundswell, Replayed, utc_now
from groundswell.app.recorded import detect_stories, judge_pairs, saved_feed
from groundswell.sources.catalogue import Keys, live_sources

__all__ = [
    "Groundswell",
    "Keys",
    "Replayed",
    "check_folder",
    "detect_stories",
    "evaluate_hub",
    "find_hub",
    "judge_pairs",
    "live_sources",
    "read_data",
    "saved_feed",
    "utc_now",
]
