"""Parse the bytes of a feed into clean entries."""
