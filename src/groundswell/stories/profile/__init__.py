"""Describe a story: headline, summary, names, independent publishers, momentum."""
