"""The program behind every skin: ``Groundswell`` wires storage and sources to the domain and answers for them."""

from groundswell.app.evidence import evaluate_hub
from groundswell.app.facade import Groundswell, Replayed, utc_now
from groundswell.app.recorded import detect_stories

__all__ = ["Groundswell", "Replayed", "detect_stories", "evaluate_hub", "utc_now"]
