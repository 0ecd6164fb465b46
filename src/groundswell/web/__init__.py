"""The web skin: pages, feeds and JSON over HTTP, rendered from what the facade answers."""

from groundswell.web.app import create_app
from groundswell.web.pages import draw_charts

__all__ = ["create_app", "draw_charts"]
