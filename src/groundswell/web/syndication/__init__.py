"""Feeds, archives, site maps and tables for other programs."""
