"""The web skin: pages, feeds and JSON over HTTP, rendered from what the facade answers."""

from groundswell.web.app import create_app

__all__ = ["create_app"]
