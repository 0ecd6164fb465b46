"""The web skin: pages, feeds and JSON over HTTP, rendered from what the facade answers."""
