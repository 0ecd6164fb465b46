"""The web skin: pages, feeds and JSON over HTTP, rendered from what the facade answers."""

from groundswell.web.app import create_app
from groundswell.web.limits import Limits
from groundswell.web.pages import draw_claim_charts, draw_hub_charts

__all__ = ["Limits", "create_app", "draw_claim_charts", "draw_hub_charts"]
